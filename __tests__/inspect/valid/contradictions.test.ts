import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { Artifact } from '../../../src/contract/contract.ts';
import type { JsonValue } from '../../../src/host/json.ts';
import { findContradictions } from '../../../src/inspect/valid/contradictions.ts';
import { validateArtifactFile } from '../../../src/inspect/valid/validate-file.ts';

const FILES: Readonly<Record<string, { readonly file: string; readonly parameters: Readonly<Record<string, JsonValue>> }>> = {
  prometheus_rule: {
    file: 'prometheus-rule.yaml',
    parameters: { alertSeverity: 'P1', availabilityThreshold: '99.9', latencyThreshold: '200ms', latencyP50Threshold: null },
  },
  slo_definition: { file: 'sloth.yaml', parameters: { availability: '99.9', latencyP99: '200ms', errorBudget: '0.1', throughput: null } },
  service_monitor: { file: 'service-monitor.yaml', parameters: { metricsInterval: '30s', namespace: 'shop' } },
  notification_policy: { file: 'alertmanager.yml', parameters: { alertChannels: ['#checkout-alerts'], owner: null, owners: [] } },
  dashboard: { file: 'dashboard.json', parameters: { datasources: ['Tempo', 'Loki', 'mimir'] } },
  runbook: {
    file: 'runbook.md',
    parameters: {
      risks: [{ type: 'availability', description: 'The payment provider is a single point of failure', priority: 'P1', mitigation: null }],
    },
  },
};

const fixture = (name: string) => readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8');

async function compare(
  type: string,
  change: { file?: string; find?: string | RegExp; put?: string; parameters?: Record<string, JsonValue>; defaulted?: string[] } = {},
) {
  const { file, parameters } = FILES[type]!;
  const text = fixture(change.file ?? file).replaceAll(
    typeof change.find === 'string' ? change.find : new RegExp(change.find?.source ?? '(?!)', 'g'),
    change.put ?? '',
  );
  const reading = await validateArtifactFile(type, { path: change.file ?? file, text });
  expect(reading.errors).toEqual([]);
  const artifact = {
    id: 'x',
    type,
    parameters: { ...parameters, ...change.parameters },
    defaulted: change.defaulted ?? [],
  } as unknown as Artifact;
  return { ...findContradictions(artifact, reading), text };
}

test.each(Object.keys(FILES))('%s: a file that says what the manifest says is true', async (type) => {
  expect((await compare(type)).contradictions).toEqual([]);
});

describe('a value changed in the file', () => {
  test.each([
    ['prometheus_rule', 'alertSeverity', 'severity: P1', 'severity: warning', 'severity: warning', 'P1', 'warning'],
    ['prometheus_rule', 'availabilityThreshold', '0.999)', '0.99)', '14.4 * (1 - 0.99)', '99.9', '99'],
    ['prometheus_rule', 'latencyThreshold', '> 0.2', '> 0.5', '> 0.5', '200ms', '0.5s'],
    ['slo_definition', 'availability', 'objective: 99.9', 'objective: 99.5', 'objective: 99.5', '99.9', '99.5'],
    ['slo_definition', 'latencyP99', 'le="0.2"', 'le="0.4"', 'objective: 99\n', '200ms', '0.4s'],
    ['service_monitor', 'metricsInterval', 'interval: 30s', 'interval: 60s', 'interval: 60s', '30s', '60s'],
    ['service_monitor', 'namespace', '- shop', '- store', 'matchNames:', 'shop', 'store'],
    ['notification_policy', 'alertChannels', '#checkout-alerts', '#alerts', '#alerts', '#checkout-alerts', '#alerts'],
  ])('%s: %s contradicts on its line', async (type, property, find, put, on, derived, found) => {
    const { contradictions, text } = await compare(type, { find, put });
    const line = text.slice(0, text.indexOf(on)).split('\n').length;
    expect(contradictions[0]).toMatchObject({ property, derived: { value: derived }, found: { place: { line } } });
    if (type !== 'notification_policy') expect(contradictions[0]?.found.value).toBe(found);
    expect(contradictions[0]?.edit).toMatch(/\.$/);
  });

  test('an OpenSLO target is compared as a percentage, and the edit speaks its language', async () => {
    const { contradictions } = await compare('slo_definition', { file: 'openslo.yaml', find: '0.999', put: '0.99' });
    expect(contradictions).toMatchObject([
      {
        property: 'availability',
        found: { value: '99' },
        edit: expect.stringContaining('from 0.99 to 0.999, or let the manifest say 99 by'),
      },
    ]);
  });

  test('so is the objective in an expression', async () => {
    const { contradictions } = await compare('prometheus_rule', { find: '0.999)', put: '0.99)' });
    expect(contradictions[0]?.edit).toMatch(/change expr of alert "\w+" from 0\.99 to 0\.999, or let the manifest say 99 by/);
  });

  test('the risk that a runbook does not mention', async () => {
    const { contradictions } = await compare('runbook', {
      parameters: { risks: [{ type: 'security', description: 'Card numbers leak through logs', priority: null, mitigation: null }] },
    });
    expect(contradictions).toMatchObject([
      { property: 'risks', derived: { value: 'Card numbers leak through logs', field: 'spec.risks' }, found: { place: { line: 7 } } },
    ]);
  });

  test.each([
    ['in longer words only', 'Paying failures of pointed providers', 'fail provider point', 1],
    ['once as a word after a longer one', 'Pay rolls, 2 Ärger: failures fail; ärgert not', 'rolls fail Ärger', 0],
    ['with a letter of another plane', 'points fail\u{1d4d0} and a \u{1d4d0}provider', 'fail provider point', 1],
  ])('the words of a risk that stand there %s', async (_, put, description, differing) => {
    const { contradictions, unknown } = await compare('runbook', {
      find: 'the payment provider is a single point of failure',
      put,
      parameters: { risks: [{ type: 'security', description, priority: null, mitigation: null }] },
    });
    expect([contradictions.length, unknown]).toEqual([differing, []]);
  });

  test('a dashboard of other datasources', async () => {
    const { contradictions } = await compare('dashboard', { parameters: { datasources: ['Tempo'] } });
    expect(contradictions.map(({ property }) => property)).toEqual(['datasources', 'datasources']);
  });
});

describe('a value changed in the manifest', () => {
  test.each([
    ['prometheus_rule', { alertSeverity: 'P2' }, ['alertSeverity', 'alertSeverity', 'alertSeverity']],
    ['prometheus_rule', { latencyThreshold: '300ms' }, ['latencyThreshold']],
    ['slo_definition', { availability: '99.95', errorBudget: '0.05' }, ['availability']],
    ['service_monitor', { metricsInterval: '15s' }, ['metricsInterval']],
    ['notification_policy', { alertChannels: ['#checkout-alerts', '#new'] }, ['alertChannels']],
  ])('%s', async (type, parameters, properties) => {
    expect((await compare(type, { parameters })).contradictions.map(({ property }) => property)).toEqual(properties);
  });

  test('the error budget decides where availability is left to the default', async () => {
    const { contradictions } = await compare('slo_definition', { parameters: { errorBudget: '0.5' }, defaulted: ['availability'] });
    expect(contradictions).toMatchObject([{ property: 'errorBudget', found: { value: '99.9' }, edit: expect.stringContaining('99.5') }]);
  });
});

describe('nothing is guessed', () => {
  test('a word for a severity that is not known here', async () => {
    const { contradictions, unknown } = await compare('prometheus_rule', { find: /severity: P\d/, put: 'severity: pageteam' });
    expect([contradictions, unknown.join()]).toEqual([[], expect.stringContaining('"pageteam"')]);
  });

  test.each(['critical', 'page', 'Sev1'])('%s means P1', async (word) => {
    expect((await compare('prometheus_rule', { find: 'severity: P1', put: `severity: ${word}` })).contradictions).toEqual([]);
  });

  test('one alert at the derived value suffices', async () => {
    expect((await compare('prometheus_rule', { find: 'severity: P3', put: 'severity: P4' })).contradictions).toEqual([]);
  });

  test('a parameter that the manifest leaves to the default', async () => {
    const { contradictions, unknown } = await compare('service_monitor', {
      find: 'interval: 30s',
      put: 'interval: 60s',
      defaulted: ['metricsInterval'],
    });
    expect([contradictions, unknown]).toEqual([[], [expect.stringContaining('spec.observability.metricsInterval')]]);
  });

  test('a bound in a metric without unit agrees in either', async () => {
    for (const bound of ['0.2', '200'])
      expect(
        (await compare('prometheus_rule', { find: /_seconds_bucket(?<tail>[\s\S]*?)> 0\.2/, put: `_bucket$<tail>> ${bound}` }))
          .contradictions,
      ).toEqual([]);
  });

  test('a channel behind a receiver that says nothing', async () => {
    const { contradictions, unknown } = await compare('notification_policy', {
      find: "channel: '#checkout-alerts'",
      put: 'send_resolved: true',
    });
    expect([contradictions, unknown.length]).toEqual([[], 1]);
  });

  test('an interval, a namespace and thresholds that the file leaves out', async () => {
    const { contradictions, unknown } = await compare('service_monitor', {
      find: /interval: 30s\n\s+scrapeTimeout: 10s/,
      put: 'honorLabels: true',
    });
    expect([contradictions, unknown.length]).toEqual([[], 1]);
  });

  test('a type without comparisons', () => {
    expect(
      findContradictions({ type: 'dockerfile', parameters: {}, defaulted: [] } as unknown as Artifact, {
        ok: true,
        errors: [],
        advice: [],
        unread: [],
        objects: [],
        parts: new Map(),
      }),
    ).toEqual({ contradictions: [], unknown: [] });
  });
});
