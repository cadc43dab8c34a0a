import { isMap, isScalar, isSeq, LineCounter, parseDocument, type YAMLMap } from 'yaml';
import { isJsonObject, type JsonValue } from '../host/json.ts';
import { own } from './read-subject.ts';
import type { Subject } from './subject.ts';

/** What the artifact manifest says of one artifact. */
export interface ListedArtifact {
  readonly id: string;
  readonly type: string;
  readonly target: string;
  readonly priority: string;
  readonly status: string;
  readonly name: string;
  /** Line of its entry; absent where the manifest is JSON. */
  readonly line?: number;
}

export type ArtifactList =
  | { readonly state: 'absent' }
  | { readonly state: 'malformed'; readonly reason: string }
  | { readonly state: 'read'; readonly artifacts: ReadonlyMap<string, ListedArtifact> };

/** The artifacts of the export's manifest by id, read once per subject. */
export function artifactListOf(subject: Subject): ArtifactList {
  const known = LISTS.get(subject.artifactManifest);
  if (known) return known;
  const list = readList(subject);
  LISTS.set(subject.artifactManifest, list);
  return list;
}

const LISTS = new WeakMap<object, ArtifactList>();

function readList(subject: Subject): ArtifactList {
  if (subject.artifactManifest.state !== 'read') return { state: 'absent' };
  const text = subject.files['artifact-manifest']?.text;
  return text === undefined ? { state: 'malformed', reason: 'is not UTF-8 text' } : parseArtifactList(text);
}

/** Reads the list from YAML or JSON. Manifests of exports are read line by line; anything laid out otherwise goes through the YAML parser. */
export function parseArtifactList(text: string): ArtifactList {
  const entries = text.trimStart().startsWith('{') ? fromJson(text) : (fromLines(text) ?? fromYaml(text));
  if (entries === undefined) return { state: 'malformed', reason: 'holds no list "artifacts"' };
  return { state: 'read', artifacts: new Map(entries.map((entry) => [entry.id, entry])) };
}

const KEYS = ['id', 'type', 'target', 'priority', 'status', 'name'] as const;
type Key = (typeof KEYS)[number];
const WANTED: ReadonlyMap<string, Key> = new Map(KEYS.map((key) => [key, key]));
type Fields = Partial<Record<Key, string>>;

function listed(fields: Fields, line?: number): ListedArtifact | undefined {
  const { id, type = '', target = '', priority = '', status = '', name = '' } = fields;
  return id ? { id, type, target, priority, status, name, ...(line !== undefined && { line }) } : undefined;
}

function fromJson(text: string): readonly ListedArtifact[] | undefined {
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch {
    return fromYaml(text);
  }
  const artifacts = isJsonObject(value) ? own(value, 'artifacts') : undefined;
  if (!Array.isArray(artifacts)) return undefined;
  return artifacts.flatMap((entry) => (isJsonObject(entry) ? (listed(fieldsOf((key) => own(entry, key))) ?? []) : []));
}

function fieldsOf(read: (key: string) => unknown): Fields {
  const fields: Fields = {};
  for (const key of KEYS) {
    const value = read(key);
    if (typeof value === 'string') fields[key] = value;
  }
  return fields;
}

// At the column of the dash a line can only be an entry of the list, and at the column after it only a key of that entry: longer scalars and nested
// collections stand further in. What breaks that layout, or a value this cannot read, is left to the parser.
const ENTRY = /^( *)- (?=[A-Za-z"'])/;
const SIMPLE = /^(?:'((?:[^']|'')*)'|"([^"\\]*)"|([A-Za-z0-9_./][^:#'"&*!|>%@`{}[\],]*))(?:\s+#.*)?$/;

/** How a plain value may go on in a line of its own. */
const FOLDED = /^[A-Za-z0-9_./()-][^:#'"&*!|>%@`{}[\],]*$/;

function fromLines(given: string): readonly ListedArtifact[] | undefined {
  const text = given.includes('\r') ? given.replace(/\r\n?/g, '\n') : given;
  const head = /^artifacts:[ \t]*\n/m.exec(text);
  if (head === null) return undefined;
  const start = head.index + head[0].length;
  const dash = ENTRY.exec(text.slice(start, start + LONGEST_INDENT))?.[1];
  if (dash === undefined) return undefined;
  const inner = `${dash}  `;
  const entryStart = `${dash}- `;
  const others = othersOf(inner);
  const found: ListedArtifact[] = [];
  let fields: Fields | undefined;
  let line = 0;
  let taken: Taken | undefined;
  let counted = 0;
  let number = 1;
  // Cutting the text into its lines, most of which say nothing here, would take longer than reading them.
  for (let from = start, end = 0; from < text.length; from = end + 1) {
    end = text.indexOf('\n', from);
    if (end === -1) end = text.length;
    const isEntry = text.startsWith(entryStart, from);
    if (!isEntry && !text.startsWith(inner, from)) {
      const other = text.slice(from, end);
      if (other.trim() === '' || other.trimStart().startsWith('#')) continue;
      if (/^[A-Za-z]/.test(other)) break;
      return undefined;
    }
    if (isEntry) {
      const entry = fields && listed(fields, line);
      if (fields && !entry) return undefined;
      if (entry) found.push(entry);
      fields = {};
      number += feedsBetween(text, counted, from);
      counted = from;
      line = number;
    }
    const key = from + inner.length;
    const first = key < end ? text.charCodeAt(key) : DASH;
    if (first === BLANK || first === DASH) {
      if (first === BLANK && !takeMore(fields!, taken, text.slice(from, end))) return undefined;
      continue;
    }
    taken = take(fields!, text.slice(key, end));
    if (taken === undefined) return undefined;
    if (taken === 'other') {
      others.lastIndex = end + 1;
      if (others.test(text)) end = others.lastIndex - 1;
    }
  }
  const last = fields && listed(fields, line);
  return last ? [...found, last] : undefined;
}

/** The lines after one whose key nobody wants: what is under it, and further such keys. */
function othersOf(inner: string): RegExp {
  return new RegExp(`(?:${inner}(?:[ -]|(?!(?:${KEYS.join('|')}):)[A-Za-z_]\\w*:)[^\\n]*\\n){1,1000}`, 'y');
}

function feedsBetween(text: string, from: number, to: number): number {
  let feeds = 0;
  for (let at = text.indexOf('\n', from); at !== -1 && at < to; at = text.indexOf('\n', at + 1)) feeds++;
  return feeds;
}

const LONGEST_INDENT = 100;
const BLANK = 32;
const DASH = 45;

/** The key whose plain value was taken; that of a value in quotes, which is closed; or one that nobody wants. */
type Taken = Key | 'closed' | 'other';

/** A plain value that was folded goes on; false where only the parser can tell. */
function takeMore(fields: Fields, taken: Taken | undefined, line: string): boolean {
  if (taken === 'other' || taken === undefined) return true;
  const more = line.trim();
  if (taken === 'closed' || !FOLDED.test(more)) return false;
  fields[taken] += ` ${more}`;
  return true;
}

/** Takes a wanted key of an entry, and answers which; nothing for a value that only the parser can read. */
function take(fields: Fields, text: string): Taken | undefined {
  const colon = text.indexOf(':');
  const name = text.slice(0, colon);
  const key = WANTED.get(name);
  if (key === undefined) return colon > 0 && /^[A-Za-z_]\w*$/.test(name) ? 'other' : undefined;
  const match = SIMPLE.exec(text.slice(colon + 1).trim());
  if (!match || fields[key] !== undefined) return undefined;
  fields[key] = match[1]?.replaceAll("''", "'") ?? match[2] ?? match[3]!.trimEnd();
  return match[3] === undefined ? 'closed' : key;
}

function fromYaml(text: string): readonly ListedArtifact[] | undefined {
  try {
    const lines = new LineCounter();
    const document = parseDocument(text, { lineCounter: lines, logLevel: 'silent', uniqueKeys: false });
    const artifacts = document.errors.length === 0 && isMap(document.contents) ? document.contents.get('artifacts') : undefined;
    if (!isSeq(artifacts)) return undefined;
    return artifacts.items.flatMap((item) =>
      isMap(item) ? (listed(fieldsOf(scalarOf(item)), lines.linePos(item.range?.[0] ?? 0).line) ?? []) : [],
    );
  } catch {
    return undefined;
  }
}

function scalarOf(map: YAMLMap): (key: string) => unknown {
  return (key) => {
    const node = map.get(key, true);
    return isScalar(node) ? node.value : undefined;
  };
}
