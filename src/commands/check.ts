import { runGates } from '../gatekeeper/run-gates.ts';
import { gate1 } from '../gates/index.ts';
import { given } from '../host/given.ts';
import { parsePercent } from '../host/settings.ts';
import { checkReport } from '../report/check-report.ts';
import { checkText } from '../reporters/check-text.ts';
import type { Command } from './command.ts';
import { emitFlags, formatFlag, idleTraceFlags, judgeFlags, otlpOrder, reportFlag } from './flags.ts';
import { emitBeside, subjectOf, writeFileWhole } from './load.ts';

/** Gate 1 on an export directory, ours or one made by the reference (spec/gates.md §2.10). Report-only unless asked to fail. */
export const check: Command = {
  name: 'check',
  summary: 'Check the integrity of an export directory: Gate 1.',
  args: [{ name: 'dir', describes: 'the export directory', required: true }],
  flags: [
    { flags: '--task-id <id>', describes: 'task that the gates belong to (default: the project id)' },
    { flags: '--trace-id <id>', describes: 'trace that the gates belong to (default: the one that the export names)' },
    { flags: '--min-coverage <percent>', describes: 'also ask for this coverage, 0 to 100' },
    { flags: '--fail-on-unhealthy', describes: 'exit 1 when a blocking gate fails' },
    ...emitFlags,
    formatFlag,
    reportFlag,
  ],
  act: async (call, world, terminal) => {
    const [minCoverage, order] = judgeFlags(call, (flag) => [flag('min-coverage', parsePercent), otlpOrder(flag, 'check', 'true')]);
    const subject = await subjectOf(
      { exportDir: call.args[0]!, ...given({ taskId: call.text('taskId'), traceId: call.text('traceId'), minCoverage }) },
      world,
    );
    for (const notice of idleTraceFlags(call)) terminal.err(`note: ${notice}`);
    const gates = runGates(gate1, subject, world);
    const report = checkReport(subject, gates, world.clock.now());
    const document = JSON.stringify(report, null, 2);
    const file = call.text('report');
    if (file !== undefined) {
      await writeFileWhole(world, file, document);
      terminal.err(`Report written to ${file}.`);
    }
    if (call.flag('emitTasks') === true) await emitBeside(order, { command: 'check', subject, gates, answers: [] }, world, terminal);
    terminal.out(call.text('format') === 'json' ? document + '\n' : checkText(report));
    return call.flag('failOnUnhealthy') === true && !report.is_healthy ? 1 : 0;
  },
};
