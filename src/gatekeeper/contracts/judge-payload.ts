import { isJsonObject } from '../../host/json.ts';
import { contractFields, type Fields, type Optional, type Shape } from './fields.ts';
import { isInstant } from './instant.ts';
import type { ContractName, ErrorCode } from './payload-report.ts';

/** One fault of a payload, before it has a sentence. */
export interface PayloadFault {
  readonly code: ErrorCode;
  /** Keys and indices from the root; empty for the payload as a whole. */
  readonly path: readonly (string | number)[];
  readonly found: unknown;
  /** What should stand there; undefined for a key that should not. */
  readonly shape?: Shape;
}

/** Every fault of a payload, those of the fields in the order of the contract, then one for each unknown key (G-18). A key whose value is undefined is absent. */
export function judgePayload(name: ContractName, payload: unknown): readonly PayloadFault[] {
  const shape = { kind: 'record', fields: contractFields[name] } as const;
  return holds(shape, payload) ? NO_FAULT : faultsOf(shape, payload, ROOT);
}

/** Whether there is no fault, which is so of most payloads and sooner told. */
function holds(shape: Shape, value: unknown): boolean {
  if (codesOf(shape, value) !== FINE) return false;
  if (shape.kind === 'list') return (value as readonly unknown[]).every((item) => holds(shape.of, item));
  return shape.kind !== 'record' || recordHolds(shape.fields, value as Readonly<Record<string, unknown>>);
}

function recordHolds(fields: Fields, record: Readonly<Record<string, unknown>>): boolean {
  let unknown = 0;
  for (const key in record) if (Object.hasOwn(record, key) && record[key] !== undefined) unknown++;
  for (const key in fields) {
    const field = fields[key] as Shape | Optional;
    const value = Object.hasOwn(record, key) ? record[key] : undefined;
    if (value !== undefined) unknown--;
    else if (field.kind !== 'optional') return false;
    if (value !== undefined && !holds(field.kind === 'optional' ? field.of : field, value)) return false;
  }
  return unknown === 0;
}

/** A path as the envelopes have it: `/` for the root. */
export function pathText(path: readonly (string | number)[]): string {
  return `/${path.join('/')}`;
}

type Path = PayloadFault['path'];

const ROOT: Path = [];
const NO_FAULT: readonly PayloadFault[] = [];

/** Of what stands in `path` at `key`, or of the root. A path is put together where there is a fault: most payloads have none. */
function faultsOf(shape: Shape, value: unknown, path: Path, key?: string | number): readonly PayloadFault[] {
  const codes = codesOf(shape, value);
  if (codes === FINE && shape.kind !== 'list' && shape.kind !== 'record') return NO_FAULT;
  const here = key === undefined ? path : [...path, key];
  if (codes !== FINE) return codes.map((code) => ({ code, path: here, found: value, shape }));
  if (shape.kind === 'list') return (value as readonly unknown[]).flatMap((item, index) => faultsOf(shape.of, item, here, index));
  return shape.kind === 'record' ? faultsOfRecord(shape.fields, value as Readonly<Record<string, unknown>>, here) : NO_FAULT;
}

function faultsOfRecord(fields: Fields, record: Readonly<Record<string, unknown>>, path: Path): readonly PayloadFault[] {
  const faults: PayloadFault[] = [];
  for (const key in fields) {
    const found = faultsOfField(fields[key] as Shape | Optional, record, key, path);
    if (found !== NO_FAULT) faults.push(...found);
  }
  for (const key of Object.keys(record))
    if (record[key] !== undefined && !Object.hasOwn(fields, key))
      faults.push({ code: 'UNKNOWN_FIELD', path: [...path, key], found: record[key] });
  return faults;
}

function faultsOfField(
  field: Shape | Optional,
  record: Readonly<Record<string, unknown>>,
  key: string,
  path: Path,
): readonly PayloadFault[] {
  const shape = field.kind === 'optional' ? field.of : field;
  const value = Object.hasOwn(record, key) ? record[key] : undefined;
  if (value !== undefined) return faultsOf(shape, value, path, key);
  return field.kind === 'optional' ? NO_FAULT : [{ code: 'MISSING_REQUIRED_FIELD', path: [...path, key], found: undefined, shape }];
}

/** What a value of a kind must be, and what it breaks when only its type is right. */
interface Rule {
  readonly isOfType: (value: unknown) => boolean;
  readonly holds?: (value: never) => boolean;
  readonly code?: ErrorCode;
}

const RULES: Readonly<Record<Exclude<Shape['kind'], 'constant' | 'choice'>, Rule>> = {
  word: { isOfType: isText, holds: (text: string) => text !== '', code: 'MIN_LENGTH_VIOLATION' },
  text: { isOfType: isText },
  instant: { isOfType: isText, holds: isInstant, code: 'INVALID_FORMAT' },
  flag: { isOfType: (value) => typeof value === 'boolean' },
  count: { isOfType: Number.isInteger, holds: (count: number) => count >= 0, code: 'VALUE_OUT_OF_RANGE' },
  percent: { isOfType: Number.isFinite, holds: (percent: number) => percent >= 0 && percent <= 100, code: 'VALUE_OUT_OF_RANGE' },
  data: { isOfType: isJsonObject },
  someData: { isOfType: isJsonObject, holds: (data: object) => Object.keys(data).length > 0, code: 'EMPTY_OBJECT' },
  list: { isOfType: Array.isArray },
  record: { isOfType: isJsonObject },
};

const FINE: readonly ErrorCode[] = [];

/** What the value itself breaks, not yet what stands in it. JSON Schema asks for the type and for the value, and so a value of another type breaks both. */
function codesOf(shape: Shape, value: unknown): readonly ErrorCode[] {
  if (shape.kind === 'constant') return value === shape.value ? FINE : otherThan(value, 'CONST_VIOLATION');
  if (shape.kind === 'choice') return shape.values.includes(value as string) ? FINE : otherThan(value, 'ENUM_MISMATCH');
  const { isOfType, holds, code }: Rule = RULES[shape.kind];
  if (!isOfType(value)) return ['WRONG_TYPE'];
  return holds === undefined || code === undefined || holds(value as never) ? FINE : [code];
}

function otherThan(value: unknown, code: ErrorCode): readonly ErrorCode[] {
  return isText(value) ? [code] : ['WRONG_TYPE', code];
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}
