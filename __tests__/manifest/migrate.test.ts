import { describe, expect, test } from '@jest/globals';
import type { ManifestV1 } from '../../src/manifest/manifest-schema.ts';
import { migrateDocument } from '../../src/manifest/migrate.ts';
import { accepted, codes, complete, completeV1, type Doc, parseDoc } from './samples.ts';

/** The value of a v1.1 document whose fields are all given. */
const v1 = (change: (document: Doc) => void = () => {}): ManifestV1 => {
  const document = completeV1();
  change(document);
  return document;
};

describe('migration from v1.1', () => {
  test('keeps links, lastUpdated, deprecated metrics and which tactic belongs to which strategy (I2)', () => {
    const { document } = migrateDocument(v1());
    expect(document.metadata).toEqual(complete().metadata);
    expect(document.strategy.objectives[0]).toMatchObject({ id: 'OBJ-1', metric: 'availability', target: '99.9%' });
    expect(document.strategy.strategyGroups).toEqual([
      { id: 'STRAT-1', description: 's', horizon: 'next', rationale: 'r', objective_refs: ['OBJ-1'], tactics: ['TAC-1'] },
    ]);
    expect(document.strategy.tactics[0]).toMatchObject({ id: 'TAC-1', linkedObjectives: ['OBJ-1'], satisfies: [] });
    expect(document.spec).toEqual(complete().spec);
  });

  test('flattens tactics in the order of the document, and each keeps its way back', () => {
    const { document, origin } = migrateDocument(
      v1((d) => {
        const [strategy] = d.strategies;
        const tactic = { id: 'TAC-2', description: 'u', status: 'planned', artifacts: [] };
        d.strategies.push({ ...strategy, id: 'STRAT-2', objectiveRefs: [], tactics: [tactic] });
      }),
    );
    expect(document.strategy.tactics.map((t) => [t['id'], t['linkedObjectives']])).toEqual([
      ['TAC-1', ['OBJ-1']],
      ['TAC-2', []],
    ]);
    expect(origin(['strategy', 'tactics', 1, 'status'])).toEqual(['strategies', 1, 'tactics', 0, 'status']);
    expect(origin(['strategy', 'tactics', '0', 'linkedObjectives', 0])).toEqual(['strategies', 0, 'objectiveRefs', 0]);
    expect(origin(['strategy', 'strategyGroups', 1, 'objective_refs', 0])).toEqual(['strategies', 1, 'objectiveRefs', 0]);
    expect(origin(['strategy', 'tactics', 9])).toEqual(['strategies']);
    expect(origin(['spec', 'risks', 0])).toEqual(['spec', 'risks', 0]);
  });

  test('gives insights without id one that depends on their content only, and different ones (I3)', () => {
    const withoutIds = v1((d) => {
      const { id: _id, ...insight } = d.insights[0];
      d.insights = [insight, { ...insight, id: '' }, { ...insight, summary: 'other' }];
    });
    const ids = () => migrateDocument(withoutIds).document.insights.map((insight) => insight['id']);
    expect(ids()).toEqual(ids());
    expect(new Set(ids()).size).toBe(3);
    for (const id of ids()) expect(id).toMatch(/^INS-MIGRATED-[0-9A-F]{8}(-2)?$/);
  });

  test('says in the changelog that it took place, when told the day', () => {
    const { changelog } = migrateDocument(v1(), { date: '2026-01-15', text: 'moved' }).document.metadata;
    expect(changelog).toHaveLength(2);
    expect(changelog[1]).toMatchObject({ date: '2026-01-15', version: '2.0', actor: 'agent:contextcore-migrate' });
    expect(changelog[1]?.['summary']).toMatch(/^moved; .+; .+/);
  });

  test('loads again as v2, as the same value and without warnings (I1)', () => {
    const first = accepted(parseDoc(completeV1()));
    const { document } = migrateDocument(v1());
    const second = accepted(parseDoc(document));
    expect(second.version).toBe('v2');
    expect(second.manifest).toEqual(first.manifest);
    expect(codes(second.warnings)).toEqual([]);
  });

  test('changes nothing of what it was given', () => {
    const given = v1();
    const before = structuredClone(given);
    migrateDocument(given, { date: '2026-01-15' });
    expect(given).toEqual(before);
  });
});
