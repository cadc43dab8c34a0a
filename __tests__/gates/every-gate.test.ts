import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Gate } from '../../src/gatekeeper/gate.ts';
import type { JsonFile, Subject } from '../../src/gatekeeper/subject.ts';
import { gate1, ours, questions } from '../../src/gates/index.ts';
import { open, removeFolders, run } from './export-folder.ts';

afterAll(removeFolders);

const gates: readonly Gate[] = [...gate1, ...questions, ...ours];
let right: Subject;
beforeAll(async () => {
  right = (await open({ options: { minCoverage: 50 } })).subject;
});

const read = (value: unknown) => ({ state: 'read', value }) as JsonFile;
const GARBAGE = [
  null,
  true,
  7,
  'text',
  [],
  [[]],
  {},
  { coverage: null },
  { coverage: { gaps: [null, 1, {}, ''], byTarget: [[]], byType: [] } },
  garbageSections(),
];

function garbageSections(): unknown {
  const sections = [
    'artifact_types',
    'design_calibration_hints',
    'expected_output_contracts',
    'parameter_resolvability',
    'service_metadata',
  ];
  const values = [null, 3, 'x', [], [1], { a: null, b: [], c: 'x', __proto__x: 1 }];
  return Object.fromEntries(
    [...sections, 'artifact_task_mapping', 'file_ownership', 'artifact_dependency_graph'].map((key, index) => [
      key,
      values[index % values.length],
    ]),
  );
}

test('every gate has its own key', () => {
  expect(new Set(gates.map((gate) => gate.key)).size).toBe(gates.length);
});

describe.each(gates.map((gate) => [gate.key, gate] as const))('%s', (key, gate) => {
  test('tells what it asks, why and what it reads', () => {
    expect(key).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
    for (const text of [gate.title, gate.asks, gate.why]) expect(text).toMatch(/\S.{5,}/);
    expect(gate.asks).toMatch(/\?$/);
    expect(gate.reads.length).toBeGreaterThan(0);
  });

  test('answers a healthy export, and does not block it', () => {
    const [result] = run([...gate1.filter((other) => other.key !== key), gate], right).slice(-1);
    const blind = ['question-2', 'question-3', 'artifact-validity', 'coverage-ratchet', 'promises', 'waivers'];
    const expected = blind.includes(key) ? 'skipped' : key === 'required-artifacts' ? 'fail' : 'pass';
    expect([result!.outcome, result!.reason]).toEqual([expected, expect.stringMatching(/\.$/)]);
    expect(result!.blocking).toBe(false);
  });

  test('answers on garbage, and never with an exception', () => {
    for (const value of GARBAGE) {
      for (const part of ['onboarding', 'provenance', 'runProvenance'] as const) {
        const [result] = run([...gate1.filter((other) => other.key !== key), gate], { ...right, [part]: read(value) }).slice(-1);
        expect([JSON.stringify(value), part, result!.outcome, result!.outcome === 'crashed' ? result!.reason : '']).toEqual([
          JSON.stringify(value),
          part,
          expect.stringMatching(/^(pass|fail|skipped)$/),
          '',
        ]);
      }
    }
  });

  test('changes nothing it was given', () => {
    const before = JSON.stringify(right);
    run([...gate1, gate], right);
    expect(JSON.stringify(right)).toBe(before);
  });
});
