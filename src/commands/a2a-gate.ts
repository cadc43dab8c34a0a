import type { GateResultPayload } from '../gatekeeper/contracts/fields.ts';
import { gateResultPayload } from '../gatekeeper/contracts/gate-result-payload.ts';
import { runSingleGate, SINGLE_GATES, type SingleGateName } from '../gatekeeper/single-gate.ts';
import { given } from '../host/given.ts';
import { visible } from '../report/escape-terminal.ts';
import { readJsonFile, toldUnparsable } from './a2a-validate.ts';
import { type Call, type Command, UsageError } from './command.ts';
import { formatFlag } from './flags.ts';

/** Asks one gate about one JSON file (spec/gates.md §4). A key that is missing is a usage error and no pass (G-21). Report-only unless asked to fail. */
export const a2aGate: Command = {
  name: 'a2a-gate',
  summary: 'Ask one gate about a JSON file: checksums, task mapping, or gaps against features.',
  args: [
    { name: 'gate', describes: SINGLE_GATES.join(', '), required: true },
    { name: 'data', describes: 'what it judges, a JSON file', required: true },
  ],
  flags: [
    { flags: '--gate-id <id>', describes: 'id of the result' },
    { flags: '--task-id <id>', describes: 'task that the gate belongs to' },
    { flags: '--trace-id <id>', describes: 'trace that the gate belongs to' },
    formatFlag,
    { flags: '--fail-on-block', describes: 'exit 1 when the gate blocks' },
  ],
  act: async (call, world, terminal) => {
    const [name = '', file = ''] = call.args;
    if (!isSingleGate(name)) throw new UsageError(`There is no gate "${name}" for a file; there are ${SINGLE_GATES.join(', ')}.`);
    const occasion = {
      gateId: required(call, 'gateId', '--gate-id'),
      taskId: required(call, 'taskId', '--task-id'),
      checkedAt: world.clock.now().toISOString(),
      ...given({ traceId: call.text('traceId') || undefined }),
    };
    const data = await readJsonFile(world, file);
    if (!data.ok) return toldUnparsable(data.message, terminal);
    const outcome = runSingleGate(name, data.value, occasion);
    if (!outcome.ok) throw new UsageError(`${file}: ${outcome.message}`);
    const payload = gateResultPayload(outcome.result)!;
    terminal.out(call.text('format') === 'json' ? JSON.stringify(payload, null, 2) + '\n' : resultText(payload));
    return call.flag('failOnBlock') === true && payload.blocking ? 1 : 0;
  },
};

function isSingleGate(name: string): name is SingleGateName {
  return SINGLE_GATES.some((known) => known === name);
}

function required(call: Call, name: string, flag: string): string {
  const value = call.text(name)?.trim();
  if (!value) throw new UsageError(`a2a-gate needs ${flag}, which must not be blank.`);
  return value;
}

function resultText({ result, blocking, gate_id, phase, reason, next_action, evidence = [] }: GateResultPayload): string {
  const lines = [
    `${result.toUpperCase()}${blocking ? ' [BLOCKING]' : ''}  ${gate_id} (${phase})`,
    `  Reason: ${reason}`,
    `  Next:   ${next_action}`,
    `  Evidence (${evidence.length})`,
    ...evidence.map(({ type, ref, description }) => `    - [${type}] ${ref}: ${description}`),
  ];
  return lines.map(visible).join('\n') + '\n';
}
