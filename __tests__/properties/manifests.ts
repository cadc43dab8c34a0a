import fc from 'fast-check';
import type { Doc } from '../manifest/samples.ts';

/*
 * Documents that are valid manifests, of every shape: blocks there or not, null or not, names in any script, names that JavaScript has plans for.
 */

/** Set to look at other manifests than the usual ones, or at those of a failure again. */
export const SEED = Number(process.env['PROPERTY_SEED'] ?? 20260115);

/** Runs a property; what it finds is told with the seed and the path that find it again. */
export function holds<Ts extends [unknown, ...unknown[]]>(property: fc.IRawProperty<Ts, boolean>, numRuns: number): void | Promise<void> {
  return fc.assert(property, { seed: SEED, numRuns, endOnFailure: false, includeErrorInReport: true }) as void | Promise<void>;
}

const CRITICALITY = ['critical', 'high', 'medium', 'low'] as const;

/** Text of any kind, escapes and all. */
export const text = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      'plain',
      'two words',
      "it's",
      'a: b',
      '# not a comment',
      '- no list',
      'null',
      '1.0',
      'yes',
      '…',
      '"',
      ' ',
      '',
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 6 }) },
);
const word = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/);
const filled = text.map((value) => (value.trim() === '' ? 'x' : value));

/** A name that may stand in file names and ids (fields.ts, `name`). */
export const name = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(word, fc.constantFrom('-', '_', '.'), word).map((parts) => parts.join('')) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '__proto__',
      'constructor',
      'toString',
      'служба',
      '決済',
      'zahlung-ä',
      '🛒',
      '{target}',
      '$&',
      '-',
      '_',
      '.',
      '~0',
      '#x',
      '1',
      'null',
      'a b',
    ),
  },
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 10 }).filter(isName) },
);

function isName(value: string): boolean {
  return (
    /\S/u.test(value) && /^[^\p{Cc}\p{Cf}\p{Cs}\u2028\u2029/\\]*$/u.test(value) && !value.includes('..') && Buffer.byteLength(value) <= 200
  );
}

const label = fc.constantFrom('commerce', 'default', 'kube-system', 'команда', 'a b', '');
const url = fc.constantFrom('https://wiki.example.com/x', 'http://a.example/?q=1#f', 'HTTPS://A.EXAMPLE', 'https://bücher.example/ü');
const time = fc.constantFrom('2026-01-31', '2026-01-31T10:00:00Z', '2025-12-31 23:59:59.5+01:00', 1_700_000_000);
const percentage = fc.constantFrom('99.9', ' 99.95', '100', '0', '0.1', '50');
const duration = fc.constantFrom('200ms', '1.5s', '30S', ' 15s ', '5m', '1h');
const throughput = fc.constantFrom('500rps', '1000RPM', '2.5qps', '7qpm');
const share = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom('0.5', true, 1));
const texts = fc.array(text, { maxLength: 3 });

/** Keys that may be left out, and may be null where the manifest allows it. */
function optional(
  fields: Record<string, fc.Arbitrary<unknown>>,
  lists: Record<string, fc.Arbitrary<unknown>> = {},
): Record<string, fc.Arbitrary<unknown>> {
  const nullable = Object.entries(fields).map(([key, value]) => [key, fc.option(value, { freq: 9, nil: null })] as const);
  return { ...Object.fromEntries(nullable), ...lists };
}

function mapping(required: Record<string, fc.Arbitrary<unknown>>, others: Record<string, fc.Arbitrary<unknown>> = {}): fc.Arbitrary<Doc> {
  return fc.record({ ...required, ...others }, { requiredKeys: Object.keys(required), noNullPrototype: true });
}

function some(item: fc.Arbitrary<unknown>, maxLength = 3): fc.Arbitrary<unknown[]> {
  return fc.array(item, { maxLength });
}

const owner = mapping({ team: filled }, optional({ slack: text, email: text, oncall: text }));
const metadata = mapping(
  { name },
  {
    owners: some(owner),
    changelog: some(mapping({ date: text, version: text, summary: text }, optional({ actor: text })), 2),
    links: fc.dictionary(fc.oneof(word, fc.constantFrom('__proto__', 'two words')), text, { maxKeys: 3, noNullPrototype: true }),
    ...optional({ lastUpdated: time }),
  },
);

const risk = mapping(
  { type: fc.constantFrom('security', 'compliance', 'data-integrity', 'availability', 'financial', 'reputational') },
  optional(
    { description: text, priority: fc.constantFrom('P1', 'P2', 'P3', 'P4'), mitigation: fc.constantFrom('failover', 'none', '') },
    { controls: texts },
  ),
);
const target = mapping(
  { kind: fc.constantFrom('Deployment', 'StatefulSet', 'DaemonSet', 'Service', 'Ingress', 'CronJob', 'Job'), name },
  optional({ namespace: label }),
);
const targets = fc
  .oneof(
    { weight: 30, arbitrary: fc.uniqueArray(target, { minLength: 1, maxLength: 4, selector: idStem }) },
    { weight: 1, arbitrary: fc.uniqueArray(target, { minLength: 15, maxLength: 40, selector: idStem }) },
  )
  .chain((list) =>
    fc.boolean().map((twice) => (twice ? [...list, { ...list[0], kind: list[0].kind === 'Service' ? 'Deployment' : 'Service' }] : list)),
  );

function idStem({ name }: Doc): string {
  return name.replaceAll('-', '_');
}

const dataStore = mapping(
  { id: filled, type: fc.constantFrom('redis', 'postgresql', 'spanner') },
  {
    sensitivity: fc.constantFrom('low', 'high'),
    ...optional({
      clientLibrary: text,
      credentialSource: fc.constantFrom('env_var', 'secrets_manager'),
      accessPolicy: mapping(
        {},
        { allowedPrincipals: texts, auditAccess: fc.constantFrom(true, false, 'yes', 0), ...optional({ requiredRole: text }) },
      ),
    }),
  },
);
const graph = mapping(
  {},
  {
    services: fc.dictionary(
      fc.oneof(word, fc.constant('__proto__')),
      mapping(
        {},
        optional({
          protocol: fc.constantFrom('http', 'grpc', 'tcp', ''),
          language: fc.constantFrom('go', 'python', 'rust'),
          imports: fc.constantFrom([], ['Redis', 'pgx', 'redis']),
          rpc_calls: some(mapping({ target_service: text }, optional({ method: text })), 2),
        }),
      ),
      { maxKeys: 3, noNullPrototype: true },
    ),
  },
);

/** Without an empty graph of services, which is passed on as written. */
const spec = mapping(
  { project: mapping({ id: name }, optional({ name: text, description: text, epic: text, traceId: text }, { tasks: texts })), targets },
  {
    risks: some(risk),
    ...optional({
      design: mapping({}, optional({ doc: url, adr: text, apiContract: url }, { diagrams: some(url, 2) })),
      business: mapping(
        {},
        optional(
          {
            criticality: fc.constantFrom(...CRITICALITY),
            value: fc.constantFrom('revenue-primary', 'compliance', 'enabler', 'internal'),
            owner: text,
            costCenter: text,
          },
          { stakeholders: texts },
        ),
      ),
      requirements: mapping(
        {},
        optional({
          availability: percentage,
          latencyP50: duration,
          latencyP99: duration,
          errorBudget: percentage,
          throughput,
          source: text,
        }),
      ),
      observability: mapping(
        {},
        optional(
          {
            traceSampling: share,
            metricsInterval: duration,
            logLevel: fc.constantFrom('debug', 'info', 'warn', 'error'),
            dashboardPlacement: fc.constantFrom('featured', 'standard', 'archived'),
            runbook: url,
          },
          { alertChannels: texts },
        ),
      ),
      security: mapping({}, { sensitivity: fc.constantFrom('low', 'medium', 'high'), dataStores: some(dataStore) }),
      service_communication_graph: graph,
    }),
  },
);

const keyResult = mapping(
  {
    metricKey: fc.constantFrom('orders.count', 'latencyP99'),
    unit: fc.constantFrom('count', 'ratio', '%'),
    target: fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom('99.5', '1e3')),
  },
  optional({ targetOperator: fc.constantFrom('gte', 'lte', 'eq'), baseline: fc.integer(), window: fc.constant('30d'), dataSource: text }),
);
const artifact = mapping({ type: fc.constantFrom('issue', 'pr', 'runbook'), id: text }, optional({ url, title: text }));
/** Statuses with what each of them asks for. */
const tacticState = fc.oneof(
  fc.record({ status: fc.constantFrom('planned', 'in_progress', 'in_review', 'done', 'cancelled') }, { noNullPrototype: true }),
  fc.record({ status: fc.constant('blocked'), blockedReason: filled }, { noNullPrototype: true }),
  fc.constant({}),
);
const tacticFields = mapping(
  { description: text },
  optional({ owner: text, dueDate: time, progress: fc.integer({ min: 0, max: 100 }) }, { artifacts: some(artifact, 2) }),
);
const tactic = fc.tuple(tacticFields, tacticState).map(([fields, state]) => ({ ...fields, ...state }));
const objective = mapping({ description: text }, { keyResults: some(keyResult, 2) });

function numbered(prefix: string, items: readonly Doc[]): Doc[] {
  return items.map((item, index) => ({ ...item, id: `${prefix}-${index + 1}` }));
}

/** Objectives, and tactics that link to some of them. */
const strategy = fc
  .tuple(some(objective), some(tactic), fc.array(fc.nat(2), { maxLength: 3 }), fc.boolean())
  .map(([objectives, tactics, links, groups]) => {
    const known = numbered('OBJ', objectives);
    const linkedObjectives = known.length === 0 ? [] : links.map((link) => known[link % known.length].id);
    return {
      objectives: known,
      tactics: numbered('TAC', tactics).map((one) => ({ ...one, linkedObjectives })),
      ...(groups ? { strategyGroups: [{ id: 'STRAT-1', free: { a: [1, null, 'x'] } }] } : {}),
    };
  });

const question = mapping(
  { id: filled, question: text },
  {
    status: fc.constantFrom('open', 'answered', 'deferred'),
    priority: fc.constantFrom(...CRITICALITY),
    ...optional({ answer: text, answeredBy: text, answeredAt: time }),
  },
);
const guidance = mapping(
  {},
  {
    constraints: some(
      mapping(
        { id: filled, rule: text },
        { severity: fc.constantFrom('blocking', 'warning'), appliesTo: texts, ...optional({ rationale: text }) },
      ),
      2,
    ),
    preferences: some(mapping({ id: filled, description: text }, optional({ example: text })), 2),
    questions: some(question, 4),
    ...optional({ focus: mapping({ areas: fc.array(text, { minLength: 1, maxLength: 2 }) }, optional({ reason: text, until: text })) }),
  },
);
const insight = mapping(
  { type: text, summary: text, confidence: share, source: text },
  {
    severity: fc.constantFrom(...CRITICALITY, 'info'),
    evidence: some(mapping({ type: text, ref: text }, optional({ description: text })), 2),
    recommendedActions: texts,
    ...optional({ observedAt: time, impact: text }),
  },
);
const insights = some(insight, 2).map((list) => numbered('INS', list as Doc[]));

export const manifestV2: fc.Arbitrary<Doc> = mapping(
  { apiVersion: fc.constantFrom('contextcore.io/v1alpha2', 'contextcore.io/v2', '2.0'), metadata, spec },
  {
    kind: fc.constant('ContextManifest'),
    strategy,
    guidance,
    insights,
    ...optional({ state: mapping({}, { syncStatus: text, ...optional({ lastSyncTime: time, objectiveCount: fc.nat(9) }) }) }),
  },
);

const strategies = fc
  .tuple(
    some(fc.tuple(mapping({ description: text, rationale: text }, { horizon: fc.constantFrom('now', 'next', 'later') }), some(tactic, 2))),
    fc.boolean(),
  )
  .map(([list, refers]) =>
    list.map((entry, s) => {
      const [fields, tactics] = entry as [Doc, Doc[]];
      return { ...fields, id: `STRAT-${s}`, ...(refers ? { objectiveRefs: ['OBJ-1'] } : {}), tactics: numbered(`TAC-${s}`, tactics) };
    }),
  );

export const manifestV1: fc.Arbitrary<Doc> = mapping(
  {
    apiVersion: fc.constantFrom('contextcore.io/v1alpha1', 'mine'),
    metadata,
    spec,
    objectives: fc
      .array(mapping({ description: text }, { keyResults: some(keyResult, 2), ...optional({ metric: text, target: text }) }), {
        minLength: 1,
        maxLength: 3,
      })
      .map((list) => numbered('OBJ', list)),
  },
  {
    version: fc.constant('1.1'),
    strategies,
    insights: fc.tuple(insights, fc.boolean()).map(([list, named]) => (named ? list : list.map(({ id: _, ...rest }) => rest))),
  },
);
