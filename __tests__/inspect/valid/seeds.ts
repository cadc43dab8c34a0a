/** One fault planted into a good file: what is found is replaced, and the finding must stand on the line of `on` (the replacement's first line without it). */
export interface Seed {
  readonly what: string;
  readonly find: string;
  readonly put: string;
  readonly on?: string;
  readonly says: RegExp;
}

const DASHBOARD: readonly Seed[] = [
  { what: 'a comma too many', find: '"tags": ["checkout"],', put: '"tags": ["checkout",],', says: /comma/ },
  {
    what: 'a bracket not closed',
    find: '{ "id": 4, "type": "text", "title": "About" }\n  ]\n}',
    put: '{ "id": 4, "type": "text", "title": "About" }\n  ]',
    on: '  ]',
    says: /ends before/,
  },
  { what: 'no title', find: '"title": "checkout-api Service Dashboard",', put: '"subtitle": "x",', on: '{\n', says: /no "title"/ },
  {
    what: 'panels that are no list',
    find: '"panels": [\n    {\n      "id": 1',
    put: '"panels": {}, "old": [\n    {\n      "id": 1',
    says: /"panels" must be a list/,
  },
  { what: 'a panel id twice', find: '"id": 3,', put: '"id": 2,', says: /id 2 .* already/ },
  { what: 'a panel id that is text', find: '"id": 3,', put: '"id": "three",', says: /whole number/ },
  { what: 'a panel without type', find: '"type": "logs",\n      ', put: '', on: '    {\n      "id": 3,', says: /no "type"/ },
  { what: 'a query not closed', find: '[5m] offset 1d))', put: '[5m] offset 1d)', says: /"\(" is not closed/ },
  { what: 'a misspelt function', find: 'sum(rate(http', put: 'sum(raet(http', says: /no function "raet".*"rate"/ },
  { what: 'a rate without a range', find: '[5m] offset 1d', put: ' offset 1d', says: /must be a range vector/ },
  { what: 'a broken LogQL query', find: '|= \\"error\\" | json', put: '|= | json', says: /LogQL/ },
  { what: 'a query name twice', find: '"refId": "B"', put: '"refId": "A"', says: /called "A"/ },
  {
    what: 'a datasource variable that is not declared',
    find: '"uid": "$logs"',
    put: '"uid": "$lokis"',
    says: /"lokis".*not declare/,
  },
  { what: 'a variable declared twice', find: '"name": "logs"', put: '"name": "datasource"', says: /declared twice/ },
  { what: 'a variable without name', find: '{ "name": "logs", ', put: '{ ', says: /no "name"/ },
  {
    what: 'a broken query of a variable',
    find: 'label_values(up{job=\\"checkout-api\\"}, instance)',
    put: 'label_values(up{job=\\"checkout-api\\"}, instance',
    says: /parentheses/,
  },
  {
    what: 'targets that are no list',
    find: '"targets": [\n        { "refId": "A", "expr": "{app',
    put: '"targets": "x", "old": [\n        { "refId": "A", "expr": "{app',
    says: /"targets".*list/,
  },
  { what: 'a grid position of text', find: '"h": 8', put: '"h": "8"', says: /gridPos\.h/ },
];

const PROMETHEUS_RULE: readonly Seed[] = [
  { what: 'another kind', find: 'kind: PrometheusRule', put: 'kind: PromRule', on: 'apiVersion', says: /holds no rules/ },
  { what: 'a wrong apiVersion', find: 'coreos.com/v1', put: 'coreos.com/v2', says: /monitoring\.coreos\.com\/v1/ },
  { what: 'no name', find: '  name: checkout-api\n  namespace', put: '  namespace', on: 'metadata:', says: /metadata\.name/ },
  { what: 'no groups', find: '  groups:\n', put: '  group:\n', on: 'spec:', says: /spec\.groups/ },
  { what: 'a tab for indentation', find: '      interval: 30s', put: '\t  interval: 30s', says: /YAML/ },
  { what: 'a key twice', find: '          for: 10m', put: '          expr: up\n          for: 10m', says: /stands twice/ },
  { what: 'an interval without unit', find: 'interval: 30s', put: 'interval: 30', says: /no duration/ },
  { what: 'a wait of no duration', find: 'for: 10m', put: 'for: 10min', says: /no duration/ },
  {
    what: 'a rule without expr',
    find: '          expr: sum by (job) (rate(http_requests_total[5m]))\n',
    put: '',
    on: '        - record:',
    says: /no "expr"/,
  },
  { what: 'a misspelt key of a rule', find: '          for: 5m', put: '          fro: 5m', says: /"fro".*"for"/ },
  {
    what: 'a rule of no name',
    find: '- alert: CheckoutBudgetBurns\n',
    put: '- name: CheckoutBudgetBurns\n',
    says: /neither "alert" nor "record"/,
  },
  {
    what: 'a rule of two names',
    find: '- alert: CheckoutBudgetBurns\n',
    put: '- record: a:b\n          alert: CheckoutBudgetBurns\n',
    says: /both the alert/,
  },
  {
    what: 'a recording with a wait',
    find: 'expr: sum by (job) (rate(http_requests_total[5m]))',
    put: 'expr: up\n          for: 7m',
    on: '          for: 7m',
    says: /fits alerts/,
  },
  {
    what: 'a group name twice',
    find: 'name: checkout-api-slow',
    put: 'name: checkout-api',
    on: '    - name: checkout-api\n      rules',
    says: /already/,
  },
  { what: 'a parenthesis too many in a block', find: '            ) > 0.2', put: '            )) > 0.2', says: /closes nothing/ },
  {
    what: 'an unknown function in a block',
    find: 'sum by (le) (rate(http_server',
    put: 'sum by (le) (ratee(http_server',
    says: /no function "ratee"/,
  },
  { what: 'a wrong type of argument in a block', find: '"checkout-api"}[5m]))', put: '"checkout-api"}))', says: /range vector/ },
  { what: 'a set operator on a number', find: '> 14.4 * (1 - 0.999)', put: 'and 14.4', says: /two instant vectors/ },
  { what: 'a bad regular expression', find: '{service="checkout-api"}', put: '{service=~"(checkout-api"}', says: /does not compile/ },
  { what: 'a bad escape', find: '{service="checkout-api"}', put: '{service="checkout\\.api"}', says: /no escape/ },
  { what: 'a template not closed', find: '{{ $labels.service }}', put: '{{ $labels.service }', says: /not closed|may not have/ },
  {
    what: 'an unknown function in a template',
    find: 'humanizeDuration',
    put: 'humaniseDuration',
    says: /"humaniseDuration".*"humanizeDuration"/,
  },
  { what: 'an unknown variable in a template', find: '$labels.service', put: '$label.service', says: /variable "\$label".*"\$labels"/ },
  { what: 'a label that is a number', find: 'severity: P3', put: 'severity: 3', says: /put it in quotes/ },
  { what: 'a metric name as a label', find: 'severity: P3', put: '__name__: P3', says: /no name for a label/ },
  {
    what: 'groups that are no list',
    find: '  groups:\n    - name: checkout-api\n',
    put: '  groups: {name: checkout-api}\n  others:\n    - name: checkout-api\n',
    says: /"groups" must be a list/,
  },
];

const PLAIN_RULES: readonly Seed[] = [
  { what: 'an unknown key on top', find: 'groups:\n', put: 'extra: 1\ngroups:\n', says: /no key "extra"/ },
  { what: 'a group without name', find: '  - name: shop\n    rules', put: '  - rules', says: /no "name"/ },
  { what: 'a matcher without quotes', find: '{job="checkout-api"}', put: '{job=checkout-api}', says: /no PromQL/ },
  { what: 'a comparison of scalars', find: 'job:latency:p99 > 1', put: '2 > 1', says: /bool/ },
  { what: "braces in a recording's name", find: 'record: job:up:sum', put: 'record: job:up{a="b"}', says: /braces/ },
  { what: 'an end without a start', find: '{{ $labels.instance }} is', put: '{{ end }} is', says: /ends nothing/ },
  {
    what: 'annotations of a recording',
    find: '        expr: sum by (job) (up)',
    put: '        annotations: {a: b}\n        expr: up',
    says: /fit alerts/,
  },
  { what: 'an alias without anchor', find: 'severity: warning', put: 'severity: *warning', says: /alias|Unresolved/i },
];

const SERVICE_MONITOR: readonly Seed[] = [
  { what: 'another kind', find: 'kind: ServiceMonitor', put: 'kind: Service', on: 'apiVersion', says: /ServiceMonitor/ },
  { what: 'no selector', find: '  selector:\n    matchLabels:\n      app: checkout-api\n', put: '', on: 'spec:', says: /no "selector"/ },
  { what: 'a selector of a number', find: 'app: checkout-api', put: 'app: 1', says: /must be a text/ },
  { what: 'endpoints that are none', find: '  endpoints:\n', put: '  endpoints: []\n  other:\n', says: /empty/ },
  { what: 'an interval of no duration', find: 'interval: 30s', put: 'interval: 30sec', says: /no duration/ },
  { what: 'an interval without unit', find: 'interval: 30s', put: 'interval: 30', says: /30s/ },
  { what: 'a timeout longer than the interval', find: 'scrapeTimeout: 10s', put: 'scrapeTimeout: 45s', says: /longer than "interval"/ },
  { what: 'a misspelt key of an endpoint', find: 'scrapeTimeout: 10s', put: 'scrapeTimout: 10s', says: /"scrapeTimout".*"scrapeTimeout"/ },
  { what: 'a misspelt key of the spec', find: '  namespaceSelector:', put: '  namespaceSelecter:', says: /namespaceSelector/ },
  { what: 'a port that is a number', find: 'port: metrics', put: 'port: 8080', says: /targetPort/ },
  { what: 'an unknown scheme', find: 'path: /metrics', put: 'scheme: ftp', says: /http or https/ },
  { what: 'an unknown action', find: 'action: replace', put: 'action: rename', says: /no action/ },
  { what: 'a bad regular expression', find: 'regex: (.*)', put: 'regex: (.*', says: /does not compile/ },
  { what: 'a relabeling without target', find: '          targetLabel: pod\n', put: '', on: '        - sourceLabels', says: /targetLabel/ },
];

const LOKI_RULES: readonly Seed[] = [
  {
    what: 'a query of log lines',
    find: 'sum(rate({app="checkout-api"} | json | level="error" [5m]))',
    put: '\'{app="checkout-api"} | json\'',
    says: /log lines/,
  },
  { what: 'a query not closed', find: '| level="error" [5m]))', put: '| level="error" [5m])', says: /"\(" is not closed/ },
  { what: 'a selector of everything', find: '{app="checkout-api"} | json', put: '{app=~".*"} | json', says: /every stream/ },
  { what: 'a bad regular expression in a block', find: '|~ "panic|fatal"', put: '|~ "panic|(fatal"', says: /does not compile/ },
  {
    what: 'PromQL instead',
    find: 'sum(rate({app="checkout-api"} | json | level="error" [5m]))',
    put: 'sum(rate(requests_total[5m]))',
    says: /no LogQL/,
  },
  {
    what: 'an aggregation without unwrap',
    find: 'sum(rate({app="checkout-api"} | json | level="error" [5m]))',
    put: 'sum_over_time({app="a"}[5m])',
    says: /unwrap/,
  },
  { what: 'a wait of no duration', find: 'for: 5m', put: 'for: five', says: /no duration/ },
  { what: 'a template not closed', find: '{{ $value }}', put: '{{ $value', says: /not closed/ },
];

const SLOTH: readonly Seed[] = [
  { what: 'an unknown version', find: 'prometheus/v1', put: 'prometheus/v2', says: /prometheus\/v1/ },
  { what: 'no service', find: 'service: checkout-api\n', put: '', on: 'version:', says: /no "service"/ },
  { what: 'an objective above 100', find: 'objective: 99.9', put: 'objective: 999', says: /percentage/ },
  { what: 'an objective of text', find: 'objective: 99.9', put: 'objective: high', says: /must be a number/ },
  {
    what: 'an SLO without objective',
    find: '    objective: 99.9\n',
    put: '',
    on: '  - name: requests-availability',
    says: /no "objective"/,
  },
  {
    what: 'a name twice',
    find: 'name: requests-latency',
    put: 'name: requests-availability',
    on: '  - name: requests-availability\n    objective: 99\n',
    says: /already/,
  },
  {
    what: 'two kinds of indicator',
    find: '      events:\n',
    put: '      plugin: {id: a}\n      events:\n',
    on: '    sli:\n      plugin',
    says: /takes one of them/,
  },
  { what: 'a query without window', find: 'code=~"5.."}[{{.window}}]', put: 'code=~"5.."}[5m]', says: /\{\{\.window\}\}/ },
  {
    what: 'a broken query in a block',
    find: 'le="0.2"}[{{.window}}]))',
    put: 'le="0.2"}[{{.window}}])',
    on: '1 - (',
    says: /"\(" is not closed/,
  },
  {
    what: 'a missing query',
    find: '        total_query: sum(rate(http_requests_total{job="checkout-api"}[{{.window}}]))\n',
    put: '',
    on: '      events:',
    says: /total_query/,
  },
  {
    what: 'alerts without a name',
    find: '      name: CheckoutSlow',
    put: '      labels: {}',
    on: '    alerting:\n      labels: {}',
    says: /no "name"/,
  },
];

const OPENSLO: readonly Seed[] = [
  { what: 'an unknown version', find: 'openslo/v1\nkind: SLO', put: 'openslo/v9\nkind: SLO', says: /openslo\/v1/ },
  { what: 'no service', find: '  service: checkout-api\n', put: '', on: 'spec:\n  budgetingMethod', says: /no "service"/ },
  { what: 'a target in percent', find: 'target: 0.999', put: 'target: 99.9', says: /below 1/ },
  {
    what: 'no target',
    find: '      target: 0.999',
    put: '      op: lt',
    on: '    - displayName: Good',
    says: /"target" and "targetPercent"/,
  },
  { what: 'an unknown budgeting method', find: 'Occurrences', put: 'Occurences', says: /Occurrences/ },
  {
    what: 'time slices without a window',
    find: 'Occurrences',
    put: 'RatioTimeslices',
    on: '    - displayName: Good',
    says: /timeSliceWindow/,
  },
  { what: 'a duration of no unit', find: 'duration: 30d', put: 'duration: 30', says: /28d/ },
  {
    what: 'a fixed window without calendar',
    find: 'isRolling: true',
    put: 'isRolling: false',
    on: '    - duration: 30d',
    says: /calendar/,
  },
  { what: 'a ratio without total', find: '        total:\n', put: '        totals:\n', on: '      ratioMetric:', says: /"total"/ },
  {
    what: 'a broken query',
    find: 'query: sum(rate(http_requests_total[5m]))',
    put: 'query: sum(rate(http_requests_total[5m])',
    says: /not closed/,
  },
];

const ALERTMANAGER: readonly Seed[] = [
  {
    what: 'a route to nobody',
    find: 'receiver: checkout-oncall',
    put: 'receiver: checkout-oncal',
    says: /"checkout-oncal".*"checkout-oncall"/,
  },
  { what: 'no receiver on top', find: '  receiver: checkout-team\n  group_by', put: '  group_by', on: 'route:', says: /no "receiver"/ },
  { what: 'matchers on top', find: '  group_by: [alertname, service]', put: '  matchers: [a="b"]', says: /every alert/ },
  { what: 'two exclusive keys', find: '  resolve_timeout: 5m', put: '  slack_api_url_file: /url', says: /takes one of them/ },
  { what: 'an unknown key', find: '  resolve_timeout: 5m', put: '  resolve_timout: 5m', says: /resolve_timeout/ },
  {
    what: 'no address for Slack',
    find: '  slack_api_url: https://hooks.slack.example/services/T/B\n',
    put: '',
    on: "      - channel: '#checkout-alerts'",
    says: /slack_api_url/,
  },
  { what: 'a grouping by all and one', find: '[alertname, service]', put: "['...', service]", says: /all labels/ },
  { what: 'a grouping twice', find: '[alertname, service]', put: '[service, service]', says: /twice/ },
  { what: 'a wait of zero', find: 'group_interval: 5m', put: 'group_interval: 0s', says: /zero/ },
  { what: 'a wait of no duration', find: 'repeat_interval: 4h', put: 'repeat_interval: 4 hours', says: /no duration/ },
  { what: 'a broken matcher', find: 'severity=~"P1|P2"', put: 'severity~="P1|P2"', says: /no matcher/ },
  { what: 'a bad regular expression in a matcher', find: 'severity=~"P1|P2"', put: 'severity=~"(P1|P2"', says: /does not compile/ },
  { what: 'a bad regular expression', find: 'team: shop.*', put: 'team: "*shop"', says: /does not compile/ },
  { what: 'an empty regular expression', find: 'team: shop.*', put: 'team:', says: /must be a text/ },
  {
    what: 'a receiver twice',
    find: '- name: checkout-oncall',
    put: '- name: checkout-team',
    on: '  - name: checkout-team\n    pagerduty_configs',
    says: /already/,
  },
  { what: 'an integration without key', find: '      - routing_key: not-a-real-key', put: '      - description: x', says: /routing_key/ },
  { what: 'an unknown integration', find: 'pagerduty_configs:', put: 'pager_duty_configs:', says: /pagerduty_configs/ },
  { what: 'an unknown time interval', find: '[nights]', put: '[night]', says: /"night".*"nights"/ },
  { what: 'a time that ends before it starts', find: "start_time: '00:00'", put: "start_time: '07:00'", says: /not before/ },
  { what: 'an unknown weekday', find: 'monday:friday', put: 'mon:fri', says: /no weekday/ },
  { what: 'an unknown time zone', find: 'Europe/Berlin', put: 'Europe/Berlyn', says: /no time zone/ },
  { what: 'a label name that is none', find: 'equal: [service]', put: "equal: ['']", says: /no label name/ },
];

const RUNBOOK: readonly Seed[] = [
  { what: 'no risks', find: '## Risks', put: '## Dangers', on: '# checkout-api', says: /"Risks"/ },
  { what: 'no escalation', find: '## Escalation', put: 'Escalation', on: '# checkout-api', says: /"Escalation"/ },
  { what: 'an empty section', find: 'checkout-team, #checkout-oncall\n', put: '', on: '## Escalation', says: /says nothing/ },
  { what: 'a link to nowhere', find: '../docs/design.md', put: '../docs/desing.md', says: /not there/ },
  { what: 'a link out of the repository', find: '../docs/design.md', put: '../../../etc/passwd', says: /out of the repository/ },
  { what: 'an empty file', find: '', put: '', says: /empty/ },
];

/** Fixture, artifact type, and what is planted into it. */
export const SEEDS: readonly (readonly [string, string, readonly Seed[]])[] = [
  ['dashboard.json', 'dashboard', DASHBOARD],
  ['prometheus-rule.yaml', 'prometheus_rule', PROMETHEUS_RULE],
  ['rules.yml', 'prometheus_rule', PLAIN_RULES],
  ['service-monitor.yaml', 'service_monitor', SERVICE_MONITOR],
  ['loki-rules.yaml', 'loki_rule', LOKI_RULES],
  ['sloth.yaml', 'slo_definition', SLOTH],
  ['openslo.yaml', 'slo_definition', OPENSLO],
  ['alertmanager.yml', 'notification_policy', ALERTMANAGER],
  ['runbook.md', 'runbook', RUNBOOK],
];
