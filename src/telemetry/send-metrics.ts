import type { Deadline } from '../host/deadline.ts';
import type { World } from '../host/world.ts';
import type { Carrier, ReadyEndpoint } from './carrier.ts';
import type { Drafts } from './draft.ts';
import type { MetricsEmission } from './emission.ts';
import { causeOf } from './emission-reason.ts';
import { type Endpoint, type EndpointSettings, judgeEndpoint } from './endpoint.ts';
import type { Judgement } from './judge-answer.ts';
import type { OtlpLine } from './otlp-json.ts';
import { otlpMetricLines } from './otlp-metrics-json.ts';
import { countShares, type Delivery, type Patience, startSender } from './sender.ts';

/** The metrics that go beside a trace, as lines for its spool, and where to. */
export interface Beside {
  readonly lines: readonly OtlpLine[];
  readonly endpoint: Endpoint;
}

/**
 * What goes beside the trace; undefined when nobody wants it: no metrics were drafted, OTEL_METRICS_EXPORTER is none, or an address is known for traces alone,
 * so that lines for nobody would pile up in the spool.
 */
export function besideTrace(drafts: Drafts, settings: EndpointSettings, traces: Endpoint, env: World['env']): Beside | undefined {
  if (!drafts.metrics || !wantsMetrics(env)) return undefined;
  const endpoint = judgeEndpoint({ ...settings, signal: 'metrics' }, env);
  if (endpoint.state === 'absent' && traces.state !== 'absent') return undefined;
  return { endpoint, lines: [...otlpMetricLines(drafts, temporality(env))] };
}

/** False when the environment says that metrics go nowhere. */
export function wantsMetrics(env: World['env']): boolean {
  const exporters = (env['OTEL_METRICS_EXPORTER'] ?? '').split(',').map((name) => name.trim().toLowerCase());
  return !exporters.includes('none');
}

/** A receiver that takes no spans is not asked for more; one at another address is. */
export function mayAskForMetrics(metrics: Endpoint, traces: Endpoint, tookSpans: boolean): metrics is ReadyEndpoint {
  return metrics.state === 'ready' && (tookSpans || traces.state !== 'ready' || traces.url.origin !== metrics.url.origin);
}

/** What every sending needs. */
export interface Means {
  readonly world: World;
  readonly deadline: Deadline;
  readonly patience: Patience | undefined;
}

/** Sends them after the spans, so that no span waits for a metric; what is sent stands in the spool already. */
export async function sendBeside(beside: Beside | undefined, traces: Endpoint, tookSpans: boolean, means: Means): Promise<Delivery> {
  if (!beside || !mayAskForMetrics(beside.endpoint, traces, tookSpans)) return { accepted: new Map(), reasons: [] };
  const sender = await openMetricsSender(beside.endpoint, means);
  try {
    for (const [number, line] of beside.lines.entries()) await sender.offer(line, number);
    return await sender.finish();
  } finally {
    sender.close();
  }
}

/** Takes lines of metrics to their own path, as the spans went to theirs. What the receiver will never take counts as taken and lost: it need not wait. */
export interface MetricsSender {
  readonly offer: (line: OtlpLine, number: number) => Promise<void>;
  readonly finish: () => Promise<Delivery>;
  readonly close: () => void;
}

export async function openMetricsSender(endpoint: ReadyEndpoint, { world, deadline, patience }: Means): Promise<MetricsSender> {
  let carrier: Carrier;
  try {
    carrier = await (await import('./carrier.ts')).openCarrier(endpoint, world, deadline);
  } catch (error) {
    const reasons = [`could not be asked for metrics: ${causeOf(error)}`];
    return { offer: async () => undefined, finish: async () => ({ accepted: new Map(), reasons }), close: () => undefined };
  }
  const sender = startSender(withoutTheUnwanted(carrier, endpoint), deadline, patience);
  return {
    offer: async (line, number) => {
      if (sender.isOpen()) await sender.offer(line, number);
    },
    finish: sender.finish,
    close: carrier.close,
  };
}

/** What became of the points, and one sentence when they were not all taken. `kept` says of a line whether it is on disk. */
export function accountForMetrics(
  { lines, endpoint }: Beside,
  delivery: Delivery,
  told: { readonly kept: (number: number) => boolean; readonly spool: string; readonly spansWait: boolean },
): MetricsEmission {
  const tally = { drafted: 0, sent: 0, spooled: 0, lost: 0 };
  for (const [number, { spans: points }] of lines.entries()) {
    const { sent, lost, left } = countShares(delivery, number, points);
    const waiting = told.kept(number) ? left : 0;
    tally.drafted += points;
    tally.sent += sent;
    tally.spooled += waiting;
    tally.lost += lost + left - waiting;
  }
  if (tally.sent === tally.drafted) return tally;
  const { reasons } = delivery;
  const who = endpoint.state === 'ready' && reasons.length > 0 ? `${endpoint.url.host} ${reasons.join('; ')}: ` : '';
  const refused = endpoint.state === 'refused' && !told.spansWait ? `${endpoint.reason} ` : '';
  const where = told.spansWait ? 'with them' : `in ${told.spool}`;
  const waiting = tally.spooled > 0 ? `${points(tally.spooled)} ${tally.spooled === 1 ? 'waits' : 'wait'} ${where}` : '';
  const dropped = tally.lost > 0 ? `${points(tally.lost)} dropped` : '';
  return { ...tally, reason: `${refused}${who}${[waiting, dropped].filter((part) => part !== '').join(', ')}.` };
}

function points(count: number): string {
  return count === 1 ? '1 metric point' : `${count} metric points`;
}

/** No such path, no such method, nothing of the kind: Tempo and Jaeger take traces only. */
const TAKES_NONE = new Set([404, 405, 501]);
/** These points, and no later try, are at fault. */
const NEVER = new Set([400, 413]);

/** The next run measures anew; what a receiver refuses for good would only wait for ever. */
function withoutTheUnwanted(carrier: Carrier, { url }: ReadyEndpoint): Carrier {
  let none: string | undefined;
  return {
    ...carrier,
    carry: async (line) => {
      if (none !== undefined) return { kind: 'accepted', rejected: line.spans, reason: none };
      const judgement: Judgement = await carrier.carry(line);
      if (judgement.kind !== 'kept' || judgement.status === undefined) return judgement;
      if (TAKES_NONE.has(judgement.status)) none = `takes no metrics (${judgement.status} at ${url.pathname})`;
      else if (!NEVER.has(judgement.status)) return judgement;
      return { kind: 'accepted', rejected: line.spans, reason: none ?? judgement.reason };
    },
  };
}

function temporality(env: World['env']): 'cumulative' | 'delta' {
  const asked = env['OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE']?.trim().toLowerCase();
  return asked === 'delta' || asked === 'lowmemory' ? 'delta' : 'cumulative';
}
