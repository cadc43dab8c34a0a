import type { AttributeValue, MetricsDraft, PointDraft } from './draft.ts';
import { METRICS, type MetricSpec } from './metric-registry.ts';
import { declaredType } from './registry.ts';

/** One thing in the metrics that the registry does not allow. */
export interface MetricFault {
  readonly code: 'unknown-metric' | 'wrong-attributes' | 'wrong-type' | 'wrong-value' | 'repeated-point' | 'bad-time';
  readonly where: string;
  readonly message: string;
}

/** Holds drafted metrics against the registry: names, the attributes of every point, values of the right type, no point twice, a time. */
export function checkMetrics({ start, time, metrics }: MetricsDraft): readonly MetricFault[] {
  const times: readonly MetricFault[] =
    start > 0n && time >= start ? [] : [{ code: 'bad-time', where: 'metrics', message: `from ${start} to ${time}` }];
  return [...times, ...metrics.flatMap(({ spec, points }) => checkMetric(spec, points))];
}

function checkMetric(spec: MetricSpec, points: readonly PointDraft[]): readonly MetricFault[] {
  if (!METRICS.includes(spec)) return [{ code: 'unknown-metric', where: spec.name, message: `no metric is named ${spec.name}` }];
  const seen = new Set<string>();
  return points.flatMap((point) => {
    const key = JSON.stringify(spec.attributes.map((name) => point.attributes[name]));
    const repeated: readonly MetricFault[] = seen.has(key) ? [{ code: 'repeated-point', where: spec.name, message: `${key} twice` }] : [];
    seen.add(key);
    return [...repeated, ...checkPoint(spec, point)];
  });
}

function checkPoint({ name, type, kind, attributes: declared }: MetricSpec, { attributes, value }: PointDraft): readonly MetricFault[] {
  const faults: MetricFault[] = [];
  const given = Object.keys(attributes);
  const [missing, more] = [declared.filter((key) => !given.includes(key)), given.filter((key) => !declared.includes(key))];
  for (const key of [...missing, ...more])
    faults.push({ code: 'wrong-attributes', where: name, message: `${key} is missing or unexpected` });
  for (const [key, held] of Object.entries(attributes)) {
    if (!fits(held, key)) faults.push({ code: 'wrong-type', where: `${name} › ${key}`, message: `${JSON.stringify(held)}` });
  }
  const fine = type === 'int' ? Number.isSafeInteger(value) : Number.isFinite(value);
  if (!fine || (kind === 'counter' && value < 0))
    faults.push({ code: 'wrong-value', where: name, message: `${value} is no ${type} of a ${kind}` });
  return faults;
}

/** Labels are texts and truths, nothing that has as many values as there are runs. */
function fits(value: AttributeValue, key: string): boolean {
  const type = declaredType(key);
  return (type === 'string' || type === 'boolean') && typeof value === type;
}
