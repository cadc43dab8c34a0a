import { defineArtifactType } from '../contract/artifact-type.ts';

export const lokiRule = defineArtifactType({
  type: 'loki_rule',
  group: 'monitoring',
  output: {
    ext: '.yaml',
    path: 'loki/rules/{target}-loki-rules.yaml',
    description: 'Loki recording and alerting rules',
    schemaUrl: 'https://grafana.com/docs/loki/latest/rules/',
    examplePath: 'loki/rules/checkout-api-loki-rules.yaml',
    exampleSnippet: `groups:
  - name: checkout-api
    rules:
      - record: checkout_api_error_rate_5m
        expr: sum(rate({app="checkout-api"} | json | level="error" [5m]))`,
  },
  parameters: [
    { key: 'logSelectors', source: 'manifest (target-based)' },
    { key: 'recordingRules', source: 'manifest (template default)' },
    { key: 'labelExtractors', source: 'manifest (template default)' },
    { key: 'logFormat', source: 'manifest.spec.observability.logLevel' },
  ],
  expected: {
    depth: 'standard',
    maxLines: 150,
    maxTokens: 750,
    markers: ['groups', 'rules', 'expr'],
    redFlag: 'Planned as brief: without both rates, errors and requests, no ratio can be recorded',
    editMinPct: 80,
  },
  requirement: {
    id: 'REQ-CDP-OBS-006',
    labels: ['pipeline-innate', 'nfr', 'observability'],
    priority: 'P2',
    anchors: ['spec.targets[].name', 'spec.observability.logLevel'],
  },
  generate: {
    scope: 'target',
    suffix: 'loki-rules',
    title: (target) => `${target} Log Recording Rules`,
    priority: { critical: 'recommended', high: 'recommended', medium: 'recommended', low: 'recommended' },
    dependsOn: [],
    // `job` in the text and `app` in the parameter, a name with dashes in the recording rules: as the reference has them (export.md E25).
    derive: ({ subject }) => ({
      derivedFrom: [
        {
          property: 'logSelectors',
          sourceField: 'spec.targets[].name',
          transformation: `{job="${subject}"}`,
          rationale: 'The service is found in the logs under its own name',
        },
        {
          property: 'logFormat',
          sourceField: 'spec.observability.logLevel',
          transformation: 'otel',
          rationale: 'Log records keep the fields of the OpenTelemetry log data model',
        },
      ],
      parameters: {
        logSelectors: [`{app="${subject}"}`],
        recordingRules: [`${subject}_error_rate_5m`, `${subject}_request_rate_5m`],
        labelExtractors: ['level', 'status_code', 'method', 'path'],
        logFormat: 'otel',
      },
    }),
    conventions: ['{target}-loki-rules.yaml', '{target}-loki-rules.yml'],
  },
});
