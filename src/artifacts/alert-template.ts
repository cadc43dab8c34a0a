import { defineArtifactType } from '../contract/artifact-type.ts';

export const alertTemplate = defineArtifactType({
  type: 'alert_template',
  group: 'operator',
  output: {
    ext: '.yaml',
    path: 'alertmanager/templates/{target}-alert-template.yaml',
    description: 'Alertmanager message template',
    schemaUrl: 'https://prometheus.io/docs/alerting/latest/configuration/',
    examplePath: 'alertmanager/templates/checkout-api-alert-template.yaml',
    exampleSnippet: `templates:
  checkout-api.tmpl: |
    {{ define "checkout-api.title" }}[{{ .CommonLabels.severity }}] {{ .CommonLabels.alertname }}{{ end }}
    {{ define "checkout-api.text" }}{{ range .Alerts }}{{ .Annotations.summary }}{{ end }}{{ end }}`,
  },
  parameters: [
    { key: 'alertSeverity', source: 'manifest.spec.business.criticality', field: 'spec.business.criticality' },
    { key: 'summaryTemplate', source: 'manifest (template default)' },
    { key: 'descriptionTemplate', source: 'manifest (template default)' },
  ],
  expected: {
    depth: 'standard',
    maxLines: 150,
    maxTokens: 750,
    markers: ['define', 'template'],
    redFlag: 'Planned as comprehensive: a message read on a phone has room for what broke and where to look',
    editMinPct: 75,
  },
});
