// npm run bench: how long the committed bundle takes, as a ratio to `node -e 0` measured in the same minute. Interleaved runs, medians.
// npm run bench -- 2 200: only the cases whose name holds one of these words. npm run bench -- spans: only how fast spans leave (bench-spans.ts).
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Standing, writeBrownfield } from './bench-brownfield.ts';
import { benchSpans } from './bench-spans.ts';
import { startReceiver } from './receiver.ts';

interface Case {
  readonly name: string;
  readonly targets: number;
  readonly runs: number;
  /** Files that are nobody's artifact, in the tree that is searched. */
  readonly clutter?: number;
  /** The services of a bank instead of bare targets, and what stands of their artifacts. */
  readonly standing?: Standing;
  readonly send?: true;
  /** At most so many times a bare node, and what the first of two cases takes longer than the second; or so many milliseconds on top of the case it names. */
  readonly budget: { readonly ratio: number; readonly plus?: readonly [string, string] } | { readonly msOver: string; readonly ms: number };
  readonly megabytes?: number;
}

interface Command {
  readonly args: readonly string[];
  readonly cwd: string;
}

const cases: readonly Case[] = [
  { name: '2 targets', targets: 2, runs: 15, budget: { ratio: 6 } },
  { name: '2 targets, sent to a local receiver', targets: 2, runs: 15, send: true, budget: { ratio: 9 } },
  { name: '200 targets', targets: 200, runs: 7, budget: { ratio: 16 } },
  { name: '2,000 targets', targets: 2000, runs: 3, budget: { ratio: 140 }, megabytes: 900 },
  { name: '2 targets in a tree of 50,000 files', targets: 2, runs: 3, clutter: 50_000, budget: { msOver: '2 targets', ms: 1000 } },
  // Half as many services again as in the case of 200, and half as much again. The scan comes on top: what looking through the same files takes when none is an artifact.
  { name: '300 services, nothing there', targets: 300, runs: 11, standing: 'nothing', budget: { ratio: 24 } },
  { name: '300 services, 2,000 files of other names', targets: 300, runs: 11, standing: 'renamed', budget: { ratio: 24 } },
  {
    name: '300 services, 2,000 artifacts',
    targets: 300,
    runs: 11,
    standing: 'artifacts',
    budget: { ratio: 24, plus: ['300 services, 2,000 files of other names', '300 services, nothing there'] },
  },
];

const cli = path.resolve(import.meta.dirname, '../dist/cli/index.js');
const wanted = process.argv.slice(2);
const named = cases.filter(({ name }) => wanted.length === 0 || wanted.some((word) => name.split(/[ ,]+/).includes(word)));
// With those that they are compared with.
const compared = new Set(named.flatMap(({ budget }) => ('ratio' in budget ? (budget.plus ?? []) : [budget.msOver])));
const chosen = cases.filter((each) => named.includes(each) || compared.has(each.name));

const receiver = await startReceiver();
const folder = await mkdtemp(path.join(tmpdir(), 'export-tasks-bench-'));
try {
  if (chosen.length > 0) await benchRuns();
  if (wanted.length === 0 || wanted.includes('spans')) await benchSpans();
} finally {
  await receiver.close();
  await rm(folder, { recursive: true, force: true });
}

async function benchRuns(): Promise<void> {
  for (const each of chosen) await prepare(each);
  const times = await measure(chosen);
  const bare = median(times.get('node -e 0') ?? []);
  console.log(`node -e 0: ${bare.toFixed(0)} ms (median)`);
  const rows = await Promise.all(chosen.map((each) => row(each, times, bare)));
  console.table(Object.fromEntries(rows.map(({ name, ...rest }) => [name, rest])));
}

async function prepare({ name, targets, standing, clutter = 0 }: Case): Promise<void> {
  const work = workOf(name);
  await mkdir(work, { recursive: true });
  if (standing !== undefined) return writeBrownfield(work, targets, standing);
  await writeFile(path.join(work, '.contextcore.yaml'), manifest(targets));
  for (let made = 0; made < clutter; made += 100) {
    const dir = path.join(work, 'src', `part-${made / 100}`);
    await mkdir(dir, { recursive: true });
    await Promise.all(Array.from({ length: 100 }, (_, index) => writeFile(path.join(dir, `file-${index}.ts`), '')));
  }
}

/** Rounds over everything, a bare node before each, so that a machine that slows down slows everybody. */
async function measure(all: readonly Case[]): Promise<ReadonlyMap<string, readonly number[]>> {
  const times = new Map<string, number[]>();
  const note = (name: string, ms: number): void => void times.set(name, [...(times.get(name) ?? []), ms]);
  for (const each of all) await timed(commandOf(each));
  for (let round = 0; round < Math.max(...all.map(({ runs }) => runs)); round++) {
    for (const each of all) {
      if (round >= each.runs) continue;
      note('node -e 0', await timed({ args: ['-e', '0'], cwd: folder }));
      note(each.name, await timed(commandOf(each)));
    }
  }
  return times;
}

async function row(
  { budget, megabytes = Number.POSITIVE_INFINITY, ...each }: Case,
  times: ReadonlyMap<string, readonly number[]>,
  bare: number,
) {
  const of = (name: string): number => median(times.get(name) ?? []);
  const ms = of(each.name);
  const rss = await peakMegabytes(commandOf(each));
  const [longer, shorter] = ('plus' in budget && budget.plus) || [];
  const plus = longer && shorter ? Math.max(0, median(differences(times.get(longer)!, times.get(shorter)!))) / bare : 0;
  const [measured, limit] = 'ratio' in budget ? [ms / bare, budget.ratio + plus] : [ms - of(budget.msOver), budget.ms];
  const told = 'ratio' in budget ? `${measured.toFixed(1)}×` : `${(ms / bare).toFixed(1)}×, ${measured.toFixed(0)} ms on top`;
  return {
    name: each.name,
    ms: Math.round(ms),
    measured: told,
    budget: 'ratio' in budget ? `${longer ? limit.toFixed(1) : limit}×` : `${limit} ms on top`,
    'peak MB': Math.round(rss),
    kept: measured <= limit && rss <= megabytes ? 'yes' : 'NO',
  };
}

function commandOf({ name, send }: Pick<Case, 'name' | 'send'>): Command {
  const sending = send ? ['--emit-tasks', 'true', '--otlp-endpoint', receiver.url] : [];
  return { args: [cli, 'run', '--path', '.contextcore.yaml', '--output-dir', 'out', ...sending], cwd: workOf(name) };
}

/** Milliseconds from start to end of one run of node; the run must not break. */
async function timed(command: Command): Promise<number> {
  const began = process.hrtime.bigint();
  await ran(command);
  return Number(process.hrtime.bigint() - began) / 1e6;
}

/** Asked in a run of its own, because asking costs a little. */
async function peakMegabytes(command: Command): Promise<number> {
  const ask = 'data:text/javascript,process.on("exit",()=>process.stderr.write("\\npeak "+process.resourceUsage().maxRSS+"\\n"))';
  const said = await ran({ ...command, args: ['--import', ask, ...command.args] });
  return Number(/^peak (\d+)$/m.exec(said)?.[1] ?? Number.NaN) / 1024;
}

function ran({ args, cwd }: Command): Promise<string> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !key.startsWith('OTEL_') && !key.startsWith('GITHUB_')));
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    child
      .on('error', reject)
      .on('close', (code) => (code === 0 ? resolve(said) : reject(new Error(`${args.join(' ')} ended with ${code}:\n${said}`))));
  });
}

function workOf(name: string): string {
  return path.join(folder, name.replace(/\W+/g, '-'));
}

/** Round by round. */
function differences(longer: readonly number[], shorter: readonly number[]): readonly number[] {
  return longer.map((ms, round) => ms - (shorter[round] ?? Number.NaN));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function manifest(targets: number): string {
  const services = Array.from(
    { length: targets },
    (_, index) => `    - { kind: Deployment, name: service-${String(index).padStart(4, '0')}, namespace: shop }`,
  );
  return `apiVersion: contextcore.io/v1alpha2
kind: ContextManifest
metadata:
  name: bench
  owners: [{ team: platform, slack: '#platform' }]
spec:
  project: { id: bench }
  business: { criticality: high, owner: platform }
  requirements: { availability: "99.9", latencyP99: 300ms, errorBudget: "0.1" }
  risks: [{ type: availability, description: A dependency is away, priority: P2 }]
  observability: { metricsInterval: 30s, alertChannels: ['#alerts'] }
  targets:
${services.join('\n')}
`;
}
