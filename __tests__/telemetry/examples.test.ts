import { describe, expect, test } from '@jest/globals';
import { validateArtifactFile } from '../../src/inspect/valid/validate-file.ts';
import { METRICS, prometheusLabel, prometheusName } from '../../src/telemetry/metric-registry.ts';
import { DASHBOARD, dashboardQueries, RULES, ruleQueries, textOf } from './examples.ts';

const labels = new Map(METRICS.map((spec) => [prometheusName(spec), new Set(spec.attributes.map(prometheusLabel))]));
const rules = ruleQueries();
/** What the recordings of the rule file keep. */
const recorded = new Map(
  rules.filter(({ record }) => record).map(({ name, expr }) => [name, new Set(/by \(([^)]*)\)/.exec(expr)![1]!.split(', '))]),
);
const known = new Map([...labels, ...recorded]);
const queries = [
  ...dashboardQueries({ project: '.*', scope: 'accepted', window: '8d' }).map(({ panel, expr }) => [panel, expr] as const),
  ...rules.map(({ name, expr }) => [name, expr] as const),
];

describe('the shipped dashboard and rules', () => {
  test.each([
    ['dashboard', DASHBOARD],
    ['prometheus_rule', RULES],
  ])('are a valid %s to our own validators, without advice', async (type, path) => {
    const { errors, advice, unread, objects } = await validateArtifactFile(type, { path, text: textOf(path) });
    expect({ errors, advice, unread, found: objects.length > 0 }).toEqual({ errors: [], advice: [], unread: [], found: true });
  });

  test.each(queries)('%s asks for metrics that the registry defines, and for labels that they have', (_, expr) => {
    const metrics = metricsIn(expr);
    expect(metrics.filter((name) => !known.has(name))).toEqual([]);
    const has = new Set(metrics.flatMap((name) => [...(known.get(name) ?? [])]));
    expect(labelsIn(expr).filter((label) => !has.has(label))).toEqual([]);
    expect(metrics.length).toBeGreaterThan(0);
  });

  test('use every metric that there is', () => {
    const used = new Set(queries.flatMap(([, expr]) => metricsIn(expr)));
    expect([...labels.keys()].filter((name) => !used.has(name))).toEqual([]);
  });

  test('speak in annotations of labels that the alert has', () => {
    const faults = rules.flatMap(({ name, expr, says }) => {
      const has = new Set([...metricsIn(expr).flatMap((metric) => [...(known.get(metric) ?? [])])]);
      const kept = /^(?:sum|avg|quantile) by \(([^)]*)\)/.exec(expr)?.[1]?.split(', ');
      return [...says.matchAll(/\$labels\.(\w+)/g)]
        .map(([, label]) => label!)
        .filter((label) => !(kept ?? [...has]).includes(label))
        .map((label) => `${name}: ${label}`);
    });
    expect(faults).toEqual([]);
  });
});

/** The names before a brace, a bracket or the end of a parenthesis, with their recording colons. */
function metricsIn(expr: string): readonly string[] {
  return [...expr.matchAll(/\b(?:\w+:)?(?:contextcore|pipeline)_\w+(?::\w+)?/g)].map(([name]) => name);
}

function labelsIn(expr: string): readonly string[] {
  const matched = [...expr.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"/g)].map(([, label]) => label!);
  const grouped = [...expr.matchAll(/by \(([^)]*)\)/g)].flatMap(([, list]) => list!.split(/,\s*/));
  return [...matched, ...grouped];
}
