import { artifactTypes } from '../../src/artifacts/index.ts';
import type { Profile } from '../../src/contract/contract.ts';
import { deriveContract } from '../../src/contract/derive-contract.ts';
import type { Inspection } from '../../src/contract/inspection.ts';
import { settleContract } from '../../src/contract/settle-contract.ts';
import type { ExportInput, ExportSettings } from '../../src/export/export-input.ts';
import { parseManifest } from '../../src/manifest/parse-manifest.ts';

export const NOW = new Date('2026-01-15T09:30:00Z');

export const MANIFEST = `apiVersion: contextcore.io/v1alpha2
kind: ContextManifest
metadata:
  name: shop
  owners:
    - team: web
spec:
  project:
    id: shop
    description: Sells things
  targets:
    - kind: Deployment
      name: cart
      namespace: commerce
`;

export interface Choices {
  readonly yaml?: string | Uint8Array;
  readonly profile?: Profile;
  readonly settings?: Partial<ExportSettings>;
  readonly found?: Inspection['found'];
}

/** An export input as the story would put it together, for `/w/.contextcore.yaml` into `/w/out`. */
export function exportInput(
  { yaml = MANIFEST, profile = 'full', settings = {}, found = new Map() }: Choices = {},
  more: Partial<ExportInput> = {},
): ExportInput {
  const parsed = parseManifest(typeof yaml === 'string' ? Buffer.from(yaml) : yaml, '.contextcore.yaml');
  if (!parsed.ok) throw new Error(parsed.faults.map((fault) => fault.message).join('\n'));
  const contract = settleContract(deriveContract(parsed, artifactTypes, { profile, deterministic: true }), { found, notices: [] });
  return {
    contract,
    parsed,
    types: artifactTypes,
    auxiliary: {},
    settings: { ...SETTINGS, ...settings },
    previous: {},
    inputs: [{ path: '/w/.contextcore.yaml', exists: true, mtime: NOW, sha256: parsed.source.sha256 }],
    startedAt: NOW,
    now: NOW,
    zone: 'utc',
    runId: '00000000-0000-4000-8000-000000000001',
    nodeVersion: '24.0.0',
    ...more,
  };
}

export const SETTINGS: ExportSettings = {
  root: '/w',
  path: '.contextcore.yaml',
  outputDir: 'out',
  namespace: 'default',
  format: 'yaml',
  existing: [],
  strict: false,
  deterministic: true,
  dryRun: false,
  emitProvenance: true,
  embedProvenance: false,
  emitOnboarding: true,
  emitQualityReport: true,
  emitRunProvenance: true,
  writeStrategy: 'update_existing',
  cliArgs: ['export-tasks', 'export'],
  policy: { environment: 'dev', scanPathAllowlist: ['grafana/dashboards', 'runbooks', 'src'] },
};
