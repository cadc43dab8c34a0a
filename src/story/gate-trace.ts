import { join, resolve } from 'node:path';
import type { GateResult } from '../gatekeeper/gate.ts';
import type { Answer } from '../gatekeeper/questions/question.ts';
import { coverageOf, metadataOf, own, projectIdOf } from '../gatekeeper/read-subject.ts';
import type { NamedFile, Subject } from '../gatekeeper/subject.ts';
import { readBounded } from '../host/files.ts';
import { given } from '../host/given.ts';
import { idsOf } from '../host/ids.ts';
import type { JsonValue } from '../host/json.ts';
import type { World } from '../host/world.ts';
import type { Shelves } from '../shelves.ts';
import type { Drafts } from '../telemetry/draft.ts';
import { type CheckInput, draftCheck } from '../telemetry/draft-check.ts';
import type { Emission } from '../telemetry/emission.ts';
import { readExportTrace } from '../telemetry/export-trace.ts';
import { SPAN_IDS_NAME } from '../telemetry/preview.ts';
import { version } from '../version.ts';
import { runContext } from './run-context.ts';
import { sendTrace, shown, type TraceOrder } from './trace.ts';

/** Where the spans of a gate run wait. The spool of the export is another file: its spans are not ours to move. */
export const GATE_SPOOL = 'gate-spans.otlp.jsonl';

/** What gates said of an export that is there. */
export interface GateFacts {
  readonly command: 'check' | 'diagnose';
  readonly subject: Subject;
  readonly gates: readonly GateResult[];
  readonly answers: readonly Answer[];
}

/** The spans of a gate run, and what became of them. */
export interface GateTrace {
  readonly drafts: Drafts;
  readonly emission: Emission;
  /** What of the export's trace or of the context could not be followed; one sentence each. */
  readonly losses: readonly string[];
}

/** Emits a gate run into the trace that the export names (gates.md §9.3). The spool stands in `folder`; nothing else is written. */
export async function emitGates(order: TraceOrder, facts: GateFacts, folder: string, world: World, shelves: Shelves): Promise<GateTrace> {
  const { command, subject, gates, answers } = facts;
  const metadata = metadataOf(subject);
  const trace = readExportTrace(metadata, await spanIdsOf(subject.exportDir, world), subject.traceId);
  const context = runContext(order, undefined, world);
  const projectId = projectIdOf(subject);
  const checksums = given({
    source: digestOf(subject.source),
    artifactManifest: digestOf(subject.artifactManifest),
    projectContext: digestOf(subject.projectContext),
  });
  const drafts = draftCheck({
    command,
    projectId,
    gates,
    answers,
    types: shelves.types,
    checksums,
    coverage: toldCoverage(subject),
    trace,
    context: context.value,
    ids: idsOf(world, `${command} ${projectId} ${checksums.source ?? ''} ${trace.traceId ?? ''}`),
    now: world.clock.now(),
    version,
  });
  const emission = await sendTrace(order, drafts, folder, world, GATE_SPOOL);
  const dir = shown(world, resolve(world.root, subject.exportDir));
  return { drafts, emission, losses: [...trace.losses.map((loss) => `${dir}: ${loss}`), ...context.losses] };
}

/** What the metadata says of coverage and gaps, where it says it. */
function toldCoverage(subject: Subject): CheckInput['coverage'] {
  const [overallCoverage, gaps] = [own(coverageOf(subject), 'overallCoverage'), own(coverageOf(subject), 'gaps')];
  return {
    ...(typeof overallCoverage === 'number' ? { overallCoverage } : {}),
    ...(Array.isArray(gaps) ? { gaps: gaps.map(String) } : {}),
  };
}

const IDS_BYTES = 64 * 1024 * 1024;

/** The ids beside the metadata; `null` for a file that is there and holds no JSON. */
async function spanIdsOf(dir: string, world: World): Promise<JsonValue | undefined> {
  const read = await readBounded(world.root, join(dir, SPAN_IDS_NAME), IDS_BYTES);
  if (!read.ok) return read.code === 'missing' ? undefined : null;
  try {
    return JSON.parse(Buffer.from(read.bytes).toString('utf8')) as JsonValue;
  } catch {
    return null;
  }
}

function digestOf(file: NamedFile): string | undefined {
  return file.state === 'read' ? file.sha256 : undefined;
}
