import * as z from 'zod/mini';
import {
  bool,
  datetime,
  duration,
  float,
  floatBetween,
  freeMapping,
  idOf,
  insightId,
  int,
  label,
  list,
  listOfSome,
  name,
  object,
  oneOf,
  optional,
  percentage,
  text,
  textMapping,
  throughput,
  url,
} from './fields.ts';
import { oneSpelling, type Present, respell } from './known-keys.ts';

const CRITICALITY = ['critical', 'high', 'medium', 'low'] as const;
const text_ = optional(text);
const time_ = optional(datetime);

const owner = object({ team: text, slack: text_, email: text_, oncall: text_ });
const change = object({ date: text, version: text, actor: text_, summary: text });
const metadata = object({ name, owners: list(owner), changelog: list(change), lastUpdated: time_, links: z._default(textMapping(), {}) });

const project = oneSpelling(object({ id: name, name: text_, description: text_, epic: text_, tasks: list(text), traceId: text_ }));
const design = oneSpelling(object({ doc: optional(url), adr: text_, apiContract: optional(url), diagrams: list(url) }));
const business = oneSpelling(
  object({
    criticality: optional(oneOf(CRITICALITY)),
    value: optional(oneOf(['revenue-primary', 'revenue-secondary', 'cost-reduction', 'compliance', 'enabler', 'internal'])),
    owner: text_,
    costCenter: text_,
    stakeholders: list(text),
  }),
);
const requirements = object({
  availability: optional(percentage),
  latencyP50: optional(duration),
  latencyP99: optional(duration),
  errorBudget: optional(percentage),
  throughput: optional(throughput),
  source: text_,
});
const risk = object({
  type: oneOf(['security', 'compliance', 'data-integrity', 'availability', 'financial', 'reputational']),
  description: text_,
  priority: optional(oneOf(['P1', 'P2', 'P3', 'P4'])),
  mitigation: text_,
  controls: list(text),
});
const target = object({
  kind: oneOf(['Deployment', 'StatefulSet', 'DaemonSet', 'Service', 'Ingress', 'ConfigMap', 'Secret', 'CronJob', 'Job']),
  name,
  namespace: optional(label),
});
const observability = object({
  traceSampling: optional(floatBetween(0, 1)),
  metricsInterval: optional(duration),
  logLevel: optional(oneOf(['debug', 'info', 'warn', 'error'])),
  dashboardPlacement: optional(oneOf(['featured', 'standard', 'archived'])),
  alertChannels: list(text),
  runbook: optional(url),
});
const accessPolicy = object({ allowedPrincipals: list(text), requiredRole: text_, auditAccess: z._default(bool, false) });
const dataStore = object({
  id: text,
  type: text,
  clientLibrary: text_,
  credentialSource: text_,
  sensitivity: z._default(text, 'medium'),
  accessPolicy: optional(accessPolicy),
});
const security = object({ sensitivity: z._default(text, 'medium'), dataStores: list(dataStore) });

/** Read from the document as written by those who need it (export.md §13.3), but judged with the manifest (E35). */
const communicationGraph = object({
  services: optional(
    z.record(
      z.string(),
      object({
        protocol: text_,
        language: text_,
        imports: optional(z.array(text, { error: 'a list' })),
        rpc_calls: optional(z.array(object({ target_service: text, method: text_ }), { error: 'a list' })),
      }),
      { error: 'a mapping from service names to what is known of each' },
    ),
  ),
});

const spec = object({
  project,
  design: optional(design),
  business: optional(business),
  requirements: optional(requirements),
  risks: list(risk),
  targets: listOfSome(target),
  observability: optional(observability),
  security: optional(security),
  service_communication_graph: optional(communicationGraph),
});

const keyResult = respell(
  object({
    metricKey: text,
    unit: oneOf(['%', 'ms', 's', 'rps', 'rpm', 'count', 'ratio']),
    target: float,
    targetOperator: optional(oneOf(['gte', 'lte', 'eq'])),
    baseline: optional(float),
    window: text_,
    dataSource: text_,
  }).check(({ value: { metricKey, unit }, issues }) => {
    const units = metricKey === 'availability' ? ['%'] : metricKey.startsWith('latency.') ? ['ms', 's'] : undefined;
    if (!units || units.includes(unit)) return;
    const message = `${units.map((u) => `"${u}"`).join(' or ')}, since the metric is ${JSON.stringify(metricKey)}`;
    issues.push({ code: 'custom', path: ['unit'], input: unit, message, params: { code: 'unit-mismatch' } });
  }),
  { targetOperator: 'operator' },
);
/** `metric` and `target` are v1.1's, deprecated there; migration keeps them in place. */
const objectiveFields = { description: text, keyResults: list(keyResult), metric: text_, target: text_ };

const artifactReference = object({
  type: oneOf(['issue', 'pr', 'commit', 'deployment', 'dashboard', 'runbook', 'adr', 'doc']),
  id: text,
  url: optional(url),
  title: text_,
});
const tacticFields = {
  description: text,
  status: z._default(oneOf(['planned', 'in_progress', 'blocked', 'in_review', 'done', 'cancelled']), 'planned'),
  owner: text_,
  startDate: time_,
  dueDate: time_,
  completedDate: time_,
  blockedReason: text_,
  progress: optional(floatBetween(0, 100)),
  artifacts: list(artifactReference),
};
const linkedTacticFields = {
  linkedObjectives: list(text),
  satisfies: list(text),
  dependsOn: text_,
  repo: text_,
  deliverables: optional(freeMapping()),
};
interface Blockable {
  readonly status: string;
  readonly blockedReason?: string | null | undefined;
}
/** X4: a blocked tactic says why. */
const hasReason = z.check<Blockable>(({ value, issues }) => {
  if (value.status !== 'blocked' || value.blockedReason) return;
  const message = 'a text that says what blocks the tactic, since its status is blocked';
  issues.push({ code: 'custom', path: ['blockedReason'], input: value.blockedReason, message, params: { code: 'missing-reason' } });
});

const focus = object({ areas: listOfSome(text), reason: text_, until: text_ });
const constraint = object({
  id: text,
  rule: text,
  severity: z._default(oneOf(['blocking', 'warning', 'advisory']), 'blocking'),
  rationale: text_,
  appliesTo: list(text),
});
const preference = object({ id: text, description: text, example: text_ });
const question = object({
  id: text,
  question: text,
  status: z._default(oneOf(['open', 'answered', 'deferred']), 'open'),
  priority: z._default(oneOf(CRITICALITY), 'medium'),
  answer: text_,
  answeredBy: text_,
  answeredAt: time_,
});
const guidance = object({
  focus: optional(focus),
  constraints: list(constraint),
  preferences: list(preference),
  questions: list(question),
});

const evidence = object({ type: text, ref: text, description: text_ });
const insightFields = {
  type: text,
  summary: text,
  confidence: floatBetween(0, 1),
  source: text,
  severity: z._default(oneOf([...CRITICALITY, 'info']), 'medium'),
  observedAt: time_,
  expiresAt: time_,
  impact: text_,
  evidence: list(evidence),
  recommendedActions: list(text),
};
const state = object({
  lastSyncTime: time_,
  syncStatus: z._default(text, 'unknown'),
  objectiveCount: optional(int),
  activeTacticCount: optional(int),
  openQuestionCount: optional(int),
});

/** A v2 manifest (spec/manifest.md §5–§7). */
export const manifestV2 = object({
  apiVersion: z._default(text, 'contextcore.io/v1alpha2'),
  kind: z._default(text, 'ContextManifest'),
  metadata,
  spec,
  strategy: z.prefault(
    object({
      objectives: list(object({ id: text, ...objectiveFields })),
      tactics: list(object({ id: text, ...tacticFields, ...linkedTacticFields }).check(hasReason)),
      strategyGroups: list(freeMapping()),
    }),
    {},
  ),
  guidance: z.prefault(guidance, {}),
  insights: list(object({ id: text, ...insightFields })),
  state: optional(state),
});

/** A v1.1 manifest (spec/manifest.md §8). */
export const manifestV1 = object({
  apiVersion: z._default(text, 'contextcore.io/v1alpha1'),
  kind: z._default(text, 'ContextManifest'),
  metadata,
  version: z._default(text, '1.1'),
  spec,
  objectives: list(object({ id: idOf('OBJ'), ...objectiveFields })),
  strategies: list(
    object({
      id: idOf('STRAT'),
      horizon: z._default(oneOf(['now', 'next', 'later']), 'now'),
      description: text,
      rationale: text,
      objectiveRefs: list(text),
      tactics: list(object({ id: idOf('TAC'), ...tacticFields }).check(hasReason)),
    }),
  ),
  insights: list(object({ id: optional(insightId), ...insightFields })),
});

export type ManifestV2 = Present<z.output<typeof manifestV2>>;
export type ManifestV1 = Present<z.output<typeof manifestV1>>;
