import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Arrived, Done, Work } from './bench-spans-work.ts';

interface Case extends Pick<Work, 'job' | 'protocol'> {
  readonly name: string;
  readonly gzip?: true;
  /** Not sent, so nothing arrives. */
  readonly stays?: true;
}

const MEASURE: Case = { name: 'JsonTraceSerializer alone', job: 'serialize', protocol: 'http/json', stays: true };
const BUDGETED: Case = { name: 'spooled and sent, JSON', job: 'emit', protocol: 'http/json' };
const cases: readonly Case[] = [
  MEASURE,
  { name: 'ProtobufTraceSerializer alone', job: 'serialize', protocol: 'http/protobuf', stays: true },
  { name: 'spooled', job: 'emit', protocol: 'http/json', stays: true },
  { name: 'sent, JSON', job: 'send', protocol: 'http/json' },
  BUDGETED,
  { name: 'spooled and sent, JSON with gzip', job: 'emit', protocol: 'http/json', gzip: true },
  { name: 'sent, protobuf', job: 'send', protocol: 'http/protobuf' },
  { name: 'spooled and sent, protobuf', job: 'emit', protocol: 'http/protobuf' },
];

const sizes = [
  { spans: 15, rounds: 5 },
  { spans: 10_000, rounds: 5 },
  { spans: 100_000, rounds: 3 },
] as const;

/** Of `JsonTraceSerializer` alone, and megabytes; for the largest size, spooled and sent. */
const BUDGET = { share: 0.45, megabytes: 450 };

interface Measured extends Done {
  readonly arrived: Arrived;
}

/**
 * How fast spans leave, with and without spool, against the stock serializer's own rate over the same spans, and how many arrived. From the sources: what a
 * bundle would save by not stripping types, some 20 MB, is in the peak. The drafts are in memory before the clock starts, and in the peak too.
 */
export async function benchSpans(): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'export-tasks-bench-spans-'));
  const receiver = spawn(process.execPath, [program, 'receive'], { env: clean, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  try {
    const url = String(await answer(receiver));
    for (const { spans, rounds } of sizes) {
      const measured = new Map<Case, Measured[]>();
      // Rounds over everything, so that a machine that slows down slows everybody.
      for (let round = 0; round < rounds; round++) {
        for (const each of cases) measured.set(each, [...(measured.get(each) ?? []), await measure(each, spans, url, folder, receiver)]);
      }
      console.log(`${spans.toLocaleString('en')} spans (the fastest of ${rounds} rounds, and medians of processor time and memory)`);
      console.table(Object.fromEntries(cases.map((each) => [each.name, row(each, spans, measured)])));
    }
  } finally {
    receiver.disconnect();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(each: Case, spans: number, url: string, folder: string, receiver: ChildProcess): Promise<Measured> {
  const { job, protocol, gzip = false, stays } = each;
  const work: Work = { job, protocol, gzip, spans, folder, ...(stays ? {} : { url }) };
  const done = await ran(work);
  receiver.send('count');
  const arrived = (await answer(receiver)) as Arrived;
  await rm(path.join(folder, 'spool.jsonl'), { force: true });
  return { ...done, arrived };
}

function row(each: Case, spans: number, measured: ReadonlyMap<Case, readonly Measured[]>) {
  const own = measured.get(each)!;
  const ms = fastest(own);
  const share = fastest(measured.get(MEASURE)!) / ms;
  const peak = median(own.map((one) => one.peak));
  const whole = each.stays || own.every(({ sent, arrived }) => sent === spans && arrived.spans === spans && arrived.distinct === spans);
  const budgeted = each === BUDGETED && spans === sizes.at(-1)!.spans;
  const faults = own.flatMap(({ arrived }) => arrived.faults);
  return {
    ms: Math.round(ms),
    'cpu ms': Math.round(median(own.map((one) => one.cpu))),
    'spans/s': Math.round((spans / ms) * 1000),
    'of JsonTraceSerializer': `${(share * 100).toFixed(0)} %`,
    'peak MB': Math.round(peak),
    arrived: each.stays ? '' : (faults[0] ?? Math.min(...own.map(({ arrived }) => arrived.distinct))),
    'MB sent': each.stays ? '' : (own[0]!.arrived.bytes / 1e6).toFixed(1),
    budget: budgeted ? `${BUDGET.share * 100} %, ${BUDGET.megabytes} MB` : '',
    kept: !whole || (budgeted && (share < BUDGET.share || peak > BUDGET.megabytes)) ? 'NO' : 'yes',
  };
}

const program = path.join(import.meta.dirname, 'bench-spans-work.ts');
const clean = Object.fromEntries(Object.entries(process.env).filter(([key]) => !key.startsWith('OTEL_')));

async function ran(work: Work): Promise<Done> {
  const child = spawn(process.execPath, [program, JSON.stringify(work)], { env: clean, stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${JSON.stringify(work)} ended with ${String(code)}`);
  return JSON.parse(said) as Done;
}

async function answer(child: ChildProcess): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const ended = () => reject(new Error('the receiver ended'));
  child.once('message', resolve).once('exit', ended);
  try {
    return await promise;
  } finally {
    child.off('exit', ended);
  }
}

/** What else the machine does only ever adds. */
function fastest(measured: readonly Measured[]): number {
  return Math.min(...measured.map(({ ms }) => ms));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
