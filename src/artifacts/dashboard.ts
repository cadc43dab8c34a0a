import { defineArtifactType } from '../contract/artifact-type.ts';
import { DEFAULTS, observabilityOf, requirementsOf } from '../contract/defaults.ts';

export const dashboard = defineArtifactType({
  type: 'dashboard',
  group: 'stakeholder',
  output: {
    ext: '.json',
    path: 'grafana/dashboards/{target}-dashboard.json',
    description: 'Grafana dashboard of a service',
    schemaUrl: 'https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/',
    examplePath: 'grafana/dashboards/checkout-api-dashboard.json',
    exampleSnippet: `{
  "title": "checkout-api Service Dashboard",
  "templating": { "list": [{ "name": "datasource", "type": "datasource", "query": "prometheus" }] },
  "panels": [{ "type": "timeseries", "title": "Availability", "datasource": { "uid": "$datasource" } }]
}`,
  },
  parameters: [
    { key: 'criticality', source: 'manifest.spec.business.criticality', field: 'spec.business.criticality' },
    {
      key: 'dashboardPlacement',
      source: 'manifest.spec.observability.dashboardPlacement',
      field: 'spec.observability.dashboardPlacement',
      default: DEFAULTS.dashboardPlacement,
    },
    { key: 'datasources', source: 'manifest (template default)' },
    { key: 'risks', source: 'manifest.spec.risks[]', field: 'spec.risks' },
  ],
  expected: {
    depth: 'comprehensive',
    maxLines: 300,
    maxTokens: 1500,
    markers: ['panels', 'templating', 'title', 'datasource'],
    redFlag: 'Planned as brief: a title and two empty panels tell nobody how the service is doing',
    editMinPct: 85,
  },
  requirement: {
    id: 'REQ-CDP-OBS-002',
    labels: ['pipeline-innate', 'nfr', 'observability'],
    priority: 'P1',
    anchors: ['spec.requirements.availability', 'spec.requirements.latencyP99', 'spec.requirements.throughput'],
  },
  generate: {
    scope: 'target',
    suffix: 'dashboard',
    title: (target) => `${target} Service Dashboard`,
    priority: { critical: 'required', high: 'required', medium: 'required', low: 'required' },
    dependsOn: [],
    derive: ({ manifest, criticality }) => ({
      derivedFrom: [
        // Braces and quotes are part of the text: consumers take it as a template.
        { property: 'title', sourceField: 'spec.targets[].name', transformation: "'{name} Service Dashboard'" },
        {
          property: 'panels.availability',
          sourceField: 'spec.requirements.availability',
          transformation: `SLO threshold: ${requirementsOf(manifest).availability}%`,
          rationale: 'Availability is drawn against the promise it is measured by',
        },
      ],
      parameters: {
        criticality,
        dashboardPlacement: observabilityOf(manifest).dashboardPlacement,
        datasources: ['Tempo', 'Loki', 'mimir'],
        risks: manifest.spec.risks.map(({ type, description, priority }) => ({
          type,
          description: description ?? null,
          priority: priority ?? null,
        })),
      },
    }),
    conventions: ['{target}-dashboard.json'],
  },
});
