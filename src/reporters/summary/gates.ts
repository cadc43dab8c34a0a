import type { GateResult } from '../../gatekeeper/gate.ts';
import { markdownCode, markdownText } from '../../report/escape-markdown.ts';
import { folded, markdownTable } from '../../report/markdown-table.ts';
import type { QuestionAnswer, Report } from '../../report/report.ts';
import { shorten } from '../../report/shorten.ts';
import { count, enumerate } from '../../report/words.ts';
import type { Detail } from './detail.ts';

/** Gates that failed or could not look in the open, those that passed folded away, then, for one manifest, the Three Questions. */
export function gateSection(report: Report, detail: Detail): readonly string[] {
  const results = report.entries.flatMap((entry) => entry.gates);
  const answers = report.entries.length === 1 ? (report.entries[0]?.questions ?? []) : [];
  if (results.length === 0 && answers.length === 0) return [];
  const remarkable = alike(results.filter((result) => result.outcome !== 'pass')).toSorted(
    (a, b) => ORDER[a.result.outcome] - ORDER[b.result.outcome],
  );
  const passed = alike(results.filter((result) => result.outcome === 'pass'));
  return [
    `### Gates${results.length === 0 ? '' : ` · ${tally(results)}`}`,
    ...(remarkable.length === 0 || detail.rows === 0 ? [] : [gateTable(remarkable, detail)]),
    ...(passed.length === 0 || !detail.extras ? [] : [folded(`${count(passed.length, 'gate')} passed`, gateTable(passed, detail))]),
    ...(answers.length === 0 || !detail.extras ? [] : [questionTable(answers, detail)]),
  ];
}

const OUTCOME = { crashed: '⛔ crashed, blocks', fail: '⚠️ failed', skipped: '➖ skipped', pass: '✅ passed' } as const;
const ORDER = { crashed: 0, fail: 1, skipped: 2, pass: 3 } as const;

function tally(results: readonly GateResult[]): string {
  const number = (outcome: GateResult['outcome']): number => results.filter((result) => result.outcome === outcome).length;
  const [failed, crashed, skipped] = [number('fail'), number('crashed'), number('skipped')];
  return enumerate([
    `${number('pass')} passed`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(crashed > 0 ? [`${crashed} crashed`] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
  ]);
}

/** In an audit the same gate says the same of many manifests: said once, counted. */
interface Alike {
  readonly result: GateResult;
  readonly times: number;
}

function alike(results: readonly GateResult[]): readonly Alike[] {
  const groups = Map.groupBy(results, ({ gate, outcome, reason }) => JSON.stringify([gate, outcome, reason]));
  return [...groups.values()].map((group) => ({ result: group[0]!, times: group.length }));
}

function gateTable(rows: readonly Alike[], detail: Detail): string {
  const rest = rows.length - detail.rows;
  const text = markdownTable(
    [{ title: 'Gate' }, { title: 'Result' }, { title: 'Why' }],
    rows
      .slice(0, detail.rows)
      .map(({ result, times }) => [
        markdownCode(shorten(result.gate, detail.name)),
        (result.outcome === 'fail' && result.blocking ? '⛔ failed, blocks' : OUTCOME[result.outcome]) + (times > 1 ? ` (${times}×)` : ''),
        markdownText(shorten(result.reason, detail.sentence)),
      ]),
  );
  return rest > 0 ? `${text}\n\n…and ${count(rest, 'more gate')}, in \`export-tasks-report.json\`.` : text;
}

const ANSWER: Readonly<Record<QuestionAnswer['status'], string>> = {
  pass: '✅ yes',
  fail: '❌ no',
  skipped: '➖ not asked',
  not_reached: '➖ not reached',
};

function questionTable(answers: readonly QuestionAnswer[], detail: Detail): string {
  return markdownTable(
    [{ title: 'Question' }, { title: 'Answer' }, { title: 'Recommendation' }],
    answers
      .slice(0, detail.rows)
      .map((answer) => [
        `${answer.number}. ${markdownText(shorten(answer.title, detail.sentence))}`,
        ANSWER[answer.status],
        answer.recommendation === '' ? '–' : markdownText(shorten(answer.recommendation, detail.sentence)),
      ]),
  );
}
