import { stringify } from 'yaml';
import type { Fault, ParsedManifest } from '../../src/manifest/manifest.ts';
import { parseManifest } from '../../src/manifest/parse-manifest.ts';

export type Doc = any;

export const FILE = '.contextcore.yaml';

export function parse(text: string): ParsedManifest {
  return parseManifest(new TextEncoder().encode(text), FILE);
}

/** The minimal valid v2 document (spec/manifest.md §17). */
export function minimal(): Doc {
  return {
    apiVersion: 'contextcore.io/v1alpha2',
    kind: 'ContextManifest',
    metadata: { name: 'm' },
    spec: { project: { id: 'm' }, targets: [{ kind: 'Deployment', name: 'svc' }] },
  };
}

/** The minimal document with a value set at a dotted path, `undefined` removing the key. */
export function changed(path: string, value: unknown, base: Doc = minimal()): Doc {
  const names = path.split('.');
  let at = base;
  for (const [i, name] of names.slice(0, -1).entries()) at = at[name] ??= /^\d+$/.test(names[i + 1]!) ? [] : {};
  if (value === undefined) delete at[names.at(-1)!];
  else at[names.at(-1)!] = value;
  return base;
}

/** A document as YAML that 1.1 and 1.2 readers read alike. */
export function write(document: unknown): string {
  return stringify(document, { version: '1.1' });
}

export function parseDoc(document: unknown): ParsedManifest {
  return parse(write(document));
}

export function faultsOf(parsed: ParsedManifest): readonly Fault[] {
  return parsed.ok ? [] : parsed.faults;
}

export function accepted(parsed: ParsedManifest): Extract<ParsedManifest, { ok: true }> {
  if (!parsed.ok) throw new Error(`not accepted: ${parsed.faults.map((fault) => fault.message).join(' ')}`);
  return parsed;
}

/** `code path` of each finding. */
export function codes(faults: readonly Fault[]): readonly string[] {
  return faults.map((fault) => `${fault.code} ${fault.path}`);
}

/** A v2 document that uses every field. */
export function complete(): Doc {
  return {
    apiVersion: 'contextcore.io/v1alpha2',
    kind: 'ContextManifest',
    metadata: {
      name: 'ledger',
      owners: [{ team: 'core', slack: '#core', email: 'core@example.com', oncall: 'core-primary' }],
      changelog: [{ date: '2026-01-01', version: '1.0', actor: 'human:a', summary: 's' }],
      lastUpdated: '2026-01-02T03:04:05Z',
      links: { repo: 'https://git.example.com/ledger' },
    },
    spec: {
      project: { id: 'ledger', name: 'Ledger', description: 'Books', epic: 'FIN-1', tasks: ['FIN-2'], traceId: 'abc' },
      design: { doc: 'https://d.example.com/', adr: 'ADR-1', apiContract: 'https://a.example.com/', diagrams: ['https://g.example.com/'] },
      business: { criticality: 'high', value: 'compliance', owner: 'core', costCenter: 'CC', stakeholders: ['finance'] },
      requirements: {
        availability: '99.9',
        latencyP50: '40ms',
        latencyP99: '250ms',
        errorBudget: '0.1',
        throughput: '300rps',
        source: 'plan',
      },
      risks: [{ type: 'security', description: 'd', priority: 'P1', mitigation: 'TAC-1', controls: ['c'] }],
      targets: [{ kind: 'Deployment', name: 'ledger', namespace: 'finance' }],
      observability: {
        traceSampling: 0.5,
        metricsInterval: '30s',
        logLevel: 'info',
        dashboardPlacement: 'featured',
        alertChannels: ['#a'],
        runbook: 'https://r.example.com/',
      },
      security: {
        sensitivity: 'high',
        dataStores: [
          {
            id: 'journal',
            type: 'postgresql',
            clientLibrary: 'pgx',
            credentialSource: 'env_var',
            sensitivity: 'high',
            accessPolicy: { allowedPrincipals: ['agent'], requiredRole: 'writer', auditAccess: true },
          },
        ],
      },
      service_communication_graph: {
        services: { ledger: { protocol: 'grpc', language: 'go', imports: ['pgx'], rpc_calls: [{ target_service: 'fx', method: 'Rate' }] } },
      },
    },
    strategy: {
      objectives: [
        {
          id: 'OBJ-1',
          description: 'o',
          keyResults: [
            { metricKey: 'latency.p99', unit: 'ms', target: 200, targetOperator: 'lte', baseline: 300, window: '30d', dataSource: 'q' },
          ],
        },
      ],
      tactics: [
        {
          id: 'TAC-1',
          description: 't',
          status: 'blocked',
          owner: 'a',
          startDate: '2026-01-01',
          dueDate: '2026-02-01',
          completedDate: '2026-03-01',
          blockedReason: 'b',
          progress: 10,
          linkedObjectives: ['OBJ-1'],
          artifacts: [{ type: 'pr', id: '1', url: 'https://p.example.com/', title: 't' }],
          satisfies: ['OBJ-1'],
          dependsOn: 'TAC-1',
          repo: 'r',
          deliverables: { files: 2 },
        },
      ],
      strategyGroups: [{ id: 'STRAT-1', horizon: 'near' }],
    },
    guidance: {
      focus: { areas: ['reliability'], reason: 'r', until: 'later' },
      constraints: [{ id: 'C-1', rule: 'r', severity: 'warning', rationale: 'w', appliesTo: ['src'] }],
      preferences: [{ id: 'P-1', description: 'd', example: 'e' }],
      questions: [
        { id: 'Q-1', question: 'q', status: 'answered', priority: 'low', answer: 'a', answeredBy: 'b', answeredAt: '2026-01-01' },
      ],
    },
    insights: [
      {
        id: 'INS-1',
        type: 'risk',
        summary: 's',
        confidence: 0.5,
        source: 'x',
        severity: 'info',
        observedAt: '2026-01-01',
        expiresAt: '2026-02-01',
        impact: 'i',
        evidence: [{ type: 't', ref: 'r', description: 'd' }],
        recommendedActions: ['a'],
      },
    ],
    state: { lastSyncTime: '2026-01-01', syncStatus: 'synced', objectiveCount: 1, activeTacticCount: 1, openQuestionCount: 0 },
  };
}

/** A v1.1 document that uses every field of its own. */
export function completeV1(): Doc {
  const { metadata, spec, insights, strategy } = complete();
  const { linkedObjectives: _l, satisfies: _s, dependsOn: _d, repo: _r, deliverables: _v, ...tactic } = strategy.tactics[0];
  return {
    apiVersion: 'contextcore.io/v1alpha1',
    kind: 'ContextManifest',
    version: '1.1',
    metadata,
    spec,
    objectives: [{ ...strategy.objectives[0], metric: 'availability', target: '99.9%' }],
    strategies: [{ id: 'STRAT-1', horizon: 'next', description: 's', rationale: 'r', objectiveRefs: ['OBJ-1'], tactics: [tactic] }],
    insights,
  };
}
