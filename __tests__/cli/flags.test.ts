import { cp } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Receiver, startReceiver } from '../../scripts/receiver.ts';
import { type Files, type Ran, type Workspace, workspace } from './export-tasks.ts';
import { SHOP } from './manifests.ts';

/** What one command left. */
interface Seen {
  readonly ran: Ran;
  readonly shop: Workspace;
  readonly receiver: Receiver;
}

/** What can be seen of a flag, and what it is. */
type Effect = readonly [look: (seen: Seen) => unknown, is: unknown];

/** One run with several flags, the same without them, and for each flag what the first shows and the second does not. */
interface Round {
  readonly args: readonly string[];
  readonly without?: readonly string[];
  readonly files?: Files;
  readonly shows: Readonly<Record<string, Effect>>;
}

const OUT = 'contextcore-export';
const SPOOL = `${OUT}/task-spans.otlp.jsonl`;
const DASHBOARD = JSON.stringify({
  title: 'A',
  uid: 'a',
  schemaVersion: 39,
  panels: [{ type: 'timeseries', title: 'Rate', targets: [{ expr: 'up' }] }],
});
const TRACE = 'a'.repeat(32);
const BESIDE: Files = {
  'other.yaml': SHOP.replace('criticality: high', 'criticality: low'),
  'mine.json': DASHBOARD,
  'tasks.json': JSON.stringify({ 'cart-dashboard': 'SHOP-1' }),
  'services.json': JSON.stringify({ cart: { transport_protocol: 'grpc' }, 'checkout-api': { transport_protocol: 'http' } }),
  'policy.yaml': 'gates: {parameter-resolvability: off}\nemit_quality_report_default: false\n',
  'ingested/keep': '',
  'made/keep': '',
};
const FOUND: Files = { 'dashboards/cart-dashboard.json': DASHBOARD };
const STRICT: Files = { '.contextcore-quality.yaml': 'strict_quality_default: true\n' };
const QUIET: Files = {
  '.contextcore-quality.yaml':
    'deterministic_output_default: false\nemit_quality_report_default: false\nemit_run_provenance_default: false\n',
};
const J = ['--format', 'json'];
/** The words in braces become the address of a receiver, and of a server that never answers. */
const SENT = ['--otlp-endpoint', '{receiver}'];
const CAREFULLY = [...SENT, '--otlp-headers', 'x-team=shop', '--otlp-protocol', 'http/protobuf'];
const NEVER = ['--otlp-endpoint', '{hanging}', '--otlp-timeout', '300ms'];

const code = ({ ran }: Seen) => ran.code;
const answer = ({ ran }: Seen) => JSON.parse(ran.stdout);
const entry = (seen: Seen) => answer(seen).entries[0];
const outcome = (gate: string) => (seen: Seen) => entry(seen).gates.find((one: any) => one.gate === gate)?.outcome;
const onboarding =
  (dir: string, look: (metadata: any) => unknown) =>
  async ({ shop }: Seen) =>
    look(await shop.json(`${dir}/onboarding-metadata.json`));
const epic =
  (dir: string) =>
  async ({ shop }: Seen) =>
    (await shop.json(`${dir}/task-emission-preview.json`)).would_emit.epic.task_id;
const holds =
  (file: string, text: string) =>
  async ({ shop }: Seen) =>
    (await shop.text(file)).includes(text);
const has =
  (file: string) =>
  ({ shop }: Seen) =>
    shop.text(file).then(
      () => true,
      () => false,
    );
const header =
  (name: string) =>
  ({ receiver }: Seen) =>
    receiver.requests[0]?.headers[name];
const received = ({ receiver }: Seen) => receiver.requests.some(({ status }) => status === 200);
const isJson = ({ ran }: Seen) => ran.stdout.startsWith('{');
const status =
  (id: string) =>
  async ({ shop }: Seen) =>
    statusIn(await shop.text('shop-artifact-manifest.json').catch(() => shop.text('shop-artifact-manifest.yaml')), id);

const ENDPOINT: Readonly<Record<string, Effect>> = {
  '--otlp-endpoint': [received, true],
  '--otlp-headers': [header('x-team'), 'shop'],
  '--otlp-protocol': [header('content-type'), 'application/x-protobuf'],
};

const RUN: readonly Round[] = [
  {
    args: [
      ...['--path', 'other.yaml', '--project-id', 'store', '--namespace', 'prod'],
      ...['--task-mapping', 'tasks.json', '--service-metadata', 'services.json', '--config', 'policy.yaml'],
      ...[
        '--traceparent',
        `00-${TRACE}-${'b'.repeat(16)}-01`,
        '--trace-limit',
        '10',
        '--fail-on',
        'never',
        '-e',
        'cart-dashboard:mine.json',
      ],
      ...[...CAREFULLY, ...J],
    ],
    without: [...SENT, ...J],
    files: BESIDE,
    shows: {
      '--path': [(seen) => entry(seen).criticality, 'low'],
      '--project-id': [(seen) => entry(seen).plan.epic, 'store-artifact-generation'],
      '--namespace': [holds(`${OUT}/shop-projectcontext.yaml`, 'namespace: prod'), true],
      '--task-mapping': [onboarding(OUT, (metadata) => metadata.artifact_task_mapping), { 'cart-dashboard': 'SHOP-1' }],
      '--service-metadata': [onboarding(OUT, (metadata) => metadata.service_metadata.cart.transport_protocol), 'grpc'],
      '--config': [outcome('parameter-resolvability'), 'skipped'],
      '--otlp-headers': ENDPOINT['--otlp-headers']!,
      '--otlp-protocol': ENDPOINT['--otlp-protocol']!,
      '--traceparent': [(seen) => answer(seen).emission.trace_ids[0], TRACE],
      '--trace-limit': [(seen) => answer(seen).emission.trace_ids.length > 5, true],
      '--fail-on': [(seen) => answer(seen).step, { fails: false, fail_on: 'never', only_new: false }],
      '--existing': [(seen) => answer(seen).coverage.total_existing, 1],
    },
  },
  {
    args: ['--output-dir', 'out', '--profile', 'source', '--scan-existing', 'off', '--emit-tasks', 'dry-run', ...J],
    without: J,
    files: FOUND,
    shows: {
      '--output-dir': [has('out/onboarding-metadata.json'), true],
      '--profile': [(seen) => entry(seen).profile, 'source'],
      '--scan-existing': [(seen) => answer(seen).coverage.total_existing, 0],
      '--emit-tasks': [(seen) => answer(seen).emission.state, 'previewed'],
    },
  },
  {
    args: ['--min-coverage', '80%', ...J],
    without: J,
    shows: { '--min-coverage': [(seen) => [answer(seen).coverage.minimum, code(seen)], [80, 1]] },
  },
  {
    args: ['--coverage-policy', 'absolute', '--min-coverage', '80', ...J],
    without: ['--min-coverage', '80', ...J],
    shows: { '--coverage-policy': [outcome('coverage-ratchet'), 'fail'] },
  },
  { args: ['--baseline', 'no-such-branch', ...J], without: J, shows: { '--baseline': [(seen) => answer(seen).losses.length, 1] } },
  { args: ['--only-new', ...J], without: J, shows: { '--only-new': [(seen) => answer(seen).step.only_new, true] } },
  { args: ['--ingestion-dir', 'ingested', ...J], without: J, files: BESIDE, shows: { '--ingestion-dir': [outcome('question-2'), 'fail'] } },
  { args: ['--artisan-dir', 'made', ...J], without: J, files: BESIDE, shows: { '--artisan-dir': [outcome('question-3'), 'fail'] } },
  { args: [...SENT, ...J], without: J, shows: { '--otlp-endpoint': [received, true] } },
  { args: [...NEVER, ...J], without: [...SENT, ...J], shows: { '--otlp-timeout': [(seen) => answer(seen).emission.state, 'spooled'] } },
  { args: ['--strict-quality', ...J], without: J, shows: { '--strict-quality': [code, 1] } },
  { args: ['--no-strict-quality'], files: STRICT, shows: { '--no-strict-quality': [code, 0] } },
  {
    args: ['--path', '**/none.yaml', '--if-no-manifest', 'ignore'],
    without: ['--path', '**/none.yaml'],
    shows: { '--if-no-manifest': [code, 0] },
  },
  { args: J, shows: { '--format': [isJson, true] } },
];

const P = ['-p', '.contextcore.yaml'];
const PJ = [...P, '--output-format', 'json'];

const EXPORT: readonly Round[] = [
  {
    args: [
      ...[
        ...PJ,
        '-n',
        'prod',
        '-e',
        'checkout_api-dashboard:mine.json',
        '--scan-existing',
        '.',
        '-f',
        'json',
        '--emit-provenance',
        '--embed-provenance',
      ],
      ...['--task-mapping', 'tasks.json', '--service-metadata', 'services.json', '--document-write-strategy', 'new_output', '--verify'],
      ...['--emit-tasks', '--project-id', 'store', ...CAREFULLY],
    ],
    without: [...PJ, '--emit-tasks', ...SENT],
    files: { ...BESIDE, ...FOUND, 'onboarding-metadata.json': '{}' },
    shows: {
      '--namespace': [holds('shop-projectcontext.yaml', 'namespace: prod'), true],
      '--existing': [status('checkout_api-dashboard'), 'exists'],
      '--scan-existing': [status('cart-dashboard'), 'exists'],
      '--format': [has('shop-artifact-manifest.json'), true],
      '--emit-provenance': [has('provenance.json'), true],
      '--embed-provenance': [async ({ shop }) => 'provenance' in (await shop.json('shop-artifact-manifest.json')).metadata, true],
      '--task-mapping': [onboarding('.', (metadata) => metadata.artifact_task_mapping), { 'cart-dashboard': 'SHOP-1' }],
      '--service-metadata': [onboarding('.', (metadata) => metadata.service_metadata.cart.transport_protocol), 'grpc'],
      '--document-write-strategy': [has('onboarding-metadata.json.bak'), false],
      '--verify': [({ ran }) => ran.stderr.includes('shop-structural-integrity'), true],
      '--project-id': [epic('.'), 'store-artifact-generation'],
      '--otlp-headers': ENDPOINT['--otlp-headers']!,
      '--otlp-protocol': ENDPOINT['--otlp-protocol']!,
    },
  },
  {
    args: [
      ...PJ,
      '--profile',
      'practitioner',
      '--no-onboarding',
      '--no-emit-quality-report',
      '--no-emit-run-provenance',
      '--no-deterministic-output',
    ],
    without: PJ,
    shows: {
      '--profile': [holds('shop-artifact-manifest.yaml', 'prometheus_rule'), false],
      '--no-onboarding': [has('onboarding-metadata.json'), false],
      '--no-emit-quality-report': [has('export-quality-report.json'), false],
      '--no-emit-run-provenance': [has('run-provenance.json'), false],
      '--no-deterministic-output': [({ shop }) => firstArtifact(shop), /^checkout_api-/],
    },
  },
  {
    args: [...P, '--deterministic-output', '--emit-quality-report', '--emit-run-provenance', '--no-onboarding', '--emit-onboarding'],
    without: [...P, '--no-onboarding'],
    files: QUIET,
    shows: {
      '--deterministic-output': [({ shop }) => firstArtifact(shop), /^cart-/],
      '--emit-quality-report': [has('export-quality-report.json'), true],
      '--emit-run-provenance': [has('run-provenance.json'), true],
      '--emit-onboarding': [has('onboarding-metadata.json'), true],
    },
  },
  {
    args: [...PJ, '-o', 'out', '--config', 'policy.yaml', '--emit-tasks', ...NEVER],
    without: [...PJ, '--emit-tasks', ...SENT],
    files: BESIDE,
    shows: {
      '--output-dir': [has('out/onboarding-metadata.json'), true],
      '--config': [
        async ({ shop }) => (await shop.json(`${(await has('out')({ shop } as Seen)) ? '.' : 'out'}/run-provenance.json`)).outputs.length,
        4,
      ],
      '--otlp-timeout': [(seen) => answer(seen).emission.state, 'spooled'],
    },
  },
  {
    args: [...PJ, '--emit-tasks', ...SENT],
    without: PJ,
    shows: { '--emit-tasks': [has('task-spans.json'), true], '--otlp-endpoint': [received, true] },
  },
  {
    args: [...PJ, '--dry-run', '--min-coverage', '80'],
    without: PJ,
    shows: { '--dry-run': [has('onboarding-metadata.json'), false], '--min-coverage': [code, 1] },
  },
  { args: [...PJ, '--strict-quality'], without: PJ, shows: { '--strict-quality': [code, 1] } },
  { args: [...PJ, '--no-strict-quality'], without: PJ, files: STRICT, shows: { '--no-strict-quality': [code, 0] } },
  { args: PJ, without: P, shows: { '--output-format': [isJson, true] } },
  { args: P, without: [], shows: { '--path': [has('shop-artifact-manifest.yaml'), true] } },
];

const AUDIT: readonly Round[] = [
  {
    args: ['--path', 'other.yaml', '--fail-on', 'warning', ...J],
    without: J,
    files: BESIDE,
    shows: { '--path': [(seen) => entry(seen).criticality, 'low'], '--fail-on': [code, 1] },
  },
  { args: J, shows: { '--format': [isJson, true] } },
];

/** The trace of a command that judges an export. */
const JUDGED: readonly Round[] = [
  {
    args: [OUT, '--emit-tasks', ...CAREFULLY],
    without: [OUT, ...SENT],
    files: BESIDE,
    shows: {
      '--emit-tasks': [received, true],
      '--otlp-headers': ENDPOINT['--otlp-headers']!,
      '--otlp-protocol': ENDPOINT['--otlp-protocol']!,
    },
  },
  { args: [OUT, '--emit-tasks', ...SENT], without: [OUT, '--emit-tasks'], files: BESIDE, shows: { '--otlp-endpoint': [received, true] } },
  {
    args: [OUT, '--emit-tasks', ...NEVER],
    without: [OUT, '--emit-tasks', ...SENT],
    files: BESIDE,
    shows: { '--otlp-timeout': [has(`${OUT}/gate-spans.otlp.jsonl`), true] },
  },
];

const CHECK: readonly Round[] = [
  ...JUDGED,
  {
    args: [OUT, '--task-id', 'SHOP-9', '--trace-id', TRACE, '--min-coverage', '80', '--fail-on-unhealthy', '-r', 'deep/check.json', ...J],
    without: [OUT, ...J],
    shows: {
      '--task-id': [(seen) => answer(seen).gates[0].task_id, 'SHOP-9'],
      '--trace-id': [(seen) => answer(seen).gates[0].trace_id, TRACE],
      '--min-coverage': [(seen) => answer(seen).is_healthy, false],
      '--fail-on-unhealthy': [code, 1],
      '--report': [has('deep/check.json'), true],
    },
  },
  {
    args: [OUT, '--min-coverage', '80', ...J],
    without: [OUT, ...J],
    shows: { '--min-coverage': [(seen) => [answer(seen).is_healthy, code(seen)], [false, 0]] },
  },
  { args: [OUT, ...J], without: [OUT], shows: { '--format': [isJson, true] } },
];

const DIAGNOSE: readonly Round[] = [
  ...JUDGED,
  {
    args: [OUT, '--ingestion-dir', 'ingested', '--trace-id', TRACE, '--fail-on-issue', '-r', 'deep/answers.json', ...J],
    without: [OUT, ...J],
    files: BESIDE,
    shows: {
      '--ingestion-dir': [(seen) => answer(seen).questions[1].status, 'fail'],
      '--trace-id': [(seen) => answer(seen).trace_id, TRACE],
      '--fail-on-issue': [code, 1],
      '--report': [has('deep/answers.json'), true],
    },
  },
  {
    args: [OUT, '--artisan-dir', 'made', ...J],
    without: [OUT, ...J],
    files: BESIDE,
    shows: { '--artisan-dir': [(seen) => [answer(seen).questions[2].status, code(seen)], ['fail', 0]] },
  },
  { args: [OUT, ...J], without: [OUT], files: BESIDE, shows: { '--format': [isJson, true] } },
];

const VALIDATE: readonly Round[] = [
  { args: [...P, '--strict', '-f', 'json'], without: P, shows: { '--strict': [code, 1], '--format': [isJson, true] } },
  { args: ['-p', 'other.yaml'], without: ['-p', 'none.yaml'], files: BESIDE, shows: { '--path': [code, 0] } },
];

const EMIT: readonly Round[] = [
  {
    args: [OUT, '--project-id', 'store', '--traceparent', `00-${TRACE}-${'b'.repeat(16)}-01`, '--trace-limit', '10', ...CAREFULLY, ...J],
    without: [OUT, ...SENT, ...J],
    shows: {
      '--project-id': [epic(OUT), 'store-artifact-generation'],
      '--traceparent': [(seen) => answer(seen).traceId, TRACE],
      '--trace-limit': [(seen) => answer(seen).traceIds.length > 5, true],
      '--otlp-headers': ENDPOINT['--otlp-headers']!,
      '--otlp-protocol': ENDPOINT['--otlp-protocol']!,
    },
  },
  { args: [OUT, ...SENT, ...J], without: [OUT], shows: { '--otlp-endpoint': [received, true], '--format': [isJson, true] } },
  { args: [OUT, ...NEVER, ...J], without: [OUT, ...SENT, ...J], shows: { '--otlp-timeout': [(seen) => answer(seen).state, 'spooled'] } },
  {
    args: [OUT, '--dry-run', ...SENT, ...J],
    without: [OUT, ...SENT, ...J],
    shows: { '--dry-run': [(seen) => [answer(seen).state, received(seen)], ['previewed', false]] },
  },
];

const REPLAY: readonly Round[] = [
  { args: [SPOOL, ...CAREFULLY, ...J], without: [SPOOL], shows: { ...ENDPOINT, '--format': [isJson, true] } },
  { args: [SPOOL, ...NEVER], without: [SPOOL, ...CAREFULLY, ...J], shows: { '--otlp-timeout': [code, 1] } },
];

const VIEW: readonly Round[] = [
  {
    args: [OUT, '--filter', 'cart-slo'],
    without: [OUT],
    shows: { '--filter': [({ ran }) => ran.stdout.includes('checkout_api-slo '), false] },
  },
  { args: [OUT, ...J], without: [OUT], shows: { '--format': [isJson, true] } },
];

const COMMANDS = {
  run: RUN,
  audit: AUDIT,
  export: EXPORT,
  check: CHECK,
  diagnose: DIAGNOSE,
  validate: VALIDATE,
  emit: EMIT,
  replay: REPLAY,
  view: VIEW,
};
/** Those that read what a run left. */
const AFTERWARDS = ['check', 'diagnose', 'emit', 'replay', 'view'];

const exported = await workspace({ '.contextcore.yaml': SHOP });
const hanging = await startReceiver({ behaviour: () => true });
const places: AsyncDisposable[] = [exported];
/** Commands by their words and files: many rounds share one. */
const runs = new Map<string, Promise<Seen>>();

beforeAll(async () => {
  await exported.run(['run']);
});

afterAll(async () => {
  await hanging.close();
  for (const place of places) await place[Symbol.asyncDispose]();
});

test('--help lists the commands of this table', async () => {
  const { stdout, code } = await exported.run(['--help']);
  const listed = [...stdout.matchAll(/^ {2}([a-z]+) .*/gm)].map(([, name]) => name);
  expect({ listed, code }).toEqual({ listed: expect.arrayContaining(Object.keys(COMMANDS)), code: 0 });
});

describe.each(Object.entries(COMMANDS))('%s', (command, rounds) => {
  test('--help lists the flags of this table, and no other', async () => {
    const { stdout, code } = await exported.run([command, '--help']);
    const listed = [...stdout.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(([, name]) => name);
    // The flags of `audit` are those of `run`, by one function.
    const tried = (command === 'audit' ? RUN : rounds).flatMap(({ shows }) => Object.keys(shows));
    expect({ listed: listed.sort(), code }).toEqual({ listed: [...new Set([...tried, '--help'])].sort(), code: 0 });
  });

  const effects = rounds.flatMap((round) => Object.entries(round.shows).map(([flag, effect]) => [flag, round, effect] as const));

  test.each(effects)('%s has an effect', async (_, { args, without = [], files = {} }, [look, is]) => {
    const [given, bare] = await Promise.all([once(command, args, files), once(command, without, files)]);
    const expected = is instanceof RegExp ? expect.stringMatching(is) : is;
    expect(await look(given)).toEqual(expected);
    expect(await (async () => look(bare))().catch((reason: unknown) => reason)).not.toEqual(expected);
  });
});

function once(command: string, args: readonly string[], files: Files): Promise<Seen> {
  const key = JSON.stringify([command, args, files]);
  const found = runs.get(key) ?? start(command, args, files);
  runs.set(key, found);
  return found;
}

async function start(command: string, args: readonly string[], files: Files): Promise<Seen> {
  const shop = await workspace({ '.contextcore.yaml': SHOP, ...files });
  places.push(shop);
  if (AFTERWARDS.includes(command)) await cp(exported.at(OUT), shop.at(OUT), { recursive: true });
  const receiver = await startReceiver();
  const addresses: Readonly<Record<string, string>> = { '{receiver}': receiver.url, '{hanging}': hanging.url };
  const ran = await shop.run([command, ...args.map((arg) => addresses[arg] ?? arg)]);
  await receiver.close();
  return { ran, shop, receiver };
}

async function firstArtifact(shop: Workspace): Promise<string | undefined> {
  return /- id: "?([\w-]+)/.exec(await shop.text('shop-artifact-manifest.yaml'))?.[1];
}

function statusIn(manifest: string, id: string): string | undefined {
  return new RegExp(`id"?: "?${id}\\b[^]*?status"?: "?(\\w+)`).exec(manifest)?.[1];
}
