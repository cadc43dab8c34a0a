import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { DirectoryFacts, JsonFile, NamedFile, OwnedFile, Subject, SubjectFile, Unreadable } from '../gatekeeper/subject.ts';
import { sortByCodePoint } from './code-points.ts';
import { codeOf } from './failure.ts';
import { type ReadFailure, readBounded, resolveInside } from './files.ts';
import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';
import { isWithin } from './within.ts';

export interface SubjectOptions {
  /** The directory to read: an export, or its staging copy. Relative to `cwd`. */
  readonly exportDir: string;
  /** The name the export goes by when `exportDir` is a staging copy. */
  readonly displayDir?: string;
  readonly ingestionDir?: string;
  readonly artisanDir?: string;
  readonly taskId?: string;
  readonly traceId?: string;
  /** Percent, 0–100; the door has checked it. */
  readonly minCoverage?: number;
  /** Absolute; what relative paths are taken from and what a reader of the repository can open. */
  readonly cwd: string;
  /** The manifest, where the caller knows it; else the metadata says where it lies. */
  readonly sourceFile?: string;
  readonly taskMappingFile?: string;
  readonly serviceMetadataFile?: string;
}

export type SubjectLoad = { readonly ok: true; readonly subject: Subject } | { readonly ok: false; readonly message: string };

/** The metadata of 2,000 services has 30 MB; ten times that is no export any more. */
const METADATA_BYTES = 320 * 1024 * 1024;
const JSON_BYTES = 64 * 1024 * 1024;
const OWNED_BYTES = 16 * 1024 * 1024;
const SOURCE_BYTES = 8 * 1024 * 1024;
/** Entries of a pipeline directory that are looked at, and candidates among them that are read. */
const MOST_NAMES = 20_000;
const MOST_CANDIDATES = 64;
/** What the Three Questions may look into (gates.md §3.3, §3.4). */
const CANDIDATE = /(?:result|plan|design|finalize|execution).*\.json$|^run-provenance\.json$/;

/**
 * Collects the facts of an export directory for the gates (gates.md §2.1): what its files hold, their digests, what exists, what lies in the directories of
 * the later steps. A file that cannot be used becomes a fact. Only a missing directory or metadata file ends the look, with a sentence.
 * Names inside the files never lead further than the export directory, and the source manifest's than its parent or `cwd`.
 */
export async function loadSubject(options: SubjectOptions): Promise<SubjectLoad> {
  const dir = resolve(options.cwd, options.exportDir);
  const display = options.displayDir ?? options.exportDir;
  const names = listing(dir);
  if (!names.ok) return { ok: false, message: `${display} ${names.message}` };
  const onboarding = await readJson(dir, ONBOARDING, METADATA_BYTES);
  if (onboarding.file.state === 'absent')
    return { ok: false, message: `${display} holds no ${ONBOARDING}; name the directory that an export was written to.` };
  if (onboarding.file.state === 'malformed' && onboarding.file.why === 'denied')
    return { ok: false, message: `${join(display, ONBOARDING)} may not be read by this user; check its permissions.` };
  return { ok: true, subject: await collect(options, dir, display, new Set(names.names), onboarding) };
}

const ONBOARDING = 'onboarding-metadata.json';
const PROVENANCE = 'provenance.json';
const RUN_PROVENANCE = 'run-provenance.json';

async function collect(
  options: SubjectOptions,
  dir: string,
  display: string,
  exportFiles: ReadonlySet<string>,
  onboarding: Loaded,
): Promise<Subject> {
  const { cwd } = options;
  const displayed = resolve(cwd, display);
  const metadata = objectOf(onboarding.file);
  const provenance = await readJson(dir, PROVENANCE, JSON_BYTES);
  const runProvenance = await readJson(dir, RUN_PROVENANCE, JSON_BYTES);
  const [artifactManifest, projectContext] = [
    await digestInside(dir, metadata, 'artifact_manifest_path'),
    await digestInside(dir, metadata, 'project_context_path'),
  ];
  const source = await digestSource(options, dirname(displayed), metadata);
  const ownership = Object.keys(objectAt(metadata, 'file_ownership'));
  const owned = await lookAtOwned(dir, ownership, exportFiles);
  const mentioned = [
    ...strings(value(objectOf(provenance.file), 'outputFiles')),
    ...inventorySources(objectOf(runProvenance.file)),
    ...strings([value(metadata, 'crd_reference')]),
  ];
  const place = (path: string) => placeOf(cwd, path);
  const inExport = (name: string) => place(join(displayed, name));
  const ingestion = options.ingestionDir === undefined ? undefined : await lookInto(cwd, options.ingestionDir, []);
  const artisan = options.artisanDir === undefined ? undefined : await lookInto(cwd, options.artisanDir, ownership);
  return {
    exportDir: display,
    exportPath: displayed.split(sep).filter((segment) => segment !== ''),
    onboarding: onboarding.file,
    provenance: provenance.file,
    runProvenance: runProvenance.file,
    source: source.fact,
    artifactManifest: artifactManifest.fact,
    projectContext: projectContext.fact,
    exportFiles,
    present: await existing(dir, mentioned, exportFiles),
    owned: owned.owned,
    outside: owned.outside,
    ...(ingestion && { ingestion: ingestion.facts }),
    ...(artisan && { artisan: artisan.facts }),
    ...(options.taskId && { taskId: options.taskId }),
    ...(options.traceId && { traceId: options.traceId }),
    ...(options.minCoverage !== undefined && { minCoverage: options.minCoverage }),
    files: {
      onboarding: { ...inExport(ONBOARDING), ...text(onboarding) },
      provenance: { ...inExport(PROVENANCE), ...text(provenance) },
      'run-provenance': { ...inExport(RUN_PROVENANCE), ...text(runProvenance) },
      ...('name' in artifactManifest.fact && {
        'artifact-manifest': { ...inExport(artifactManifest.fact.name), ...text(artifactManifest) },
      }),
      ...('name' in projectContext.fact && { 'project-context': { ...inExport(projectContext.fact.name), ...text(projectContext) } }),
      ...(source.path !== undefined && { manifest: { ...place(source.path), ...text(source) } }),
      ...(options.taskMappingFile !== undefined && { 'task-mapping': place(resolve(cwd, options.taskMappingFile)) }),
      ...(options.serviceMetadataFile !== undefined && { 'service-metadata': await auxiliary(cwd, options.serviceMetadataFile) }),
    },
    named: new Map([
      ...[...owned.owned.keys()].map((path) => [`export/${path}`, inExport(path)] as const),
      ...named('ingestion', cwd, options.ingestionDir, ingestion),
      ...named('artisan', cwd, options.artisanDir, artisan),
    ]),
  };
}

interface Loaded {
  readonly file: JsonFile;
  readonly text?: string;
}

async function readJson(dir: string, name: string, most: number): Promise<Loaded> {
  const read = await readInside(dir, name, most);
  if (!read.ok) return { file: read.why === 'missing' ? { state: 'absent' } : { state: 'malformed', why: read.why } };
  const text = utf8(read.bytes);
  if (text === undefined) return { file: { state: 'malformed', why: 'encoding' } };
  try {
    return { file: { state: 'read', value: JSON.parse(text) as JsonValue }, text };
  } catch {
    return { file: { state: 'malformed', why: 'json' }, text };
  }
}

type Inside = { readonly ok: true; readonly bytes: Uint8Array } | { readonly ok: false; readonly why: Unreadable | 'missing' };

async function readInside(dir: string, name: string, most: number): Promise<Inside> {
  if (name === '') return { ok: false, why: 'missing' };
  const inside = await resolveInside(dir, name);
  if (!inside.ok) return { ok: false, why: 'outside' };
  const read = await readBounded(dir, inside.path, most);
  return read.ok ? { ok: true, bytes: read.bytes } : { ok: false, why: WHY[read.code] };
}

const WHY: Readonly<Record<ReadFailure, Unreadable | 'missing'>> = {
  missing: 'missing',
  directory: 'directory',
  'not-a-file': 'denied',
  'too-big': 'size',
  unreadable: 'denied',
};

interface Digested {
  readonly fact: NamedFile;
  readonly text?: string;
  readonly path?: string;
}

async function digestInside(dir: string, metadata: JsonObject, key: string): Promise<Digested> {
  const name = value(metadata, key);
  if (typeof name !== 'string' || name === '') return { fact: { state: 'unnamed' } };
  return digested(name, await readInside(dir, name, METADATA_BYTES));
}

/** The manifest of the metadata, beside the export directory or below the working directory; else the one the caller knows (gates.md §2.1). */
async function digestSource(options: SubjectOptions, parent: string, metadata: JsonObject): Promise<Digested> {
  const written = value(metadata, 'source_path_relative');
  const name = typeof written === 'string' ? written : '';
  const given = options.sourceFile;
  let found: Digested = { fact: { state: 'unnamed' } };
  for (const base of name === '' ? [] : [parent, options.cwd]) {
    const tried: Digested = { ...digested(name, await readInside(base, name, SOURCE_BYTES)), path: resolve(base, name) };
    if (tried.fact.state === 'read') return tried;
    if (found.fact.state === 'unnamed' || found.fact.state === 'missing' || tried.fact.state === 'malformed') found = tried;
  }
  if (given === undefined) return found.fact.state === 'malformed' ? found : { fact: found.fact };
  const path = resolve(options.cwd, given);
  const read = await readBounded(options.cwd, path, SOURCE_BYTES);
  return read.ok ? { ...digested(given, read), path } : found;
}

function digested(name: string, read: Inside): Digested {
  if (read.ok) {
    const text = utf8(read.bytes);
    return {
      fact: { state: 'read', name, sha256: createHash('sha256').update(read.bytes).digest('hex') },
      ...(text !== undefined && { text }),
    };
  }
  if (read.why === 'missing' || read.why === 'outside') return { fact: { state: read.why, name } };
  return { fact: { state: 'malformed', name, why: read.why } };
}

/** Most owned files are not generated yet, so a name whose first segment is not in the directory costs no look at the disk. */
async function lookAtOwned(
  dir: string,
  paths: readonly string[],
  top: ReadonlySet<string>,
): Promise<{ owned: ReadonlyMap<string, OwnedFile>; outside: ReadonlySet<string> }> {
  const owned = new Map<string, OwnedFile>();
  const outside = new Set<string>();
  for (const path of paths) {
    if (!mayExist(path, top)) continue;
    const read = await readInside(dir, path, OWNED_BYTES);
    if (read.ok) owned.set(path, { state: 'read', lines: countLines(read.bytes) });
    else if (read.why === 'outside') outside.add(path);
    else if (read.why !== 'missing') owned.set(path, { state: 'malformed', why: read.why });
  }
  return { owned, outside };
}

/** LF, CRLF and CR end a line; a last line without an end counts. */
function countLines(bytes: Uint8Array): number {
  let lines = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    if (bytes[at] === 10 || (bytes[at] === 13 && bytes[at + 1] !== 10)) lines += 1;
  }
  const last = bytes.at(-1);
  return bytes.length > 0 && last !== 10 && last !== 13 ? lines + 1 : lines;
}

async function existing(dir: string, names: readonly string[], top: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  const present = new Set<string>();
  for (const name of new Set(names)) if (mayExist(name, top) && (await isFileInside(dir, name))) present.add(name);
  return present;
}

function mayExist(path: string, top: ReadonlySet<string>): boolean {
  const first = path.split(/[/\\]/, 1)[0];
  return first === '' || first === '.' || first === '..' || (first !== undefined && top.has(first));
}

async function isFileInside(dir: string, name: string): Promise<boolean> {
  const inside = await resolveInside(dir, name);
  if (!inside.ok) return false;
  try {
    return statSync(inside.path).isFile();
  } catch {
    return false;
  }
}

async function lookInto(
  cwd: string,
  name: string,
  paths: readonly string[],
): Promise<{ facts: DirectoryFacts; texts: ReadonlyMap<string, string> }> {
  const dir = resolve(cwd, name);
  const listed = listing(dir);
  if (!listed.ok) return { facts: { name, exists: false, files: [], json: new Map(), present: new Set() }, texts: new Map() };
  const files = sortByCodePoint(listed.files, (file) => file).slice(0, MOST_NAMES);
  const json = new Map<string, JsonFile>();
  const texts = new Map<string, string>();
  for (const file of files.filter((candidate) => CANDIDATE.test(candidate)).slice(0, MOST_CANDIDATES)) {
    const loaded = await readJson(dir, file, JSON_BYTES);
    json.set(file, loaded.file);
    if (loaded.text !== undefined) texts.set(file, loaded.text);
  }
  return { facts: { name, exists: true, files, json, present: await existing(dir, paths, new Set(listed.names)) }, texts };
}

type Listing =
  | { readonly ok: true; readonly names: readonly string[]; readonly files: readonly string[] }
  | { readonly ok: false; readonly message: string };

function listing(dir: string): Listing {
  try {
    const entries = readdirSync(dir, { withFileTypes: true });
    return {
      ok: true,
      names: entries.map((entry) => entry.name),
      files: entries.filter((entry) => entry.isFile()).map((entry) => entry.name),
    };
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOTDIR') return { ok: false, message: 'is a file; name the directory that an export was written to.' };
    if (code === 'EACCES' || code === 'EPERM') return { ok: false, message: 'may not be read by this user; check its permissions.' };
    return { ok: false, message: 'does not exist; check the path, which is taken from the working directory.' };
  }
}

function named(
  role: string,
  cwd: string,
  dir: string | undefined,
  looked: Awaited<ReturnType<typeof lookInto>> | undefined,
): readonly (readonly [string, SubjectFile])[] {
  if (dir === undefined || looked === undefined) return [];
  return [...looked.facts.json.keys()].map((file) => {
    const content = looked.texts.get(file);
    return [`${role}/${file}`, { ...placeOf(cwd, resolve(cwd, dir, file)), ...(content !== undefined && { text: content }) }] as const;
  });
}

async function auxiliary(cwd: string, path: string): Promise<SubjectFile> {
  const read = await readBounded(cwd, path, JSON_BYTES);
  const content = read.ok ? utf8(read.bytes) : undefined;
  return { ...placeOf(cwd, resolve(cwd, path)), ...(content !== undefined && { text: content }) };
}

/** A file's path as a reader of the workspace opens it; nothing for one outside. */
function placeOf(cwd: string, path: string): { readonly path?: string } {
  const way = relative(cwd, path);
  return way === '' || !isWithin(cwd, path) ? {} : { path: way.split(sep).join('/') };
}

function text(loaded: { readonly text?: string }): { readonly text?: string } {
  return loaded.text === undefined ? {} : { text: loaded.text };
}

// A byte order mark stays, and then it is no JSON: other readers of these files refuse it too.
function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function objectOf(file: JsonFile): JsonObject {
  return file.state === 'read' && isJsonObject(file.value) ? file.value : {};
}

function objectAt(object: JsonObject, key: string): JsonObject {
  const found = value(object, key);
  return isJsonObject(found) ? found : {};
}

function value(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function strings(list: unknown): readonly string[] {
  return Array.isArray(list) ? list.filter((item): item is string => typeof item === 'string') : [];
}

function inventorySources(runProvenance: JsonObject): readonly string[] {
  const inventory = value(runProvenance, 'artifact_inventory');
  return Array.isArray(inventory) ? strings(inventory.map((entry) => (isJsonObject(entry) ? value(entry, 'source_file') : undefined))) : [];
}
