import { join, resolve } from 'node:path';
import { ONBOARDING, RUN_PROVENANCE } from '../export/export-input.ts';
import { finishExisting } from '../export/finish-existing.ts';
import { readExport } from '../export/read-export.ts';
import { runGates } from '../gatekeeper/run-gates.ts';
import { openStaging } from '../host/export-directory.ts';
import { readBounded } from '../host/files.ts';
import { given } from '../host/given.ts';
import { idsOf } from '../host/ids.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../host/json.ts';
import type { World } from '../host/world.ts';
import { buildPlan } from '../plan/build-plan.ts';
import { visible } from '../report/escape-terminal.ts';
import { shelves } from '../shelves.ts';
import { runContext } from '../story/run-context.ts';
import { sendTrace, shown, type TraceOrder, traceFiles } from '../story/trace.ts';
import { draftSpans } from '../telemetry/draft-spans.ts';
import { SPAN_IDS_NAME } from '../telemetry/preview.ts';
import { version } from '../version.ts';
import { type Call, type Command, type ExitCode, UsageError } from './command.ts';
import { formatFlag } from './flags.ts';
import { subjectOf } from './load.ts';
import { runFlags, runSettings } from './run-flags.ts';

const TRACE_FLAGS = ['project-id', 'otlp-', 'endpoint', 'traceparent', 'trace-'];

/** Emits the work that an export tells of, ours or the reference's, with Gate 1's answers, and notes in the export what became of it. */
export const emit: Command = {
  name: 'emit',
  summary: 'Emit the work of an existing export as a trace.',
  args: [{ name: 'dir', describes: 'the export directory', required: true }],
  flags: [
    ...runFlags.filter(({ flags }) => TRACE_FLAGS.some((name) => flags.startsWith(`--${name}`))),
    { flags: '--dry-run', describes: 'write the preview only, send nothing' },
    formatFlag,
  ],
  act: async (call, world, terminal) => {
    const { emission, files } = await emitExport(call, world);
    terminal.out(call.text('format') === 'json' ? JSON.stringify({ ...emission, files }, null, 2) + '\n' : visible(emission.reason) + '\n');
    return emission.state === 'partial' || emission.state === 'lost' ? 1 : (0 satisfies ExitCode);
  },
};

async function emitExport(call: Call, world: World) {
  const dir = call.args[0]!;
  const at = resolve(world.root, dir);
  const order: TraceOrder = { ...runSettings(call, world, 'run'), emitTasks: call.flag('dryRun') === true ? 'dry-run' : 'true' };
  const subject = await subjectOf({ exportDir: dir }, world);
  const onboarding = await readObject(join(dir, ONBOARDING), world);
  const manifestName = onboarding['artifact_manifest_path'];
  if (typeof manifestName !== 'string' || /[\\/]/.test(manifestName))
    throw new UsageError(`${dir}: ${ONBOARDING} does not name its artifact manifest.`);
  const read = readExport(await readDocument(join(dir, manifestName), world), onboarding, manifestName);
  if (!read.ok) throw new UsageError(`${dir}: ${read.message}`);
  const context = runContext(order, await readDocument(join(dir, SPAN_IDS_NAME), world).catch(() => undefined), world);
  for (const loss of context.losses) world.tell(loss);
  const drafts = draftSpans({
    plan: buildPlan(read.contract, call.text('projectId')),
    contract: read.contract,
    types: shelves.types,
    gates: runGates(shelves.gate1, subject, world),
    stages: [],
    checksums: given(read.checksums),
    context: context.value,
    ids: idsOf(world, `${read.contract.projectId} ${read.checksums.source ?? ''}`),
    now: world.clock.now(),
    version,
    traceLimit: order.traceLimit,
  });
  await using staging = await openStaging(at);
  const emission = await sendTrace(order, drafts, staging.target, world);
  const runProvenance = await readDocument(join(dir, RUN_PROVENANCE), world).catch(() => undefined);
  const noted = emission.state === 'previewed' ? [] : finishExisting(onboarding, runProvenance, emission);
  const files = [...noted, ...traceFiles(drafts, emission, world)];
  for (const { name, bytes } of files) await staging.write(name, bytes);
  await staging.commit({ backup: false, last: ONBOARDING });
  return { emission, files: files.map(({ name }) => shown(world, resolve(at, name))) };
}

const BYTES = 320 * 1024 * 1024;

async function readObject(name: string, world: World): Promise<JsonObject> {
  const value = await readDocument(name, world);
  if (!isJsonObject(value)) throw new UsageError(`${name} holds no object.`);
  return value;
}

/** JSON or YAML by its name. @throws UsageError with a sentence. */
async function readDocument(name: string, world: World): Promise<JsonValue> {
  const read = await readBounded(world.root, name, BYTES);
  if (!read.ok) throw new UsageError(read.message);
  const content = Buffer.from(read.bytes).toString('utf8');
  try {
    if (name.endsWith('.json')) return JSON.parse(content) as JsonValue;
    const { parse } = await import('yaml');
    return parse(content, { maxAliasCount: 0, logLevel: 'silent' }) as JsonValue;
  } catch (error) {
    throw new UsageError(`${name} cannot be read: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
  }
}
