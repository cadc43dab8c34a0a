import * as z from 'zod/mini';
import type { JsonValue } from '../host/json.ts';
import { isJsonObject } from '../host/json.ts';
import { nearest } from '../host/nearest.ts';
import { type FaultBook, type FaultCode, type Path, type Sentence, shown } from './fault.ts';
import { CODES_OF_FORMS, SQUEEZABLE, WANTS_QUOTES } from './fields.ts';
import { type OnUnknownKey, type Present, readKeys } from './known-keys.ts';

/** What a reader of fields needs to know of the file. */
export interface FieldSource {
  readonly root: JsonValue;
  readonly book: FaultBook;
  /** A scalar as written, quotes included; nothing for what is not there. */
  written(path: Path): string | undefined;
  readonly unknownKey: OnUnknownKey;
}

interface KeyRemark {
  readonly code: FaultCode;
  readonly sentence: Sentence;
  readonly suggestion?: string;
}

/** What to say of a key that is not read, and the key that was probably meant. */
export function unknownKey(path: Path, known: readonly string[], spelt: string | undefined): KeyRemark {
  if (spelt !== undefined) {
    return {
      code: 'unread-spelling',
      sentence: (name) => `${name} is not read; here this key has the one spelling ${spelt}.`,
      suggestion: spelt,
    };
  }
  const suggestion = nearest(String(path.at(-1)), known);
  const right = suggestion === undefined ? `the keys read here are ${known.join(', ')}` : `${suggestion} is`;
  return {
    code: 'unknown-key',
    sentence: (name) => `${name} is not a key that is read here; ${right}.`,
    ...(suggestion !== undefined && { suggestion }),
  };
}

/** Judges a document by a schema: its value, or nothing when a fault was noted. All faults are noted, each with what was found and what would be right. */
export function readFields<Schema extends z.core.$ZodType>(source: FieldSource, schema: Schema): Present<z.output<Schema>> | undefined {
  const { value, shadowed } = readKeys(source.root, schema, source.unknownKey, source.book);
  for (const hidden of shadowed) report(source, z.safeParse(hidden.schema, hidden.value).error, hidden.value, hidden.path);
  const result = z.safeParse(schema, value);
  report(source, result.error, value, []);
  return result.data as Present<z.output<Schema>> | undefined;
}

type Issue = z.core.$ZodIssue;

function report(source: FieldSource, error: z.core.$ZodError | undefined, value: JsonValue, base: Path): void {
  for (const issue of error?.issues ?? []) {
    const inner = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
    const path = [...base, ...inner];
    const found = valueAt(value, inner);
    const code = codeOf(issue, found);
    const written = source.written(path);
    const is = found === undefined ? 'missing' : typeof found === 'number' ? `the number ${written ?? found}` : shown(found);
    source.book.error(code, path, (name) => `${name} is ${is}; it must be ${issue.message}.`, {
      suggestion: suggest(issue, found, written),
    });
  }
}

function codeOf(issue: Issue, found: unknown): FaultCode {
  if (issue.code === 'custom') return issue.params?.['code'] ?? (found === undefined ? 'missing-field' : 'wrong-type');
  if (found === undefined) return 'missing-field';
  switch (issue.code) {
    case 'invalid_value':
      return typeof found === 'string' ? 'unknown-value' : 'wrong-type';
    case 'invalid_format':
      return CODES_OF_FORMS.get(issue.pattern ?? '') ?? 'wrong-format';
    case 'too_small':
      return issue.origin === 'array' ? 'too-few' : 'out-of-range';
    case 'too_big':
      return issue.origin === 'string' ? 'too-long' : 'out-of-range';
    case 'invalid_union':
      return typeof found === 'string' ? 'wrong-format' : 'wrong-type';
    default:
      return 'wrong-type';
  }
}

/** Text that could stand in the place of what was found. */
function suggest(issue: Issue, found: unknown, written: string | undefined): string | undefined {
  if (issue.code === 'invalid_value' && typeof found === 'string') return nearest(found, issue.values.map(String));
  if (issue.code === 'invalid_format' && typeof found === 'string') return squeeze(found, issue.pattern);
  if (issue.code === 'custom') return issue.params?.['suggestion'];
  if (written === undefined) return undefined;
  if (issue.code === 'invalid_type' && issue.expected === 'array' && typeof found === 'string') return `[${written}]`;
  return WANTS_QUOTES.has(issue.message) && isLiteral(found) ? `"${written}"` : undefined;
}

function isLiteral(found: unknown): boolean {
  return typeof found === 'number' || typeof found === 'boolean';
}

/** `99.9%` without its sign, `200 ms` without its blank and `1_000` without its line, when that is the form wanted. */
function squeeze(found: string, pattern = ''): string | undefined {
  const squeezed = found.replaceAll(/[\s%_]/g, '').toLowerCase();
  return squeezed !== found && SQUEEZABLE.get(pattern)?.test(squeezed) ? squeezed : undefined;
}

function valueAt(root: JsonValue, path: Path): unknown {
  let value: unknown = root;
  for (const step of path) {
    if (Array.isArray(value)) value = value[Number(step)];
    else value = isJsonObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  }
  return value;
}
