import { isAscii } from '../../host/code-points.ts';
import { remembered } from '../../host/remembered.ts';
import type { Kind } from './kind.ts';
import { createLocator } from './line-starts.ts';
import type { Book } from './reading.ts';
import { shorten } from './tree.ts';

/** The sections that the contract asks a runbook for. */
const SECTIONS = ['Overview', 'Risks', 'Escalation', 'Procedures'];
const MOST_SECTIONS = 100;

/** A runbook in Markdown: its sections are there and say something, and its relative links lead to files that are there. */
export const runbook: Kind = {
  type: 'runbook',
  check: (source, book, { exists, sections = SECTIONS }) => {
    const locate = createLocator(source.path, source.text);
    if (source.text.trim() === '') {
      book.error(locate(0), 'The runbook is empty.');
      return;
    }
    const lines = linesOf(source.text);
    const headings = headingsOf(lines);
    for (const section of sections) checkSection(section, headings, lines, (offset) => locate(offset), book);
    if (exists) for (const link of linksOf(lines)) checkLink(link, source.path, exists, locate, book);
    const [first] = headings;
    book.add({
      kind: 'Runbook',
      name: first?.text ?? '',
      labels: new Map(),
      annotations: new Map(),
      line: 1,
      says: [
        {
          property: 'text',
          value: source.text.toLowerCase(),
          place: locate(headings.find(({ text }) => /\brisks?\b/i.test(text))?.offset ?? 0),
          field: 'Risks',
        },
      ],
    });
  },
};

interface Line {
  readonly text: string;
  readonly offset: number;
  /** Inside of a fenced block, of front matter or of a comment. */
  readonly verbatim: boolean;
}

interface Heading {
  readonly text: string;
  readonly level: number;
  readonly offset: number;
  readonly line: number;
}

function linesOf(text: string): readonly Line[] {
  const lines: Line[] = [];
  let fence: string | undefined;
  let comment = false;
  let offset = 0;
  for (const line of text.split('\n')) {
    const mark = line.includes('```') || line.includes('~~~') ? /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1] : undefined;
    const front = offset === 0 && line.trim() === '---';
    const opens = fence === undefined && (mark !== undefined || front);
    const closes =
      fence !== undefined &&
      (fence === '---'
        ? /^(?:---|\.\.\.)\s*$/.test(line) && offset > 0
        : mark !== undefined && mark[0] === fence[0] && mark.length >= fence.length && line.trim() === mark);
    const commented = comment || line.trimStart().startsWith('<!--');
    lines.push({ text: line.endsWith('\r') ? line.slice(0, -1) : line, offset, verbatim: fence !== undefined || opens || commented });
    if (opens) fence = front ? '---' : mark;
    else if (closes) fence = undefined;
    if (fence === undefined && commented) comment = !line.includes('-->');
    offset += line.length + 1;
  }
  return lines;
}

function headingsOf(lines: readonly Line[]): readonly Heading[] {
  const headings: Heading[] = [];
  for (let index = 0; index < lines.length; index++) {
    const heading = headingAt(lines, index);
    if (heading !== undefined) headings.push(heading);
  }
  return headings;
}

function headingAt(lines: readonly Line[], index: number): Heading | undefined {
  const { text, offset, verbatim } = lines[index]!;
  if (verbatim || text === '') return undefined;
  const hashes = /^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$/.exec(text);
  if (hashes) return { text: hashes[2] ?? '', level: hashes[1]!.length, offset, line: index };
  const under = /^ {0,3}(=+|-+)[ \t]*$/.exec(lines[index + 1]?.text ?? '');
  return under && text.trim() !== '' && !/^\s*[-*+>|]/.test(text)
    ? { text: text.trim(), level: under[1]![0] === '=' ? 1 : 2, offset, line: index }
    : undefined;
}

function checkSection(
  section: string,
  headings: readonly Heading[],
  lines: readonly Line[],
  locate: (offset: number) => ReturnType<ReturnType<typeof createLocator>>,
  book: Book,
): void {
  let first: Heading | undefined;
  for (const heading of headings) {
    if (!speaksOf(heading.text, section)) continue;
    if (!isEmpty(heading, headings, lines)) return;
    first ??= heading;
  }
  if (first === undefined) book.error(locate(0), `The runbook has no section "${section}"; add a heading of that name.`);
  else book.error(locate(first.offset), `The section "${shorten(first.text)}" says nothing.`);
}

/** A heading speaks of a section when it has the section's word, in the singular or plural. */
function speaksOf(heading: string, section: string): boolean {
  return (isAscii(section) && isAscii(heading) ? plainPatternOf : patternOf)(section).test(heading);
}

const patternOf = remembered((section) => wordPattern(section.replace(/[^\p{L}\p{N} ]/gu, '.'), '\\p{L}', 'iu'), MOST_SECTIONS);
/** Most headings are ASCII, and a pattern with all letters of Unicode takes the engine as long to make ready as a dozen runbooks take to read. */
const plainPatternOf = remembered((section) => wordPattern(section.replace(/[^A-Za-z0-9 ]/g, '.'), 'A-Za-z', 'i'), MOST_SECTIONS);

function wordPattern(word: string, letters: string, flags: string): RegExp {
  return new RegExp(`(?:^|[^${letters}])${word.toLowerCase().replace(/s$/, '')}s?(?:$|[^${letters}])`, flags);
}

function isEmpty(heading: Heading, headings: readonly Heading[], lines: readonly Line[]): boolean {
  const next = headings.find(({ line, level }) => line > heading.line && level <= heading.level)?.line ?? lines.length;
  return lines
    .slice(heading.line + 1, next)
    .every(({ text }) => text.trim() === '' || /^ {0,3}(?:=+|-+)\s*$/.test(text) || /^<!--.*-->\s*$/.test(text.trim()));
}

interface Link {
  readonly target: string;
  readonly offset: number;
}

function linksOf(lines: readonly Line[]): readonly Link[] {
  return lines.flatMap(({ text, offset, verbatim }) => {
    if (verbatim || text.length > 20_000 || !(text.includes('](') || text.includes(']:'))) return [];
    const plain = text.replace(/(`+)[^`]*\1/g, (code) => ' '.repeat(code.length));
    const inline = [...plain.matchAll(/\]\(\s*(?:<([^>\n]*)>|([^\s()]+(?:\([^\s()]*\)[^\s()]*)*))/g)];
    const definition = /^ {0,3}\[(?!\^)[^\]]+\]:\s*(?:<([^>]*)>|(\S+))/d.exec(plain);
    const found = inline.map((match) => ({ target: match[1] ?? match[2] ?? '', offset: offset + match.index }));
    return definition ? [...found, { target: definition[1] ?? definition[2] ?? '', offset }] : found;
  });
}

function checkLink(
  { target, offset }: Link,
  file: string,
  exists: (path: string) => boolean,
  locate: (offset: number) => ReturnType<ReturnType<typeof createLocator>>,
  book: Book,
): void {
  if (/^(?:[a-z][a-z0-9+.-]*:|\/\/|#)/i.test(target) || target.includes('{{')) return;
  const path = decode(target.replace(/[?#].*$/s, ''));
  if (path === '') return;
  const folder = file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : '';
  const resolved = resolve(path.startsWith('/') ? '' : folder, path);
  if (resolved === undefined) book.error(locate(offset), `The link "${shorten(target)}" leads out of the repository.`);
  else if (resolved !== '' && !exists(resolved))
    book.error(locate(offset), `The link "${shorten(target)}" leads to ${resolved}, which is not there.`);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A path of the workspace; undefined when it leads out of it. */
function resolve(folder: string, path: string): string | undefined {
  const parts = folder === '' ? [] : folder.split('/');
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join('/');
}
