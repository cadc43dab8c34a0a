import { resolve } from 'node:path';
import { startDeadline } from '../host/deadline.ts';
import { readLines, removeLines, takenLines } from '../host/spool-file.ts';
import type { World } from '../host/world.ts';
import type { Carrier } from './carrier.ts';
import { causeOf } from './emission-reason.ts';
import { judgeEndpoint, type Protocol } from './endpoint.ts';
import { countPoints } from './otlp-metrics-json.ts';
import { countSpans } from './otlp-read.ts';
import { type MetricLine, type MetricsReplay, type ReplayedMetrics, replayMetrics } from './replay-metrics.ts';
import { countShares, type Delivery, type Patience, remainsOf, startSender } from './sender.ts';

export interface ReplaySettings {
  /** When absent, the OTEL_* variables are asked. */
  readonly endpoint?: string;
  readonly headers?: string;
  readonly protocol?: Protocol;
  readonly timeoutMs: number;
  readonly patience?: Patience;
  readonly cancel?: AbortSignal;
}

/** What became of the spans of a spool. `found = sent + waiting + lost`; lines that are no OTLP request of ours are counted apart and left in place. */
export interface Replay {
  readonly state: 'sent' | 'partial' | 'waiting' | 'empty' | 'refused' | 'unreadable';
  readonly reason: string;
  readonly found: number;
  readonly sent: number;
  readonly waiting: number;
  readonly lost: number;
  readonly unreadableLines: number;
  /** The metrics that stood between them, counted in points; absent when there were none. */
  readonly metrics?: ReplayedMetrics;
}

/** The longest line that is read; ours have at most half a megabyte. */
const LONGEST_LINE = 64 * 1024 * 1024;

/**
 * Sends what waits in a spool: the same spans, ids and times, line by line, and strikes off what the receiver took. Stopped at any moment it can be started
 * again; a line sent twice is the same spans twice, which backends keep once. Lines of metrics go to the path for metrics. Any other line stays where it is.
 */
export async function replaySpool(path: string, settings: ReplaySettings, world: World): Promise<Replay> {
  const endpoint = judgeEndpoint({ ...settings, fromEnvironment: true }, world.env);
  for (const notice of endpoint.notices) world.tell(notice);
  if (endpoint.state === 'refused') return { ...NONE, state: 'refused', reason: endpoint.reason };
  if (endpoint.state === 'absent')
    return { ...NONE, state: 'refused', reason: 'No endpoint is set; name one with --otlp-endpoint or OTEL_EXPORTER_OTLP_ENDPOINT.' };
  using deadline = startDeadline(settings.timeoutMs, settings.cancel);
  let carrier: Carrier | undefined;
  try {
    const { openCarrier } = await import('./carrier.ts');
    carrier = await openCarrier(endpoint, world, deadline);
    const sender = startSender(carrier, deadline, settings.patience);
    const file = resolve(world.root, path);
    const lines: SpoolLine[] = [];
    let found = 0;
    const beside: MetricLine[] = [];
    let unreadableLines = 0;
    for await (const line of readLines(file, LONGEST_LINE)) {
      const spans = line.bytes ? countSpans(line.bytes) : undefined;
      const points = line.bytes && spans === undefined ? countPoints(line.bytes) : undefined;
      if (points !== undefined) beside.push({ line: { offset: line.offset, length: line.length }, points });
      else if (line.length > 0 && spans === undefined) unreadableLines += 1;
      if (spans === undefined || !line.bytes) continue;
      lines.push({ offset: line.offset, length: line.length, spans });
      if (sender.isOpen()) await sender.offer({ body: line.bytes, spans, first: found + 1 }, lines.length - 1);
      found += spans;
    }
    const delivery = await sender.finish();
    const remains = remainsOf(delivery);
    const traces = { endpoint, took: remains.size > 0 || lines.length === 0 };
    const means = { world, deadline, patience: settings.patience };
    const metrics =
      beside.length === 0 ? undefined : await replayMetrics(file, beside, { ...settings, fromEnvironment: true }, traces, means);
    await removeLines(file, [...takenLines(lines, remains), ...(metrics?.settled ?? [])]);
    const told = concluded(lines, delivery, unreadableLines, path, endpoint.url.host);
    return metrics ? withMetrics(told, metrics) : told;
  } catch (error) {
    return { ...NONE, state: 'unreadable', reason: `${path} could not be replayed: ${causeOf(error)}.` };
  } finally {
    carrier?.close();
  }
}

const NONE = { found: 0, sent: 0, waiting: 0, lost: 0, unreadableLines: 0 };

/** Without its bytes: what was sent need not stay in memory. */
interface SpoolLine {
  readonly offset: number;
  readonly length: number;
  readonly spans: number;
}

function concluded(lines: readonly SpoolLine[], delivery: Delivery, unreadableLines: number, path: string, host: string): Replay {
  const tally = { found: 0, sent: 0, waiting: 0, lost: 0 };
  for (const [number, { spans }] of lines.entries()) {
    const { sent, lost, left } = countShares(delivery, number, spans);
    tally.found += spans;
    tally.sent += sent;
    tally.lost += lost;
    tally.waiting += left;
  }
  const state =
    tally.found === 0 ? 'empty' : tally.sent === tally.found ? 'sent' : tally.sent === 0 && tally.lost === 0 ? 'waiting' : 'partial';
  const foreign =
    unreadableLines === 0
      ? ''
      : ` ${unreadableLines === 1 ? 'One line is' : `${unreadableLines} lines are`} no OTLP request and stayed in place.`;
  return {
    state,
    ...tally,
    unreadableLines,
    reason: SENTENCES[state]({ ...tally, path, host, why: delivery.reasons.join('; ') }) + foreign,
  };
}

/** A spool that holds metrics alone is not empty. */
function withMetrics(told: Replay, { metrics }: MetricsReplay): Replay {
  const state = told.state !== 'empty' ? told.state : metrics.waiting > 0 ? 'waiting' : 'sent';
  return { ...told, state, metrics, reason: `${told.reason} ${metrics.reason}` };
}

interface Words {
  readonly found: number;
  readonly sent: number;
  readonly waiting: number;
  readonly lost: number;
  readonly path: string;
  readonly host: string;
  readonly why: string;
}

const SENTENCES: Readonly<Record<'sent' | 'partial' | 'waiting' | 'empty', (words: Words) => string>> = {
  sent: ({ found, host }) => `${host} accepted all ${found} spans.`,
  partial: ({ sent, waiting, lost, path, host, why }) => `${host} ${why}. ${sent} sent, ${waiting} still wait in ${path}, ${lost} lost.`,
  waiting: ({ waiting, path, host, why }) => `${host} ${why}. All ${waiting} spans still wait in ${path}.`,
  empty: ({ path }) => `${path} holds no spans.`,
};
