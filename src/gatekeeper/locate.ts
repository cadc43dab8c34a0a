import { isJsonObject, type JsonValue } from '../host/json.ts';
import type { Place } from '../host/place.ts';
import type { Locate } from '../manifest/manifest.ts';
import { artifactListOf } from './artifact-list.ts';
import { pointer } from './evidence.ts';
import type { Evidence, GateResult, Spot } from './gate.ts';
import { type Position, placesInJson } from './json-places.ts';
import { own } from './read-subject.ts';
import type { Subject, SubjectFile } from './subject.ts';
import { type FindInYaml, placesInYaml, stepsOf } from './yaml-places.ts';

/** The manifest as it was already read, so that its places need no second reading. */
export interface KnownManifest {
  readonly locate: Locate;
  /** Names of `spec.targets`, in the order of the document. */
  readonly targets: readonly string[];
}

/**
 * Gives every piece of evidence the first of its spots that a reader of the workspace can open (gates.md §8). Evidence without such a spot has no place.
 * A file is searched only when a finding points into it, and once for all of them.
 */
export function placeResults(results: readonly GateResult[], subject: Subject, manifest?: KnownManifest): readonly GateResult[] {
  const chosen = new Map<Evidence, Chosen>();
  for (const item of results.flatMap((result) => result.evidence)) {
    const spot = item.place ? undefined : choose(item, subject);
    if (spot) chosen.set(item, spot);
  }
  if (chosen.size === 0) return results;
  const find = finder([...chosen.values()], subject, manifest);
  const placed = (item: Evidence): Evidence => {
    const spot = chosen.get(item);
    return spot ? { ...item, place: find(spot) } : item;
  };
  return results.map((result) =>
    result.evidence.some((item) => chosen.has(item)) ? { ...result, evidence: result.evidence.map(placed) } : result,
  );
}

interface Chosen {
  readonly spot: Spot;
  readonly file: SubjectFile & { readonly path: string };
}

function choose(item: Evidence, subject: Subject): Chosen | undefined {
  for (const spot of item.at ?? []) {
    const file = fileOf(spot, subject);
    if (file?.path !== undefined && (!spot.path.startsWith('#') || hasEntry(spot, subject)))
      return { spot, file: { ...file, path: file.path } };
  }
  return undefined;
}

function fileOf(spot: Spot, subject: Subject): SubjectFile | undefined {
  return spot.file === 'generated' || spot.file === 'result' ? subject.named.get(spot.name ?? '') : subject.files[spot.file];
}

function hasEntry(spot: Spot, subject: Subject): boolean {
  const list = artifactListOf(subject);
  return list.state === 'read' && list.artifacts.has(entryOf(spot.path).id);
}

/** `#id` and `#id/parameters/key`. */
function entryOf(path: string): { readonly id: string; readonly parameter: string | undefined } {
  const [id = '', , parameter] = path
    .slice(1)
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
  return { id, parameter };
}

const FIRST: Position = { line: 1, column: 1 };

function finder(chosen: readonly Chosen[], subject: Subject, manifest: KnownManifest | undefined): (spot: Chosen) => Place {
  const inJson = jsonPositions(chosen);
  const inManifest = manifest ? knownManifestFinder(manifest) : yamlFinder(subject.files.manifest);
  const inContext = yamlFinder(subject.files['project-context']);
  const inEntries = entryFinder(subject);
  return (one) => {
    const { spot, file } = one;
    if (spot.path.startsWith(':')) return { file: file.path, line: Math.max(1, Number(spot.path.slice(1)) || 1) };
    if (spot.file === 'manifest' && spot.path !== '') return { file: file.path, ...inManifest(spot.path) };
    if (spot.file === 'project-context' && spot.path !== '') return { file: file.path, ...inContext(spot.path) };
    const position = spot.path.startsWith('#') ? inEntries(spot.path) : inJson(one);
    return { file: file.path, ...(spot.path === '' ? { line: position.line } : position) };
  };
}

/** All pointers into one file are looked up in one walk. */
function jsonPositions(chosen: readonly Chosen[]): (one: Chosen) => Position {
  const asked = new Map<string, { text: string; pointers: Set<string> }>();
  for (const { spot, file } of chosen) {
    if (file.text === undefined || !spot.path.startsWith('/')) continue;
    const wanted = asked.get(file.path) ?? { text: file.text, pointers: new Set() };
    wanted.pointers.add(spot.path);
    asked.set(file.path, wanted);
  }
  const found = new Map([...asked].map(([path, { text, pointers }]) => [path, placesInJson(text, pointers)]));
  return ({ spot, file }) => found.get(file.path)?.get(spot.path) ?? FIRST;
}

/** The text is read when the first finding points into it. */
function yamlFinder(file: SubjectFile | undefined): (path: string) => Position {
  let find: FindInYaml | undefined;
  return (path) => {
    find ??= placesInYaml(file?.text ?? '');
    return find(path);
  };
}

function knownManifestFinder(manifest: KnownManifest): (path: string) => Position {
  const indexes = new Map(manifest.targets.map((name, index) => [name, index] as const).reverse());
  return (path) => {
    const last = stepsOf(path).at(-1);
    const index = last && 'name' in last ? indexes.get(last.name) : undefined;
    const dotted = last && 'name' in last ? (index === undefined ? 'spec.targets' : `spec.targets.${index}.name`) : path;
    const { line, column = 1 } = manifest.locate(dotted);
    return { line, column };
  };
}

/** Entries of the artifact manifest: in YAML at the line its reading found, in JSON at their id. */
function entryFinder(subject: Subject): (path: string) => Position {
  const list = artifactListOf(subject);
  const text = subject.files['artifact-manifest']?.text ?? '';
  let lines: readonly string[] | undefined;
  let inJson: ReadonlyMap<string, Position> | undefined;
  return (path) => {
    const { id, parameter } = entryOf(path);
    const entry = list.state === 'read' ? list.artifacts.get(id) : undefined;
    if (entry?.line === undefined) {
      inJson ??= jsonEntries(text);
      return inJson.get(id) ?? FIRST;
    }
    if (parameter === undefined) return { line: entry.line, column: 1 };
    lines ??= text.split(/\r\n|\n|\r/);
    return { line: parameterLine(lines, entry.line, parameter), column: 1 };
  };
}

function jsonEntries(text: string): ReadonlyMap<string, Position> {
  const ids = idsInJson(text);
  const found = placesInJson(
    text,
    ids.map((_, index) => entryId(index)),
  );
  return new Map(ids.map((id, index) => [id, found.get(entryId(index)) ?? FIRST]));
}

function entryId(index: number): string {
  return pointer('artifacts', index, 'id');
}

function idsInJson(text: string): readonly string[] {
  try {
    const value = JSON.parse(text) as JsonValue;
    const artifacts = isJsonObject(value) ? own(value, 'artifacts') : undefined;
    return Array.isArray(artifacts) ? artifacts.map((entry) => (isJsonObject(entry) ? String(own(entry, 'id')) : '')) : [];
  } catch {
    return [];
  }
}

/** The line of a parameter inside the entry that begins at `line`; else of its `parameters`, else of the entry. */
function parameterLine(lines: readonly string[], line: number, parameter: string): number {
  const dash = /^ *- /.exec(lines[line - 1] ?? '')?.[0] ?? '- ';
  let section = 0;
  for (let at = line; at < lines.length && !lines[at]!.startsWith(dash); at += 1) {
    const key = lines[at]!.trim();
    if (section === 0 && /^parameters:/.test(key)) section = at + 1;
    else if (section > 0 && (key.startsWith(`${parameter}:`) || key.startsWith(`"${parameter}":`) || key.startsWith(`'${parameter}':`)))
      return at + 1;
  }
  return section || line;
}
