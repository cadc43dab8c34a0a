import { resolve } from 'node:path';
import { PROFILES, type Profile } from '../contract/contract.ts';
import { draftExport, type ExportDraft } from '../export/draft-export.ts';
import { ONBOARDING } from '../export/export-input.ts';
import { finishExport } from '../export/finish-export.ts';
import { runGates } from '../gatekeeper/run-gates.ts';
import { ExportDirectoryError, openStaging, type Staging } from '../host/export-directory.ts';
import { given } from '../host/given.ts';
import { parsePercent } from '../host/settings.ts';
import type { World } from '../host/world.ts';
import { checkReport } from '../report/check-report.ts';
import { visible } from '../report/escape-terminal.ts';
import { checkText } from '../reporters/check-text.ts';
import { faultLines } from '../reporters/fault-text.ts';
import { shelves } from '../shelves.ts';
import { type ManifestOrder, type Prepared, prepare } from '../story/prepare.ts';
import { draftTrace, sendTrace, shown, type TraceOrder, traceFiles } from '../story/trace.ts';
import type { Emission } from '../telemetry/emission.ts';
import { PREVIEW_NAME } from '../telemetry/preview.ts';
import { type Call, type Command, type ExitCode, type Terminal, UsageError } from './command.ts';
import { idleTraceFlags, judgeFlags, otlpFlags, otlpOrder, pathFlags } from './flags.ts';
import { subjectOf } from './load.ts';

/** The reference's export with its flags and files (spec/export.md §2), all of them or none on disk. */
export const exportCommand: Command = {
  name: 'export',
  summary: 'Export the contract of a manifest: every artifact owed, with parameters, derivations, dependencies and checksums.',
  args: [],
  flags: [
    ...pathFlags,
    { flags: '-o, --output-dir <dir>', describes: 'where the files go', default: '.' },
    { flags: '-n, --namespace <name>', describes: 'namespace of the project context', default: 'default' },
    { flags: '-e, --existing <id:path>', describes: 'an artifact that exists; may be repeated', repeat: true },
    { flags: '--scan-existing <dir>', describes: 'tree in which existing artifacts are looked for' },
    { flags: '-f, --format <format>', describes: 'format of the artifact manifest', choices: ['yaml', 'json'], default: 'yaml' },
    { flags: '--output-format <format>', describes: 'how to answer on stdout', choices: ['text', 'json'], default: 'text' },
    { flags: '--profile <name>', describes: 'what is owed', choices: PROFILES, default: 'full' },
    { flags: '--dry-run', describes: 'show what would be written, write nothing' },
    { flags: '--strict-quality', describes: 'hold the export to strict quality' },
    { flags: '--no-strict-quality', describes: 'do not, whatever the policy says' },
    { flags: '--deterministic-output', describes: 'artifacts sorted by id' },
    { flags: '--no-deterministic-output', describes: 'artifacts in the order of the manifest' },
    { flags: '--emit-provenance', describes: 'also write provenance.json' },
    { flags: '--embed-provenance', describes: 'put the provenance into the artifact manifest' },
    { flags: '--emit-onboarding', describes: 'write onboarding-metadata.json (the default)' },
    { flags: '--no-onboarding', describes: 'do not write it' },
    { flags: '--min-coverage <percent>', describes: 'exit 1 when less of what is required exists, 0 to 100' },
    { flags: '--task-mapping <file>', describes: 'JSON object: artifact id to task id' },
    { flags: '--service-metadata <file>', describes: 'JSON object: service to how it is spoken to' },
    { flags: '--config <file>', describes: 'the quality policy, where it is not the nearest .contextcore-quality.yaml' },
    { flags: '--emit-quality-report', describes: 'write export-quality-report.json' },
    { flags: '--no-emit-quality-report', describes: 'do not write it' },
    { flags: '--emit-run-provenance', describes: 'write run-provenance.json' },
    { flags: '--no-emit-run-provenance', describes: 'do not write it' },
    {
      flags: '--document-write-strategy <how>',
      describes: 'keep replaced files as .bak, or not',
      choices: ['update_existing', 'new_output'],
    },
    { flags: '--verify', describes: 'run Gate 1 on what was written, exit 1 when it is unhealthy' },
    { flags: '--emit-tasks', describes: 'also emit the work as a trace; with --dry-run write its preview only' },
    { flags: '--project-id <id>', describes: 'project id of the trace, where it is not the manifest’s' },
    ...otlpFlags,
  ],
  act: async (call, world, terminal) => {
    const { order, trace } = ordersOf(call);
    const prepared = await prepare(order, world, shelves);
    if (prepared.state === 'unreadable') throw new UsageError(prepared.messages.join('\n'));
    if (prepared.state === 'faulty') {
      const faults = [...(prepared.parsed.ok ? [] : prepared.parsed.faults), ...prepared.policyFaults];
      for (const fault of faults) terminal.err(faultLines(fault, { colour: false }).trimEnd());
      return 1;
    }
    for (const { message } of prepared.refusals) terminal.err(message);
    if (prepared.refusals.length > 0) return 1;
    tellNotices(prepared, terminal);
    for (const message of idleFlags(call)) terminal.err(`note: ${message}`);
    const draft = draftExport(prepared.input);
    return order.dryRun ? preview(call, trace, prepared, draft, world, terminal) : write(call, trace, prepared, draft, world, terminal);
  },
};

/** What to export and how to send its trace, judged together. @throws UsageError with every fault. */
function ordersOf(call: Call): { readonly order: ManifestOrder; readonly trace: TraceOrder } {
  return judgeFlags(call, (flag, fault) => {
    const manifest = call.text('path');
    if (manifest === undefined) fault('export needs the manifest: --path .contextcore.yaml');
    return {
      order: orderOf(call, manifest ?? '', flag('min-coverage', parsePercent)),
      trace: otlpOrder(flag, 'run', call.flag('dryRun') === true ? 'dry-run' : 'true'),
    };
  });
}

function orderOf(call: Call, manifest: string, minCoverage: number | undefined): ManifestOrder {
  return {
    manifest,
    outputDir: call.text('outputDir') ?? '.',
    namespace: call.text('namespace') ?? 'default',
    profile: (call.text('profile') ?? 'full') as Profile,
    format: call.text('format') === 'json' ? 'json' : 'yaml',
    existing: call.list('existing'),
    declared: 'trusted',
    emitProvenance: call.flag('emitProvenance') === true,
    embedProvenance: call.flag('embedProvenance') === true,
    emitOnboarding: call.flag('onboarding') !== false || call.flag('emitOnboarding') === true,
    dryRun: call.flag('dryRun') === true,
    argv: call.argv,
    ...given({
      scan: call.text('scanExisting'),
      taskMapping: call.text('taskMapping'),
      serviceMetadata: call.text('serviceMetadata'),
      projectId: call.text('projectId'),
      config: call.text('config'),
      minCoverage,
      strict: call.flag('strictQuality'),
      deterministic: call.flag('deterministicOutput'),
      emitQualityReport: call.flag('emitQualityReport'),
      emitRunProvenance: call.flag('emitRunProvenance'),
      writeStrategy: call.text('documentWriteStrategy') as ManifestOrder['writeStrategy'],
    }),
  };
}

function tellNotices({ gathered, contract, forced }: Prepared, terminal: Terminal): void {
  for (const fault of [...gathered.parsed.warnings, ...gathered.policyWarnings])
    terminal.err(faultLines(fault, { colour: false }).trimEnd());
  for (const message of [...contract.notices.map((notice) => notice.message), ...gathered.notices, ...forced])
    terminal.err(`note: ${message}`);
}

/** A flag that changes nothing beside the others given is told: its writer expects something of it. */
function idleFlags(call: Call): readonly string[] {
  const unwritten = call.flag('dryRun') === true && call.flag('verify') === true;
  return [
    ...idleTraceFlags(call, ['project-id']),
    ...(unwritten ? ['--verify looks at what was written, and a dry run writes nothing; leave out --dry-run.'] : []),
  ];
}

/** `--dry-run`: what would be written, and with `--emit-tasks` the preview of the trace (design document 000 §3.1). */
async function preview(
  call: Call,
  trace: TraceOrder,
  prepared: Prepared,
  draft: ExportDraft,
  world: World,
  terminal: Terminal,
): Promise<ExitCode> {
  answer(
    call,
    prepared,
    draft.files.map(({ name }) => name),
    undefined,
    terminal,
  );
  if (call.flag('emitTasks') === true) {
    const { drafts } = draftTrace(trace, { prepared, draft, stages: [], gates: [] }, world, shelves);
    await using staging = await openPlace(call, world);
    const emission = await sendTrace(trace, drafts, staging.target, world);
    for (const { name, bytes } of traceFiles(drafts, emission, world)) await staging.write(name, bytes);
    await staging.commit({ backup: false, last: PREVIEW_NAME });
    terminal.err(`The preview of the trace is in ${shown(world, resolve(staging.target, PREVIEW_NAME))}.`);
  }
  return minimumMissed(prepared, draft, terminal) ? 1 : 0;
}

async function write(
  call: Call,
  order: TraceOrder,
  prepared: Prepared,
  draft: ExportDraft,
  world: World,
  terminal: Terminal,
): Promise<ExitCode> {
  const startedAt = prepared.input.startedAt;
  await using staging = await openPlace(call, world);
  let finished = draft;
  let emission: Emission | undefined;
  if (call.flag('emitTasks') === true) {
    const durationMs = world.clock.now().getTime() - startedAt.getTime();
    const stages = [
      { phase: 'EXPORT_CONTRACT', startedAt, durationMs, artifacts: prepared.contract.artifacts.length, files: draft.files.length },
    ] as const;
    const { drafts, losses } = draftTrace(order, { prepared, draft, stages, gates: [] }, world, shelves);
    for (const loss of losses) terminal.err(loss);
    emission = await sendTrace(order, drafts, staging.target, world);
    finished = finishExport(draft, emission);
    for (const { name, bytes } of traceFiles(drafts, emission, world)) await staging.write(name, bytes);
  }
  for (const { name, bytes } of finished.files) await staging.write(name, bytes);
  await staging.commit({ backup: prepared.input.settings.writeStrategy === 'update_existing', last: ONBOARDING });
  answer(
    call,
    prepared,
    finished.files.map(({ name }) => name),
    emission,
    terminal,
  );
  if (minimumMissed(prepared, draft, terminal)) return 1;
  return call.flag('verify') === true ? verify(call, world, terminal) : 0;
}

/** What was written must be healthy; without its metadata it cannot be (spec/export.md §23). */
async function verify(call: Call, world: World, terminal: Terminal): Promise<ExitCode> {
  if (call.flag('onboarding') === false && call.flag('emitOnboarding') !== true) {
    terminal.err(`--verify reads ${ONBOARDING}, and --no-onboarding leaves it out; leave out one of the two.`);
    return 1;
  }
  const subject = await subjectOf({ exportDir: call.text('outputDir') ?? '.', ...given({ sourceFile: call.text('path') }) }, world);
  const report = checkReport(subject, runGates(shelves.gate1, subject, world), world.clock.now());
  for (const line of checkText(report).split('\n')) terminal.err(line);
  return report.is_healthy ? 0 : 1;
}

async function openPlace(call: Call, world: World): Promise<Staging> {
  const written = call.text('outputDir') ?? '.';
  const target = resolve(world.root, written);
  try {
    return await openStaging(target);
  } catch (error) {
    if (error instanceof ExportDirectoryError) throw new UsageError(error.message.replaceAll(target, written));
    throw error;
  }
}

function minimumMissed({ contract, input }: Prepared, draft: ExportDraft, terminal: Terminal): boolean {
  if (draft.meetsMinimum) return false;
  terminal.err(
    `Coverage is ${contract.coverage.overallCoverage} %, and at least ${input.settings.minCoverage} % is asked for; missing and required: ${contract.coverage.requiredGaps.slice(0, 10).join(', ')}.`,
  );
  return true;
}

/** The answer on stdout: what was written (or would be), what is covered, what became of the trace. */
function answer(
  call: Call,
  { contract, input }: Prepared,
  files: readonly string[],
  emission: Emission | undefined,
  terminal: Terminal,
): void {
  const { coverage } = contract;
  const { outputDir, dryRun } = input.settings;
  if (call.text('outputFormat') === 'json') {
    const counted = {
      total_required: coverage.totalRequired,
      total_existing: coverage.totalExisting,
      overall: coverage.overallCoverage,
      gaps: coverage.gaps,
    };
    const document = {
      dry_run: dryRun,
      project_id: contract.projectId,
      output_dir: outputDir,
      files,
      artifacts: contract.artifacts.length,
      coverage: counted,
      emission,
    };
    terminal.out(JSON.stringify(document, null, 2) + '\n');
    return;
  }
  const lines = [
    `${contract.projectId}: ${contract.artifacts.length} artifacts owed, ${coverage.gaps.length} of them missing; ${coverage.totalExisting} of ${coverage.totalRequired} required exist (${coverage.overallCoverage} %).`,
    `${dryRun ? 'Would be written' : 'Written'} to ${outputDir}:`,
    ...files.map((name) => `  ${name}`),
    ...(emission ? [`Trace: ${emission.reason}`] : []),
  ];
  terminal.out(lines.map((line) => visible(line) + '\n').join(''));
}
