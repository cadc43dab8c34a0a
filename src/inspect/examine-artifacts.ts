import type { Artifact, ArtifactType, Contract, Notice, ValidationError } from '../contract/contract.ts';
import type { ClosedFile, Found, Inspection, Remark } from '../contract/inspection.ts';
import { withoutSecrets } from '../host/secret-shapes.ts';
import { filesToOpen, type InspectOptions, inspectArtifacts, type OpenFile } from './inspect-artifacts.ts';
import { targetNamedBy } from './path-rules.ts';
import type { ValidateOptions } from './valid/kind.ts';
import type { FileReading } from './valid/reading.ts';
import type { Programs } from './valid/second-opinion.ts';
import { after, type Soon } from './valid/soon.ts';

/** The text of a file, or why there is none, as a sentence. */
export type FileText = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly message: string };

/** One side's files: how they are read, and what is known of them before. */
export interface Files {
  /** Of a path as the inspection has it; bounded. */
  readonly read: (path: string) => Soon<FileText>;
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
  /** Programs that are asked too about files that stand for an artifact. */
  readonly programs?: Programs;
  /** Found is enough; only files whose content tells what they hold are opened. */
  readonly unjudged?: boolean;
}

/** Found, valid and true: finds what stands of a contract, reads it, each file once, and compares it with what the contract derives. */
export async function examineArtifacts(contract: Contract, types: readonly ArtifactType[], options: ExamineOptions): Promise<Inspection> {
  const open = filesToOpen(contract, types, options);
  const seen = open.length === 0 ? inspectArtifacts(contract, types, options) : undefined;
  if (seen !== undefined && (options.unjudged || seen.found.size === 0)) return seen;
  const valid = await loadJudges();
  const { exists } = options.files;
  const read = createReader(options, { programs: await valid.askable(options.programs), ...(exists && { exists }) }, valid);
  const opened = new Map(await inTurn(open, (file) => after(read(file), (reading) => [keyOf(file), reading] as const)));
  const objectsIn = (file: OpenFile) => opened.get(keyOf(file))?.objects ?? [];
  const inspection = seen ?? inspectArtifacts(contract, types, { ...options, opened: objectsIn });
  const closed = closedFiles(open, opened);
  if (options.unjudged) return { ...inspection, notices: [...inspection.notices, ...closed.map(closedNotice)] };
  const found = new Map(inspection.found);
  const settle = ({ artifacts }: StandingFile, reading: FileReading): void => {
    for (const artifact of artifacts) found.set(artifact.id, judge(artifact, inspection.found.get(artifact.id)!, reading, valid));
  };
  const waiting = await inTurn(standingFiles(contract, inspection, valid), (file) =>
    after(opened.get(keyOf(file)) ?? read(file), (reading) => {
      if (reading.questions) return [{ ...file, reading }];
      // At once, so that thousands of readings need not be kept.
      settle(file, reading);
      return [];
    }),
  );
  const asked = await secondOpinions(waiting.flat(), options, valid);
  for (const file of asked.read) settle(file, file.reading);
  return { ...inspection, notices: [...inspection.notices, ...asked.notices], closed, found };
}

/** A file and the artifacts that stand in it, mostly one. */
interface StandingFile extends OpenFile {
  readonly artifacts: readonly Artifact[];
}

/** Type by type: that is less work for the engine than one file of each type after the other, as the contract names them. */
function standingFiles(contract: Contract, { found }: Inspection, { JUDGED_TYPES }: Judges): readonly StandingFile[] {
  const types = new Map(JUDGED_TYPES.map((type) => [type, new Map<string, Artifact[]>()]));
  for (const artifact of contract.artifacts) {
    const path = found.get(artifact.id)?.path;
    const files = types.get(artifact.type);
    if (path === undefined || files === undefined) continue;
    const artifacts = files.get(path);
    if (artifacts) artifacts.push(artifact);
    else files.set(path, [artifact]);
  }
  return [...types].flatMap(([type, files]) => [...files].map(([path, artifacts]) => ({ type, path, artifacts })));
}

type ReadFile = StandingFile & { readonly reading: FileReading };

/** What the machine's own programs say of the files too; asked once of a file that two sides share. */
async function secondOpinions(
  read: readonly ReadFile[],
  { programs, readings }: ExamineOptions,
  { askPrograms }: Judges,
): Promise<{ readonly read: readonly ReadFile[]; readonly notices: readonly Notice[] }> {
  if (programs === undefined || read.length === 0) return { read, notices: [] };
  const asked = await askPrograms(read, programs);
  const answered = new Map(read.map(({ reading }, index) => [reading, asked.read[index]!.reading]));
  for (const [key, reading] of readings?.known ?? []) readings!.known.set(key, answered.get(reading) ?? reading);
  return asked;
}

/** What reads dashboards, rules and the rest is loaded by those who have any. */
async function loadJudges() {
  const [files, truth, programs] = await Promise.all([
    import('./valid/validate-file.ts'),
    import('./valid/contradictions.ts'),
    import('./valid/second-opinion.ts'),
  ]);
  return { ...files, ...truth, ...programs };
}

type Judges = Awaited<ReturnType<typeof loadJudges>>;

/** How many files are held at a time. */
const AT_ONCE = 16;

async function inTurn<T, R>(items: readonly T[], work: (item: T) => Soon<R>): Promise<readonly R[]> {
  const results: R[] = new Array(items.length);
  let next = 0;
  const worker = async () => {
    for (let at = next++; at < items.length; at = next++) {
      const result = work(items[at]!);
      results[at] = result instanceof Promise ? await result : result;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}

function createReader({ files, readings }: ExamineOptions, asked: ValidateOptions, judges: Judges): (file: OpenFile) => Soon<FileReading> {
  const known = (type: string, path: string, mark: string | undefined) =>
    mark === undefined ? undefined : readings?.known.get(`${type}\0${path}\0${mark}`);
  const judged = (type: string, path: string, text: string): Soon<FileReading> =>
    after(judges.validateArtifactFile(type, { path, text }, asked), (reading) => {
      // What a runbook links to may have gone while it stayed as it is.
      if (readings !== undefined && type !== 'runbook') readings.known.set(`${type}\0${path}\0${readings.markOf(text)}`, reading);
      return reading;
    });
  return ({ type, path }) =>
    known(type, path, files.mark?.(path)) ??
    after(files.read(path), (file) => (file.ok ? judged(type, path, file.text) : unreadable(path, file.message)));
}

function unreadable(path: string, message: string): FileReading {
  return { ok: false, errors: [{ place: { file: path, line: 1 }, message }], advice: [], unread: [], objects: [], parts: new Map() };
}

function judge(artifact: Artifact, found: Found, reading: FileReading, { findContradictions }: Judges): Found {
  const own = ownPart(artifact, found, reading);
  if (own.errors.length > 0) return { ...found, validationErrors: own.errors };
  const { contradictions, unknown } = findContradictions(artifact, own);
  const remarks = remarksOn(own, unknown);
  const judged = remarks.length === 0 ? found : { ...found, remarks };
  if (contradictions.length === 0) return judged;
  const placed = contradictions.map((one) => ({
    ...one,
    found: { value: withoutSecrets(one.found.value), place: { ...one.found.place, file: found.path } },
    edit: withoutSecrets(one.edit),
  }));
  return { ...judged, outdated: true, contradictions: placed };
}

function remarksOn({ advice, unread }: FileReading, unknown: readonly string[]): readonly Remark[] {
  return [
    ...advice.map((one) => ({ kind: 'advice' as const, ...one })),
    ...unread.map((one) => ({ kind: 'unread' as const, ...one })),
    ...unknown.map((message) => ({ kind: 'unknown' as const, message: withoutSecrets(message) })),
  ];
}

/** Of a file that holds several artifacts, the things that are this one's. A fault of an object breaks that object; one of a plain file breaks all that is in it. */
function ownPart({ target }: Artifact, { match }: Found, reading: FileReading): FileReading {
  if (match === undefined) return reading;
  const { objects, errors, advice, unread, parts } = reading;
  const name = dashedName(target);
  const own = objects.filter((object) => dashedName(targetNamedBy(match, object) ?? '') === name);
  const mine = new Set(own.map((object) => parts.get(object)));
  const isMine = (item: object) => parts.get(item) === undefined || mine.has(parts.get(item));
  const things = new Set(own);
  const isOwn = (item: ValidationError) =>
    isMine(item) && things.has(objects.findLast(({ line }) => line <= item.place.line) ?? objects[0]!);
  return { ...reading, objects: own, errors: errors.filter(isMine), advice: advice.filter(isOwn), unread: unread.filter(isOwn) };
}

function dashedName(name: string): string {
  return name.replaceAll('_', '-');
}

/** Files that a rule must open, that cannot be read, and so hide what they hold. */
function closedFiles(open: readonly OpenFile[], opened: ReadonlyMap<string, FileReading>): readonly ClosedFile[] {
  return open.flatMap((file) => {
    const reading = opened.get(keyOf(file));
    const [first] = reading?.errors ?? [];
    return first === undefined || reading!.objects.length > 0 ? [] : [{ ...file, place: first.place, message: hidden(file, first) }];
  });
}

function closedNotice({ place, message }: ClosedFile): Notice {
  return { code: 'existing-unreadable', place, message };
}

function hidden({ type, path }: OpenFile, { message }: ValidationError): string {
  return `${path} should tell whose ${type} it holds, and cannot be read: ${message}`;
}

function keyOf({ type, path }: OpenFile): string {
  return `${type}\0${path}`;
}
