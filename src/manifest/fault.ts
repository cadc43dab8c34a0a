import type { Place } from '../host/place.ts';
import type { Fault } from './manifest.ts';
import { maskSecrets } from './mask.ts';

/** Everything that can be wrong or odd with a file a user wrote. Closed: a reader may switch over it. */
export type FaultCode =
  // the file
  | 'too-large'
  | 'not-utf8'
  | 'not-text'
  // YAML
  | 'yaml-syntax'
  | 'unknown-tag'
  | 'unknown-alias'
  | 'recursive-alias'
  | 'bad-merge'
  | 'too-deep'
  | 'too-many-values'
  | 'several-documents'
  | 'empty-document'
  | 'not-a-mapping'
  | 'duplicate-key'
  | 'non-text-key'
  // one value
  | 'missing-field'
  | 'wrong-type'
  | 'unknown-value'
  | 'unknown-name'
  | 'wrong-format'
  | 'out-of-range'
  | 'too-few'
  | 'too-long'
  | 'blank-name'
  | 'unsafe-name'
  | 'wrong-id'
  // several values together
  | 'missing-reason'
  | 'unit-mismatch'
  | 'date-order'
  | 'broken-reference'
  | 'colliding-targets'
  | 'conflicting-keys'
  // mostly warnings
  | 'unknown-key'
  | 'unread-spelling'
  | 'shadowed-key'
  | 'ambiguous-scalar'
  | 'open-questions'
  | 'repeated-id'
  | 'unusual-id'
  | 'dangling-reference'
  | 'merged-targets'
  | 'explicit-null'
  | 'migrated'
  | 'too-many-faults';

/** The way from the root of a document to a value. */
export type Path = readonly (string | number)[];

/** Where a path stands, in the spelling of the file. */
export interface Spot {
  readonly path: Path;
  readonly place: Place;
  readonly excerpt?: string;
}

/** Whether a finding is about the key or about its value. */
export type Side = 'key' | 'value';

/** Finds the spot of a path; the nearest existing ancestor's place when the path is not there. */
export type FindSpot = (path: Path, side: Side) => Spot;

export interface FaultDetail {
  readonly suggestion?: string | undefined;
  readonly side?: Side;
  /** Where to point, when that is not where `path` stands. */
  readonly at?: Path;
}

/** What a fault says; a function is given the name of the thing, in the spelling of the file. */
export type Sentence = string | ((name: string) => string);

/** Gathers the faults and warnings of one file, so that all are told together. */
export interface FaultBook {
  error(code: FaultCode, path: Path, sentence: Sentence, detail?: FaultDetail): void;
  warn(code: FaultCode, path: Path, sentence: Sentence, detail?: FaultDetail): void;
  /** In the order of their lines. */
  faults(): readonly Fault[];
  warnings(): readonly Fault[];
}

/** A book keeps this many of each severity and says so when there were more: nobody reads a thousand, and a hostile file can hold millions. */
const MOST_KEPT = 1000;

export function createFaultBook(find: FindSpot, earlier: readonly Fault[] = []): FaultBook {
  const kept = { error: [...earlier], warning: [] as Fault[] };
  const dropped = { error: 0, warning: 0 };
  const seen = new Set<string>();

  function add(
    severity: Fault['severity'],
    code: FaultCode,
    path: Path,
    sentence: Sentence,
    { suggestion, side = 'value', at }: FaultDetail = {},
  ): void {
    if (kept[severity].length >= MOST_KEPT) {
      dropped[severity]++;
      return;
    }
    const spot = find(path, side);
    const key = JSON.stringify([code, spot.path]);
    if (seen.has(key)) return;
    seen.add(key);
    const message = typeof sentence === 'string' ? sentence : sentence(named(spot.path));
    const { place, excerpt } = at ? find(at, side) : spot;
    kept[severity].push(makeFault(severity, code, spot.path, message, { place, excerpt, suggestion }));
  }

  function told(severity: Fault['severity']): readonly Fault[] {
    const inOrder = kept[severity].toSorted((a, b) => a.place.line - b.place.line || (a.place.column ?? 0) - (b.place.column ?? 0));
    const noun = severity === 'error' ? 'faults' : 'warnings';
    if (dropped[severity] === 0) return inOrder;
    const more = `${dropped[severity]} more ${noun} are not shown; repair these first.`;
    return [...inOrder, makeFault(severity, 'too-many-faults', [], more, find([], 'value'))];
  }

  return {
    error: (code, path, sentence, detail) => add('error', code, path, sentence, detail),
    warn: (code, path, sentence, detail) => add('warning', code, path, sentence, detail),
    faults: () => told('error'),
    warnings: () => told('warning'),
  };
}

/** A book that takes paths of one document and notes them as those of another. */
export function throughOrigin(book: FaultBook, origin: (path: Path) => Path): FaultBook {
  const moved = (detail: FaultDetail = {}): FaultDetail => (detail.at ? { ...detail, at: origin(detail.at) } : detail);
  return {
    ...book,
    error: (code, path, sentence, detail) => book.error(code, origin(path), sentence, moved(detail)),
    warn: (code, path, sentence, detail) => book.warn(code, origin(path), sentence, moved(detail)),
  };
}

interface Where {
  readonly place: Place;
  readonly excerpt?: string | undefined;
  readonly suggestion?: string | undefined;
}

export function makeFault(
  severity: Fault['severity'],
  code: FaultCode,
  path: Path,
  message: string,
  { place, excerpt, suggestion }: Where,
): Fault {
  return {
    code,
    severity,
    path: dotted(path),
    place,
    message: maskSecrets(message),
    ...(suggestion !== undefined && { suggestion: maskSecrets(suggestion) }),
    ...(excerpt !== undefined && { excerpt: maskSecrets(excerpt) }),
  };
}

/** `spec.targets.0.kind`; empty for the document as a whole. */
export function dotted(path: Path): string {
  return path.join('.');
}

/** The path that `spec.targets.0.kind` or `spec.targets[0].kind` names; one with `[]`, for every entry, ends at its list. */
export function pathOf(dottedPath: string): Path {
  const [known = ''] = dottedPath.split('[]');
  return known
    .replaceAll(/\[(\d+)\]/g, '.$1')
    .split('.')
    .filter((name) => name !== '');
}

/** How a sentence names the thing at a path. */
function named(path: Path): string {
  return path.length === 0 ? 'The document' : shorten(visible(dotted(path)), 200);
}

/** A value as a message shows it: text in quotes with everything invisible written as an escape, long text cut. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'empty (null)';
  if (typeof value === 'string') return visible(JSON.stringify(shorten(value, 80)));
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'a mapping';
  return typeof value === 'number' ? `the number ${value}` : String(value);
}

/** Text with control, format and half characters written as `\uXXXX`, so that nothing in it hides or turns around. */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A stranger's words as a sentence quotes it: cut, and nothing in it invisible. */
export function quoted(words: string, most = 80): string {
  return visible(shorten(words, most));
}

function shorten(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most).toWellFormed()}…`;
}
