import { lineOf, lineStarts } from '../../host/lines.ts';
import type { Place } from '../../host/place.ts';

/** Tells line and column of offsets in a text; the lines are counted when first asked for more than the start. */
export function createLocator(file: string, text: string): (offset: number) => Place {
  let starts: readonly number[] | undefined;
  return (offset) => {
    if (offset === 0) return { file, line: 1, column: 1 };
    starts ??= lineStarts(text);
    const line = lineOf(starts, offset);
    return { file, line, column: offset - starts[line - 1]! + 1 };
  };
}

/**
 * The offsets in a file of some characters, in ascending order, of a text that is written there between two offsets, in whatever style: blanks are passed over on
 * both sides, since folding and indentation change nothing else.
 */
export function offsetsWithin(source: string, start: number, end: number, value: string, offsets: readonly number[]): readonly number[] {
  const quote = source[start] === '"' || source[start] === "'" ? source[start] : undefined;
  const found: number[] = [];
  let at = bodyStart(source, start, end, quote);
  let read = 0;
  for (const offset of offsets) {
    // So many characters of the value, blanks aside, stand before.
    let wanted = 0;
    for (; read < Math.min(offset, value.length); read++) if (!isBlank(value.charCodeAt(read))) wanted++;
    for (; at < end; at++) {
      if (isBlank(source.charCodeAt(at))) continue;
      const skip = quote === undefined ? 0 : escapeLength(source, at, quote);
      if (skip < 0) at += 1;
      else if (wanted === 0) break;
      else {
        wanted--;
        at += skip;
      }
    }
    found.push(Math.min(at, end));
  }
  return found;
}

/** A block scalar's text starts on the line after its header. */
function bodyStart(source: string, start: number, end: number, quote: string | undefined): number {
  if (quote !== undefined) return start + 1;
  if (source[start] !== '|' && source[start] !== '>') return start;
  const feed = source.indexOf('\n', start);
  return feed === -1 || feed >= end ? end : feed + 1;
}

/** How many further characters the character at an offset takes in quotes; -1 for an escape that stands for a blank. */
function escapeLength(source: string, at: number, quote: string): number {
  const char = source[at];
  if (quote === "'") return char === "'" && source[at + 1] === "'" ? 1 : 0;
  if (char !== '\\') return 0;
  const next = source[at + 1] ?? '';
  if ('ntrfv \n\r\t'.includes(next)) return -1;
  return next === 'u' ? 5 : next === 'x' ? 3 : 1;
}

/** What separates words in YAML and values in JSON. */
export function isBlank(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9;
}
