import { defineArtifactType } from '../contract/artifact-type.ts';

export const provenance = defineArtifactType({
  type: 'provenance',
  group: 'always',
  output: {
    ext: '.json',
    path: '{output_dir}/run-provenance.json',
    description: 'Provenance of an export run',
    schemaUrl: 'https://contextcore.io/schemas/provenance/v1',
    examplePath: 'out/export/run-provenance.json',
    exampleSnippet: `{
  "run_id": "2f1c7f0e-6f0b-4c59-9d56-0b3f4a6f7a10",
  "inputs": [{ "path": ".contextcore.yaml", "exists": true, "sha256": "9f86d081884c7d65…" }],
  "artifacts": [{ "path": "onboarding-metadata.json", "exists": true, "sha256": "60303ae22b998861…" }],
  "source_checksum": "9f86d081884c7d65…"
}`,
  },
  parameters: [
    { key: 'source_checksum', source: 'manifest (SHA-256 of source file)' },
    { key: 'artifact_checksums', source: 'manifest (SHA-256 of each exported artifact)' },
  ],
  expected: {
    depth: 'brief',
    maxLines: 50,
    maxTokens: 250,
    markers: ['source_checksum', 'artifacts'],
    redFlag: 'Planned as comprehensive: provenance is a list of digests, not a report',
    editMinPct: 70,
  },
  requirement: {
    id: 'REQ-CDP-INT-001',
    labels: ['pipeline-innate', 'nfr', 'integrity'],
    priority: 'P1',
    anchors: ['provenance.json', 'run-provenance.json', 'source_checksum'],
  },
});
