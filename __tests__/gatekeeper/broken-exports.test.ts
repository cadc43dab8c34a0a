import { afterAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { answerQuestions } from '../../src/gatekeeper/answer-questions.ts';
import type { JsonFile, Subject } from '../../src/gatekeeper/subject.ts';
import { gate1, ours, questions } from '../../src/gates/index.ts';
import { checkReport } from '../../src/report/check-report.ts';
import { diagnoseReport } from '../../src/report/diagnose-report.ts';
import { checkText } from '../../src/reporters/check-text.ts';
import { diagnoseText } from '../../src/reporters/diagnose-text.ts';
import { type Loose, open, removeFolders, run } from '../gates/export-folder.ts';

afterAll(removeFolders);

/** Every way into a document, as lists of keys. */
function ways(value: unknown, way: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [way];
  return [way, ...Object.entries(value).flatMap(([key, inner]) => ways(inner, [...way, key]))];
}

function changed(document: Loose, way: readonly string[], change: { drop: boolean; value: unknown }): Loose {
  if (way.length === 0) return change.drop ? {} : change.value;
  const copy = structuredClone(document);
  const parent = way.slice(0, -1).reduce((at, key) => at[key], copy);
  if (change.drop && !Array.isArray(parent)) delete parent[way.at(-1)!];
  else parent[way.at(-1)!] = change.value;
  return copy;
}

test('an export with one value dropped, changed or retyped is judged and never crashes a gate', async () => {
  const { subject } = await open({
    change: ({ more }) => {
      more['ingestion/plan-result.json'] = {
        features: [{ id: 'teller-slo' }],
        complexity_score: 3,
        assess: { score: 1 },
        route: 'artisan',
        transform: { route: 'prime' },
      };
      more['artisan/design-handoff.json'] = { schema_version: '1', seed_path: 'out/x' };
      more['artisan/finalize-report.json'] = { tasks_total: 1, tasks_succeeded: 1, tasks_failed: 0, status: 'ok' };
    },
    options: { ingestionDir: 'ingestion', artisanDir: 'artisan', minCoverage: 10 },
  });
  const of = (file: JsonFile) => (file.state === 'read' ? file.value : {});
  const places = [
    ...(['onboarding', 'provenance', 'runProvenance'] as const).map((part) => ({
      document: of(subject[part]),
      put: (value: unknown): Subject => ({ ...subject, [part]: { state: 'read', value } }),
    })),
    ...(['ingestion', 'artisan'] as const).flatMap((part) =>
      [...subject[part]!.json].map(([name, file]) => ({
        document: of(file),
        put: (value: unknown): Subject => ({
          ...subject,
          [part]: { ...subject[part]!, json: new Map([...subject[part]!.json, [name, { state: 'read', value } as JsonFile]]) },
        }),
      })),
    ),
  ];
  const targets = places.flatMap(({ document, put }) => ways(document).map((way) => ({ document, way, put })));
  const value = fc.oneof(
    fc.constantFrom<unknown>(null, true, -1, 1e308, '', 'x', [], [[]], {}, [null], { a: null }, { _omitted: 'x' }),
    fc.jsonValue({ maxDepth: 2 }),
  );
  const one = fc.record({ target: fc.nat(targets.length - 1), drop: fc.boolean(), value });

  fc.assert(
    fc.property(one, ({ target, drop, value }) => {
      const { document, way, put } = targets[target]!;
      const broken = put(changed(document, way, { drop, value }));
      const results = run([...gate1, ...questions, ...ours], broken);
      expect(results.filter(({ outcome }) => outcome === 'crashed').map(({ reason }) => reason)).toEqual([]);
      expect(results.filter(({ outcome, blocking }) => outcome === 'pass' && blocking)).toEqual([]);
      const first = results.filter(({ group }) => group === 'gate-1');
      checkText(checkReport(broken, first, new Date(0)));
      diagnoseText(diagnoseReport(broken, answerQuestions(broken, first), new Date(0)));
    }),
    { numRuns: 1500, seed: 20260115 },
  );
});
