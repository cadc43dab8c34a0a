import { defineArtifactType } from '../contract/artifact-type.ts';

export const ingestionTraceability = defineArtifactType({
  type: 'ingestion-traceability',
  group: 'always',
  output: {
    ext: '.json',
    path: '{output_dir}/ingestion-traceability.json',
    description: 'Traceability of requirements to features',
    schemaUrl: 'https://contextcore.io/schemas/ingestion-traceability/v1',
    examplePath: 'out/export/ingestion-traceability.json',
    exampleSnippet: `{
  "requirements_coverage_percent": 92.5,
  "requirements_mapping": { "REQ-AVAILABILITY": ["checkout_api-slo"] }
}`,
  },
  parameters: [
    { key: 'requirements_mapping', source: 'manifest (derivation rules → requirements)' },
    { key: 'coverage_metrics', source: 'manifest (coverage summary percentages)' },
  ],
  expected: {
    depth: 'brief',
    maxLines: 50,
    maxTokens: 250,
    markers: ['requirements_coverage_percent'],
    redFlag: 'Planned as comprehensive: a mapping from requirements to features needs no prose',
    editMinPct: 70,
  },
  requirement: {
    id: 'REQ-CDP-INT-002',
    labels: ['pipeline-innate', 'nfr', 'integrity'],
    priority: 'P1',
    anchors: ['requirements_coverage_percent', 'route_escalation'],
  },
});
