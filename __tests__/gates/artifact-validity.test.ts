import { describe, expect, test } from '@jest/globals';
import type { Subject } from '../../src/gatekeeper/subject.ts';
import type { BaseFacts, WorkArtifact, WorkFacts } from '../../src/gatekeeper/work.ts';
import { artifactValidity } from '../../src/gates/artifact-validity.ts';

const place = (line: number, file = 'rules.yml') => ({ file, line });
const artifact = (id: string, remarks: WorkArtifact['remarks'] = []): WorkArtifact => ({
  ...{ id, name: id, type: 'prometheus_rule', target: 'a', priority: 'required', status: 'exists', place: place(1, 'm.yaml') },
  ...{ path: 'rules.yml', faults: [], contradictions: [], remarks },
});
const advice = (message: string, line = 3) => ({ kind: 'advice' as const, message, place: place(line) });

/** Only what this gate reads. */
function judge(
  artifacts: readonly WorkArtifact[],
  more: Partial<WorkFacts> = {},
  before?: readonly WorkArtifact[],
  closed: readonly string[] = [],
) {
  const base =
    before && ({ artifacts: new Map(before.map((one) => [one.id, one])), closed: new Set(closed) } as Partial<BaseFacts> as BaseFacts);
  const work = { artifacts, ...(base && { base }), ...more } as Partial<WorkFacts> as WorkFacts;
  return artifactValidity.judge({ work } as Partial<Subject> as Subject);
}

const told = (judgement: ReturnType<typeof judge>) =>
  judgement.outcome === 'skipped'
    ? []
    : judgement.evidence.filter((item) => item.advice).map(({ ref, description, state }) => [ref, description, state]);

describe('advice on a valid file', () => {
  test('is a notice on its line, and nothing fails by it', () => {
    const judgement = judge([artifact('a', [advice('no "for"')])]);
    expect(judgement).toMatchObject({
      outcome: 'pass',
      evidence: expect.arrayContaining([expect.objectContaining({ type: 'remark', place: place(3) })]),
    });
    expect(told(judgement)).toEqual([['a', 'no "for"', undefined]]);
  });

  test('is told when this change made it, and kept still when it was there, also on another line', () => {
    const before = [artifact('a', [advice('twice in line 4')])];
    expect(told(judge([artifact('a', [advice('twice in line 5', 9), advice('new')])], {}, before))).toEqual([['a', 'new', 'new']]);
  });

  test('is told three times of one artifact, and twenty times in all', () => {
    const many = Array.from({ length: 9 }, (_, index) =>
      artifact(
        `a${index}`,
        [1, 2, 3, 4].map((line) => advice(`advice ${line}`)),
      ),
    );
    expect(told(judge(many.slice(0, 1)))).toHaveLength(3);
    expect(told(judge(many))).toHaveLength(20);
  });
});

test('what could not be judged is evidence, and no notice', () => {
  const judgement = judge([
    artifact('a', [
      { kind: 'unknown', message: 'states no objective' },
      { kind: 'unread', message: 'SQL', place: place(7) },
    ]),
  ]);
  expect(told(judgement)).toEqual([]);
  expect(judgement).toMatchObject({ outcome: 'pass', reason: 'The artifact that exists is valid.' });
  expect(
    judgement.outcome === 'pass' && judgement.evidence.filter(({ type }) => type === 'not_judged').map(({ description }) => description),
  ).toEqual(['states no objective', 'SQL']);
});

describe('a file that hides whose it is', () => {
  const closed = [{ type: 'prometheus_rule', path: 'rules/all.yml', place: place(2, 'rules/all.yml'), message: 'cannot be read' }];

  test.each([
    ['is an error', undefined, [], 'error', undefined],
    ['is critical when this change made it so', [artifact('a')], [], 'critical', 'new'],
    ['is an error when it was so before', [artifact('a')], ['rules/all.yml'], 'error', 'known'],
  ])('%s', (_, before, closedBefore, level, state) => {
    const judgement = judge([artifact('a')], { closed }, before, closedBefore);
    expect(judgement).toMatchObject({ outcome: 'fail', reason: expect.stringContaining('1 file that cannot be read: "rules/all.yml"') });
    expect(judgement).toMatchObject(
      level === 'critical' ? { severity: 'critical', blocking: true } : { severity: 'error', blocking: false },
    );
    expect(judgement.outcome === 'fail' && judgement.evidence.find(({ type }) => type === 'unreadable_artifact_file')).toMatchObject({
      level,
      ...(state && { state }),
    });
  });
});
