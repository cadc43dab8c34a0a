// A small shop as values: two services, four artifacts, one of each status but skipped. Ids and time are handed in.
import type { Artifact, ArtifactType, Contract } from '../../src/contract/contract.ts';
import type { GateResult } from '../../src/gatekeeper/gate.ts';
import type { Ids, World } from '../../src/host/world.ts';
import type { Manifest, Question } from '../../src/manifest/manifest.ts';
import type { Plan, PlannedTask } from '../../src/plan/plan.ts';
import type { DraftInput } from '../../src/telemetry/draft-input.ts';

export const NOW = new Date('2026-03-01T12:00:00.000Z');

/** Ids that count: spans 0…01, 0…02, and traces f…01, f…02. */
export function countingIds(): Ids {
  let [spans, traces, uuids] = [0, 0, 0];
  return {
    spanId: () => (++spans).toString(16).padStart(16, '0'),
    traceId: () => (++traces).toString(16).padStart(32, 'f'),
    uuid: () => `00000000-0000-4000-8000-${String(++uuids).padStart(12, '0')}`,
  };
}

export function testWorld(root: string, env: World['env'] = {}): World & { readonly told: string[] } {
  const told: string[] = [];
  return { clock: { now: () => NOW, elapsed: () => 0 }, ids: countingIds(), env, root, tell: (line) => void told.push(line), told };
}

export function artifactType(
  type: string,
  parameters: ArtifactType['parameters'] = [{ key: 'interval', source: 'manifest.spec.observability.metricsInterval' }],
): ArtifactType {
  return {
    type,
    group: 'monitoring',
    output: {
      ext: '.yaml',
      path: `${type}/{target}.yaml`,
      description: type,
      schemaUrl: 'https://example.com',
      examplePath: `${type}/a.yaml`,
      exampleSnippet: '',
    },
    parameters,
    expected: { depth: 'standard', maxLines: 150, maxTokens: 4000, markers: ['rules'], redFlag: 'short', editMinPct: 80 },
  };
}

export function artifact(id: string, type: string, more: Partial<Artifact> = {}): Artifact {
  const target = id.slice(0, id.indexOf('-'));
  return {
    id,
    type,
    name: `${target} ${type}`,
    target,
    scope: 'target',
    priority: 'required',
    status: 'needed',
    derivedFrom: [{ property: 'interval', sourceField: 'spec.observability.metricsInterval', transformation: 'verbatim' }],
    parameters: { interval: '30s', threshold: 1, ratio: 0.5, labels: ['a', 'b'], nested: { deep: true }, apiToken: 'never' },
    defaulted: [],
    dependsOn: [],
    validationErrors: [],
    place: { file: '.contextcore.yaml', line: 3 },
    ...more,
  };
}

export const SHOP: readonly Artifact[] = [
  artifact('cart-dashboard', 'dashboard', { dependsOn: ['cart-rules'] }),
  artifact('cart-rules', 'prometheus_rule', { status: 'exists', existingPath: 'monitoring/cart.yaml' }),
  artifact('pay-dashboard', 'dashboard', {
    status: 'outdated',
    existingPath: 'dash/pay.json',
    validationErrors: [{ place: { file: 'dash/pay.json', line: 7 }, message: 'severity is P4, the manifest says P1' }],
  }),
  artifact('pay-rules', 'prometheus_rule', { dependsOn: ['pay-dashboard', 'gone'], priority: 'recommended' }),
];

export const TYPES: readonly ArtifactType[] = [artifactType('dashboard'), artifactType('prometheus_rule', [])];

export function contractOf(artifacts: readonly Artifact[], questions: readonly Question[] = []): Contract {
  const manifest: Manifest = {
    apiVersion: 'contextcore.io/v1alpha2',
    kind: 'ContextManifest',
    metadata: { name: 'shop', owners: [], changelog: [], links: {} },
    spec: {
      project: { id: 'shop', tasks: [] },
      business: { owner: 'team-shop', stakeholders: [] },
      risks: [],
      targets: [],
    },
    strategy: { objectives: [], tactics: [], strategyGroups: [] },
    guidance: { constraints: [], preferences: [], questions },
    insights: [],
  };
  const gaps = artifacts.filter(({ status }) => status === 'needed');
  return {
    manifest,
    projectId: 'shop',
    criticality: 'high',
    profile: 'full',
    artifacts,
    coverage: {
      totalRequired: 3,
      totalExisting: 2,
      totalOutdated: 1,
      overallCoverage: 66.7,
      byTarget: [],
      byType: {},
      gaps: gaps.map(({ id }) => id),
      requiredGaps: gaps.filter(({ priority }) => priority === 'required').map(({ id }) => id),
    },
    notices: [],
  };
}

/** As buildPlan makes it, for what is tested here; in the artifacts' own order. */
export function planOf(artifacts: readonly Artifact[]): Plan {
  const ids = new Set(artifacts.map(({ id }) => id));
  const types = [...new Set(artifacts.map(({ type }) => type))];
  const open = (items: readonly Artifact[]) => items.filter(({ status }) => status === 'needed' || status === 'outdated').length;
  const done = (items: readonly Artifact[]) => items.filter(({ status }) => status === 'exists').length;
  const byType = Map.groupBy(artifacts, ({ type }) => type);
  return {
    projectId: 'shop',
    epic: {
      taskId: 'shop-artifact-generation',
      title: 'shop Observability Artifact Generation',
      gapCount: open(artifacts),
      totalCount: artifacts.length,
      completedCount: done(artifacts),
      percentComplete: artifacts.length === 0 ? 100 : (done(artifacts) / artifacts.length) * 100,
    },
    stories: types.map((type) => {
      const items = byType.get(type)!;
      return {
        taskId: `shop-${type}-artifacts`,
        type,
        title: `${type} Artifacts`,
        gapCount: open(items),
        totalCount: items.length,
        completedCount: done(items),
      };
    }),
    tasks: artifacts.map(
      (item): PlannedTask => ({
        taskId: item.id,
        parentId: `shop-${item.type}-artifacts`,
        artifact: item,
        dependsOn: item.dependsOn.filter((id) => ids.has(id)),
        unknownDependencies: item.dependsOn.filter((id) => !ids.has(id)),
      }),
    ),
    cycles: [],
    warnings: [],
  };
}

export function gate(key: string, more: Partial<GateResult> = {}): GateResult {
  return {
    gate: key,
    gateId: `shop-${key}`,
    phase: 'CONTRACT_INTEGRITY',
    stage: 'CONTRACT_INTEGRITY',
    group: 'gate-1',
    outcome: 'pass',
    severity: 'info',
    blocking: false,
    reason: `${key} holds`,
    evidence: [],
    taskId: 'shop',
    checkedAt: '2026-03-01T12:00:00.010Z',
    durationMs: 2,
    ...more,
  };
}

export function shopInput(
  more: Partial<DraftInput> & { readonly artifacts?: readonly Artifact[]; readonly questions?: readonly Question[] } = {},
): DraftInput {
  const { artifacts = SHOP, questions = [], ...rest } = more;
  return {
    plan: planOf(artifacts),
    contract: contractOf(artifacts, questions),
    types: TYPES,
    gates: [],
    stages: [
      { phase: 'EXPORT_CONTRACT', startedAt: new Date(NOW.getTime() - 50), durationMs: 40.5, artifacts: artifacts.length, files: 12 },
    ],
    checksums: { source: 'a'.repeat(64), artifactManifest: 'b'.repeat(64), projectContext: 'c'.repeat(64) },
    context: { scope: 'proposed', changeId: '7', placement: {} },
    ids: countingIds(),
    now: NOW,
    version: '1.0.0',
    ...rest,
  };
}

/** A plan of many tasks of few types. */
export function manyArtifacts(count: number): readonly Artifact[] {
  return Array.from({ length: count }, (_, index) => artifact(`svc${index}-a`, index % 3 === 0 ? 'dashboard' : 'prometheus_rule'));
}
