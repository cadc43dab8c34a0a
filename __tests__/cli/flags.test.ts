import { describe, expect, test } from '@jest/globals';
import { type Receiver, startReceiver } from '../../scripts/receiver.ts';
import { attribute, type Env, type Files, type Ran, spansOf, type Workspace, workspace } from './export-tasks.ts';
import { SHOP } from './manifests.ts';

/** One flag and what is seen of it. `without` runs the same command without the flag, which must not be seen the same. */
interface Trial {
  readonly args: readonly string[];
  readonly files?: Files;
  readonly env?: Env;
  readonly sees: (ran: Ran, shop: Workspace, receiver: Receiver) => unknown;
  readonly is: unknown;
  /** The arguments that a run without this flag has; by default none. */
  readonly without?: readonly string[];
}

const OUT = 'contextcore-export';
const DASHBOARD = JSON.stringify({ title: 'Cart', uid: 'c', schemaVersion: 39, panels: [{ type: 'timeseries', title: 'Rate', targets: [{ expr: 'up' }] }] });
const TRACEPARENT = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
const MAPPING = JSON.stringify({ 'cart-dashboard': 'SHOP-1' });
const SERVICES = JSON.stringify({ cart: { transport_protocol: 'grpc' }, 'checkout-api': { transport_protocol: 'http' } });
const STRICT_POLICY = 'strict_quality_default: true\n';
const J = ['--format', 'json'];
/** Replaced by the address of a receiver, and of a server that never answers. */
const TO = ['--otlp-endpoint', '{receiver}'];

const code = ({ code }: Ran) => code;
const answer = ({ stdout }: Ran) => JSON.parse(stdout);
const emission = (ran: Ran) => answer(ran).emission.state;
const stdout = ({ stdout }: Ran) => stdout;
const onboarding = (dir: string, key: string) => async (_: Ran, shop: Workspace) => (await shop.json(`${dir}/onboarding-metadata.json`))[key];
const has = (file: string) => async (_: Ran, shop: Workspace) => shop.text(file).then(() => true, () => false);
const header = (name: string) => (_: Ran, __: Workspace, { requests }: Receiver) => requests[0]?.headers[name];
const received = (_: Ran, __: Workspace, { requests }: Receiver) => requests.filter(({ status }) => status === 200).length > 0;

const RUN: Readonly<Record<string, Trial>> = {
  '--path': { args: ['--path', 'other.yaml', ...J], without: J, files: { 'other.yaml': SHOP.replaceAll('id: shop', 'id: store') }, sees: (ran) => answer(ran).entries[0].project_id, is: 'store' },
  '--if-no-manifest': { args: ['--path', '**/none.yaml', '--if-no-manifest', 'ignore'], without: ['--path', '**/none.yaml'], sees: code, is: 0 },
  '--output-dir': { args: ['--output-dir', 'out'], sees: has('out/onboarding-metadata.json'), is: true },
  '--ingestion-dir': { args: ['--ingestion-dir', 'ingested', ...J], without: J, files: { 'ingested/keep': '' }, sees: (ran) => answer(ran).entries[0].questions[1].status, is: 'fail' },
  '--artisan-dir': { args: ['--artisan-dir', 'made', ...J], without: J, files: { 'made/keep': '' }, sees: (ran) => answer(ran).entries[0].questions[2].status, is: 'fail' },
  '--project-id': { args: ['--project-id', 'store', ...J], without: J, sees: (ran) => answer(ran).entries[0].plan.epic, is: 'store-artifact-generation' },
  '--namespace': { args: ['--namespace', 'prod'], sees: async (_, shop) => (await shop.text(`${OUT}/shop-projectcontext.yaml`)).includes('namespace: prod'), is: true },
  '--profile': { args: ['--profile', 'source'], sees: async (ran, shop) => Object.keys((await onboarding(OUT, 'coverage')(ran, shop)).gapsByType ?? {}).includes('dashboard'), is: false },
  '--scan-existing': { args: ['--scan-existing', 'off', ...J], without: J, files: { 'dashboards/cart-dashboard.json': DASHBOARD }, sees: (ran) => answer(ran).coverage.total_existing, is: 0 },
  '--task-mapping': { args: ['--task-mapping', 'tasks.json'], files: { 'tasks.json': MAPPING }, sees: onboarding(OUT, 'artifact_task_mapping'), is: JSON.parse(MAPPING) },
  '--service-metadata': { args: ['--service-metadata', 'services.json'], files: { 'services.json': SERVICES }, sees: async (ran, shop) => (await onboarding(OUT, 'service_metadata')(ran, shop)).cart.transport_protocol, is: 'grpc' },
  '--min-coverage': { args: ['--min-coverage', '80%'], sees: code, is: 1 },
  '--config': { args: ['--config', 'policy.yaml'], files: { 'policy.yaml': STRICT_POLICY }, sees: code, is: 1 },
  '--emit-tasks': { args: ['--emit-tasks', 'dry-run', ...J], without: J, sees: emission, is: 'previewed' },
  '--otlp-endpoint': { args: [...TO, ...J], without: J, sees: emission, is: 'sent' },
  '--otlp-headers': { args: [...TO, '--otlp-headers', 'x-team=shop'], without: TO, sees: header('x-team'), is: 'shop' },
  '--otlp-protocol': { args: [...TO, '--otlp-protocol', 'http/protobuf'], without: TO, sees: header('content-type'), is: 'application/x-protobuf' },
  '--otlp-timeout': { args: ['--otlp-endpoint', '{hanging}', '--otlp-timeout', '300ms', ...J], without: [...TO, ...J], sees: emission, is: 'spooled' },
  '--traceparent': { args: ['--traceparent', TRACEPARENT, ...J], without: J, sees: (ran) => answer(ran).emission.trace_ids, is: ['a'.repeat(32)] },
  '--trace-limit': { args: ['--trace-limit', '10', ...J], without: J, sees: (ran) => answer(ran).emission.trace_ids.length > 5, is: true },
  '--fail-on': { args: ['--fail-on', 'warning'], sees: code, is: 1 },
  '--existing': { args: ['-e', 'cart-dashboard:mine.json', ...J], without: J, files: { 'mine.json': DASHBOARD }, sees: (ran) => answer(ran).coverage.total_existing, is: 1 },
  '--strict-quality': { args: ['--strict-quality'], sees: code, is: 1 },
  '--no-strict-quality': { args: ['--no-strict-quality'], files: { '.contextcore-quality.yaml': STRICT_POLICY }, sees: code, is: 0 },
  '--format': { args: J, sees: (ran) => ran.stdout.startsWith('{'), is: true },
};

const P = ['-p', '.contextcore.yaml'];
const E = [...P, '--emit-tasks'];
const JSON_OUT = ['--output-format', 'json'];
const twice: Files = { 'onboarding-metadata.json': '{}' };

const EXPORT: Readonly<Record<string, Trial>> = {
  '--path': { args: P, sees: has('onboarding-metadata.json'), is: true },
  '--output-dir': { args: [...P, '-o', 'out'], without: P, sees: has('out/onboarding-metadata.json'), is: true },
  '--namespace': { args: [...P, '-n', 'prod'], without: P, sees: async (_, shop) => (await shop.text('shop-projectcontext.yaml')).includes('namespace: prod'), is: true },
  '--existing': { args: [...P, '-e', 'cart-dashboard:mine.json', ...JSON_OUT], without: [...P, ...JSON_OUT], sees: (ran) => answer(ran).coverage.total_existing, is: 1 },
  '--scan-existing': { args: [...P, '--scan-existing', '.', ...JSON_OUT], without: [...P, ...JSON_OUT], files: { 'dashboards/cart-dashboard.json': DASHBOARD }, sees: (ran) => answer(ran).coverage.total_existing, is: 1 },
  '--format': { args: [...P, '-f', 'json'], without: P, sees: has('shop-artifact-manifest.json'), is: true },
  '--output-format': { args: [...P, ...JSON_OUT], without: P, sees: (ran) => ran.stdout.startsWith('{'), is: true },
  '--profile': { args: [...P, '--profile', 'source', ...JSON_OUT], without: [...P, ...JSON_OUT], sees: (ran) => answer(ran).artifacts, is: 0 },
  '--dry-run': { args: [...P, '--dry-run'], without: P, sees: has('onboarding-metadata.json'), is: false },
  '--strict-quality': { args: [...P, '--strict-quality'], without: P, sees: code, is: 1 },
  '--no-strict-quality': { args: [...P, '--no-strict-quality'], without: P, files: { '.contextcore-quality.yaml': STRICT_POLICY }, sees: code, is: 0 },
  '--deterministic-output': { args: [...P, '--deterministic-output'], without: P, files: { '.contextcore-quality.yaml': 'deterministic_output_default: false\n' }, sees: firstArtifact, is: 'cart-dashboard' },
  '--no-deterministic-output': { args: [...P, '--no-deterministic-output'], without: P, sees: firstArtifact, is: 'checkout_api-dashboard' },
  '--emit-provenance': { args: [...P, '--emit-provenance'], without: P, sees: has('provenance.json'), is: true },
  '--embed-provenance': { args: [...P, '--embed-provenance', '-f', 'json'], without: [...P, '-f', 'json'], sees: async (_, shop) => JSON.stringify(await shop.json('shop-artifact-manifest.json')).includes('"provenance"'), is: true },
  '--emit-onboarding': { args: [...P, '--no-onboarding', '--emit-onboarding'], without: [...P, '--no-onboarding'], sees: has('onboarding-metadata.json'), is: true },
  '--no-onboarding': { args: [...P, '--no-onboarding'], without: P, sees: has('onboarding-metadata.json'), is: false },
  '--min-coverage': { args: [...P, '--min-coverage', '80'], without: P, sees: code, is: 1 },
  '--task-mapping': { args: [...P, '--task-mapping', 'tasks.json'], without: P, files: { 'tasks.json': MAPPING }, sees: onboarding('.', 'artifact_task_mapping'), is: JSON.parse(MAPPING) },
  '--service-metadata': { args: [...P, '--service-metadata', 'services.json'], without: P, files: { 'services.json': SERVICES }, sees: async (ran, shop) => (await onboarding('.', 'service_metadata')(ran, shop)).cart.transport_protocol, is: 'grpc' },
  '--config': { args: [...P, '--config', 'policy.yaml'], without: P, files: { 'policy.yaml': STRICT_POLICY }, sees: code, is: 1 },
  '--emit-quality-report': { args: [...P, '--emit-quality-report'], without: P, files: { '.contextcore-quality.yaml': 'emit_quality_report_default: false\n' }, sees: has('export-quality-report.json'), is: true },
  '--no-emit-quality-report': { args: [...P, '--no-emit-quality-report'], without: P, sees: has('export-quality-report.json'), is: false },
  '--emit-run-provenance': { args: [...P, '--emit-run-provenance'], without: P, files: { '.contextcore-quality.yaml': 'emit_run_provenance_default: false\n' }, sees: has('run-provenance.json'), is: true },
  '--no-emit-run-provenance': { args: [...P, '--no-emit-run-provenance'], without: P, sees: has('run-provenance.json'), is: false },
  '--document-write-strategy': { args: [...P, '--document-write-strategy', 'new_output'], without: P, files: twice, sees: has('onboarding-metadata.json.bak'), is: false },
  '--verify': { args: [...P, '--verify'], without: P, sees: ({ stderr }) => stderr.includes('shop-structural-integrity'), is: true },
  '--emit-tasks': { args: E, without: P, sees: has('task-spans.otlp.jsonl'), is: true },
  '--project-id': { args: [...E, '--project-id', 'store'], without: E, sees: async (_, shop) => epicOf(shop, '.'), is: 'store-artifact-generation' },
  '--otlp-endpoint': { args: [...E, ...TO], without: E, sees: received, is: true },
  '--otlp-headers': { args: [...E, ...TO, '--otlp-headers', 'x-team=shop'], without: [...E, ...TO], sees: header('x-team'), is: 'shop' },
  '--otlp-protocol': { args: [...E, ...TO, '--otlp-protocol', 'http/protobuf'], without: [...E, ...TO], sees: header('content-type'), is: 'application/x-protobuf' },
  '--otlp-timeout': { args: [...E, '--otlp-endpoint', '{hanging}', '--otlp-timeout', '300ms'], without: [...E, ...TO], sees: has('task-spans.otlp.jsonl'), is: true },
};

const AUDIT: Readonly<Record<string, Trial>> = {
  ...RUN,
  '--path': { args: ['--path', 'other.yaml', ...J], without: J, files: { 'other.yaml': SHOP.replaceAll('id: shop', 'id: store') }, sees: (ran) => answer(ran).entries.map((entry: any) => entry.project_id), is: ['store'] },
};

const CHECK: Readonly<Record<string, Trial>> = {
  '--task-id': { args: [OUT, ...J, '--task-id', 'SHOP-9'], without: [OUT, ...J], sees: (ran) => answer(ran).gates[0].task_id, is: 'SHOP-9' },
  '--trace-id': { args: [OUT, ...J, '--trace-id', 'a'.repeat(32)], without: [OUT, ...J], sees: (ran) => answer(ran).gates[0].trace_id, is: 'a'.repeat(32) },
  '--min-coverage': { args: [OUT, '--min-coverage', '80', ...J], without: [OUT, ...J], sees: (ran) => answer(ran).is_healthy, is: false },
  '--fail-on-unhealthy': { args: [OUT, '--min-coverage', '80', '--fail-on-unhealthy'], without: [OUT, '--min-coverage', '80'], sees: code, is: 1 },
  '--format': { args: [OUT, ...J], without: [OUT], sees: (ran) => ran.stdout.startsWith('{'), is: true },
  '--report': { args: [OUT, '-r', 'deep/check.json'], without: [OUT], sees: has('deep/check.json'), is: true },
};

const DIAGNOSE: Readonly<Record<string, Trial>> = {
  '--ingestion-dir': { args: [OUT, '--ingestion-dir', 'ingested', ...J], without: [OUT, ...J], files: { 'ingested/keep': '' }, sees: (ran) => answer(ran).questions[1].status, is: 'fail' },
  '--artisan-dir': { args: [OUT, '--artisan-dir', 'made', ...J], without: [OUT, ...J], files: { 'made/keep': '' }, sees: (ran) => answer(ran).questions[2].status, is: 'fail' },
  '--trace-id': { args: [OUT, ...J, '--trace-id', 'a'.repeat(32)], without: [OUT, ...J], sees: (ran) => ran.stdout.includes('a'.repeat(32)), is: true },
  '--fail-on-issue': { args: [OUT, '--ingestion-dir', 'none', '--fail-on-issue'], without: [OUT, '--ingestion-dir', 'none'], sees: code, is: 1 },
  '--format': { args: [OUT, ...J], without: [OUT], sees: (ran) => ran.stdout.startsWith('{'), is: true },
  '--report': { args: [OUT, '-r', 'deep/answers.json'], without: [OUT], sees: has('deep/answers.json'), is: true },
};

const VALIDATE: Readonly<Record<string, Trial>> = {
  '--path': { args: ['-p', '.contextcore.yaml'], sees: code, is: 0 },
  '--strict': { args: ['-p', '.contextcore.yaml', '--strict'], without: ['-p', '.contextcore.yaml'], sees: code, is: 1 },
  '--format': { args: ['-p', '.contextcore.yaml', '-f', 'json'], without: ['-p', '.contextcore.yaml'], sees: (ran) => ran.stdout.startsWith('{'), is: true },
};

const EMIT: Readonly<Record<string, Trial>> = {
  '--project-id': { args: [OUT, '--project-id', 'store'], without: [OUT], sees: (_, shop) => epicOf(shop, OUT), is: 'store-artifact-generation' },
  '--otlp-endpoint': { args: [OUT, ...TO], without: [OUT], sees: received, is: true },
  '--otlp-headers': { args: [OUT, ...TO, '--otlp-headers', 'x-team=shop'], without: [OUT, ...TO], sees: header('x-team'), is: 'shop' },
  '--otlp-protocol': { args: [OUT, ...TO, '--otlp-protocol', 'http/protobuf'], without: [OUT, ...TO], sees: header('content-type'), is: 'application/x-protobuf' },
  '--otlp-timeout': { args: [OUT, '--otlp-endpoint', '{hanging}', '--otlp-timeout', '300ms', ...J], without: [OUT, ...TO, ...J], sees: (ran) => answer(ran).state, is: 'spooled' },
  '--traceparent': { args: [OUT, '--traceparent', TRACEPARENT, ...J], without: [OUT, ...J], sees: (ran) => answer(ran).traceId, is: 'a'.repeat(32) },
  '--trace-limit': { args: [OUT, '--trace-limit', '10', ...J], without: [OUT, ...J], sees: (ran) => answer(ran).traceIds.length > 5, is: true },
  '--dry-run': { args: [OUT, '--dry-run', ...J], without: [OUT, ...J], sees: (ran) => answer(ran).state, is: 'previewed' },
  '--format': { args: [OUT, ...J], without: [OUT], sees: (ran) => ran.stdout.startsWith('{'), is: true },
};

const SPOOL = `${OUT}/task-spans.otlp.jsonl`;

const REPLAY: Readonly<Record<string, Trial>> = {
  '--otlp-endpoint': { args: [SPOOL, ...TO], without: [SPOOL], sees: received, is: true },
  '--otlp-headers': { args: [SPOOL, ...TO, '--otlp-headers', 'x-team=shop'], without: [SPOOL, ...TO], sees: header('x-team'), is: 'shop' },
  '--otlp-protocol': { args: [SPOOL, ...TO, '--otlp-protocol', 'http/protobuf'], without: [SPOOL, ...TO], sees: header('content-type'), is: 'application/x-protobuf' },
  '--otlp-timeout': { args: [SPOOL, '--otlp-endpoint', '{hanging}', '--otlp-timeout', '300ms'], without: [SPOOL, ...TO], sees: code, is: 1 },
  '--format': { args: [SPOOL, ...TO, ...J], without: [SPOOL, ...TO], sees: (ran) => ran.stdout.startsWith('{'), is: true },
};

const VIEW: Readonly<Record<string, Trial>> = {
  '--filter': { args: [OUT, '--filter', 'cart-slo'], without: [OUT], sees: (ran) => ran.stdout.includes('checkout_api-slo '), is: false },
  '--format': { args: [OUT, ...J], without: [OUT], sees: (ran) => ran.stdout.startsWith('{'), is: true },
};

const COMMANDS = { run: RUN, audit: AUDIT, export: EXPORT, check: CHECK, diagnose: DIAGNOSE, validate: VALIDATE, emit: EMIT, replay: REPLAY, view: VIEW };
/** Those that read what a run left. */
const AFTERWARDS = ['check', 'diagnose', 'emit', 'replay', 'view'];

test('--help lists the commands of this table, and no other', async () => {
  await using shop = await workspace();
  const { stdout, code } = await shop.run(['--help']);
  const listed = [...stdout.matchAll(/^ {2}([a-z]+) .*/gm)].map(([, name]) => name);
  expect({ listed, code }).toEqual({ listed: [...Object.keys(COMMANDS), 'help'], code: 0 });
});

describe.each(Object.entries(COMMANDS))('%s', (command, trials) => {
  test.concurrent('--help lists the flags of this table, and no other', async () => {
    await using shop = await workspace();
    const { stdout, code } = await shop.run([command, '--help']);
    const listed = [...stdout.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(([, name]) => name);
    expect({ listed: listed.sort(), code }).toEqual({ listed: [...Object.keys(trials), '--help'].sort(), code: 0 });
  });

  test.concurrent.each(Object.entries(trials))('%s has an effect', async (_, { args, without = [], files, env, sees, is }) => {
    const seen = async (given: readonly string[]) => {
      await using shop = await workspace({ '.contextcore.yaml': SHOP, ...files });
      const receiver = await startReceiver();
      const hanging = await startReceiver({ behaviour: () => true });
      try {
        if (AFTERWARDS.includes(command)) await shop.run(['run']);
        const addresses: Readonly<Record<string, string>> = { '{receiver}': receiver.url, '{hanging}': hanging.url };
        const ran = await shop.run([command, ...given.map((arg) => addresses[arg] ?? arg)], env);
        return await sees(ran, shop, receiver);
      } finally {
        await Promise.all([receiver.close(), hanging.close()]);
      }
    };
    expect(await seen(args)).toEqual(is);
    expect(await seen(without).catch((reason: unknown) => reason)).not.toEqual(is);
  });
});

async function firstArtifact(_: Ran, shop: Workspace): Promise<string | undefined> {
  return /id: (\S+)/.exec(await shop.text('shop-artifact-manifest.yaml'))?.[1];
}

async function epicOf(shop: Workspace, dir: string): Promise<unknown> {
  const spans = spansOf(await shop.text(`${dir}/task-spans.otlp.jsonl`));
  return attribute(spans.find((span) => span.name === 'contextcore.task.epic'), 'task.id');
}
