import { defineArtifactType } from '../contract/artifact-type.ts';
import { DEFAULTS, observabilityOf } from '../contract/defaults.ts';

export const serviceMonitor = defineArtifactType({
  type: 'service_monitor',
  group: 'monitoring',
  output: {
    ext: '.yaml',
    path: 'k8s/observability/{target}-service-monitor.yaml',
    description: 'Kubernetes ServiceMonitor',
    schemaUrl: 'https://prometheus-operator.dev/docs/operator/api/#monitoring.coreos.com/v1.ServiceMonitor',
    examplePath: 'k8s/observability/checkout-api-service-monitor.yaml',
    exampleSnippet: `apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  name: checkout-api
spec:
  selector: { matchLabels: { app: checkout-api } }
  endpoints: [{ port: metrics, interval: 30s }]`,
  },
  parameters: [
    {
      key: 'metricsInterval',
      source: 'manifest.spec.observability.metricsInterval',
      field: 'spec.observability.metricsInterval',
      default: DEFAULTS.metricsInterval,
    },
    { key: 'namespace', source: 'crd.spec.targets[].namespace or default' },
  ],
  expected: {
    depth: 'brief',
    maxLines: 50,
    maxTokens: 250,
    markers: ['selector', 'endpoints', 'interval'],
    redFlag: 'Planned as comprehensive: a selector and an endpoint need no design',
    editMinPct: 70,
  },
  requirement: {
    id: 'REQ-CDP-OBS-004',
    labels: ['pipeline-innate', 'nfr', 'observability'],
    priority: 'P1',
    anchors: ['spec.observability.metricsInterval', 'spec.targets[].namespace'],
  },
  generate: {
    scope: 'target',
    suffix: 'service-monitor',
    title: (target) => `${target} Service Monitor`,
    priority: { critical: 'required', high: 'required', medium: 'required', low: 'required' },
    dependsOn: [],
    derive: ({ manifest, target }) => {
      const { metricsInterval } = observabilityOf(manifest);
      return {
        derivedFrom: [
          {
            property: 'scrapeInterval',
            sourceField: 'spec.observability.metricsInterval',
            transformation: `Interval: ${metricsInterval}`,
          },
        ],
        parameters: { metricsInterval, namespace: target?.namespace ?? null },
      };
    },
    conventions: ['{target}-service-monitor.yaml', '{target}-service-monitor.yml'],
  },
});
