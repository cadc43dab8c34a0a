import type { Place } from '../../host/place.ts';
import type { Statement } from './reading.ts';

/** What an objective is about, as far as its words tell. */
export interface Indicator {
  readonly about: 'availability' | 'latency' | 'unclear';
  /** Seconds under which an answer is fast enough. */
  readonly bound?: string;
}

/** Name and description speak first, and may tell alone; a query with a latency bucket is about latency, one with status codes about availability. */
export function indicatorOf(words: string, readQueries: () => string): Indicator {
  const isLatency = /latenc|respons\w* time|duration|fast|slow/i.test(words);
  if (!isLatency && /availab/i.test(words)) return { about: 'availability' };
  const queries = readQueries();
  const bound = /_bucket\s*\{[^}]*\ble\s*=\s*"(\d*\.?\d+)"/.exec(queries)?.[1];
  if (isLatency || bound !== undefined) {
    const unit = /milliseconds|_ms_/.test(queries) ? 'ms' : /seconds/.test(queries) ? 's' : '';
    return { about: 'latency', ...(bound !== undefined && { bound: `${bound}${unit}` }) };
  }
  if (
    /success|error|uptime|requests/i.test(words) ||
    /\b(?:code|status|status_code|http_status_code|grpc_code|http_response_status_code)\s*(?:=~|!~|=|!=)/.test(queries)
  )
    return { about: 'availability' };
  return { about: 'unclear' };
}

/** What an objective in percent states. Ninety-nine of a hundred answers within a bound is that bound as the 99th percentile. */
export function objectiveStatements(
  percent: string,
  place: Place,
  field: string,
  { about, bound }: Indicator,
  isRatio = false,
): readonly Statement[] {
  if (about === 'latency')
    return bound === undefined ? [] : [{ property: 'latency', value: bound, place, field, detail: String(Number(percent) / 100) }];
  return [
    {
      property: 'availability',
      value: percent,
      place,
      field,
      ...(about === 'unclear' && { detail: 'unclear' }),
      ...(isRatio && { isRatio }),
    },
  ];
}
