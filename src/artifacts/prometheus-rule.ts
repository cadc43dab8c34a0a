import { defineArtifactType } from '../contract/artifact-type.ts';
import { DEFAULTS, requirementsOf } from '../contract/defaults.ts';

export const prometheusRule = defineArtifactType({
  type: 'prometheus_rule',
  group: 'monitoring',
  output: {
    ext: '.yaml',
    path: 'prometheus/rules/{target}-prometheus-rules.yaml',
    description: 'Prometheus alerting rules',
    schemaUrl: 'https://prometheus-operator.dev/docs/operator/api/#monitoring.coreos.com/v1.PrometheusRule',
    examplePath: 'prometheus/rules/checkout-api-prometheus-rules.yaml',
    exampleSnippet: `apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: checkout-api
spec:
  groups:
    - name: checkout-api
      rules:
        - alert: CheckoutApiLatencyHigh
          expr: histogram_quantile(0.99, sum by (le) (rate(http_server_duration_bucket{service="checkout-api"}[5m]))) > 0.2
          for: 10m
          labels: { severity: P2 }`,
  },
  parameters: [
    { key: 'alertSeverity', source: 'manifest.spec.business.criticality (→ severity map)', field: 'spec.business.criticality' },
    {
      key: 'availabilityThreshold',
      source: 'manifest.spec.requirements.availability',
      field: 'spec.requirements.availability',
      default: DEFAULTS.availability,
    },
    {
      key: 'latencyThreshold',
      source: 'manifest.spec.requirements.latencyP99',
      field: 'spec.requirements.latencyP99',
      default: DEFAULTS.latencyP99,
    },
    { key: 'latencyP50Threshold', source: 'manifest.spec.requirements.latencyP50', field: 'spec.requirements.latencyP50' },
    { key: 'throughput', source: 'manifest.spec.requirements.throughput', field: 'spec.requirements.throughput' },
  ],
  expected: {
    depth: 'standard',
    maxLines: 150,
    maxTokens: 750,
    markers: ['groups', 'rules', 'alert', 'expr'],
    redFlag: 'Planned as brief: one alert without a threshold of the manifest pages for nothing or never',
    editMinPct: 80,
  },
  requirement: {
    id: 'REQ-CDP-OBS-003',
    labels: ['pipeline-innate', 'nfr', 'observability'],
    priority: 'P1',
    anchors: ['spec.requirements.availability', 'spec.requirements.latencyP99', 'spec.business.criticality'],
  },
  generate: {
    scope: 'target',
    suffix: 'prometheus-rules',
    title: (target) => `${target} Alerting Rules`,
    priority: { critical: 'required', high: 'required', medium: 'recommended', low: 'recommended' },
    dependsOn: ['service-monitor'],
    derive: ({ manifest, criticality, severity }) => {
      const { availability, latencyP50, latencyP99, throughput } = requirementsOf(manifest);
      return {
        derivedFrom: [
          {
            property: 'severity',
            sourceField: 'spec.business.criticality',
            transformation: `${criticality} → ${severity}`,
            rationale: 'What the business would lose decides who is woken',
          },
          { property: 'threshold', sourceField: 'spec.requirements.availability', transformation: `Target: ${availability}%` },
        ],
        parameters: {
          alertSeverity: severity,
          availabilityThreshold: availability,
          latencyThreshold: latencyP99,
          latencyP50Threshold: latencyP50,
          throughput,
        },
      };
    },
    conventions: ['{target}-prometheus-rules.yaml', '{target}-prometheus-rules.yml', '{target}-rules.yaml', '{target}-rules.yml'],
  },
});
