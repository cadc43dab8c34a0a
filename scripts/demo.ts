// npm run demo: the whole job on a small shop, from the committed bundles, with a real OTLP receiver on loopback beside it.
import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import { startReceiver } from './receiver.ts';

const root = path.resolve(import.meta.dirname, '..');
const home = process.argv[2] ?? (await mkdtemp(path.join(tmpdir(), 'export-tasks-demo-')));
const shop = path.join(home, 'shop');
const received = path.join(home, 'received.otlp.jsonl');
const receiver = await startReceiver();

try {
  await cp(path.join(root, '.github/examples/shop'), shop, { recursive: true });
  const endpoint = ['--emit-tasks', 'true', '--otlp-endpoint', receiver.url];
  const run = ['run', '--path', '.contextcore.yaml', '--task-mapping', 'tasks.json', '--output-dir', 'contextcore-export'];

  title('A shop with three services. Most of what it owes is there. On a terminal:');
  say(`$ export-tasks ${[...run, ...endpoint].join(' ')}\n`);
  const terminal = await door('cli', [...run, ...endpoint]);
  say(terminal.out);

  title(
    `The trace, as the receiver got it: ${receiver.spans().length} spans in ${receiver.requests.length} request${receiver.requests.length === 1 ? '' : 's'}`,
  );
  await writeFile(
    received,
    receiver.bodies().map((body) => `${body.toString('utf8')}\n`),
  );
  say((await door('cli', ['view', received])).out);

  title('The same on a pull request, where each finding stands on its line:');
  const action = await door('main', [], await runnerEnvironment());
  say(
    action.out
      .split('\n')
      .filter((line) => line.startsWith('::'))
      .join('\n'),
  );

  title('Where the files lie');
  say(`  ${shop}/contextcore-export   the export, the preview, the report`);
  say(`  ${received}   the OTLP requests that arrived`);

  title('Why the check is red');
  await explain(terminal.code, action.code);
} finally {
  await receiver.close();
}

/** Tells the verdict from the report itself, and fails the demo when it is not the one that the example was made for. */
async function explain(...codes: readonly number[]): Promise<void> {
  const report = JSON.parse(await readFile(path.join(shop, 'contextcore-export/export-tasks-report.json'), 'utf8')) as Told;
  const stops = report.findings.filter(({ level }) => level === 'critical');
  say(
    `  The verdict is ${report.verdict}: ${report.counts.critical} critical, ${report.counts.error} errors, ${report.counts.warning} warnings.`,
  );
  for (const { code, message } of stops) say(`  ${code} stops the pipeline. ${message}`);
  say('\n  The shop owes three things that are not there. Two have a ticket in tasks.json: they are told, and block nothing. The third,');
  say('  the runbook of the catalog, has none, so nobody would make it: that blocks. Give it one and the check is no longer red:');
  say(`\n    cd ${shop}`);
  say(`    echo '{"catalog-notification": "SHOP-41", "shop-capability-index": "SHOP-42", "catalog-runbook": "SHOP-43"}' > tasks.json`);
  // The shell's own node may be older than the bundle asks for; this one is not.
  say(`    ${process.execPath} ${path.join(root, 'dist/cli/index.js')} run --path .contextcore.yaml --task-mapping tasks.json\n`);
  const asMade =
    report.verdict === 'block' && stops.every(({ code }) => code.includes('mapping-completeness')) && codes.every((code) => code === 1);
  if (asMade && receiver.spans().length > 0 && receiver.requests.every(({ status }) => status === 200)) return;
  console.error(
    `This is not what the example was made to show: exit codes ${codes.join(', ')}, ${receiver.spans().length} spans received.`,
  );
  process.exitCode = 1;
}

interface Told {
  readonly verdict: string;
  readonly counts: Readonly<Record<'critical' | 'error' | 'warning', number>>;
  readonly findings: readonly { readonly code: string; readonly level: string; readonly message: string }[];
}

/** What a runner would hand to the action on a push to the default branch. */
async function runnerEnvironment(): Promise<Record<string, string>> {
  const temp = path.join(home, 'runner');
  const files = { GITHUB_OUTPUT: 'output', GITHUB_STEP_SUMMARY: 'summary.md', GITHUB_EVENT_PATH: 'event.json' };
  await mkdir(temp, { recursive: true });
  await Promise.all(Object.values(files).map((name) => writeFile(path.join(temp, name), name === 'event.json' ? '{}' : '')));
  const { inputs } = parse(await readFile(path.join(root, 'action.yml'), 'utf8')) as { inputs: Record<string, { default?: string }> };
  const defaults = Object.entries(inputs).map(([name, input]) => [
    `INPUT_${name.toUpperCase()}`,
    input.default?.includes('${{') ? '' : (input.default ?? ''),
  ]);
  return {
    ...Object.fromEntries(defaults),
    ...Object.fromEntries(Object.entries(files).map(([key, name]) => [key, path.join(temp, name)])),
    'INPUT_TASK-MAPPING': 'tasks.json',
    'INPUT_EMIT-TASKS': 'false',
    GITHUB_ACTIONS: 'true',
    GITHUB_EVENT_NAME: 'push',
    GITHUB_REF: 'refs/heads/main',
    GITHUB_REPOSITORY: 'example/shop',
    GITHUB_WORKSPACE: shop,
    RUNNER_TEMP: temp,
  };
}

interface Done {
  readonly code: number;
  readonly out: string;
}

/** Runs a committed bundle in the shop, as its user would. What it says on stderr is shown as it comes. */
function door(name: 'cli' | 'main', args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Done> {
  const own = Object.fromEntries(Object.entries(process.env).filter(([key]) => !/^(OTEL_|GITHUB_|INPUT_|TRACEPARENT)/.test(key)));
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [path.join(root, 'dist', name, 'index.js'), ...args], {
      cwd: shop,
      env: { ...own, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    child.on('error', reject).on('close', (code) => resolve({ code: code ?? 2, out }));
  });
}

function title(text: string): void {
  console.log(`\n── ${text}\n`);
}

function say(text: string): void {
  console.log(text);
}
