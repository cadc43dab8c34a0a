import { checkMetrics, type ReceivedPoint } from '../../scripts/receiver-metrics.ts';
import { canonical } from './spans.ts';

/** OTLP/JSON lines as metric points, read as strictly as our receiver reads a request. Lines of other signals have none. */
export function pointsOfLines(text: string): readonly ReceivedPoint[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('{"resourceMetrics"'))
    .flatMap((line) => checkMetrics(line));
}

/** Points in an order of their own, every value with its type, to be compared as a whole. */
export function told(points: readonly ReceivedPoint[]): readonly string[] {
  return points.map(canonical).sort();
}
