import { remembered } from '../host/remembered.ts';

/** Where a scalar begins, and the indent that its further lines get. */
export interface ScalarSpot {
  readonly column: number;
  readonly indent: string;
}

/**
 * A text as a YAML scalar, in the style and with the folds of the reference's writer (export.md §5.1): plain where everybody reads it as that text, in single
 * quotes where somebody would take it for something else, in double quotes where it holds what is not printable ASCII.
 */
export function scalarText(text: string, spot: ScalarSpot): string {
  if (WORD.test(text) && !(text.length <= LONGEST_NAMED && NAMED.has(text))) return text;
  return knownWriter(text)(text, spot);
}

type Writer = (text: string, spot: ScalarSpot) => string;

/** The same sentences come once for every service. */
const knownWriter = remembered(writerOf, 2000, 200);

function writerOf(text: string): Writer {
  if (!PRINTABLE.test(text) || BREAK_BESIDE_SPACE.test(text)) return doubleQuoted;
  return isPlain(text) ? plain : singleQuoted;
}

/** The name of a simple key, which stands on one line. */
export function keyText(text: string): string {
  return scalarText(text, UNFOLDED);
}

const UNFOLDED: ScalarSpot = { column: Number.NEGATIVE_INFINITY, indent: '' };
/** Longer lines are folded at the next single space. */
const WIDTH = 80;

/** The most frequent case, seen at one glance: no space to fold at, and nothing that YAML knows. */
const WORD = /^(?![eE][-+]?\d+$)[A-Za-z_/$][\w./$()*+-]*$/;
const PRINTABLE = /^[\n\x20-\x7e]*$/;
const BREAK_BESIDE_SPACE = / \n|\n /;

function isPlain(text: string): boolean {
  if (text === '' || NO_PLAIN.test(text)) return false;
  return !(text.length <= LONGEST_NAMED && NAMED.has(text)) && !(TYPED_START.test(text) && TYPED.some((form) => form.test(text)));
}

const NO_PLAIN = /\n|^[ #,[\]{}&*!|>'"%@`]|^[-?:](?: |$)|^(?:---|\.\.\.)| $|:(?: |$)| #/;

/** What a reader of YAML 1.1 or of 1.2 takes for null, a boolean, a number that is none, or a sign of its own. */
const NAMED: ReadonlySet<string> = new Set([
  ...['~', '=', '<<', 'y', 'Y', 'n', 'N'],
  ...['null', 'true', 'false', 'yes', 'no', 'on', 'off'].flatMap((word) => [
    word,
    word[0]!.toUpperCase() + word.slice(1),
    word.toUpperCase(),
  ]),
]);
const LONGEST_NAMED = 5;

const TYPED_START = /^[-+.0-9eE]/;
/** Integers of every base, sexagesimals, numbers with fraction or exponent, dates and times, as any of the readers has them. */
const TYPED: readonly RegExp[] = [
  /^(?:[-+]?0b[01_]+|0o[0-7]+|[-+]?0x[0-9a-fA-F_]+|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])*(?:\.[0-9_]*)?)$/,
  /^[-+]?(?:[0-9][0-9_]*)?(?:\.[0-9_]*)?[eE][-+]?[0-9]+$/,
  /^[-+]?\.(?:[0-9_]*|inf|Inf|INF)$|^\.(?:nan|NaN|NAN)$/,
  /^\d{4}-\d\d?-\d\d?(?:(?:[Tt]| +)\d\d?:\d\d?:\d\d?(?:\.\d*)?(?: *(?:Z|[-+]\d\d?(?::?\d\d)?))?)?$/,
];

/** Words and the spaces between them; only where one space stands alone is the line folded. */
function plain(text: string, { column, indent }: ScalarSpot): string {
  if (column + text.length <= WIDTH) return text;
  let written = '';
  let line = column;
  let start = 0;
  for (let space = text.indexOf(' '); space >= 0; space = text.indexOf(' ', space + 1)) {
    const isAlone = text[space - 1] !== ' ' && text[space + 1] !== ' ';
    if (!isAlone || line + space - start <= WIDTH) continue;
    written += `${text.slice(start, space)}\n${indent}`;
    line = indent.length;
    start = space + 1;
  }
  return written + text.slice(start);
}

/** Line breaks are doubled, since a reader makes a space of a single one. */
function singleQuoted(text: string, { column, indent }: ScalarSpot): string {
  const doubled = text.replaceAll("'", "''");
  // Nothing to fold, as most texts.
  if (column + 1 + doubled.length <= WIDTH && !text.includes('\n')) return `'${doubled}'`;
  let written = "'";
  let at = column + 1;
  for (const { 0: part, index } of text.matchAll(/ +|\n+|'|[^ \n']+/g)) {
    const isInside = index > 0 && index + part.length < text.length;
    if (part.startsWith('\n') || (part === ' ' && at > WIDTH && isInside)) {
      written += (part === ' ' ? '\n' : '\n' + part) + indent;
      at = indent.length;
    } else {
      const quoted = part === "'" ? "''" : part;
      written += quoted;
      at += quoted.length;
    }
  }
  return written + "'";
}

/** A fold is an escaped line break; a space that would then begin the line is escaped too. */
function doubleQuoted(text: string, { column, indent }: ScalarSpot): string {
  const escapes = text.replace(TO_ESCAPE, escaped);
  if (column + 1 + escapes.length <= WIDTH) return `"${escapes}"`;
  const characters = [...text];
  const last = characters.length - 1;
  let written = '"';
  let at = column + 1;
  let run = '';
  const flush = (more: string): void => {
    written += run + more;
    at += run.length + more.length;
    run = '';
  };
  characters.forEach((character, index) => {
    const isLiteral = LITERAL.test(character);
    const mayFold = !isLiteral || character === ' ' || run === '';
    if (!isLiteral) flush(escaped(character));
    // The reference's writer looks one column further back after an escape.
    if (mayFold && index > 0 && index < last && at + run.length - (isLiteral ? 0 : 1) > WIDTH) {
      flush('\\');
      const next = isLiteral ? character : characters[index + 1];
      const head = indent + (next === ' ' ? '\\' : '');
      written += '\n' + head;
      at = head.length;
    }
    if (isLiteral) run += character;
  });
  flush('"');
  return written;
}

const TO_ESCAPE = /["\\]|[^\x20-\x7e]/gu;
const LITERAL = /^[\x20\x21\x23-\x5b\x5d-\x7e]$/;

function escaped(character: string): string {
  const short = SHORT_ESCAPES.get(character);
  if (short !== undefined) return '\\' + short;
  const point = character.codePointAt(0) ?? 0;
  const hex = point.toString(16).toUpperCase();
  if (point < 0x100) return '\\x' + hex.padStart(2, '0');
  return point < 0x10000 ? '\\u' + hex.padStart(4, '0') : '\\U' + hex.padStart(8, '0');
}

const SHORT_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\0', '0'],
  ['\x07', 'a'],
  ['\b', 'b'],
  ['\t', 't'],
  ['\n', 'n'],
  ['\v', 'v'],
  ['\f', 'f'],
  ['\r', 'r'],
  ['\x1b', 'e'],
  ['"', '"'],
  ['\\', '\\'],
  ['\x85', 'N'],
  ['\xa0', '_'],
  ['\u2028', 'L'],
  ['\u2029', 'P'],
]);
