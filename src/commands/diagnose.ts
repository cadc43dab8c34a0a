import { answerQuestions } from '../gatekeeper/answer-questions.ts';
import { runGates } from '../gatekeeper/run-gates.ts';
import { gate1, questions } from '../gates/index.ts';
import { given } from '../host/given.ts';
import { diagnoseReport } from '../report/diagnose-report.ts';
import { diagnoseText } from '../reporters/diagnose-text.ts';
import type { Command } from './command.ts';
import { emitFlags, formatFlag, idleTraceFlags, judgeFlags, otlpOrder, reportFlag } from './flags.ts';
import { emitBeside, subjectOf, writeFileWhole } from './load.ts';

/** The Three Questions about an export and what came of it (spec/gates.md §3.8). Report-only unless asked to fail. */
export const diagnose: Command = {
  name: 'diagnose',
  summary: 'Answer the Three Questions: is the contract complete, was it translated faithfully, was it executed faithfully?',
  args: [{ name: 'dir', describes: 'the export directory', required: true }],
  flags: [
    { flags: '--ingestion-dir <dir>', describes: 'output of plan ingestion' },
    { flags: '--artisan-dir <dir>', describes: 'output of the implementation' },
    { flags: '--trace-id <id>', describes: 'trace that the questions belong to (default: the one that the export names)' },
    { flags: '--fail-on-issue', describes: 'exit 1 when a question fails' },
    ...emitFlags,
    formatFlag,
    reportFlag,
  ],
  act: async (call, world, terminal) => {
    const order = judgeFlags(call, (flag) => otlpOrder(flag, 'check', 'true'));
    const options = given({
      ingestionDir: call.text('ingestionDir'),
      artisanDir: call.text('artisanDir'),
      traceId: call.text('traceId'),
    });
    const subject = await subjectOf({ exportDir: call.args[0]!, ...options }, world);
    for (const notice of idleTraceFlags(call)) terminal.err(`note: ${notice}`);
    const gates = runGates([...gate1, ...questions], subject, world);
    const answers = answerQuestions(
      subject,
      gates.filter(({ group }) => group === 'gate-1'),
    );
    const report = diagnoseReport(subject, answers, world.clock.now());
    const document = JSON.stringify({ ...report, ...given({ trace_id: options.traceId }) }, null, 2);
    const file = call.text('report');
    if (file !== undefined) {
      await writeFileWhole(world, file, document);
      terminal.err(`Report written to ${file}.`);
    }
    if (call.flag('emitTasks') === true) await emitBeside(order, { command: 'diagnose', subject, gates, answers }, world, terminal);
    terminal.out(call.text('format') === 'json' ? document + '\n' : diagnoseText(report));
    return call.flag('failOnIssue') === true && !report.all_passed ? 1 : 0;
  },
};
