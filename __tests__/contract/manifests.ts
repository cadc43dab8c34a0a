import { artifactTypes } from '../../src/artifacts/index.ts';
import type { CapabilityIndex } from '../../src/contract/capability-index.ts';
import type { Contract, Profile } from '../../src/contract/contract.ts';
import { deriveContract } from '../../src/contract/derive-contract.ts';
import type { JsonObject } from '../../src/host/json.ts';
import type { Manifest, ParsedManifest, Spec } from '../../src/manifest/manifest.ts';

type Parsed = Extract<ParsedManifest, { ok: true }>;

/** A manifest of one target `svc` and project `m` (export.md §25, V1), with whatever a test says of it. */
export function manifestOf(spec: Partial<Spec> = {}, metadata: Partial<Manifest['metadata']> = {}): Manifest {
  return {
    apiVersion: 'contextcore.io/v1alpha2',
    kind: 'ContextManifest',
    metadata: { name: 'm', owners: [], changelog: [], links: {}, ...metadata },
    spec: { project: { id: 'm', tasks: [] }, risks: [], targets: [{ kind: 'Deployment', name: 'svc' }], ...spec },
    strategy: { objectives: [], tactics: [], strategyGroups: [] },
    guidance: { constraints: [], preferences: [], questions: [] },
    insights: [],
  };
}

/** The line of a path stands for the path itself: its length. Good enough to tell places apart. */
export function parsedOf(manifest: Manifest, raw: JsonObject = {}): Parsed {
  return {
    ok: true,
    version: 'v2',
    manifest,
    raw,
    locate: (path) => ({ file: '.contextcore.yaml', line: path.length }),
    warnings: [],
    source: { path: '.contextcore.yaml', sha256: '0'.repeat(64) },
  };
}

export function contractOf(
  spec: Partial<Spec> = {},
  options: { profile?: Profile; deterministic?: boolean; semantic?: CapabilityIndex; metadata?: Partial<Manifest['metadata']> } = {},
): Contract {
  const { profile = 'full', deterministic = true, semantic, metadata } = options;
  return deriveContract(parsedOf(manifestOf(spec, metadata)), artifactTypes, { profile, deterministic, ...(semantic && { semantic }) });
}

/** Two targets, everything stated (export.md §25, V3). */
export const CHECKOUT: Partial<Spec> = {
  project: { id: 'checkout', tasks: [] },
  business: { criticality: 'critical', owner: 'checkout-team', stakeholders: [] },
  requirements: { availability: '99.95', latencyP50: '50ms', latencyP99: '200ms', errorBudget: '0.05', throughput: '1000rps' },
  risks: [
    { type: 'availability', description: 'Provider down', priority: 'P1', mitigation: 'failover', controls: [] },
    { type: 'data-integrity', controls: [] },
  ],
  targets: [
    { kind: 'Deployment', name: 'checkout-api', namespace: 'commerce' },
    { kind: 'StatefulSet', name: 'cart_db' },
  ],
  observability: { metricsInterval: '15s', dashboardPlacement: 'featured', alertChannels: ['#alerts', "it's"] },
};

/** The same contract with these ids found. */
export function foundAt(...ids: readonly string[]) {
  return { found: new Map(ids.map((id) => [id, { path: `done/${id}`, rule: '--existing' }])), notices: [] };
}
