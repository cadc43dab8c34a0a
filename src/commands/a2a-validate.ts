import { CONTRACT_NAMES, isContractName, type PayloadReport } from '../gatekeeper/contracts/payload-report.ts';
import { validatePayload } from '../gatekeeper/contracts/validate-payload.ts';
import { readBounded } from '../host/files.ts';
import type { JsonValue } from '../host/json.ts';
import { nearest } from '../host/nearest.ts';
import type { World } from '../host/world.ts';
import { visible } from '../report/escape-terminal.ts';
import { type Command, type ExitCode, type Terminal, UsageError } from './command.ts';
import { formatFlag } from './flags.ts';

/** Judges one payload by one of the four contracts (spec/gates.md §1.6). Report-only unless asked to fail. */
export const a2aValidate: Command = {
  name: 'a2a-validate',
  summary: 'Check a payload against one of the four contracts, and list every fault with its path.',
  args: [
    { name: 'contract', describes: CONTRACT_NAMES.join(', '), required: true },
    { name: 'payload', describes: 'the payload, a JSON file', required: true },
  ],
  flags: [formatFlag, { flags: '--fail-on-error', describes: 'exit 1 when the payload does not hold' }],
  act: async (call, world, terminal) => {
    const [name = '', file = ''] = call.args;
    if (!isContractName(name)) throw new UsageError(`There is no contract "${name}"${meant(name)} There are ${CONTRACT_NAMES.join(', ')}.`);
    const payload = await readJsonFile(world, file);
    if (!payload.ok) return toldUnparsable(payload.message, terminal);
    const report = validatePayload(name, payload.value);
    terminal.out(call.text('format') === 'json' ? JSON.stringify(report, null, 2) + '\n' : reportText(report, file));
    return call.flag('failOnError') === true && !report.is_valid ? 1 : 0;
  },
};

const PAYLOAD_BYTES = 64 * 1024 * 1024;

export type JsonFile = { readonly ok: true; readonly value: JsonValue } | { readonly ok: false; readonly message: string };

/** A JSON document of any shape; what is no JSON is an invalid input, and says why. @throws UsageError where it cannot be read. */
export async function readJsonFile(world: World, path: string): Promise<JsonFile> {
  const read = await readBounded(world.root, path, PAYLOAD_BYTES);
  if (!read.ok) throw new UsageError(read.message);
  try {
    return { ok: true, value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(read.bytes)) as JsonValue };
  } catch (error) {
    return { ok: false, message: `${path} is no JSON: ${error instanceof Error ? error.message : String(error)}.` };
  }
}

/** An input that does not parse is told, and is invalid whether or not the command may fail (spec/gates.md §1.6, §4). */
export function toldUnparsable(message: string, terminal: Terminal): ExitCode {
  terminal.err(visible(message));
  return 1;
}

function reportText({ contract_name, is_valid, errors }: PayloadReport, file: string): string {
  const lines = [
    `${is_valid ? 'OK' : 'FAIL'}  ${contract_name}  ${file}`,
    ...errors.flatMap((error) => [`  [${error.error_code}] ${error.failed_path}: ${error.message}`, `    -> ${error.next_action}`]),
  ];
  return lines.map(visible).join('\n') + '\n';
}

function meant(name: string): string {
  const candidate = nearest(name, CONTRACT_NAMES);
  return candidate === undefined ? '.' : `; did you mean ${candidate}?`;
}
