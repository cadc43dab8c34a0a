import { basename, join, resolve } from 'node:path';
import { draftExport, type ExportDraft } from '../export/draft-export.ts';
import { ONBOARDING, RUN_PROVENANCE } from '../export/export-input.ts';
import { finishExport } from '../export/finish-export.ts';
import { answerQuestions } from '../gatekeeper/answer-questions.ts';
import { compileCustomGates } from '../gatekeeper/custom-gates.ts';
import type { GateResult } from '../gatekeeper/gate.ts';
import { runGates } from '../gatekeeper/run-gates.ts';
import { waiveResults } from '../gatekeeper/waive-results.ts';
import { ExportDirectoryError, openStaging, type Staging } from '../host/export-directory.ts';
import { given } from '../host/given.ts';
import { loadSubject } from '../host/load-subject.ts';
import { temporaryFolder } from '../host/runtime.ts';
import type { World } from '../host/world.ts';
import type { Fault } from '../manifest/manifest.ts';
import type { Entry, QuestionAnswer } from '../report/report.ts';
import type { RunSettings } from '../run.ts';
import type { Shelves } from '../shelves.ts';
import type { Drafts } from '../telemetry/draft.ts';
import type { StageRecord } from '../telemetry/draft-input.ts';
import type { Emission } from '../telemetry/emission.ts';
import { PREVIEW_NAME } from '../telemetry/preview.ts';
import type { Baseline } from './base-side.ts';
import { type ContractBefore, dateFaults } from './before.ts';
import { bounded } from './bounded.ts';
import { gatesOf } from './known-names.ts';
import { type Prepared, type PrepareOutcome, prepare } from './prepare.ts';
import { draftTrace, type PassedOn, passOn, sendTrace, shown, type TraceFacts, traceFiles } from './trace.ts';
import { dateResults } from './work-facts.ts';

/** One manifest of a run: the run's settings with this manifest's own path and output directory. */
export interface RunOrder extends RunSettings {
  readonly manifest: string;
  /** What it is compared with; absent for nothing. */
  readonly base?: Baseline;
}

/** What became of one manifest, for the report and for the door. */
export interface Chapter {
  readonly entry: Entry;
  readonly policyFaults: readonly Fault[];
  /** Which of its faults this change made, as far as that is known. */
  readonly dated?: ReadonlyMap<Fault, 'new' | 'known'>;
  /** What could not be done and which way was taken instead; one sentence each. */
  readonly losses: readonly string[];
  /** Absolute paths of files written that an artifact may carry; the spool among them while spans wait in it. */
  readonly files: readonly string[];
  readonly exportPath?: string;
  readonly previewPath?: string;
  readonly traceparent?: string;
  /** W3C, what was given and what this run adds to it. */
  readonly baggage?: string;
  /** Something that must be read or written could not be: exit 2. */
  readonly broken: boolean;
}

/** derive → inspect → write staging → gates on staging → draft spans → emit → note it → move into place (design.md, The house). */
export async function exportManifest(order: RunOrder, world: World, shelves: Shelves): Promise<Chapter> {
  try {
    return await tell(order, world, shelves);
  } catch (error) {
    if (!(error instanceof ExportDirectoryError)) throw error;
    return refused(order, { state: 'unreadable', messages: [portable(error, order, world)] });
  }
}

async function tell(order: RunOrder, world: World, shelves: Shelves): Promise<Chapter> {
  const start = world.clock.elapsed();
  const startedAt = world.clock.now();
  const prepared = await prepare(manifestOrder(order), world, shelves);
  if (prepared.state !== 'prepared') return refused(order, prepared);
  if (prepared.refusals.length > 0) return strictlyRefused(order, prepared);
  const readyAt = world.clock.now();
  const ready = world.clock.elapsed();
  const place = await openPlace(order, world);
  await using staging = place.staging;
  const draft = draftExport(prepared.input);
  for (const { name, bytes } of draft.files) await staging.write(name, bytes, { willChange: TELLING.has(name) });
  const stages: readonly StageRecord[] = [
    { phase: 'INIT_BASELINE', startedAt, durationMs: ready - start },
    {
      phase: 'EXPORT_CONTRACT',
      startedAt: readyAt,
      durationMs: world.clock.elapsed() - ready,
      artifacts: prepared.contract.artifacts.length,
      files: draft.files.length,
    },
  ];
  const judged = await judge(order, prepared, staging.dir, world, shelves);
  const trace = await emitTrace(order, { prepared, draft, stages, gates: judged.gates }, staging.target, world, shelves);
  const finished = await finish(order, staging, draft, trace, world);
  const losses = [...place.losses, ...finished.losses];
  return concluded(order, prepared, judged, trace, { ...finished, losses, broken: losses.length > 0, target: staging.target }, world);
}

function manifestOrder(order: RunOrder) {
  const { manifest, outputDir, namespace, profile, format, existing } = order;
  const { taskMapping, serviceMetadata, projectId, config, minCoverage, strictQuality } = order;
  return {
    manifest,
    outputDir,
    namespace,
    profile,
    format,
    existing,
    declared: 'checked',
    emitProvenance: false,
    embedProvenance: false,
    emitOnboarding: true,
    dryRun: false,
    argv: [],
    judged: {
      baseline: order.base ?? NO_BASELINE,
      proposed: order.ci?.baseSha !== undefined || order.ci?.pullRequest !== undefined,
      fork: order.ci?.fork ?? false,
      ...given({ coveragePolicy: order.coveragePolicy }),
    },
    ...given({
      scan: order.scanExisting === 'off' ? undefined : order.scanExisting,
      taskMapping,
      serviceMetadata,
      projectId,
      config,
      minCoverage,
      strict: strictQuality,
    }),
  } as const;
}

const NO_BASELINE: Baseline = { of: async () => ({}), [Symbol.asyncDispose]: async () => {} };

interface OpenPlace {
  readonly staging: Staging;
  readonly losses: readonly string[];
}

/** The staging beside the output directory; where nothing can be written there, one in the system's temporary folder, and that is told. */
async function openPlace(order: RunOrder, world: World): Promise<OpenPlace> {
  try {
    return { staging: await openStaging(resolve(world.root, order.outputDir)), losses: [] };
  } catch (error) {
    if (!(error instanceof ExportDirectoryError)) throw error;
    const elsewhere = join(await temporaryFolder('contextcore-export-'), 'export');
    const loss = `${portable(error, order, world)} The export was judged all the same and lies in a temporary folder (${basename(resolve(elsewhere, '..'))}).`;
    return { staging: await openStaging(elsewhere), losses: [loss] };
  }
}

interface Judged {
  readonly gates: readonly GateResult[];
  readonly questions: readonly QuestionAnswer[];
}

async function judge(order: RunOrder, prepared: Prepared, dir: string, world: World, shelves: Shelves): Promise<Judged> {
  const { parsed } = prepared.gathered;
  const loaded = await loadSubject({
    exportDir: dir,
    displayDir: order.outputDir,
    cwd: world.root,
    sourceFile: order.manifest,
    ...given({
      ingestionDir: order.ingestionDir,
      artisanDir: order.artisanDir,
      minCoverage: prepared.input.settings.minCoverage,
      taskMappingFile: order.taskMapping,
      serviceMetadataFile: order.serviceMetadata,
    }),
  });
  if (!loaded.ok) throw new Error(loaded.message);
  const manifest = { locate: parsed.locate, targets: parsed.manifest.spec.targets.map(({ name }) => name) };
  const own = await compileCustomGates(prepared.policy.customGates, bounded);
  const subject = { ...loaded.subject, exportDir: shown(world, resolve(world.root, order.outputDir)), ...given({ work: prepared.work }) };
  const asked = [...gatesOf(shelves), ...own.gates];
  const gates = settleResults(runGates(asked, subject, world, { levels: prepared.policy.gates, manifest }), prepared);
  const gate1 = gates.filter(({ group }) => group === 'gate-1');
  return { gates, questions: answerQuestions(subject, gate1) };
}

/** What was there before this change is said to be, and what waivers accept counts no more. */
function settleResults(
  results: readonly GateResult[],
  { gathered, contract, contractBefore, waivers, work }: Prepared,
): readonly GateResult[] {
  if (work === undefined) return results;
  const isSame = contractBefore?.manifest.source.sha256 === gathered.parsed.source.sha256;
  const dated = contractBefore ? dateResults(results, contract, isSame, contractBefore.contract) : results;
  return waiveResults(dated, waivers, work.today);
}

interface Trace {
  /** Absent when nobody wants a trace. */
  readonly drafts?: Drafts;
  readonly emission: Emission;
  readonly losses: readonly string[];
}

async function emitTrace(order: RunOrder, facts: TraceFacts, target: string, world: World, shelves: Shelves): Promise<Trace> {
  const { drafts, losses } = draftTrace(order, facts, world, shelves);
  const emission = await sendTrace(order, drafts, target, world);
  return { ...(order.emitTasks === 'false' ? {} : { drafts }), emission, losses };
}

/** The failure's sentence with the directory as its reader knows it: what is kept holds no absolute path. */
function portable(error: ExportDirectoryError, order: RunOrder, world: World): string {
  const target = resolve(world.root, order.outputDir);
  return error.message.replaceAll(target, shown(world, target));
}

/** The files that tell of the trace, then the move into place. Answers the names written; none where something stands in the way, and that is told. */
async function finish(
  order: RunOrder,
  staging: Staging,
  draft: ExportDraft,
  { drafts, emission }: Trace,
  world: World,
): Promise<Pick<Written, 'written' | 'losses'>> {
  const finished = finishExport(draft, emission);
  for (const { name, bytes } of finished.files) if (TELLING.has(name)) await staging.write(name, bytes);
  const beside = drafts ? traceFiles(drafts, emission, world) : [];
  for (const { name, bytes } of beside) await staging.write(name, bytes);
  try {
    await staging.commit({ backup: order.backup, last: ONBOARDING });
  } catch (error) {
    if (!(error instanceof ExportDirectoryError)) throw error;
    return { written: [], losses: [portable(error, order, world)] };
  }
  return { written: [...finished.files, ...beside].map(({ name }) => name), losses: [] };
}

/** The files of the export that tell what became of the trace, and so are written twice. */
const TELLING: ReadonlySet<string> = new Set([ONBOARDING, RUN_PROVENANCE]);

interface Written {
  readonly target: string;
  readonly written: readonly string[];
  readonly losses: readonly string[];
  readonly broken: boolean;
}

function concluded(
  order: RunOrder,
  prepared: Prepared,
  judged: Judged,
  { drafts, emission, losses }: Trace,
  place: Written,
  world: World,
): Chapter {
  const { parsed, notices, policyWarnings } = prepared.gathered;
  const { contract, plan } = prepared;
  const names = [...place.written, ...(emission.spool === undefined ? [] : [emission.spool])].sort();
  const has = (name: string) => names.includes(name);
  const passedOn: PassedOn = drafts ? passOn(drafts, world) : { losses: [] };
  return {
    entry: {
      manifest: order.manifest,
      version: parsed.version,
      projectId: contract.projectId,
      profile: contract.profile,
      criticality: contract.criticality,
      faults: [],
      warnings: parsed.warnings,
      notices: [...contract.notices, ...notices.map((message) => ({ code: 'auxiliary', message }))],
      artifacts: contract.artifacts,
      coverage: contract.coverage,
      ...given({ before: prepared.contractBefore && sideOf(prepared.contractBefore) }),
      plan,
      gates: judged.gates,
      questions: judged.questions,
      emission,
      exportDir: shown(world, place.target),
      files: names,
    },
    policyFaults: policyWarnings,
    dated: dateFaults([...parsed.warnings, ...policyWarnings], prepared.before),
    losses: [...prepared.losses, ...place.losses, ...losses, ...passedOn.losses],
    files: names.map((name) => join(place.target, name)),
    exportPath: place.target,
    broken: place.broken,
    ...given({
      previewPath: has(PREVIEW_NAME) ? join(place.target, PREVIEW_NAME) : undefined,
      traceparent: passedOn.traceparent,
      baggage: passedOn.baggage,
    }),
  };
}

function sideOf({ commit, contract }: ContractBefore): NonNullable<Entry['before']> {
  const { totalRequired, totalExisting } = contract.coverage;
  return { commit, totalRequired, totalExisting };
}

/** Nothing was written: the faults of the user's own files, or why one could not be read. */
function refused(order: RunOrder, outcome: Exclude<PrepareOutcome, Prepared>): Chapter {
  if (outcome.state === 'unreadable') {
    const faults = outcome.messages.map(
      (message): Fault => ({ code: 'unreadable', severity: 'error', path: '', place: { file: order.manifest, line: 1 }, message }),
    );
    return { ...nothingWritten(order, { version: 'unknown', faults, warnings: [] }), broken: true };
  }
  const { parsed, policyFaults, before } = outcome;
  const faults = parsed.ok ? [] : parsed.faults;
  return {
    ...nothingWritten(order, { version: parsed.version, faults, warnings: parsed.warnings }),
    policyFaults,
    ...(before && { dated: dateFaults([...faults, ...parsed.warnings, ...policyFaults], before), losses: before.losses }),
  };
}

function strictlyRefused(order: RunOrder, { gathered, refusals }: Prepared): Chapter {
  const { parsed, policy } = gathered;
  const place = { file: policy?.path ?? order.manifest, line: 1 };
  const policyFaults = refusals.map(({ code, message }): Fault => ({ code, severity: 'error', path: '', place, message }));
  return { ...nothingWritten(order, { version: parsed.version, faults: [], warnings: parsed.warnings }), policyFaults };
}

/** The chapter of a manifest that led to no export. */
export function nothingWritten(order: { readonly manifest: string }, read: Pick<Entry, 'version' | 'faults' | 'warnings'>): Chapter {
  const emission: Emission = {
    state: 'none',
    reason: 'Nothing was exported, so no trace was drafted.',
    traceIds: [],
    drafted: 0,
    sent: 0,
    spooled: 0,
    lost: 0,
  };
  const entry = { manifest: order.manifest, ...read, notices: [], artifacts: [], gates: [], questions: [], emission, files: [] };
  return { entry, policyFaults: [], losses: [], files: [], broken: false };
}
