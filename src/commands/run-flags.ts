import type { ActionInputs } from '../action-inputs.ts';
import { readInputs } from '../action-inputs.ts';
import { readCiContext } from '../host/github/ci-context.ts';
import type { World } from '../host/world.ts';
import type { RunSettings } from '../run.ts';
import { RUN_DEFAULTS } from '../story/run-defaults.ts';
import { type Call, type Flag, UsageError } from './command.ts';
import { camelCase } from './flags.ts';

/**
 * The action's inputs as flags, one for one (design.md, The command line): name, value, help. `readInputs` judges them as it does for the action. Those that
 * speak of a job on GitHub have no effect here, `trace-placement` among them, and are no flags.
 */
const INPUT_FLAGS: readonly (readonly [name: string, value: string, describes: string])[] = [
  ['if-no-manifest', 'what', 'when no manifest is there: error, warn or ignore'],
  ['output-dir', 'dir', 'where the export goes (default: contextcore-export)'],
  ['ingestion-dir', 'dir', 'output of plan ingestion, for the second question'],
  ['artisan-dir', 'dir', 'output of the implementation, for the third question'],
  ['project-id', 'id', 'project id of the trace, where it is not the manifest’s'],
  ['namespace', 'name', 'namespace of the project context (default: default)'],
  ['profile', 'name', 'what is owed: source, monitoring, operator, sponsor, practitioner, observability or full'],
  ['scan-existing', 'dir', 'tree in which existing artifacts are looked for, or off (default: .)'],
  ['task-mapping', 'file', 'JSON object: artifact id to task id'],
  ['service-metadata', 'file', 'JSON object: service to how it is spoken to'],
  ['coverage-policy', 'policy', 'what the coverage is compared with: ratchet, absolute or off'],
  ['min-coverage', 'percent', 'fail when less of what is required exists, 0 to 100'],
  ['config', 'file', 'the quality policy, where it is not the nearest .contextcore-quality.yaml'],
  ['emit-tasks', 'how', 'auto, true, dry-run or false: auto sends when --otlp-endpoint is given, true also takes OTEL_* variables'],
  ['otlp-endpoint', 'url', 'OTLP over HTTP, such as http://localhost:4318'],
  ['otlp-headers', 'list', 'name=value,name=value'],
  ['otlp-protocol', 'name', 'http/json or http/protobuf (default: what OTEL_EXPORTER_OTLP_PROTOCOL says, else http/json)'],
  ['otlp-timeout', 'time', 'for everything that is sent: 30s, 500ms, or seconds'],
  ['traceparent', 'value', 'put the trace below this span'],
  ['trace-limit', 'spans', 'spans one trace may hold before it is split (default: 2000)'],
  ['fail-on', 'level', 'lowest level that fails: critical, error, warning or never'],
  ['baseline', 'ref', 'what to compare with: a branch, tag or commit, or off (default: nothing)'],
];

export const runFlags: readonly Flag[] = [
  { flags: '-p, --path <file>', describes: 'the manifest, or a glob; may be repeated (default: .contextcore.yaml)', repeat: true },
  { flags: '--manifest <file>', describes: 'the manifest', aliasOf: 'path', repeat: true },
  ...INPUT_FLAGS.map(([name, value, describes]): Flag => ({ flags: `--${name} <${value}>`, describes })),
  { flags: '-e, --existing <id:path>', describes: 'an artifact that exists; may be repeated', repeat: true },
  { flags: '--only-new', describes: 'only what this change caused counts for --fail-on' },
  { flags: '--strict-quality', describes: 'hold the export to strict quality' },
  { flags: '--no-strict-quality', describes: 'do not, whatever the policy says' },
  { flags: '--endpoint <url>', describes: 'the same as --otlp-endpoint', aliasOf: 'otlpEndpoint' },
  { flags: '--format <format>', describes: 'how to answer', choices: ['text', 'json'], default: 'text' },
];

/** The settings of a run or an audit from the flags, judged together. @throws UsageError with every fault. */
export function runSettings(
  call: Call,
  world: World,
  mode: RunSettings['mode'],
  overrides: Readonly<Record<string, string>> = {},
): RunSettings {
  const inputs = new Map<string, string>([
    ['output-dir', RUN_DEFAULTS.outputDir],
    ['mode', mode],
  ]);
  const manifests = call.list('path');
  if (manifests.length > 0) inputs.set('manifest', manifests.join('\n'));
  const existing = call.list('existing');
  if (existing.length > 0) inputs.set('existing', existing.join('\n'));
  const strict = call.flag('strictQuality');
  if (strict !== undefined) inputs.set('strict-quality', String(strict));
  if (call.flag('onlyNew') === true) inputs.set('only-new', 'true');
  for (const [name, value] of Object.entries(overrides)) inputs.set(name, value);
  for (const [name] of INPUT_FLAGS) {
    const given = call.text(camelCase(name));
    if (given) inputs.set(name, given);
  }
  const ci = readCiContext({ GITHUB_SHA: undefined }, {});
  const read: ActionInputs = readInputs({ TRACEPARENT: world.env['TRACEPARENT'], ...asVariables(inputs) }, ci);
  if (!read.ok) throw new UsageError(read.faults.map(({ message }) => message).join('\n'));
  return { ...read.settings.run, backup: RUN_DEFAULTS.backup };
}

/** The shape in which the runner hands inputs over, which is what `readInputs` reads. */
function asVariables(inputs: ReadonlyMap<string, string>): Readonly<Record<string, string>> {
  return Object.fromEntries([...inputs].map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));
}
