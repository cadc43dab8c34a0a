import * as z from 'zod/mini';
import {
  CONTRACT_NAMES,
  type ContractName,
  type ErrorCode,
  type ErrorEnvelope,
  isContractName,
  type PayloadReport,
  schemaId,
} from './payload-report.ts';
import { contractSchemas } from './schemas.ts';

/**
 * Judges a payload by one of the four contracts (gates.md §1.6): every fault at once, each at the path of the field itself, and one for each unknown key (G-18).
 * Nothing is coerced and nothing filled in.
 * @throws RangeError for a name that is no contract's: that is a mistake of the program.
 */
export function validatePayload(name: string, payload: unknown): PayloadReport {
  if (!isContractName(name)) throw new RangeError(`There is no contract "${name}"; there are ${CONTRACT_NAMES.join(', ')}.`);
  const issues = z.safeParse(contractSchemas[name], payload).error?.issues ?? [];
  const errors = issues.flatMap((issue) => faultsOf(issue, payload)).map((fault) => envelope(name, fault));
  return { contract_name: name, is_valid: errors.length === 0, errors };
}

/** A fault before it has the contract's name. */
interface PayloadFault {
  readonly code: ErrorCode;
  readonly path: readonly PropertyKey[];
  /** Completes "… {what}". */
  readonly what: string;
  /** Completes "It must be …"; a key's own advice where the key is the fault. */
  readonly wanted: string;
}

type Issue = z.core.$ZodIssue;

function faultsOf(issue: Issue, payload: unknown): readonly PayloadFault[] {
  const { path } = issue;
  const found = valueAt(payload, path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      code: 'UNKNOWN_FIELD',
      path: [...path, key],
      what: 'is no field of this contract',
      wanted: 'left out, or spelt as the contract has it',
    }));
  }
  if (path.length > 0 && found === undefined)
    return [{ code: 'MISSING_REQUIRED_FIELD', path, what: 'is missing', wanted: wantedOf(issue) }];
  return codesOf(issue, found).map((code) => ({ code, path, what: `is ${shown(found)}`, wanted: wantedOf(issue) }));
}

function codesOf(issue: Issue, found: unknown): readonly ErrorCode[] {
  switch (issue.code) {
    case 'invalid_type':
      return ['WRONG_TYPE'];
    case 'invalid_value': {
      // JSON Schema asks for the type and for the value, and so a value of another type breaks both.
      const code = issue.values.length === 1 ? 'CONST_VIOLATION' : 'ENUM_MISMATCH';
      return typeof found === 'string' ? [code] : ['WRONG_TYPE', code];
    }
    case 'too_small':
      return [issue.origin === 'string' ? 'MIN_LENGTH_VIOLATION' : 'VALUE_OUT_OF_RANGE'];
    case 'too_big':
      return ['VALUE_OUT_OF_RANGE'];
    case 'invalid_format':
      return ['PATTERN_MISMATCH'];
    case 'custom':
      return [issue.params?.['code'] ?? 'SCHEMA_ERROR'];
    default:
      return ['SCHEMA_ERROR'];
  }
}

function wantedOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return TYPES[issue.expected] ?? `of the type ${issue.expected}`;
    case 'invalid_value':
      return issue.values.length === 1 ? JSON.stringify(issue.values[0]) : `one of ${issue.values.join(', ')}`;
    case 'too_small':
      return issue.origin === 'string' ? 'text that is not empty' : `${issue.minimum} or more`;
    case 'too_big':
      return `${issue.maximum} or less`;
    case 'custom':
      return CUSTOM[String(issue.params?.['code'])] ?? 'of another form';
    default:
      return 'of another form';
  }
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};
const CUSTOM: Readonly<Record<string, string>> = {
  WRONG_TYPE: 'an object',
  EMPTY_OBJECT: 'an object with at least one key',
  INVALID_FORMAT: 'a time with its offset (RFC 3339), such as 2026-01-15T09:30:00Z',
};

function envelope(name: ContractName, { code, path, what, wanted }: PayloadFault): ErrorEnvelope {
  const failedPath = `/${path.map(String).join('/')}`;
  const subject = path.length === 0 ? `The payload of ${name}` : `"${String(path.at(-1))}"`;
  const next =
    code === 'UNKNOWN_FIELD'
      ? `Remove "${String(path.at(-1))}", or spell it as the contract has it.`
      : `Set ${path.length === 0 ? 'the payload' : failedPath} to what is asked: ${wanted}.`;
  return {
    error_code: code,
    schema_id: schemaId(name),
    failed_path: failedPath,
    message: `${subject} ${what}; it must be ${wanted}.`,
    next_action: next,
  };
}

/** A value as a sentence shows it; of text its length only where it is long, since a payload may carry anything. */
function shown(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return Object.keys(value).length === 0 ? 'an empty object' : 'an object';
  if (typeof value !== 'string') return typeof value === 'number' ? `the number ${value}` : String(value);
  return value.length > LONGEST_SHOWN ? `text of ${value.length} characters` : JSON.stringify(value);
}

const LONGEST_SHOWN = 60;

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  let value = root;
  for (const step of path)
    value =
      typeof value === 'object' && value !== null && Object.hasOwn(value, step) ? (value as Record<PropertyKey, unknown>)[step] : undefined;
  return value;
}
