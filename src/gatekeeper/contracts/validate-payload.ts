import type { Shape } from './fields.ts';
import { judgePayload, type PayloadFault, pathText } from './judge-payload.ts';
import { CONTRACT_NAMES, type ContractName, type ErrorEnvelope, isContractName, type PayloadReport, schemaId } from './payload-report.ts';

/**
 * Judges a payload by one of the four contracts (gates.md §1.6): every fault at once, each at the path of the field itself, and one for each unknown key (G-18).
 * Nothing is coerced and nothing filled in.
 * @throws RangeError for a name that is no contract's: that is a mistake of the program.
 */
export function validatePayload(name: string, payload: unknown): PayloadReport {
  if (!isContractName(name)) throw new RangeError(`There is no contract "${name}"; there are ${CONTRACT_NAMES.join(', ')}.`);
  const errors = judgePayload(name, payload).map((fault) => envelope(name, fault));
  return { contract_name: name, is_valid: errors.length === 0, errors };
}

function envelope(name: ContractName, { code, path, found, shape }: PayloadFault): ErrorEnvelope {
  const failedPath = pathText(path);
  const key = `"${String(path.at(-1))}"`;
  const subject = path.length === 0 ? `The payload of ${name}` : key;
  const head = { error_code: code, schema_id: schemaId(name), failed_path: failedPath };
  if (shape === undefined) {
    const message = `${subject} is no field of this contract; it must be left out, or spelt as the contract has it.`;
    return { ...head, message, next_action: `Remove ${key}, or spell it as the contract has it.` };
  }
  const wanted = wantedOf(shape);
  const what = code === 'MISSING_REQUIRED_FIELD' ? 'is missing' : `is ${shown(found)}`;
  return {
    ...head,
    message: `${subject} ${what}; it must be ${wanted}.`,
    next_action: `Set ${path.length === 0 ? 'the payload' : failedPath} to what is asked: ${wanted}.`,
  };
}

/** Completes "It must be …". */
function wantedOf(shape: Shape): string {
  if (shape.kind === 'constant') return JSON.stringify(shape.value);
  return shape.kind === 'choice' ? `one of ${shape.values.join(', ')}` : WANTED[shape.kind];
}

const WANTED: Readonly<Record<Exclude<Shape['kind'], 'constant' | 'choice'>, string>> = {
  word: 'text that is not empty',
  text: 'text',
  instant: 'a time with its offset (RFC 3339), such as 2026-01-15T09:30:00Z',
  flag: 'true or false',
  count: 'a whole number, 0 or more',
  percent: 'a number from 0 to 100',
  data: 'an object',
  someData: 'an object with at least one key',
  list: 'a list',
  record: 'an object',
};

/** A value as a sentence shows it; of text its length only where it is long, since a payload may carry anything. */
function shown(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return Object.keys(value).length === 0 ? 'an empty object' : 'an object';
  if (typeof value !== 'string') return typeof value === 'number' ? `the number ${value}` : String(value);
  return value.length > LONGEST_SHOWN ? `text of ${value.length} characters` : JSON.stringify(value);
}

const LONGEST_SHOWN = 60;
