import { describe, expect, test } from '@jest/globals';
import { validateArtifactFile } from '../../../src/inspect/valid/validate-file.ts';

const errorsOf = async (text: string) => (await validateArtifactFile('notification_policy', { path: 'a.yml', text })).errors;
const receiver = (kind: string, fields: string) => `route: {receiver: a}
receivers:
- name: a
  ${kind}:
  - ${fields}
`;
const GOOD: Readonly<Record<string, string>> = {
  webhook_configs: 'url: http://a',
  slack_configs: "api_url: http://a, channel: '#a'",
  pagerduty_configs: 'routing_key: k',
  incidentio_configs: 'url: http://a, alert_source_token: t',
  pushover_configs: 'user_key: u, token: t',
  jira_configs: 'project: p, issue_type: b, api_url: http://a',
  telegram_configs: 'bot_token: t, chat_id: 5',
  email_configs: "to: a@b, from: c@d, smarthost: 'h:25'",
  opsgenie_configs: 'api_key: k',
};

/** Each was asked of amtool 0.34, together with 7,000 others of the kind. */
describe('the values of a configuration', () => {
  test.each([
    // Go's durations, or nanoseconds.
    ['webhook_configs', 'timeout: 1.5h', true],
    ['webhook_configs', 'timeout: 100ms', true],
    ['webhook_configs', 'timeout: 30', true],
    ['webhook_configs', 'timeout: 1d', false],
    ['slack_configs', 'timeout: 1h30m', true],
    ['slack_configs', 'timeout: soon', false],
    ['pagerduty_configs', 'timeout: 1d', false],
    ['incidentio_configs', 'timeout: 10s', true],
    // The same, written as a text only.
    ['pushover_configs', 'retry: 30', false],
    ['pushover_configs', 'retry: 1.5m', true],
    ['pushover_configs', 'expire: 1d', false],
    ['pushover_configs', "ttl: '0'", true],
    // Prometheus' durations.
    ['jira_configs', 'reopen_duration: 10d', true],
    ['jira_configs', 'reopen_duration: 1.5h', false],
    ['webhook_configs', 'max_alerts: -1', false],
    ['webhook_configs', 'send_resolved: maybe', false],
    ['webhook_configs', 'send_resolved: yes', true],
    ['webhook_configs', "url: 'http://{{ .GroupLabels.team }}.example.org'", true],
    ['webhook_configs', "url: 'http://{{ nothing }}'", false],
    ['slack_configs', "api_url: '{{ .x }}'", false],
    ['slack_configs', 'fields: [{title: a, value: b, short: true}]', true],
    ['slack_configs', 'fields: a', false],
    ['slack_configs', 'mrkdwn_in: a', false],
    ['slack_configs', 'channel: [a]', false],
    ['slack_configs', 'channel: 5', true],
    ['telegram_configs', 'chat_id: x', false],
    ['email_configs', 'headers: {a: [b]}', false],
    ['email_configs', 'headers: {a: b}', true],
    ['email_configs', 'tls_config: {insecure_skip_verify: true}', true],
    ['email_configs', 'tls_config: {insecure: true}', false],
    ['email_configs', 'http_config: {}', false],
    ['jira_configs', 'summary: {template: a, enable_update: false}', true],
    ['jira_configs', 'summary: {text: a}', false],
    ['opsgenie_configs', 'http_config: {proxy_url: "http://p", no_proxy: a}', true],
    ['opsgenie_configs', 'http_config: {no_proxy: a}', false],
    ['opsgenie_configs', 'http_config: {basic_auth: x}', false],
  ])('%s with %s: %j', async (kind, field, good) => {
    const own = new Set([...field.matchAll(/^(\w+):/g)].map(([, key]) => key));
    const others = GOOD[kind]!.split(', ').filter((pair) => !own.has(pair.split(':')[0]!));
    const text = receiver(kind, `{${[...others, field].join(', ')}}`);
    const errors = await errorsOf(text);
    expect({ good: errors.length === 0, lines: errors.map(({ place }) => place.line) }).toEqual({ good, lines: good ? [] : [5] });
  });

  test.each([
    ['route: {receiver: a, continue: true}', false],
    ['route: {receiver: a, group_by: job}', false],
    ['route: {receiver: a, repeat_interval: 300y}', false],
    ['route: {receiver: a, labels: {a: b}}', true],
    ['global: {smtp_require_tls: x}\nroute: {receiver: a}', false],
    ['tracing: {endpoint: "a:4317", client_type: grpc}\nroute: {receiver: a}', true],
    ['tracing: {client_type: grpc}\nroute: {receiver: a}', false],
    ['route: {receiver: a}\ninhibit_rules: [{equal: a, source_matchers: [a="b"], target_matchers: [a="c"]}]', false],
    ['route: {receiver: a}\ntime_intervals: [{name: t, time_intervals: [{weekdays: monday}]}]', false],
  ])('%j: %j', async (text, good) => {
    expect((await errorsOf(`${text}\nreceivers: [{name: a}]\n`)).length === 0).toBe(good);
  });
});

const OBJECT = (spec: string, version = 'v1beta1') => `apiVersion: monitoring.coreos.com/${version}
kind: AlertmanagerConfig
metadata: {name: a, namespace: shop}
spec:
${spec.replace(/^/gm, '  ')}
`;

describe("the operator's AlertmanagerConfig", () => {
  const ROUTING = `route:
  receiver: team
  groupBy: [alertname]
  groupWait: 30s
  routes:
  - receiver: silent
    matchers:
    - {name: severity, value: info|none, matchType: =~}
    activeTimeIntervals: [office]
receivers:
- name: silent
- name: team
  slackConfigs:
  - channel: '#team'
    sendResolved: true
    apiURL: {name: slack, key: url}
    fields: [{title: a, value: b, short: true}]
  pagerdutyConfigs:
  - routingKey: {name: pd, key: routing, optional: true}
    details: [{key: a, value: b}]
  webhookConfigs:
  - url: http://a
    httpConfig: {basicAuth: {username: {name: s, key: u}, password: {name: s, key: p}}, proxyURL: http://p}
    maxAlerts: 10
  emailConfigs:
  - to: a@example.org
    authPassword: {name: mail, key: password}
    headers: [{key: Subject, value: x}]
    tlsConfig: {ca: {secret: {name: a, key: b}}, insecureSkipVerify: false}
inhibitRules:
- sourceMatch: [{name: severity, value: critical}]
  targetMatch: [{name: severity, value: warning, matchType: '='}]
  equal: [alertname]
timeIntervals:
- name: office
  timeIntervals:
  - times: [{startTime: '09:00', endTime: '17:00'}]
    weekdays: ['monday:friday']
    daysOfMonth: [{start: 1, end: 31}]`;

  test('is good in both versions', async () => {
    expect(await errorsOf(OBJECT(ROUTING))).toEqual([]);
    expect(
      await errorsOf(OBJECT(ROUTING.replace('timeIntervals:\n- name: office', 'muteTimeIntervals:\n- name: office'), 'v1alpha1')),
    ).toEqual([]);
  });

  test.each([
    ['apiURL: {name: slack, key: url}', 'apiURL: http://a', 20, /"apiURL" of .* is a mapping/],
    ['apiURL: {name: slack, key: url}', 'apiURL: {name: slack}', 20, /names a Secret by "name" and "key"/],
    ['apiURL: {name: slack, key: url}', 'api_url: x', 20, /no key "api_url". Did you mean "apiURL"/],
    ["channel: '#team'", 'channel: 5', 18, /"channel" of .* is a text/],
    ['slackConfigs:', 'slack_configs:', 17, /no key "slack_configs". Did you mean "slackConfigs"/],
    ['sendResolved: true', 'sendResolved: sure', 19, /is true or false/],
    ['matchType: =~', 'matchType: like', 12, /"matchType" is one of/],
    ['value: info|none', 'value: "(info"', 12, /does not compile/],
    ['    matchers:\n    - {name: severity, value: info|none, matchType: =~}', '    match: {severity: info}', 11, /no key "match"/],
    ['groupWait: 30s', 'groupWait: 30', 8, /"groupWait" of .* is a duration/],
    ['receiver: silent', 'receiver: silence', 10, /leads to the receiver "silence"/],
    ['activeTimeIntervals: [office]', 'activeTimeIntervals: [night]', 13, /names the time interval "night"/],
    ['maxAlerts: 10', 'maxAlerts: -1', 28, /"maxAlerts"/],
    ['- to: a@example.org', '- from: a@example.org', 30, /has no "to"/],
  ])('%j as %j is told on line %i', async (good, bad, line, why) => {
    expect(ROUTING).toContain(good);
    const errors = await errorsOf(OBJECT(ROUTING.replace(good, bad)));
    expect(errors.map(({ place }) => place.line)).toContain(line);
    expect(errors.map(({ message }) => message)).toContainEqual(expect.stringMatching(why));
  });
});

test.each([
  ['slack_configs', 'api_url: hooks.example.org/T0/hush'],
  ['slack_configs', 'api_url: http://a, http_config: {basic_auth: hush}'],
  ['webhook_configs', 'url: [hush]'],
  ['pushover_configs', 'user_key: u, token: t, html: true, monospace: false, http_config: hush'],
])('what may be a secret is not repeated: %s with %s', async (kind, fields) => {
  const errors = await errorsOf(receiver(kind, `{${fields}}`));
  expect(errors.length).toBeGreaterThan(0);
  expect(JSON.stringify(errors)).not.toContain('hush');
});

test("a Secret's encoded configuration is read, and what is wrong stands where it does", async () => {
  const secret = (config: string) =>
    `apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata:\n  alertmanager.yaml: ${Buffer.from(config).toString('base64')}\n`;
  expect(await errorsOf(secret('route: {receiver: a}\nreceivers: [{name: a}]\n'))).toEqual([]);
  expect(await errorsOf(secret('route: {receiver: b}\nreceivers: [{name: a}]\n'))).toMatchObject([{ place: { line: 5, column: 22 } }]);
});
