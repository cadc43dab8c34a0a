import type { GateResult } from '../../gatekeeper/gate.ts';
import { visible } from '../../report/escape-terminal.ts';
import type { QuestionAnswer, Report } from '../../report/report.ts';
import { shorten } from '../../report/shorten.ts';
import { wrapText } from '../../report/text-table.ts';
import { count, enumerate } from '../../report/words.ts';
import { type Style, section } from './style.ts';

const SHOWN = 30;

/** Which gates failed, crashed, could not look, and passed; then, for one manifest, the Three Questions. */
export function gateLines(report: Report, style: Style): readonly string[] {
  const results = report.entries.flatMap((entry) => entry.gates);
  const by = Map.groupBy(results, (result) => result.outcome);
  const [failed, crashed, skipped, passed] = [by.get('fail') ?? [], by.get('crashed') ?? [], by.get('skipped') ?? [], by.get('pass') ?? []];
  const tally = enumerate([
    `${passed.length} passed`,
    ...(failed.length > 0 ? [`${failed.length} failed`] : []),
    ...(crashed.length > 0 ? [`${crashed.length} crashed`] : []),
    ...(skipped.length > 0 ? [`${skipped.length} skipped`] : []),
  ]);
  const [first, ...more] = report.entries;
  const questions = more.length === 0 ? (first?.questions ?? []) : [];
  const lines = [
    ...reasons('crashed', crashed, style),
    ...reasons('failed', failed, style),
    ...reasons('skipped', skipped, style),
    ...passedLines(passed, style),
    ...questions.flatMap((answer) => questionLines(answer, style)),
  ];
  return section(`Gates  ${tally}`, lines, style);
}

function reasons(word: string, results: readonly GateResult[], { paint, width }: Style): readonly string[] {
  const mark = (word === 'skipped' ? paint.faint : paint.bad)(word.padEnd(8));
  const alike = [...Map.groupBy(results, (result) => JSON.stringify([result.gate, result.reason])).values()];
  const lines = alike.slice(0, SHOWN).flatMap((group) => {
    const { gate, reason, blocking } = group[0]!;
    const told = `${visible(shorten(gate, 100))}${blocking ? ' (blocks)' : ''}: ${visible(shorten(reason, 600))}${group.length > 1 ? ` (${group.length} times)` : ''}`;
    return wrapText(told, width - 11).map((line, index) => `${index === 0 ? mark : '        '} ${line}`);
  });
  return alike.length > SHOWN ? [...lines, `${mark} and ${count(alike.length - SHOWN, 'more')}`] : lines;
}

function passedLines(passed: readonly GateResult[], { paint, width }: Style): readonly string[] {
  const names = [...new Set(passed.map((result) => result.gate))].map((gate) => visible(shorten(gate, 100)));
  if (names.length === 0) return [];
  return wrapText(names.join(', '), width - 12).map((line, index) => `${index === 0 ? paint.good('passed  ') : '        '} ${line}`);
}

const ANSWER: Readonly<Record<QuestionAnswer['status'], string>> = {
  pass: 'yes',
  fail: 'no',
  skipped: 'not asked',
  not_reached: 'not reached',
};

function questionLines({ number, title, layer, status, checks }: QuestionAnswer, { width }: Style): readonly string[] {
  const passed = checks.filter((check) => check.passed).length;
  const counted = status === 'pass' || status === 'fail' ? `, ${passed} of ${count(checks.length, 'check')} passed` : '';
  const told = `question ${number}: ${visible(title)} (${visible(layer)}) ${ANSWER[status]}${counted}`;
  return wrapText(told, width - 2);
}
