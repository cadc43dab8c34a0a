import { defineArtifactType } from '../contract/artifact-type.ts';

export const onboardingMetadata = defineArtifactType({
  type: 'onboarding_metadata',
  group: 'always',
  output: {
    ext: '.json',
    path: '{output_dir}/onboarding-metadata.json',
    description: 'Onboarding metadata of an export',
    schemaUrl: 'https://contextcore.io/schemas/onboarding-metadata/v1',
    examplePath: 'out/export/onboarding-metadata.json',
    exampleSnippet: `{
  "version": "1.0.0",
  "project_id": "checkout",
  "artifact_types": { "dashboard": { "parameter_sources": { "criticality": "manifest.spec.business.criticality" } } }
}`,
  },
  parameters: [
    { key: 'manifest_path', source: 'manifest (export output path)' },
    { key: 'project_context_path', source: 'crd (export output path)' },
    { key: 'export_dir', source: 'manifest (--output flag)' },
  ],
  expected: {
    depth: 'standard',
    maxLines: 150,
    maxTokens: 750,
    markers: ['artifact_types', 'parameter_sources'],
    redFlag: 'Planned as brief: without parameter sources nobody can tell where a value comes from',
    editMinPct: 80,
  },
  requirement: {
    id: 'REQ-CDP-ONB-004',
    labels: ['pipeline-innate', 'nfr', 'onboarding'],
    priority: 'P1',
    anchors: ['strategy.*', 'spec.project.*'],
  },
});
