import type { Artifact, ArtifactType, Contract, Notice, ValidationError } from '../contract/contract.ts';
import type { Found, Inspection } from '../contract/inspection.ts';
import { filesToOpen, type InspectOptions, inspectArtifacts, type OpenFile } from './inspect-artifacts.ts';
import { targetNamedBy } from './path-rules.ts';
import type { FileReading } from './valid/reading.ts';

/** The text of a file, or why there is none, as a sentence. */
export type FileText = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly message: string };

/** One side's files: how they are read, and what is known of them before. */
export interface Files {
  /** Of a path as the inspection has it; bounded. */
  readonly read: (path: string) => Promise<FileText>;
  /** Whether a path of the workspace is a file or folder, for the links of a runbook. */
  readonly exists?: (path: string) => boolean;
  /** What a file holds, in short: files of one path and mark hold the same. Absent where that would cost as much as reading. */
  readonly mark?: (path: string) => string | undefined;
}

/** Readings that are known already, so that a file which two sides share is read once. Kept by whoever compares two sides. */
export interface Readings {
  readonly known: Map<string, FileReading>;
  /** The mark of a text; the same function that the other side's `mark` answers by. */
  readonly markOf: (text: string) => string;
}

export interface ExamineOptions extends InspectOptions {
  readonly files: Files;
  readonly readings?: Readings;
  /** Found is enough; only files whose content tells what they hold are opened. */
  readonly unjudged?: boolean;
}

/** Found, valid and true: finds what stands of a contract, reads it, each file once, and compares it with what the contract derives. */
export async function examineArtifacts(contract: Contract, types: readonly ArtifactType[], options: ExamineOptions): Promise<Inspection> {
  const open = filesToOpen(contract, types, options);
  if (open.length === 0 && options.unjudged) return inspectArtifacts(contract, types, options);
  const valid = await loadJudges();
  const reader = openReader(options, valid);
  const opened = new Map(await inTurn(open, async (file) => [keyOf(file), await reader(file)] as const));
  const objectsIn = (file: OpenFile) => opened.get(keyOf(file))?.objects ?? [];
  const inspection = inspectArtifacts(contract, types, { ...options, opened: objectsIn });
  const notices = [...inspection.notices, ...closedNotices(open, opened)];
  if (options.unjudged) return { ...inspection, notices };
  const artifacts = contract.artifacts.filter(({ id, type }) => inspection.found.has(id) && valid.JUDGED_TYPES.includes(type));
  const judged = await inTurn(artifacts, async (artifact) => {
    const found = inspection.found.get(artifact.id)!;
    return [artifact.id, judge(artifact, found, await reader({ type: artifact.type, path: found.path }), valid)] as const;
  });
  return { ...inspection, notices, found: new Map([...inspection.found, ...judged]) };
}

/** What reads dashboards, rules and the rest is loaded by those who have any. */
async function loadJudges() {
  const [files, truth] = await Promise.all([import('./valid/validate-file.ts'), import('./valid/contradictions.ts')]);
  return { ...files, ...truth };
}

type Judges = Awaited<ReturnType<typeof loadJudges>>;

/** How many files are held at a time. */
const AT_ONCE = 16;

async function inTurn<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = new Array(items.length);
  let next = 0;
  const worker = async () => {
    for (let at = next++; at < items.length; at = next++) results[at] = await work(items[at]!);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}

/** Reads and judges each file once for a type, whatever number of artifacts it holds. */
function openReader({ files, readings }: ExamineOptions, judges: Judges): (file: OpenFile) => Promise<FileReading> {
  const begun = new Map<string, Promise<FileReading>>();
  return (file) => {
    const key = keyOf(file);
    const reading = begun.get(key) ?? readFile(file, files, readings, judges);
    begun.set(key, reading);
    return reading;
  };
}

async function readFile({ type, path }: OpenFile, files: Files, readings: Readings | undefined, judges: Judges): Promise<FileReading> {
  const known = (mark: string | undefined) => (mark === undefined ? undefined : readings?.known.get(`${type}\0${path}\0${mark}`));
  const before = known(files.mark?.(path));
  if (before !== undefined) return before;
  const file = await files.read(path);
  if (!file.ok) return unreadable(path, file.message);
  const reading = await judges.validateArtifactFile(type, { path, text: file.text }, files.exists ? { exists: files.exists } : {});
  // What a runbook links to may have gone while it stayed as it is.
  if (readings !== undefined && type !== 'runbook') readings.known.set(`${type}\0${path}\0${readings.markOf(file.text)}`, reading);
  return reading;
}

function unreadable(path: string, message: string): FileReading {
  return { ok: false, errors: [{ place: { file: path, line: 1 }, message }], advice: [], unread: [], objects: [] };
}

function judge(artifact: Artifact, found: Found, reading: FileReading, { findContradictions }: Judges): Found {
  if (!reading.ok) return { ...found, validationErrors: reading.errors };
  const { contradictions } = findContradictions(artifact, ownPart(artifact, found, reading));
  if (contradictions.length === 0) return found;
  const placed = contradictions.map((one) => ({ ...one, found: { ...one.found, place: { ...one.found.place, file: found.path } } }));
  return { ...found, outdated: true, contradictions: placed };
}

/** Of a file that holds several artifacts, the things that are this one's. */
function ownPart({ target }: Artifact, { match }: Found, reading: FileReading): FileReading {
  if (match === undefined) return reading;
  const own = dashedName(target);
  return { ...reading, objects: reading.objects.filter((object) => dashedName(targetNamedBy(match, object) ?? '') === own) };
}

function dashedName(name: string): string {
  return name.replaceAll('_', '-');
}

/** A file that a rule must open and that cannot be read hides what it holds, and that is told. */
function closedNotices(open: readonly OpenFile[], opened: ReadonlyMap<string, FileReading>): readonly Notice[] {
  return open.flatMap((file) => {
    const reading = opened.get(keyOf(file));
    const [first] = reading?.errors ?? [];
    if (first === undefined || reading!.objects.length > 0) return [];
    return [{ code: 'existing-unreadable', place: first.place, message: hidden(file, first) }];
  });
}

function hidden({ type, path }: OpenFile, { message }: ValidationError): string {
  return `${path} should tell whose ${type} it holds, and cannot be read: ${message}`;
}

function keyOf({ type, path }: OpenFile): string {
  return `${type}\0${path}`;
}
