import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { accepted, changed, codes, complete, completeV1, faultsOf, minimal, parse, parseDoc, write } from './samples.ts';

const objective = { id: 'OBJ-1', description: 'd' };
const keyResult = (metricKey: string, unit: string) => [{ ...objective, keyResults: [{ metricKey, unit, target: 1 }] }];
const tactic = { id: 'TAC-1', description: 'd' };
const insight = { type: 't', summary: 's', confidence: 1, source: 'x' };

describe('the minimal document (spec/manifest.md §17)', () => {
  test('is valid, v2, and without warnings', () => {
    const parsed = accepted(parseDoc(minimal()));
    expect(parsed.version).toBe('v2');
    expect(parsed.warnings).toEqual([]);
    expect(parsed.manifest).toEqual({
      ...minimal(),
      metadata: { name: 'm', owners: [], changelog: [], links: {} },
      spec: { project: { id: 'm', tasks: [] }, risks: [], targets: [{ kind: 'Deployment', name: 'svc' }] },
      strategy: { objectives: [], tactics: [], strategyGroups: [] },
      guidance: { constraints: [], preferences: [], questions: [] },
      insights: [],
    });
  });

  test('a document that uses every field is read as it is, but for the graph, which is only in raw', () => {
    const { service_communication_graph: graph, ...spec } = complete().spec;
    const parsed = accepted(parseDoc(complete()));
    expect(parsed.manifest).toEqual({ ...complete(), spec });
    expect(parsed.raw['spec']).toEqual({ ...spec, service_communication_graph: graph });
    expect(parsed.warnings).toEqual([]);
  });

  test('the source carries the path as given and the digest of the bytes', () => {
    const text = write(minimal());
    expect(parse(text).source).toEqual({ path: '.contextcore.yaml', sha256: createHash('sha256').update(text).digest('hex') });
  });

  test.each([
    ['apiVersion', 'contextcore.io/v2', 'v2'],
    ['apiVersion', '2.0', 'v2'],
    ['apiVersion', 'zzz', 'v1.1'],
    ['apiVersion', undefined, 'v1.1'],
    ['kind', 'Whatever', 'v2'],
  ])('with %s %j it is valid %s', (path, value, version) => {
    expect(accepted(parseDoc(changed(path, value))).version).toBe(version);
  });

  test('an unknown apiVersion with a version that starts with 2 is v2, without a warning about version', () => {
    const parsed = accepted(parseDoc({ ...changed('apiVersion', 'zzz'), version: '2.5' }));
    expect([parsed.version, parsed.warnings, parsed.manifest.apiVersion]).toEqual(['v2', [], 'zzz']);
  });

  test.each<[string, unknown]>([
    ['state', null],
    ['spec.requirements', null],
    ['guidance.focus', null],
    ['spec.business.owner', null],
    ['spec.targets.0.namespace', null],
    ['spec.service_communication_graph', null],
    ['spec.project.id', 'ünïcode with blanks'],
    ['metadata.name', 'x%0A::error::boo'],
    ['spec.targets.0.name', '支払い-api'],
    ['spec.targets.0.name', 'CON'],
    ['spec.targets.0.name', 'x'.repeat(200)],
    ['strategy.objectives', keyResult('latencyP99', '%')],
    ['strategy.objectives', keyResult('latency.p99', 's')],
    ['insights', [{ ...insight, id: 'I', observedAt: 1700000000 }]],
  ])('%s: %j is valid', (path, value) => {
    accepted(parseDoc(changed(path, value)));
  });
});

describe('values as they are read (§3)', () => {
  test.each<[string, unknown, unknown]>([
    ['spec.requirements.availability', ' 99.9 ', '99.9'],
    ['spec.requirements.availability', '100', '100'],
    ['spec.requirements.availability', '0099.95', '0099.95'],
    ['spec.requirements.latencyP99', '200MS', '200ms'],
    ['spec.requirements.latencyP50', ' 1.5H', '1.5h'],
    ['spec.requirements.throughput', '1000RPM', '1000rpm'],
    ['spec.requirements.throughput', '5qps', '5qps'],
    ['spec.observability.traceSampling', '0.5', 0.5],
    ['spec.observability.traceSampling', true, 1],
    ['spec.observability.runbook', 'HTTP://A.B', 'http://a.b/'],
    ['spec.observability.runbook', ' https://A.example:443/x y?ü ', 'https://a.example/x%20y?%C3%BC'],
    ['spec.design.doc', 'https://bücher.example', 'https://xn--bcher-kva.example/'],
    ['state.objectiveCount', 3.0, 3],
    ['state.objectiveCount', '3', 3],
    ['state.objectiveCount', true, 1],
    ['metadata.lastUpdated', ' 2026-01-02 ', '2026-01-02'],
    ['metadata.lastUpdated', 1700000000, '2023-11-14T22:13:20.000Z'],
    ['metadata.lastUpdated', '1700000000000', '2023-11-14T22:13:20.000Z'],
    ['metadata.lastUpdated', '2026-01-02 10:00:00+02:00', '2026-01-02 10:00:00+02:00'],
    ['spec.project.description', 'Books', 'Books'],
  ])('%s: %j is read as %j', (path, value, read) => {
    const { manifest } = accepted(parseDoc(changed(path, value)));
    const found = path.split('.').reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], manifest);
    expect(found).toEqual(read);
  });

  test.each([
    [true, true],
    [0, false],
    [1, true],
    ['Yes', true],
    ['off', false],
    ['T', true],
    ['n', false],
  ])('auditAccess %j is %j', (written, read) => {
    const stores = [{ id: 'a', type: 'b', accessPolicy: { auditAccess: written } }];
    expect(
      accepted(parseDoc(changed('spec.security.dataStores', stores))).manifest.spec.security?.dataStores[0]?.accessPolicy?.auditAccess,
    ).toBe(read);
  });

  test('snake_case is read where it may be, and camelCase wins over it', () => {
    const parsed = accepted(parse(`${write(minimal())}  observability: {log_level: info, logLevel: warn, metrics_interval: 5s}\n`));
    expect(parsed.manifest.spec.observability).toEqual({ logLevel: 'warn', metricsInterval: '5s', alertChannels: [] });
    expect(codes(parsed.warnings)).toEqual(['shadowed-key spec.observability.log_level']);
  });

  test('a value under a spelling that is not read must be right too, since others read the document as written', () => {
    const spec = { dataStores: [], data_stores: 'junk' };
    expect(codes(faultsOf(parseDoc(changed('spec.security', spec))))).toEqual(['wrong-type spec.security.data_stores']);
  });

  test('operator is another name of targetOperator', () => {
    const [o] = keyResult('a', 'count');
    Object.assign(o!.keyResults[0]!, { operator: 'eq', metric_key: undefined });
    expect(accepted(parseDoc(changed('strategy.objectives', [o]))).manifest.strategy.objectives[0]?.keyResults[0]?.targetOperator).toBe(
      'eq',
    );
  });
});

describe('faults', () => {
  test.each<[string, unknown, string]>([
    ['metadata', undefined, 'missing-field metadata'],
    ['spec', null, 'wrong-type spec'],
    ['apiVersion', ['x'], 'wrong-type apiVersion'],
    ['apiVersion', null, 'wrong-type apiVersion'],
    ['spec.project.id', '', 'blank-name spec.project.id'],
    ['spec.project.id', ' \t', 'blank-name spec.project.id'],
    ['spec.project.id', null, 'wrong-type spec.project.id'],
    ['spec.project.id', 123, 'wrong-type spec.project.id'],
    ['spec.project.id', undefined, 'missing-field spec.project.id'],
    ['metadata.name', '', 'blank-name metadata.name'],
    ['metadata.name', '</td><script>', 'unsafe-name metadata.name'],
    ['metadata.name', 'a\\b', 'unsafe-name metadata.name'],
    ['metadata.name', '..', 'unsafe-name metadata.name'],
    ['metadata.name', 'a\u0007b', 'unsafe-name metadata.name'],
    ['metadata.name', 'a\nb', 'unsafe-name metadata.name'],
    ['spec.project.id', 'a\u202eb', 'unsafe-name spec.project.id'],
    ['spec.project.id', 'a\u200bb', 'unsafe-name spec.project.id'],
    ['spec.targets.0.name', '\u2028', 'blank-name spec.targets.0.name'],
    ['spec.targets.0.name', 'x'.repeat(201), 'too-long spec.targets.0.name'],
    ['spec.targets.0.name', 'ü'.repeat(101), 'too-long spec.targets.0.name'],
    ['spec.targets.0.namespace', 'a\u0000b', 'unsafe-name spec.targets.0.namespace'],
    ['spec.targets', [], 'too-few spec.targets'],
    ['spec.targets', undefined, 'missing-field spec.targets'],
    ['spec.targets', 'svc', 'wrong-type spec.targets'],
    ['spec.targets.0.kind', 'deployment', 'unknown-value spec.targets.0.kind'],
    ['spec.targets.0.kind', 'Pod', 'unknown-value spec.targets.0.kind'],
    ['spec.risks', null, 'wrong-type spec.risks'],
    ['guidance', null, 'wrong-type guidance'],
    ['strategy', null, 'wrong-type strategy'],
    ['insights', null, 'wrong-type insights'],
    ['metadata.owners', null, 'wrong-type metadata.owners'],
    ['spec.requirements.availability', '99.9%', 'wrong-format spec.requirements.availability'],
    ['spec.requirements.availability', '.5', 'wrong-format spec.requirements.availability'],
    ['spec.requirements.availability', '99.', 'wrong-format spec.requirements.availability'],
    ['spec.requirements.availability', '٩٩', 'wrong-format spec.requirements.availability'],
    ['spec.requirements.availability', '101', 'out-of-range spec.requirements.availability'],
    ['spec.requirements.availability', '100.1', 'out-of-range spec.requirements.availability'],
    ['spec.requirements.availability', '', 'wrong-format spec.requirements.availability'],
    ['spec.requirements.availability', 0, 'wrong-type spec.requirements.availability'],
    ['spec.requirements.availability', 99.9, 'wrong-type spec.requirements.availability'],
    ['spec.requirements.latencyP99', '200 ms', 'wrong-format spec.requirements.latencyP99'],
    ['spec.requirements.latencyP99', '1d', 'wrong-format spec.requirements.latencyP99'],
    ['spec.requirements.latencyP99', '.5s', 'wrong-format spec.requirements.latencyP99'],
    ['spec.requirements.latencyP99', '200', 'wrong-format spec.requirements.latencyP99'],
    ['spec.requirements.throughput', '1000', 'wrong-format spec.requirements.throughput'],
    ['spec.requirements.throughput', '5 rps', 'wrong-format spec.requirements.throughput'],
    ['spec.observability.traceSampling', 1.5, 'out-of-range spec.observability.traceSampling'],
    ['spec.observability.traceSampling', 'much', 'wrong-format spec.observability.traceSampling'],
    ['spec.observability.runbook', 'ftp://x.y/z', 'wrong-format spec.observability.runbook'],
    ['spec.observability.runbook', '//x.y', 'wrong-format spec.observability.runbook'],
    ['spec.observability.runbook', 'not a url', 'wrong-format spec.observability.runbook'],
    ['spec.observability.runbook', `https://a.b/${'x'.repeat(2083)}`, 'too-long spec.observability.runbook'],
    ['metadata.lastUpdated', 'yesterday', 'wrong-format metadata.lastUpdated'],
    ['metadata.lastUpdated', '01/02/2026', 'wrong-format metadata.lastUpdated'],
    ['metadata.lastUpdated', '2026-02-30', 'wrong-format metadata.lastUpdated'],
    ['metadata.links', { a: 1 }, 'wrong-type metadata.links.a'],
    ['state.objectiveCount', 1.5, 'wrong-type state.objectiveCount'],
    ['guidance.focus', { areas: [] }, 'too-few guidance.focus.areas'],
    ['guidance.questions', [{ id: 'Q', question: 'q', status: 'dismissed', answer: 'yes' }], 'unknown-value guidance.questions.0.status'],
    ['insights', [insight], 'missing-field insights.0.id'],
    ['metadata.changelog', [{ date: '2026-01-01', version: 1.5, summary: 's' }], 'wrong-type metadata.changelog.0.version'],
    ['strategy.tactics', [{ ...tactic, status: 'blocked' }], 'missing-reason strategy.tactics.0.blockedReason'],
    ['strategy.tactics', [{ ...tactic, status: 'blocked', blockedReason: '' }], 'missing-reason strategy.tactics.0.blockedReason'],
    ['strategy.tactics', [{ ...tactic, linkedObjectives: ['O'] }], 'broken-reference strategy.tactics.0.linkedObjectives.0'],
    ['strategy.tactics', [{ ...tactic, dependsOn: ['TAC-1'] }], 'wrong-type strategy.tactics.0.dependsOn'],
    ['strategy.tactics', [{ ...tactic, deliverables: ['x'] }], 'wrong-type strategy.tactics.0.deliverables'],
    ['strategy.objectives', keyResult('availability', 'ratio'), 'unit-mismatch strategy.objectives.0.keyResults.0.unit'],
    ['strategy.objectives', keyResult('latency.p99', '%'), 'unit-mismatch strategy.objectives.0.keyResults.0.unit'],
    ['spec.service_communication_graph', 'x', 'wrong-type spec.service_communication_graph'],
    ['spec.service_communication_graph', { services: ['x'] }, 'wrong-type spec.service_communication_graph.services'],
    ['spec.service_communication_graph', { services: { a: 'x' } }, 'wrong-type spec.service_communication_graph.services.a'],
    [
      'spec.service_communication_graph',
      { services: { a: { imports: 'x' } } },
      'wrong-type spec.service_communication_graph.services.a.imports',
    ],
    [
      'spec.service_communication_graph',
      { services: { a: { rpc_calls: [{}] } } },
      'missing-field spec.service_communication_graph.services.a.rpc_calls.0.target_service',
    ],
  ])('%s: %j gives exactly one, %s', (path, value, expected) => {
    expect(codes(faultsOf(parseDoc(changed(path, value))))).toEqual([expected]);
  });

  test('an infinite or undefined number is one where nothing bounds it, and nowhere else', () => {
    const text = `${write(minimal())}strategy: {objectives: [{id: OBJ-1, description: d, keyResults: [{metricKey: a, unit: s, target: .nan, baseline: -.Inf}, {metricKey: b, unit: s, target: 1.0e+400}]}]}\n`;
    const [objective] = accepted(parse(text)).manifest.strategy.objectives;
    expect(objective?.keyResults.map(({ target, baseline }) => [target, baseline])).toEqual([
      [Number.NaN, Number.NEGATIVE_INFINITY],
      [Number.POSITIVE_INFINITY, undefined],
    ]);
    const bounded = `${write(minimal())}  observability: {traceSampling: .inf}\n`;
    expect(codes(faultsOf(parse(bounded)))).toEqual(['wrong-format spec.observability.traceSampling']);
  });

  test.each([
    ['version: 2.0', 'version'],
    ['version: null', 'version'],
    ['apiVersion: {a: b}', 'apiVersion'],
  ])('%s leaves the version open and is told at its place', (line, path) => {
    const parsed = parse(`${line}\n`);
    expect([parsed.version, codes(faultsOf(parsed))]).toEqual(['unknown', [`wrong-type ${path}`]]);
  });

  test('an unquoted number where text is wanted suggests the quotes', () => {
    const [fault] = faultsOf(parse('version: 2.0\n'));
    expect(fault?.suggestion).toBe('"2.0"');
  });

  test('all are told at once, in the order of their lines, with excerpt and caret', () => {
    const faults = faultsOf(
      parse(
        [
          'apiVersion: contextcore.io/v1alpha2',
          'metadata: {name: m}',
          'spec:',
          '  project: {id: m}',
          '  business: {criticality: HIGH}',
          '  targets:',
          '    - kind: Deployment',
          '      nam: svc',
          '  observability:',
          '\tlogLevel: loud'.replace('\t', '    '),
          '',
        ].join('\n'),
      ),
    );
    expect(faults.map(({ code, path, place, suggestion }) => [code, path, place.line, place.column, suggestion])).toEqual([
      ['unknown-value', 'spec.business.criticality', 5, 27, 'high'],
      ['missing-field', 'spec.targets.0.name', 7, 7, undefined],
      ['unknown-value', 'spec.observability.logLevel', 10, 15, undefined],
    ]);
    expect(faults[0]?.excerpt).toBe(`  business: {criticality: HIGH}\n${' '.repeat(26)}^^^^`);
    expect(faults[0]?.message).toContain('"HIGH"');
  });

  test.each([
    ['availability', '99.9 %', '99.9'],
    ['latencyP99', '200 ms', '200ms'],
  ])('%s %j suggests %j', (field, written, suggestion) => {
    expect(faultsOf(parseDoc(changed(`spec.requirements.${field}`, written)))[0]?.suggestion).toBe(suggestion);
  });

  test('every broken reference is told, and only when the fields are sound', () => {
    const tactics = [{ ...tactic, linkedObjectives: ['OBJ-1', 'OBJ-2', 'OBJ-3'] }];
    const document = { ...minimal(), strategy: { objectives: [objective], tactics } };
    expect(codes(faultsOf(parseDoc(document)))).toEqual([
      'broken-reference strategy.tactics.0.linkedObjectives.1',
      'broken-reference strategy.tactics.0.linkedObjectives.2',
    ]);
    expect(codes(faultsOf(parseDoc(changed('kind', 1, document))))).toEqual(['wrong-type kind']);
  });

  test('a name in a message hides nothing', () => {
    const [fault] = faultsOf(parseDoc(changed('metadata.name', 'a\u202eb\u0007')));
    expect(fault?.message).toContain('"a\\u202eb\\u0007"');
    expect(fault?.message).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  test('what looks like a secret is starred out', () => {
    const { warnings } = parse(`${write(minimal())}password: hunter2\nextra: {x: "ghp_${'a'.repeat(36)}"}\n`);
    expect(warnings).toHaveLength(2);
    expect(JSON.stringify(warnings)).not.toMatch(/hunter2|ghp_/);
    expect(warnings[0]?.excerpt).toBe('password: *******\n^^^^^^^^');
  });

  test('after a thousand the rest is counted', () => {
    const targets = Array.from({ length: 1200 }, (_, i) => ({ kind: 'Pod', name: `t${i}` }));
    const faults = faultsOf(parseDoc(changed('spec.targets', targets)));
    expect(faults).toHaveLength(1001);
    expect(faults.at(-1)?.code).toBe('too-many-faults');
    expect(faults.at(-1)?.message).toContain('200');
  });
});

describe('keys', () => {
  test('an unknown key is a warning at every level, with its line and the key that was meant', () => {
    const document = complete();
    const places = [
      '',
      'metadata',
      'metadata.owners.0',
      'spec',
      'spec.project',
      'spec.targets.0',
      'spec.security.dataStores.0.accessPolicy',
    ];
    places.push(
      'strategy',
      'strategy.tactics.0.artifacts.0',
      'guidance.focus',
      'insights.0.evidence.0',
      'state',
      'spec.service_communication_graph.services.ledger',
    );
    for (const place of places) changed(`${place}.zzzzzz`.replace(/^\./, ''), 1, document);
    const parsed = accepted(parseDoc(document));
    expect(new Set(codes(parsed.warnings))).toEqual(new Set(places.map((place) => `unknown-key ${place}.zzzzzz`.replace(' .', ' '))));
    expect(parsed.warnings.every((w) => parsed.locate(w.path).line === w.place.line)).toBe(true);
  });

  test.each([
    ['spec.observability.metricInterval', 'metricsInterval'],
    ['spec.requirements.availabiltiy', 'availability'],
    ['metadata.Owners', 'owners'],
    ['spec.targets.0.nmae', 'name'],
    ['targets', 'spec.targets'],
  ])('%s suggests %s', (path, suggestion) => {
    expect(parseDoc(changed(path, 'x')).warnings.map((w) => [w.code, w.suggestion])).toEqual([['unknown-key', suggestion]]);
  });

  test.each([
    ['spec.project.trace_id', 'traceId'],
    ['spec.design.api_contract', 'apiContract'],
    ['spec.business.cost_center', 'costCenter'],
  ])('%s is not read, and the warning names %s (I9)', (path, spelling) => {
    const parsed = accepted(parseDoc(changed(path, 'x')));
    expect(parsed.warnings.map((w) => [w.code, w.path, w.suggestion])).toEqual([['unread-spelling', path, spelling]]);
    expect(JSON.stringify(parsed.manifest)).not.toContain('"x"');
  });

  test('a root key and a link that are no text are faults; elsewhere such a key is unknown', () => {
    expect(codes(faultsOf(parse(`${write(minimal())}1: x\n`)))).toEqual(['non-text-key 1']);
    expect(codes(faultsOf(parse(write(minimal()).replace('name: m', 'name: m\n  links: {1: x}'))))).toEqual([
      'non-text-key metadata.links.1',
    ]);
    expect(codes(accepted(parse(`${write(minimal())}  business: {1: x}\n`)).warnings)).toEqual(['unknown-key spec.business.1']);
  });

  test('keys of prototypes are data', () => {
    const text =
      `${write(minimal())}__proto__: {polluted: true}\nstrategy: {strategyGroups: [{__proto__: {x: 1}, constructor: a}]}\n`.replace(
        'name: m',
        'name: m\n  links: {__proto__: a, constructor: b, toString: c}',
      );
    const parsed = accepted(parse(text));
    expect(Object.entries(parsed.manifest.metadata.links)).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
      ['toString', 'c'],
    ]);
    expect(Object.keys(parsed.manifest.strategy.strategyGroups[0]!)).toEqual(['__proto__', 'constructor']);
    expect(codes(parsed.warnings)).toEqual(['unknown-key __proto__']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(JSON.stringify(parsed.raw)).toContain('"__proto__":{"polluted":true}');
  });

  test('a repeated key is a fault that names both lines, and other faults are told with it', () => {
    const faults = faultsOf(parse(`${write(changed('spec.business', { criticality: 'low' }))}  business: {criticality: x}\n`));
    expect(codes(faults)).toEqual(['duplicate-key spec.business', 'unknown-value spec.business.criticality']);
    expect(faults[0]?.message).toMatch(/line 11 .*line 13/);
  });
});

describe('warnings', () => {
  test('open questions are one warning that carries their number', () => {
    const questions = [
      { id: 'Q-1', question: 'a' },
      { id: 'Q-2', question: 'b', status: 'open' },
      { id: 'Q-3', question: 'c', status: 'deferred' },
    ];
    const parsed = accepted(parseDoc(changed('guidance.questions', questions)));
    expect(codes(parsed.warnings)).toEqual(['open-questions guidance.questions']);
    expect(parsed.warnings[0]?.message).toMatch(/^2 /);
  });

  test('ids that repeat, that have another form, and that name nothing', () => {
    const document = {
      ...minimal(),
      strategy: {
        objectives: [objective, objective, { id: 'obj', description: 'd' }],
        tactics: [{ ...tactic, dependsOn: 'TAC-9', satisfies: ['OBJ-1', 'REQ-1'] }],
        strategyGroups: [{ id: 'STRAT-1' }],
      },
      insights: [{ ...insight, id: 'x' }],
    };
    changed(
      'spec.risks',
      [
        { type: 'security', mitigation: 'TAC-7' },
        { type: 'security', mitigation: 'STRAT-1' },
        { type: 'security', mitigation: 'free' },
      ],
      document,
    );
    const parsed = accepted(parseDoc(document));
    expect(codes(parsed.warnings)).toEqual([
      'dangling-reference spec.risks.0.mitigation',
      'repeated-id strategy.objectives.1.id',
      'unusual-id strategy.objectives.2.id',
      'dangling-reference strategy.tactics.0.dependsOn',
      'dangling-reference strategy.tactics.0.satisfies.1',
      'unusual-id insights.0.id',
    ]);
  });

  test('data stores that repeat an id or carry nulls (E37)', () => {
    const stores = [
      { id: 'a', type: 't' },
      { id: 'a', type: 't', clientLibrary: null },
    ];
    const parsed = accepted(parseDoc(changed('spec.security.dataStores', stores)));
    expect(codes(parsed.warnings)).toEqual([
      'repeated-id spec.security.dataStores.1.id',
      'explicit-null spec.security.dataStores.1.clientLibrary',
    ]);
  });

  test('plain scalars that YAML 1.1 reads otherwise, but not a date where a date is wanted', () => {
    const text = write(minimal()).replace(
      'name: m',
      'name: yes\n  lastUpdated: 2026-01-01\n  changelog: [{date: 2026-01-01, version: "1", summary: on}]',
    );
    const parsed = accepted(parse(text));
    expect(parsed.manifest.metadata.name).toBe('yes');
    expect(parsed.warnings.map((w) => [w.code, w.path, w.suggestion])).toEqual([
      ['ambiguous-scalar', 'metadata.name', '"yes"'],
      ['ambiguous-scalar', 'metadata.changelog.0.date', '"2026-01-01"'],
      ['ambiguous-scalar', 'metadata.changelog.0.summary', '"on"'],
    ]);
  });
});

describe('targets', () => {
  const t = (kind: string, name: string, namespace?: string) => ({ kind, name, ...(namespace && { namespace }) });

  test('of one name and namespace but different kinds are one service, the first of them', () => {
    const parsed = accepted(parseDoc(changed('spec.targets', [t('Deployment', 'a', 'n'), t('Service', 'a', 'n'), t('Deployment', 'b')])));
    expect(parsed.manifest.spec.targets).toEqual([t('Deployment', 'a', 'n'), t('Deployment', 'b')]);
    expect(codes(parsed.warnings)).toEqual(['merged-targets spec.targets.1.name']);
    expect([parsed.locate('spec.targets.0.name').line, parsed.locate('spec.targets.1.name').line]).toEqual([10, 16]);
  });

  test.each([
    ['- and _', [t('Deployment', 'a-b'), t('Deployment', 'x'), t('Service', 'a_b')], 'spec.targets.2.name'],
    ['two namespaces', [t('Deployment', 'a', 'x'), t('Service', 'a', 'y')], 'spec.targets.1.name'],
    ['the same target twice', [t('Deployment', 'a'), t('Deployment', 'a', 'default')], 'spec.targets.1.name'],
    ['a third of a kind that was there', [t('Deployment', 'a'), t('Service', 'a'), t('Service', 'a')], 'spec.targets.2.name'],
  ])('with the same artifact ids are a fault that names both lines: %s', (_, targets, path) => {
    const faults = faultsOf(parseDoc(changed('spec.targets', targets)));
    expect(codes(faults)).toEqual([`colliding-targets ${path}`]);
    expect(faults[0]?.message).toMatch(/lines 10 and \d+/);
  });

  test('two thousand are read fast, and none is compared with all others', () => {
    const lines = Array.from({ length: 2000 }, (_, i) => `    - {kind: Deployment, name: svc-${i}, namespace: ns}\n`).join('');
    const text = `apiVersion: contextcore.io/v2\nmetadata: {name: m}\nspec:\n  project: {id: m}\n  targets:\n${lines}`;
    const start = performance.now();
    const parsed = accepted(parse(text));
    expect(performance.now() - start).toBeLessThan(2000);
    expect(parsed.manifest.spec.targets).toHaveLength(2000);
    expect(parsed.locate('spec.targets[1999].name')).toEqual({
      file: '.contextcore.yaml',
      line: 2005,
      column: 32,
      endLine: 2005,
      endColumn: 40,
    });
  });
});

describe('locate', () => {
  test('finds values, whatever their spelling, and the nearest ancestor of what is not there', () => {
    const parsed = accepted(
      parse(
        '# top\napiVersion: contextcore.io/v2\nmetadata:\n  name: m\n  links: {a.b: c}\nspec:\n  project:\n    id: m\n  targets: [{kind: Job, name: j}]\n  requirements:\n    latency_p99: 1s\n',
      ),
    );
    const line = (path: string) => parsed.locate(path).line;
    expect(
      [
        'metadata.name',
        'metadata.links.a.b',
        'spec.project',
        'spec.targets[].name',
        'spec.requirements.latencyP99',
        'spec.requirements.availability',
        'spec.business.owner',
        '',
      ].map(line),
    ).toEqual([4, 5, 7, 9, 11, 10, 6, 2]);
  });

  test('leads from the v2 paths of a v1.1 manifest to what is written', () => {
    const parsed = accepted(parseDoc(completeV1()));
    const at = (path: string) => write(completeV1()).split('\n')[parsed.locate(path).line - 1]?.trim();
    expect(at('strategy.tactics.0.description')).toBe('description: t');
    expect(at('strategy.tactics.0.linkedObjectives.0')).toBe('- OBJ-1');
    expect(at('strategy.objectives.0.id')).toBe('- id: OBJ-1');
    expect(at('strategy.strategyGroups.0.rationale')).toBe('rationale: r');
  });
});

describe('v1.1 manifests', () => {
  test('are migrated in memory, with one warning', () => {
    const parsed = accepted(parseDoc(completeV1()));
    expect(parsed.version).toBe('v1.1');
    expect(parsed.manifest.apiVersion).toBe('contextcore.io/v1alpha2');
    expect(codes(parsed.warnings)).toEqual(['migrated apiVersion']);
    expect(parsed.raw['apiVersion']).toBe('contextcore.io/v1alpha1');
  });

  test('may have ids that a block scalar ended with a line', () => {
    const document = changed('insights.0.id', 'INS-7\n', completeV1());
    expect(accepted(parseDoc(document)).manifest.insights[0]?.id).toBe('INS-7\n');
  });

  test.each<[string, unknown, string]>([
    ['objectives.0.id', 'objective-1', 'wrong-id objectives.0.id'],
    ['strategies.0.id', 'S', 'wrong-id strategies.0.id'],
    ['strategies.0.tactics.0.id', 'TAC-a', 'wrong-id strategies.0.tactics.0.id'],
    ['insights.0.id', 'I', 'wrong-id insights.0.id'],
    ['strategies.0.rationale', undefined, 'missing-field strategies.0.rationale'],
    ['strategies.0.horizon', 'soon', 'unknown-value strategies.0.horizon'],
    ['strategies.0.objectiveRefs', ['OBJ-2'], 'broken-reference strategies.0.objectiveRefs.0'],
    ['spec.risks.0.mitigation', 'TAC-2', 'broken-reference spec.risks.0.mitigation'],
    ['spec.risks.0.mitigation', 'STRAT-2', 'broken-reference spec.risks.0.mitigation'],
    ['strategies.0.tactics.0.completedDate', '2025-12-31', 'date-order strategies.0.tactics.0.completedDate'],
    ['strategies.0.tactics.0.completedDate', '2026-01-01T00:30:00+01:00', 'date-order strategies.0.tactics.0.completedDate'],
    ['strategies.0.tactics.0.blockedReason', null, 'missing-reason strategies.0.tactics.0.blockedReason'],
    ['version', 1.5, 'wrong-type version'],
  ])('%s: %j is a fault, %s', (path, value, expected) => {
    expect(codes(faultsOf(parseDoc(changed(path, value, completeV1()))))).toEqual([expected]);
  });

  test.each<[string, unknown]>([
    ['insights.0.id', null],
    ['insights.0.id', ''],
    ['insights.0.id', undefined],
    ['spec.risks.0.mitigation', 'STRAT-1'],
    ['spec.risks.0.mitigation', 'anything else'],
    ['strategies.0.tactics.0.completedDate', '2026-01-01T00:00:00Z'],
  ])('%s: %j is valid', (path, value) => {
    accepted(parseDoc(changed(path, value, completeV1())));
  });

  test('keys of v2 are not read, and the warning says so', () => {
    const parsed = accepted(parseDoc({ ...completeV1(), guidance: {} }));
    expect(parsed.warnings.find((w) => w.path === 'guidance')?.message).toContain('v1.1');
  });
});

describe('documents from before 1.1 (§9)', () => {
  test('move their blocks under spec, and places stay those of the file', () => {
    const parsed = accepted(parse('objectives: []\nproject: {id: legacy, trace_id: x}\ntargets:\n  - {kind: Deployment, name: old}\n'));
    expect([parsed.version, parsed.manifest.metadata.name, parsed.manifest.spec.targets[0]?.name]).toEqual(['v1.1', 'legacy', 'old']);
    expect([parsed.locate('spec.targets.0.name').line, parsed.locate('metadata.name').line]).toEqual([4, 2]);
    expect(codes(parsed.warnings)).toEqual(['migrated apiVersion', 'unread-spelling project.trace_id']);
  });

  test('tell faults by the paths of the file, once', () => {
    const faults = faultsOf(parse('objectives: []\nproject: {id: a/b}\ntargets: []\n'));
    expect(codes(faults)).toEqual(['unsafe-name project.id', 'too-few targets']);
    expect(faults.map((fault) => fault.message.split(' ')[0])).toEqual(['project.id', 'targets']);
  });

  test('without a key that triggers the upgrade lack metadata and spec', () => {
    expect(codes(faultsOf(parse('project: {id: a}\ntargets: [{kind: Job, name: j}]\n')))).toEqual([
      'missing-field metadata',
      'missing-field spec',
    ]);
  });

  test('that name no project are called unnamed-project', () => {
    const parsed = parse('version: "1.0"\nspec: {project: {id: 3}, targets: [{kind: Job, name: j}]}\n');
    expect(codes(faultsOf(parsed))).toEqual(['wrong-type spec.project.id']);
  });
});
