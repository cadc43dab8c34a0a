import { answerQuestions } from '../gatekeeper/answer-questions.ts';
import { confirmation, count, finding } from '../gatekeeper/evidence.ts';
import type { Evidence, Judgement } from '../gatekeeper/gate.ts';
import type { Answer, Check } from '../gatekeeper/questions/question.ts';
import type { Subject } from '../gatekeeper/subject.ts';

/** One of the Three Questions seen as a gate. What Gate 1 answered is referred to and not counted again (design.md, Gates and verdict). */
export function judgeQuestion(number: 1 | 2 | 3, subject: Subject): Judgement {
  if (subject.gate1 === undefined || subject.gate1.length === 0)
    return { outcome: 'skipped', code: 'not_verifiable', reason: 'Gate 1 was not asked, and the question builds on its answers.' };
  return viewOf(answerQuestions(subject, subject.gate1)[number - 1]!);
}

function viewOf(answer: Answer): Judgement {
  if (answer.status === 'not_reached')
    return { outcome: 'skipped', code: 'not_reached', reason: 'An earlier question failed, so this one was not reached.' };
  if (answer.status === 'skipped') return { outcome: 'skipped', code: 'option_absent', reason: answer.recommendation };
  const evidence = answer.checks.filter((check) => !check.passed && check.severity !== 'info').map(toEvidence);
  const passed = answer.checks.filter((check) => check.passed).length;
  if (answer.status === 'fail') {
    const severity = evidence.some((item) => item.level === 'critical')
      ? ({ severity: 'critical', blocking: true } as const)
      : ({ severity: 'warning', blocking: false } as const);
    return {
      outcome: 'fail',
      reason: `${answer.title} No: ${count(answer.checks.length - passed, 'check')} of ${answer.checks.length} did not pass.`,
      nextAction: answer.recommendation,
      evidence,
      ...severity,
    };
  }
  const reason = `${answer.title} Yes: ${passed} of ${count(answer.checks.length, 'check')} passed.`;
  const all = confirmation('question_answered', answer.layer, reason);
  return { outcome: 'pass', advisory: evidence.some((item) => item.finding), reason, evidence: [all, ...evidence] };
}

function toEvidence(check: Check): Evidence {
  if (check.gate !== undefined) return confirmation('gate_failed', check.gate, check.detail);
  return finding(check.name, check.at?.[0]?.name ?? check.name, check.detail, {
    level: check.severity === 'error' ? 'critical' : 'warning',
    ...(check.at && { at: check.at }),
  });
}
