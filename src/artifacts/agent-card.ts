import { defineArtifactType } from '../contract/artifact-type.ts';

export const agentCard = defineArtifactType({
  type: 'agent_card',
  group: 'always',
  output: {
    ext: '.json',
    path: 'docs/capability-index/agent-card.json',
    description: 'A2A agent card',
    schemaUrl: 'https://google.github.io/A2A/specification/',
    examplePath: 'docs/capability-index/agent-card.json',
    exampleSnippet: `{
  "name": "checkout",
  "version": "1.0.0",
  "provider": { "organization": "Example" },
  "skills": [{ "id": "payment-capture", "name": "Capture a payment", "tags": ["payment"] }]
}`,
  },
  parameters: [
    { key: 'capability_index_path', source: 'docs/capability-index/contextcore.agent.yaml' },
    { key: 'manifest_version', source: 'manifest.metadata.schemaVersion' },
  ],
  expected: {
    depth: 'standard',
    maxLines: 200,
    maxTokens: 1000,
    markers: ['skills', 'name', 'version'],
    redFlag: 'Planned as brief: a card without skills invites no one to call',
    editMinPct: 85,
  },
  requirement: {
    id: 'REQ-CDP-ONB-002',
    labels: ['pipeline-innate', 'nfr', 'onboarding'],
    priority: 'P2',
    anchors: ['skills', 'provider'],
  },
});
