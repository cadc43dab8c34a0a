import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Artifact, ArtifactStatus, Contract } from '../../src/contract/contract.ts';
import { settleContract } from '../../src/contract/settle-contract.ts';
import { buildPlan } from '../../src/plan/build-plan.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { CHECKOUT, contractOf, foundAt } from '../contract/manifests.ts';

const TEMPLATE = contractOf().artifacts[0]!;

/** A contract of artifacts that depend on each other as told. */
function graph(dependencies: Readonly<Record<string, readonly string[]>>): Contract {
  return { ...contractOf(), artifacts: Object.entries(dependencies).map(([id, dependsOn]): Artifact => ({ ...TEMPLATE, id, dependsOn })) };
}

function withStatuses(...statuses: readonly ArtifactStatus[]): Contract {
  return { ...contractOf(), artifacts: statuses.map((status, index): Artifact => ({ ...TEMPLATE, id: `a${index}`, status })) };
}

const order = (plan: Plan) => plan.tasks.map(({ taskId }) => taskId);

describe('a plan', () => {
  const contract = settleContract(contractOf(CHECKOUT), foundAt('cart_db-dashboard', 'checkout_api-service-monitor'));
  const plan = buildPlan(contract);

  test('has an epic that counts everything', () => {
    expect(plan.epic).toEqual({
      taskId: 'checkout-artifact-generation',
      title: 'checkout Observability Artifact Generation',
      gapCount: 13,
      totalCount: 15,
      completedCount: 2,
      percentComplete: (2 / 15) * 100,
    });
  });

  test('has a story for each type, in order of first appearance', () => {
    expect(plan.stories.map(({ taskId }) => taskId)).toEqual([
      'checkout-dashboard-artifacts',
      'checkout-loki_rule-artifacts',
      'checkout-notification_policy-artifacts',
      'checkout-prometheus_rule-artifacts',
      'checkout-runbook-artifacts',
      'checkout-service_monitor-artifacts',
      'checkout-slo_definition-artifacts',
      'checkout-capability_index-artifacts',
    ]);
    expect(plan.stories[0]).toEqual({
      taskId: 'checkout-dashboard-artifacts',
      type: 'dashboard',
      title: 'Dashboard Artifacts (2 total, 1 needed)',
      gapCount: 1,
      totalCount: 2,
      completedCount: 1,
    });
    expect(plan.stories[3]?.title).toBe('Prometheus Rule Artifacts (2 total, 2 needed)');
  });

  test('has a task for each artifact below its story, dependencies first, else in the order of the contract', () => {
    expect(order(plan)).toEqual([
      'cart_db-dashboard',
      'cart_db-loki-rules',
      'cart_db-service-monitor',
      'cart_db-prometheus-rules',
      'cart_db-notification',
      'cart_db-runbook',
      'cart_db-slo',
      'checkout-capability-index',
      'checkout_api-dashboard',
      'checkout_api-loki-rules',
      'checkout_api-service-monitor',
      'checkout_api-prometheus-rules',
      'checkout_api-notification',
      'checkout_api-runbook',
      'checkout_api-slo',
    ]);
    expect(plan.tasks[5]).toMatchObject({
      parentId: 'checkout-runbook-artifacts',
      dependsOn: ['cart_db-prometheus-rules', 'cart_db-notification'],
      unknownDependencies: [],
    });
    expect(plan.tasks.some((task) => 'cycle' in task)).toBe(false);
  });

  test('warns of nothing when there is nothing', () => {
    expect(plan).toMatchObject({ projectId: 'checkout', cycles: [], warnings: [] });
  });

  test('goes under another project id when told', () => {
    const renamed = buildPlan(contract, 'other');
    expect(renamed.epic.taskId).toBe('other-artifact-generation');
    expect(renamed.tasks[0]?.parentId).toBe('other-dashboard-artifacts');
  });

  test('of nothing is complete', () => {
    expect(buildPlan({ ...contract, artifacts: [] })).toMatchObject({
      epic: { percentComplete: 100, totalCount: 0 },
      stories: [],
      tasks: [],
    });
  });
});

test('what is outdated is open work, what is skipped is neither open nor done', () => {
  const plan = buildPlan(withStatuses('needed', 'exists', 'outdated', 'skipped'));
  expect(plan.epic).toMatchObject({ gapCount: 2, completedCount: 1, totalCount: 4, percentComplete: 25 });
  expect(plan.stories).toMatchObject([{ gapCount: 2, completedCount: 1, totalCount: 4 }]);
});

describe('dependencies', () => {
  test('on nobody are listed, told, and in nobody’s way', () => {
    const plan = buildPlan(graph({ a: ['ghost', 'b', 'b'], b: [] }));
    expect(plan.tasks).toMatchObject([{ taskId: 'b' }, { taskId: 'a', dependsOn: ['b'], unknownDependencies: ['ghost'] }]);
    expect(plan.warnings).toEqual([expect.stringContaining('a depends on ghost')]);
  });

  test('on itself are a cycle of one', () => {
    const plan = buildPlan(graph({ a: ['a'], b: [] }));
    expect(plan.tasks).toMatchObject([{ taskId: 'a', cycle: ['a'], dependsOn: ['a'] }, { taskId: 'b' }]);
    expect(plan.cycles).toEqual([['a']]);
    expect(plan.warnings).toEqual([expect.stringContaining('a depends on itself')]);
  });

  test('in a circle are named once, walked from the first member, and drop no task', () => {
    const plan = buildPlan(graph({ x: ['c'], a: ['b'], b: ['c'], c: ['a', 'z'], z: [] }));
    expect(order(plan)).toEqual(['z', 'a', 'b', 'c', 'x']);
    expect(plan.cycles).toEqual([['a', 'b', 'c']]);
    expect(plan.tasks.filter(({ cycle }) => cycle).map(({ taskId }) => taskId)).toEqual(['a', 'b', 'c']);
    expect(plan.warnings).toEqual([expect.stringContaining('a → b → c → a')]);
  });

  test('in two circles, one waiting for the other, stay two circles in order', () => {
    const plan = buildPlan(graph({ a: ['b', 'd'], b: ['a'], c: ['d'], d: ['c'] }));
    expect(order(plan)).toEqual(['c', 'd', 'a', 'b']);
    expect(plan.cycles).toEqual([
      ['c', 'd'],
      ['a', 'b'],
    ]);
  });

  test('of any shape lose no task, and put every one after what it depends on unless both are in one cycle', () => {
    const shape = fc.integer({ min: 1, max: 12 }).chain((size) => fc.array(fc.array(fc.nat(size)), { minLength: size, maxLength: size }));
    fc.assert(
      fc.property(shape, (edges) => {
        const plan = buildPlan(graph(Object.fromEntries(edges.map((to, from) => [`n${from}`, to.map((index) => `n${index}`)]))));
        const at = new Map(order(plan).map((id, index) => [id, index]));
        expect(at.size).toBe(edges.length);
        for (const { taskId, dependsOn, cycle } of plan.tasks) {
          for (const id of dependsOn) expect((cycle?.includes(id) ?? false) || at.get(id)! < at.get(taskId)!).toBe(true);
        }
        const members = plan.cycles.flat();
        expect(new Set(members).size).toBe(members.length);
        expect(new Set(plan.tasks.filter(({ cycle }) => cycle).map(({ taskId }) => taskId))).toEqual(new Set(members));
        for (const cycle of plan.cycles) for (const id of cycle) expect(reaches(edges, id, id)).toBe(true);
      }),
    );
  });

  test('without cycles come as Kahn has them: always the earliest that is ready', () => {
    const shape = fc.array(fc.array(fc.nat(9)), { minLength: 10, maxLength: 10 });
    fc.assert(
      fc.property(shape, fc.shuffledSubarray([...Array(10).keys()], { minLength: 10 }), (edges, rank) => {
        const acyclic = edges.map((to, from) => to.filter((index) => rank[index]! < rank[from]!));
        const plan = buildPlan(graph(Object.fromEntries(acyclic.map((to, from) => [`n${from}`, to.map((index) => `n${index}`)]))));
        const done = new Set<number>();
        const expected = acyclic.map(() => {
          const next = acyclic.findIndex((to, from) => !done.has(from) && to.every((index) => done.has(index)));
          done.add(next);
          return `n${next}`;
        });
        expect(order(plan)).toEqual(expected);
      }),
    );
  });

  test('in a chain or a ring of fourteen thousand are no trouble', () => {
    const ids = Array.from({ length: 14_000 }, (_, index) => `n${index}`);
    const chain = buildPlan(graph(Object.fromEntries(ids.map((id, index) => [id, index + 1 < ids.length ? [ids[index + 1]!] : []]))));
    expect(order(chain)).toEqual(ids.toReversed());
    const ring = buildPlan(graph(Object.fromEntries(ids.map((id, index) => [id, [ids[(index + 1) % ids.length]!]]))));
    expect(ring.cycles).toHaveLength(1);
    expect(order(ring)).toEqual(ids);
  });

  function reaches(edges: readonly (readonly number[])[], from: string, to: string): boolean {
    const seen = new Set<number>();
    const open = [...(edges[Number(from.slice(1))] ?? [])];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      if (`n${node}` === to) return true;
      if (!seen.has(node)) open.push(...(edges[node] ?? []));
      seen.add(node);
    }
    return false;
  }
});
