import { lineOf, lineStarts } from '../host/lines.ts';
import type { Place } from '../host/place.ts';
import type { FaultCode } from './fault.ts';

/** Offsets in a text, the end not included. */
export type Range = readonly [number, number];

/** What is wrong at a range of a text. */
export interface Problem {
  readonly code: FaultCode;
  readonly message: string;
  readonly range: Range;
}

/** Shows a range: its place, and its line with carets under it. */
export type ShowRange = (range: Range) => { readonly place: Place; readonly excerpt: string };

export const LARGEST_FILE = 2 * 1024 * 1024;

/** The text of a file, its byte order mark gone; and why it cannot be read, when it is too large, not UTF-8, or no text. */
export function decodeText(bytes: Uint8Array): { readonly text: string; readonly problem?: Problem } {
  if (bytes.length > LARGEST_FILE) {
    const message = `The file has ${bytes.length} bytes, and at most ${LARGEST_FILE} (2 MiB) are read; split it into several files.`;
    return { text: '', problem: { code: 'too-large', message, range: [0, 0] } };
  }
  // To YAML a lone carriage return is a line break too; our parser knows it only before a line feed.
  const text = new TextDecoder().decode(bytes).replace(/\r(?!\n)/g, '\n');
  const problem = findBadByte(bytes, text) ?? findControlCharacter(text);
  return { text, ...(problem && { problem }) };
}

/** Bad bytes decode to U+FFFD; the first such character on the first line that is not UTF-8 is the place. A line feed is never inside a longer sequence. */
function findBadByte(bytes: Uint8Array, text: string): Problem | undefined {
  if (isUtf8(bytes)) return undefined;
  let byte = 0;
  let index = 0;
  for (;;) {
    const feed = bytes.indexOf(10, byte);
    if (feed === -1 || !isUtf8(bytes.subarray(byte, feed))) break;
    byte = feed + 1;
    index = text.indexOf('\n', index) + 1;
  }
  const at = Math.max(index, text.indexOf('\ufffd', index));
  return { code: 'not-utf8', message: 'From here on the file is not UTF-8 text; save it with the encoding UTF-8.', range: [at, at + 1] };
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function findControlCharacter(text: string): Problem | undefined {
  const found = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/.exec(text);
  if (!found) return undefined;
  const code = found[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  const message = `Here stands the control character U+${code}, which YAML does not allow; remove it, or write it as an escape in double quotes, if this is a text file at all.`;
  return { code: 'not-text', message, range: [found.index, found.index + 1] };
}

const WIDEST_EXCERPT = 160;

export function createShowRange(text: string, file: string): ShowRange {
  let starts: readonly number[] | undefined;
  return ([start, end]) => {
    starts ??= lineStarts(text);
    const line = lineOf(starts, start);
    const endLine = lineOf(starts, Math.max(start, end));
    const column = start - starts[line - 1]! + 1;
    const endColumn = Math.max(start, end) - starts[endLine - 1]! + 1;
    const whole = text.slice(starts[line - 1], starts[line]);
    return {
      place: { file, line, column, endLine, endColumn },
      excerpt: drawExcerpt(whole, column - 1, endLine > line ? whole.length : endColumn - 1),
    };
  };
}

function drawExcerpt(line: string, from: number, to: number): string {
  const cut = line.length > WIDEST_EXCERPT ? Math.max(0, from - WIDEST_EXCERPT / 2) : 0;
  const window = line
    .slice(cut, cut + WIDEST_EXCERPT)
    .replace(/\r?\n$/, '')
    .toWellFormed();
  const indent = window.slice(0, from - cut).replace(/[^\t]/g, ' ');
  const width = Math.min(to, cut + window.length) - from;
  return `${window}\n${indent}${'^'.repeat(Math.max(1, width))}`;
}
