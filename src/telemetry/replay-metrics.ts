import { type FileLine, readLines } from '../host/spool-file.ts';
import { type Endpoint, type EndpointSettings, judgeEndpoint } from './endpoint.ts';
import { type Means, mayAskForMetrics, openMetricsSender, wantsMetrics } from './send-metrics.ts';
import { countShares, type Delivery } from './sender.ts';

/** What became of the metrics of a spool, counted in points. `found = sent + waiting + lost`. */
export interface ReplayedMetrics {
  readonly found: number;
  readonly sent: number;
  readonly waiting: number;
  readonly lost: number;
  readonly reason: string;
}

/** A line of metrics by its place, without its bytes. */
export interface MetricLine {
  readonly line: FileLine;
  readonly points: number;
}

export interface MetricsReplay {
  readonly metrics: ReplayedMetrics;
  /** Lines that need not wait any longer. */
  readonly settled: readonly FileLine[];
}

/** Sends the lines of metrics of a spool after its spans; the file is read once more for them, so that memory holds one at a time. @throws when it cannot be read. */
export async function replayMetrics(
  file: string,
  found: readonly MetricLine[],
  settings: EndpointSettings,
  traces: { readonly endpoint: Endpoint; readonly took: boolean },
  means: Means,
): Promise<MetricsReplay> {
  const endpoint = judgeEndpoint({ ...settings, signal: 'metrics' }, means.world.env);
  if (!wantsMetrics(means.world.env)) return concluded(found, NOT_ASKED, 'OTEL_METRICS_EXPORTER is none');
  if (!mayAskForMetrics(endpoint, traces.endpoint, traces.took)) return concluded(found, NOT_ASKED, whyNot(endpoint));
  const sender = await openMetricsSender(endpoint, means);
  try {
    const numbers = new Map(found.map(({ line }, number) => [line.offset, number]));
    const longest = Math.max(...found.map(({ line }) => line.length));
    for await (const { offset, bytes } of readLines(file, longest)) {
      const number = numbers.get(offset);
      if (number !== undefined && bytes) await sender.offer({ body: bytes, spans: found[number]!.points }, number);
    }
    const delivery = await sender.finish();
    return concluded(found, delivery, delivery.reasons.length === 0 ? '' : `${endpoint.url.host} ${delivery.reasons.join('; ')}`);
  } finally {
    sender.close();
  }
}

const NOT_ASKED: Delivery = { accepted: new Map(), reasons: [] };

function whyNot(endpoint: Endpoint): string {
  if (endpoint.state === 'refused') return endpoint.reason.replace(/\.$/, '');
  if (endpoint.state === 'absent') return 'no address for metrics is set; OTEL_EXPORTER_OTLP_METRICS_ENDPOINT names one';
  return `${endpoint.url.host} took no spans and was not asked for metrics`;
}

function concluded(found: readonly MetricLine[], delivery: Delivery, why: string): MetricsReplay {
  const tally = { found: 0, sent: 0, waiting: 0, lost: 0 };
  for (const [number, { points }] of found.entries()) {
    const { sent, lost, left } = countShares(delivery, number, points);
    tally.found += points;
    tally.sent += sent;
    tally.lost += lost;
    tally.waiting += left;
  }
  const parts = [said(tally.sent, 'sent'), said(tally.waiting, 'still waiting'), said(tally.lost, 'dropped')].filter((part) => part !== '');
  return {
    metrics: { ...tally, reason: `Metric points: ${parts.join(', ')}${why === '' ? '' : ` (${why})`}.` },
    settled: found.filter((_, number) => delivery.accepted.has(number)).map(({ line }) => line),
  };
}

function said(count: number, what: string): string {
  return count === 0 ? '' : `${count} ${what}`;
}
