import { defineArtifactType } from '../contract/artifact-type.ts';

export const capabilityIndex = defineArtifactType({
  type: 'capability_index',
  group: 'always',
  output: {
    ext: '.yaml',
    path: 'docs/capability-index/contextcore.agent.yaml',
    description: 'Index of project capabilities',
    schemaUrl: 'https://contextcore.io/schemas/capability-index/v1',
    examplePath: 'docs/capability-index/project-name.agent.yaml',
    exampleSnippet: `manifest_id: checkout.agent
version: '1.0.0'
capabilities:
  - capability_id: checkout.payment.capture
    category: action
    maturity: stable
    summary: Captures an authorised payment`,
  },
  parameters: [
    { key: 'project_root', source: 'manifest (auto-detected)' },
    { key: 'index_dir', source: 'docs/capability-index/' },
  ],
  expected: {
    depth: 'comprehensive',
    maxLines: 500,
    maxTokens: 2500,
    markers: ['capabilities', 'version', 'manifest_id'],
    redFlag: 'Planned as brief: what the index leaves out, an agent cannot find',
    editMinPct: 90,
  },
  requirement: {
    id: 'REQ-CDP-ONB-001',
    labels: ['pipeline-innate', 'nfr', 'onboarding'],
    priority: 'P2',
    anchors: ['capability_id', 'category', 'maturity', 'evidence'],
  },
  generate: {
    scope: 'project',
    suffix: 'capability-index',
    title: (project) => `${project} Capability Index`,
    priority: { critical: 'recommended', high: 'recommended', medium: 'recommended', low: 'recommended' },
    dependsOn: [],
    derive: ({ subject }) => ({
      derivedFrom: [
        {
          property: 'manifest_id',
          sourceField: 'spec.project.id',
          transformation: `Project: ${subject}`,
          rationale: 'One index speaks for the whole project',
        },
      ],
      parameters: { project_root: '.', index_dir: 'docs/capability-index/' },
    }),
    conventions: ['docs/capability-index/contextcore.agent.yaml', 'docs/capability-index/contextcore.agent.yml'],
  },
});
