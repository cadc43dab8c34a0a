import { defineArtifactType } from '../contract/artifact-type.ts';

export const mcpTools = defineArtifactType({
  type: 'mcp_tools',
  group: 'always',
  output: {
    ext: '.json',
    path: 'docs/capability-index/mcp-tools.json',
    description: 'Model Context Protocol tools',
    schemaUrl: 'https://modelcontextprotocol.io/specification/',
    examplePath: 'docs/capability-index/mcp-tools.json',
    exampleSnippet: `{
  "tools": [
    {
      "name": "capture_payment",
      "description": "Captures an authorised payment",
      "inputSchema": { "type": "object", "properties": { "payment_id": { "type": "string" } }, "required": ["payment_id"] }
    }
  ]
}`,
  },
  parameters: [
    { key: 'capability_index_path', source: 'docs/capability-index/contextcore.agent.yaml' },
    { key: 'manifest_version', source: 'manifest.metadata.schemaVersion' },
  ],
  expected: {
    depth: 'comprehensive',
    maxLines: 500,
    maxTokens: 2500,
    markers: ['tools', 'inputSchema'],
    redFlag: 'Planned as brief: a tool without an input schema cannot be called safely',
    editMinPct: 90,
  },
  requirement: {
    id: 'REQ-CDP-ONB-003',
    labels: ['pipeline-innate', 'nfr', 'onboarding'],
    priority: 'P3',
    anchors: ['inputSchema', 'annotations'],
  },
});
