import { describe, expect, test } from '@jest/globals';
import type { GateResult } from '../../src/gatekeeper/gate.ts';
import { checkResource, checkTrace, strainOf } from '../../src/telemetry/check-trace.ts';
import type { Drafts, SpanDraft } from '../../src/telemetry/draft.ts';
import { draftSpans } from '../../src/telemetry/draft-spans.ts';
import { githubReceiverIds } from '../../src/telemetry/trace-context.ts';
import { artifact, gate, manyArtifacts, NOW, SHOP, shopInput } from './shop.ts';

const QUESTION = { id: 'Q-1', question: 'Which dashboards does cart need?', status: 'open', priority: 'high' } as const;
const BLOCKING: GateResult = gate('checksum-chain', {
  outcome: 'fail',
  severity: 'error',
  blocking: true,
  reason: 'one checksum differs',
  nextAction: 'export again',
  evidence: [
    {
      type: 'checksum_mismatch',
      ref: 'source_checksum',
      description: 'differs',
      finding: true,
      values: { expected: 'a'.repeat(64), actual: 'd'.repeat(64) },
    },
  ],
});

function spanOf(drafts: Drafts, taskId: string): SpanDraft {
  const found = drafts.spans.find((span) => span.attributes['task.id'] === taskId);
  if (!found) throw new Error(`no span ${taskId}`);
  return found;
}

function eventOf(span: SpanDraft, name: string) {
  return span.events.find((event) => event.name === name)?.attributes;
}

describe('the drafted trace', () => {
  test.each([
    ['the shop', shopInput()],
    [
      'with gates of every outcome',
      shopInput({
        gates: [
          gate('a'),
          BLOCKING,
          gate('b', { outcome: 'skipped', skipCode: 'no_gaps', reason: 'no gaps' }),
          gate('c', { outcome: 'crashed', severity: 'critical' }),
        ],
      }),
    ],
    ['with an open question', shopInput({ questions: [QUESTION] })],
    ['without any artifact', shopInput({ artifacts: [] })],
    ['split into several traces', shopInput({ traceLimit: 3 })],
    [
      'below a given parent',
      shopInput({
        context: { scope: 'accepted', placement: { parent: { traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), traceState: 'v=1' } } },
      }),
    ],
    ['with a skipped artifact', shopInput({ artifacts: [artifact('x-y', 'dashboard', { status: 'skipped' })] })],
  ])('agrees with the registry: %s', (_, input) => {
    const drafts = draftSpans(input);
    expect(checkTrace(drafts.spans)).toEqual([]);
    expect(checkResource(drafts.resource)).toEqual([]);
    expect(drafts.warnings).toEqual([]);
  });

  test('has one epic, a stage, a story per type and a task per artifact, in that order', () => {
    const { spans } = draftSpans(shopInput());
    expect(spans.map((span) => [span.name, span.attributes['task.id']])).toEqual([
      ['contextcore.task.epic', 'shop-artifact-generation'],
      ['contextcore.pipeline.stage', 'shop-EXPORT_CONTRACT'],
      ['contextcore.task.story', 'shop-dashboard-artifacts'],
      ['contextcore.task.story', 'shop-prometheus_rule-artifacts'],
      ['contextcore.task.task', 'cart-dashboard'],
      ['contextcore.task.task', 'cart-rules'],
      ['contextcore.task.task', 'pay-dashboard'],
      ['contextcore.task.task', 'pay-rules'],
    ]);
  });

  test('is the same for the same ids and time', () => {
    expect(draftSpans(shopInput({ questions: [QUESTION] }))).toEqual(draftSpans(shopInput({ questions: [QUESTION] })));
  });

  test('takes the coverage of the epic from the contract and its completion from the plan', () => {
    const { attributes } = spanOf(draftSpans(shopInput()), 'shop-artifact-generation');
    expect(attributes).toMatchObject({
      'coverage.percent': 66.7,
      'coverage.total_required': 3,
      'coverage.total_existing': 2,
      'coverage.total_gaps': 2,
      'task.percent_complete': 25,
      'task.subtask_count': 2,
      'export.source_checksum': 'a'.repeat(64),
      'export.scope': 'proposed',
      'vcs.change.id': '7',
      'task.source': 'export',
    });
    expect(attributes).not.toHaveProperty('gen_ai.operation.name');
  });

  test.each([
    ['cart-dashboard', 'UNSET', 'todo', 0, 'create'],
    ['cart-rules', 'OK', 'done', 100, 'validate'],
    ['pay-dashboard', 'UNSET', 'todo', 0, 'update'],
  ])('%s is %s and %s, %d percent, intent %s', (id, code, status, percent, intent) => {
    const span = spanOf(draftSpans(shopInput()), id);
    expect(span.status.code).toBe(code);
    expect(span.attributes).toMatchObject({ 'task.status': status, 'task.percent_complete': percent, 'project.id': 'shop' });
    expect(eventOf(span, 'artifact.intent')).toMatchObject({ intent, 'artifact.intent.action': intent, artifact_id: id });
  });

  test('keeps parameters as scalars, lists and JSON, and leaves secrets out', () => {
    const { attributes } = spanOf(draftSpans(shopInput()), 'cart-dashboard');
    expect(attributes).toMatchObject({
      'artifact.parameters.interval': '30s',
      'artifact.parameters.threshold': 1,
      'artifact.parameters.labels': ['a', 'b'],
      'artifact.parameters.nested': '{"deep":true}',
    });
    expect(attributes).not.toHaveProperty('artifact.parameters.apiToken');
  });

  test('redacts a value that is shaped like a secret, wherever it stands', () => {
    const token = `ghp_${'x'.repeat(36)}`;
    const drafts = draftSpans(
      shopInput({
        artifacts: [
          artifact('a-b', 'dashboard', { name: `uses ${token}`, parameters: { note: token, nested: { password: 'p', list: [token] } } }),
        ],
        questions: [{ ...QUESTION, question: `is ${token} ours?` }],
        gates: [gate('g', { outcome: 'fail', reason: `found ${token}` })],
      }),
    );
    const wire = JSON.stringify(drafts, (_, value) => (typeof value === 'bigint' ? String(value) : value));
    expect(wire).not.toContain(token);
    expect(wire).not.toContain('"p"');
    expect(wire).toContain('[redacted]');
  });

  test('marks what it cuts', () => {
    const span = spanOf(draftSpans(shopInput({ artifacts: [artifact('a-b', 'dashboard', { name: 'x'.repeat(5000) })] })), 'a-b');
    expect(String(span.attributes['task.title'])).toMatch(/^x{900,} … \[cut: 1000 of 5000 characters\]$/);
  });

  test('tells dependencies as attribute, event and link, also of those that come later, and lists unknown ones', () => {
    const drafts = draftSpans(shopInput());
    const span = spanOf(drafts, 'pay-rules');
    expect(span.attributes).toMatchObject({ 'artifact.depends_on': ['pay-dashboard', 'gone'], 'artifact.dependency_count': 2 });
    expect(eventOf(span, 'task.dependencies')).toEqual({ depends_on: ['pay-dashboard', 'gone'], dependency_count: 2 });
    expect(span.links).toEqual([
      { traceId: drafts.traceId, spanId: spanOf(drafts, 'pay-dashboard').spanId, attributes: { 'link.type': 'depends_on' } },
    ]);
    expect(spanOf(drafts, 'cart-dashboard').links[0]?.spanId).toBe(spanOf(drafts, 'cart-rules').spanId);
    expect(spanOf(drafts, 'cart-rules').attributes).not.toHaveProperty('artifact.depends_on');
  });

  test('keeps the links of a cycle and names its members', () => {
    const input = shopInput();
    const cycle = ['cart-dashboard', 'cart-rules'];
    const tasks = input.plan.tasks.map((task) =>
      task.taskId === 'cart-rules'
        ? { ...task, dependsOn: ['cart-dashboard'], cycle }
        : task.taskId === 'cart-dashboard'
          ? { ...task, cycle }
          : task,
    );
    const drafts = draftSpans({ ...input, plan: { ...input.plan, tasks } });
    expect(eventOf(spanOf(drafts, 'cart-rules'), 'task.dependency_cycle')).toEqual({ cycle });
    expect(spanOf(drafts, 'cart-rules').links).toHaveLength(1);
    expect(spanOf(drafts, 'cart-dashboard').links).toHaveLength(1);
    expect(checkTrace(drafts.spans)).toEqual([]);
  });

  test('emits task.created once, with everything both sources ask of it', () => {
    const { events } = spanOf(draftSpans(shopInput()), 'cart-dashboard');
    expect(events.filter((event) => event.name === 'task.created').map((event) => event.attributes)).toEqual([
      {
        'task.title': 'cart dashboard',
        'task.type': 'task',
        source: 'contextcore.manifest.export',
        artifact_type: 'dashboard',
        target: 'cart',
        priority: 'required',
        status: 'needed',
      },
    ]);
  });

  test('says in task.contract how the artifact is derived and what is expected of it', () => {
    const contract = eventOf(spanOf(draftSpans(shopInput()), 'cart-dashboard'), 'task.contract');
    expect(JSON.parse(String(contract?.['derivation_rules']))).toEqual([
      { property: 'interval', sourceField: 'spec.observability.metricsInterval', transformation: 'verbatim' },
    ]);
    expect(JSON.parse(String(contract?.['expected_output_contract']))).toMatchObject({
      expected_depth: 'standard',
      max_lines: 150,
      max_tokens: 4000,
    });
  });

  test('gives a type without parameters the source "none"', () => {
    expect(eventOf(spanOf(draftSpans(shopInput()), 'cart-rules'), 'artifact.intent')?.['parameter_sources']).toBe('{"source":"none"}');
  });
});

describe('stages and gates', () => {
  test('a stage lasts as long as its work and its gates', () => {
    const stage = spanOf(draftSpans(shopInput()), 'shop-EXPORT_CONTRACT');
    expect(stage.end - stage.start).toBe(40_500_000n);
    expect(stage.attributes).toMatchObject({
      'task.type': 'stage',
      'pipeline.stage.kind': 'work',
      'output.artifact_count': 4,
      'output.path_count': 12,
    });
  });

  test('a phase with gates only is a gate stage, without the ARTISAN_ prefix in its name', () => {
    const stage = spanOf(
      draftSpans(shopInput({ gates: [gate('design-calibration', { stage: 'ARTISAN_DESIGN' })] })),
      'shop-ARTISAN_DESIGN',
    );
    expect(stage.attributes).toMatchObject({ 'pipeline.stage.kind': 'gate', 'pipeline.stage.name': 'DESIGN', 'pipeline.stage.index': 1 });
    // Two milliseconds of the gate, and a microsecond between its last two events.
    expect(stage.end - stage.start).toBe(2_001_000n);
  });

  test.each([
    ['a pass', gate('a'), ['gate.check.started', 'gate.validation', 'gate.check.passed']],
    [
      'a failure that blocks',
      BLOCKING,
      ['gate.check.started', 'gate.checksum', 'gate.checksum', 'gate.checksum', 'gate.validation', 'gate.check.failed', 'task.blocked'],
    ],
    [
      'a failure that does not',
      gate('a', { outcome: 'fail', severity: 'warning' }),
      ['gate.check.started', 'gate.validation', 'gate.check.failed'],
    ],
    [
      'a critical failure',
      gate('a', { outcome: 'fail', severity: 'critical' }),
      ['gate.check.started', 'gate.validation', 'gate.check.failed', 'task.blocked'],
    ],
    ['a skip', gate('a', { outcome: 'skipped', skipCode: 'no_gaps' }), ['gate.check.skipped']],
    ['a crash', gate('a', { outcome: 'crashed' }), ['gate.check.started', 'gate.validation', 'gate.check.failed', 'task.blocked']],
  ])('%s leaves this sequence of events', (_, result, names) => {
    const stage = spanOf(draftSpans(shopInput({ gates: [result] })), 'shop-CONTRACT_INTEGRITY');
    expect(stage.events.map((event) => event.name)).toEqual(names);
  });

  test('gates stand in the order in which they were asked, each event later than the one before, whatever the clock could tell apart', () => {
    const at = '2026-03-01T12:00:00.010Z';
    const gates = ['b', 'a', 'c'].map((key, index) => gate(key, { checkedAt: at, durationMs: 0.9 - index / 10 }));
    const stage = spanOf(draftSpans(shopInput({ gates })), 'shop-CONTRACT_INTEGRITY');
    expect(stage.events.map(({ name, attributes }) => [attributes['gate.name'], name.split('.').at(-1)])).toEqual(
      ['b', 'a', 'c'].flatMap((key) => [
        [key, 'started'],
        [key, 'validation'],
        [key, 'passed'],
      ]),
    );
    for (const [index, { time }] of stage.events.entries()) {
      expect(time).toBeGreaterThan(stage.events[index - 1]?.time ?? stage.start - 1n);
      expect(time).toBeLessThanOrEqual(stage.end);
    }
  });

  test.each([
    [
      'checksum_mismatch',
      'source_checksum',
      { expected: 'x', actual: 'y' },
      { 'checksum.status': 'mismatch', 'checksum.expected': 'x', 'checksum.actual': 'y' },
    ],
    ['checksum_missing', 'source_checksum', undefined, { 'checksum.status': 'missing' }],
    ['checksum_unverified', 'source_checksum', undefined, { 'checksum.status': 'unverified' }],
    ['malformed_input', '/source_checksum', undefined, { 'checksum.status': 'unverified' }],
    [
      'checksum_verified',
      'all',
      undefined,
      { 'checksum.status': 'match', 'checksum.expected': 'a'.repeat(64), 'checksum.actual': 'a'.repeat(64) },
    ],
  ])('%s at %s is told of that checksum alone', (type, ref, values, told) => {
    const evidence = [{ type, ref, description: 'd', finding: true, ...(values ? { values } : {}) }];
    const stage = spanOf(draftSpans(shopInput({ gates: [gate('checksum-chain', { evidence })] })), 'shop-CONTRACT_INTEGRITY');
    const [source, manifest] = stage.events.filter(({ name }) => name === 'gate.checksum').map(({ attributes }) => attributes);
    expect(source).toEqual({ 'checksum.name': 'source_checksum', 'checksum.algorithm': 'sha256', ...told });
    expect(manifest).toMatchObject({ 'checksum.name': 'artifact_manifest_checksum', 'checksum.status': 'match' });
  });

  test('a blocking failure is an ERROR on its stage and on the epic, with reason, next action and cause', () => {
    const drafts = draftSpans(shopInput({ gates: [BLOCKING] }));
    const stage = spanOf(drafts, 'shop-CONTRACT_INTEGRITY');
    const epic = spanOf(drafts, 'shop-artifact-generation');
    for (const span of [stage, epic]) {
      expect(span.status).toEqual({ code: 'ERROR', message: 'one checksum differs' });
      expect(span.attributes).toMatchObject({
        'task.status': 'blocked',
        'task.blocked_reason': 'one checksum differs',
        'task.next_action': 'export again',
        'task.blocked_on_span_id': stage.spanId,
      });
    }
  });

  test('a failure that does not block leaves the stage OK and the epic open', () => {
    const drafts = draftSpans(shopInput({ gates: [gate('a', { outcome: 'fail', severity: 'warning' })] }));
    expect(spanOf(drafts, 'shop-CONTRACT_INTEGRITY').status).toEqual({ code: 'OK' });
    expect(spanOf(drafts, 'shop-artifact-generation').status).toEqual({ code: 'UNSET' });
  });

  test('shows twenty violations, counts all, and says that it cut', () => {
    const evidence = Array.from({ length: 25 }, (_, index) => ({ type: 't', ref: `r${index}`, description: `d${index}`, finding: true }));
    const stage = spanOf(draftSpans(shopInput({ gates: [gate('a', { outcome: 'fail', evidence })] })), 'shop-CONTRACT_INTEGRITY');
    const validation = eventOf(stage, 'gate.validation')!;
    expect(validation).toMatchObject({
      'gate.violations': 25,
      'gate.violations_truncated': true,
      'gate.result': 'failed',
      'gate.violation.19.field': 'r19',
    });
    expect(validation).not.toHaveProperty('gate.violation.20.field');
  });

  test('a finding is also told on the task it speaks of', () => {
    const evidence = [
      { type: 'missing', ref: 'cart-dashboard', description: 'is missing', finding: true },
      { type: 'unresolved_parameter', ref: 'pay-rules.threshold', description: 'has no value', finding: true },
      { type: 'note', ref: 'cart-rules', description: 'is fine', finding: false },
    ];
    const drafts = draftSpans(shopInput({ gates: [gate('a', { outcome: 'fail', severity: 'warning', evidence })] }));
    expect(eventOf(spanOf(drafts, 'cart-dashboard'), 'gate.validation')).toMatchObject({
      'gate.violations': 1,
      'gate.violation.0.message': 'is missing',
    });
    expect(eventOf(spanOf(drafts, 'pay-rules'), 'gate.validation')).toMatchObject({ 'gate.violation.0.message': 'has no value' });
    expect(eventOf(spanOf(drafts, 'cart-rules'), 'gate.validation')).toBeUndefined();
  });

  test('checksums and calibrations are told with both values', () => {
    const calibration = gate('design-calibration', {
      outcome: 'fail',
      severity: 'warning',
      stage: 'ARTISAN_DESIGN',
      evidence: [
        {
          type: 'loc_violation',
          ref: 'cart-dashboard',
          artifact: 'cart-dashboard',
          description: 'too long',
          finding: true,
          values: { type: 'dashboard', actual: 400 },
        },
      ],
    });
    const drafts = draftSpans(shopInput({ gates: [BLOCKING, calibration] }));
    expect(eventOf(spanOf(drafts, 'shop-CONTRACT_INTEGRITY'), 'gate.checksum')).toEqual({
      'checksum.name': 'source_checksum',
      'checksum.status': 'mismatch',
      'checksum.algorithm': 'sha256',
      'checksum.expected': 'a'.repeat(64),
      'checksum.actual': 'd'.repeat(64),
    });
    expect(eventOf(spanOf(drafts, 'shop-ARTISAN_DESIGN'), 'gate.calibration')).toEqual({
      'calibration.kind': 'loc_violation',
      'calibration.mismatch': true,
      'artifact.type': 'dashboard',
      'artifact.id': 'cart-dashboard',
      'calibration.expected_depth': 'standard',
      'calibration.expected_loc_range': '51-150',
      'calibration.actual_loc': 400,
    });
  });
});

describe('what backends would leave out', () => {
  test('a task shows ninety parameters and says how many more there are', () => {
    const parameters = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`p${index}`, index]));
    const drafts = draftSpans(shopInput({ artifacts: [artifact('a-b', 'dashboard', { parameters })] }));
    const { attributes } = spanOf(drafts, 'a-b');
    expect(attributes).toMatchObject({ 'artifact.parameters.p89': 89, 'artifact.parameters_truncated': 110 });
    expect(attributes).not.toHaveProperty('artifact.parameters.p90');
    expect(Object.keys(attributes).length).toBeLessThanOrEqual(128);
    expect(checkTrace(drafts.spans)).toEqual([]);
  });

  test('a task links a hundred of those it waits for, and counts all', () => {
    const many = manyArtifacts(150);
    const waiting = artifact('z-a', 'dashboard', { dependsOn: many.map(({ id }) => id) });
    const span = spanOf(draftSpans(shopInput({ artifacts: [...many, waiting] })), 'z-a');
    expect([span.links.length, span.attributes['artifact.dependency_count']]).toEqual([100, 150]);
  });

  test('of what our own types make only the events of stages are more than every backend keeps', () => {
    const gates = ['a', 'b', 'c'].map((key) => gate(key));
    expect(strainOf(draftSpans(shopInput({ gates, questions: [QUESTION] })).spans)).toEqual([
      { where: 'contextcore.pipeline.stage shop-CONTRACT_INTEGRITY', what: 'events', count: 9, limit: 8 },
    ]);
    const parameters = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`p${index}`, index]));
    expect(strainOf(draftSpans(shopInput({ artifacts: [artifact('a-b', 'dashboard', { parameters })] })).spans)).toEqual([
      { where: 'contextcore.task.task a-b', what: 'attributes', count: expect.any(Number), limit: 32 },
    ]);
  });
});

describe('questions', () => {
  test.each([
    ['Which dashboards does the team want?', ['cart-dashboard', 'pay-dashboard']],
    ['Is pay on call?', ['pay-dashboard', 'pay-rules']],
    ['Who pays?', ['cart-dashboard', 'pay-rules']],
    ['What is a prometheus rule?', ['cart-rules', 'pay-rules']],
  ])('%s affects %j', (question, affected) => {
    const drafts = draftSpans(shopInput({ questions: [{ ...QUESTION, question }] }));
    const span = spanOf(drafts, 'shop-question-Q-1');
    expect(span.links.map((link) => drafts.spans.find(({ spanId }) => spanId === link.spanId)?.attributes['task.id'])).toEqual(affected);
    expect(span.links[0]?.attributes).toEqual({ 'link.type': 'affects' });
  });

  test('answered and deferred questions are no spans', () => {
    const questions = (['answered', 'deferred'] as const).map((status) => ({ ...QUESTION, status }));
    expect(draftSpans(shopInput({ questions })).spans.some((span) => span.name === 'contextcore.question')).toBe(false);
  });
});

describe('where the trace stands', () => {
  const vector = { traceId: '5c89a9ce56397ace4b0fd1e7c1e458a5', spanId: 'db61bed51d47ad26' };

  test('derives the job span as the Collector does', () => {
    expect(githubReceiverIds('12345', '1', '67890')).toEqual(vector);
  });

  test('is a root of its own, linked to the CI job and to what it supersedes', () => {
    const supersedes = { traceId: '1'.repeat(32), spanId: '2'.repeat(16) };
    const [epic] = draftSpans(shopInput({ context: { scope: 'accepted', placement: { ciJob: vector }, supersedes } })).spans;
    expect(epic?.parentSpanId).toBeUndefined();
    expect(epic?.links).toEqual([
      { ...vector, attributes: { 'link.type': 'ci_job' } },
      { ...supersedes, attributes: { 'link.type': 'supersedes' } },
    ]);
  });

  test('names the run first on the resource, and no host, user or process', () => {
    const resource = { 'host.name': 'box', 'vcs.repository.url.full': 'https://github.com/a/b', 'process.owner': 'me' };
    const { resource: told } = draftSpans(
      shopInput({
        context: {
          scope: 'proposed',
          placement: {},
          resource,
          resourceAttributes: 'deployment.environment.name=test,host.name=x,service.name=other',
        },
      }),
    );
    expect(Object.keys(told)[0]).toBe('service.instance.id');
    expect(told).toMatchObject({
      'service.name': 'contextcore-export-tasks',
      'vcs.repository.url.full': 'https://github.com/a/b',
      'deployment.environment.name': 'test',
    });
    expect(JSON.stringify(told)).not.toMatch(/box|"me"|host\.name/);
  });
});

describe('a plan too large for one trace', () => {
  test('has a trace per story and per part, linked both ways, with every task once', () => {
    const drafts = draftSpans(shopInput({ artifacts: manyArtifacts(30), traceLimit: 10 }));
    const byTrace = Map.groupBy(drafts.spans, (span) => span.traceId);
    expect([...byTrace.keys()].sort()).toEqual([...drafts.traceIds].sort());
    for (const spans of byTrace.values()) {
      expect(spans.length).toBeLessThanOrEqual(10);
      expect(spans.filter((span) => span.parentSpanId === undefined)).toHaveLength(1);
    }
    const tasks = drafts.spans.filter((span) => span.name === 'contextcore.task.task');
    expect(new Set(tasks.map((task) => task.attributes['task.id'])).size).toBe(30);
    const ids = new Map(drafts.spans.map((span) => [span.spanId, span]));
    const links = drafts.spans.flatMap((span) =>
      span.links.map((link) => [String(link.attributes['link.type']), span, ids.get(link.spanId)!] as const),
    );
    const down = links.filter(([type]) => type === 'has_part').map(([, from, to]) => `${from.spanId}${to.spanId}`);
    const up = links.filter(([type]) => type === 'part_of').map(([, from, to]) => `${to.spanId}${from.spanId}`);
    expect(down.length).toBe(drafts.traceIds.length - 1);
    expect(up.sort()).toEqual(down.sort());
  });

  test('stays one trace up to 2,000 spans', () => {
    expect(draftSpans(shopInput({ artifacts: manyArtifacts(500) })).traceIds).toHaveLength(1);
    expect(draftSpans(shopInput({ artifacts: manyArtifacts(2100) })).traceIds.length).toBeGreaterThan(1);
  });
});

test('the time of the tasks is now, everything lies inside the epic, and nothing is without length, which Jaeger takes for a fault', () => {
  const drafts = draftSpans(shopInput({ gates: [BLOCKING] }));
  const [epic] = drafts.spans;
  expect(spanOf(drafts, 'cart-rules').start).toBe(BigInt(NOW.getTime()) * 1_000_000n);
  for (const span of drafts.spans) {
    expect(span.start).toBeGreaterThanOrEqual(epic!.start);
    expect(span.end).toBeLessThanOrEqual(epic!.end);
    expect(span.end).toBeGreaterThan(span.start);
  }
  expect(SHOP).toHaveLength(4);
});
