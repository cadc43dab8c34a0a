import type { Kind } from './kind.ts';
import { loadPromql } from './promql.ts';
import type { Comparison, QueryReading } from './query.ts';
import type { Statement } from './reading.ts';
import { checkRuleFile, placeIn } from './rule-groups.ts';
import { after } from './soon.ts';
import { type At, placeOf, step, textOf, walk } from './tree.ts';

/** Alerting and recording rules of Prometheus: plain rule files and the operator's PrometheusRule (prometheus.io, "Alerting rules"; promtool check rules). */
export const prometheusRule: Kind = {
  type: 'prometheus_rule',
  check: (source, book) =>
    after(loadPromql(), (read) =>
      checkRuleFile(source, { name: 'PromQL', read, kinds: KINDS, statements: statementsOf, judgeType, program: 'promtool' }, book),
    ),
};

const KINDS = new Map([['PrometheusRule', ['monitoring.coreos.com/v1', 'azmonitoring.coreos.com/v1']]]);

/** Neither promtool nor Prometheus refuses such a rule, which then fails at every evaluation. */
function judgeType({ yields }: QueryReading) {
  if (yields === 'matrix')
    return {
      message: 'the query yields a range vector, and the rule will fail at every evaluation; put a function such as rate() around it.',
      refused: false,
    };
  return yields === 'string'
    ? { message: 'the query yields a text, and the rule will fail at every evaluation.', refused: false }
    : undefined;
}

export function statementsOf(rule: At, query: QueryReading): readonly Statement[] {
  const severity = walk(rule, 'labels', 'severity');
  const value = textOf(severity);
  const stated: Statement[] =
    value === undefined ? [] : [{ property: 'severity', value, place: placeOf(severity), field: 'labels.severity' }];
  const expr = step(rule, 'expr');
  for (const comparison of query.comparisons)
    stated.push(...latencyOf(comparison, expr), ...availabilityOf(comparison, expr, textOf(step(rule, 'alert')) ?? ''));
  return stated;
}

/** `histogram_quantile(0.99, …) > 0.2`; the unit is the metric's, where its name says it. */
function latencyOf({ operator, measured, constant, offset }: Comparison, expr: At): readonly Statement[] {
  const quantile = /^\(*\s*histogram_quantile\s*\(\s*(0?\.\d+)\s*,/.exec(measured)?.[1];
  if (quantile === undefined || !operator.startsWith('>') || !/latency|duration|seconds|_ms\b|_ms_|milliseconds|time/.test(measured))
    return [];
  const unit = /milliseconds|_ms(?:_|\b)/.test(measured) ? 'ms' : /seconds/.test(measured) ? 's' : '';
  return [
    { property: 'latency', value: `${constant}${unit}`, place: placeIn(expr, offset), field: 'expr', detail: String(Number(quantile)) },
  ];
}

/** `… > 14.4 * (1 - 0.999)` states the objective; so does `… < 0.999` where the alert or the metric speaks of availability. */
function availabilityOf({ operator, bound, constant, measured, offset }: Comparison, expr: At, alert: string): readonly Statement[] {
  const statement = { property: 'availability', field: 'expr' } as const;
  const stated = (value: string) => [{ ...statement, value, place: placeIn(expr, offset) }];
  const ratio = (value: string) => [{ ...statement, value: percent(value), place: placeIn(expr, offset), isRatio: true } as const];
  const budget = /\(\s*1\s*-\s*\(?\s*(0\.\d+)\s*\)?\s*\)/.exec(bound)?.[1] ?? /\(\s*100\s*-\s*(\d{2}(?:\.\d+)?)\s*\)/.exec(bound)?.[1];
  if (budget !== undefined) return Number(budget) < 1 ? ratio(budget) : stated(budget);
  if (!operator.startsWith('<') || !/availab|success/i.test(`${alert} ${measured}`)) return [];
  if (constant >= 0.5 && constant < 1) return ratio(String(constant));
  return constant >= 50 && constant < 100 ? stated(String(constant)) : [];
}

/** A ratio as a percentage, without the errors of binary fractions. */
export function percent(ratio: string): string {
  return String(Number((Number(ratio) * 100).toFixed(9)));
}
