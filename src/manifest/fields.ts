import * as z from 'zod/mini';
import type { JsonObject } from '../host/json.ts';
import { isJsonObject } from '../host/json.ts';
import type { FaultCode } from './fault.ts';

/*
 * The kinds of value a manifest holds (spec/manifest.md §3), as schemas that say what would be right: every `error` here completes the sentence "it must be …".
 * What is declarative stays declarative, so that a JSON Schema of the input can be made from them.
 */

const TEXT_WANTED = 'text';
const PERCENTAGE_WANTED = 'a percentage as text in quotes, such as "99.9"';
/** What is wanted where a number or boolean would do if it stood in quotes. */
export const WANTS_QUOTES: ReadonlySet<string> = new Set([TEXT_WANTED, PERCENTAGE_WANTED]);

export const text = z.string({ error: TEXT_WANTED });

const NOT_BLANK = /\S/u;
const NO_PATH = /^(?!.*\.\.)[^/\\]*$/su;
/** No control, format (bidirectional, zero-width), surrogate or line separator character. */
const VISIBLE = /^[^\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]*$/u;
const LONGEST_NAME = 200;

/** A name that becomes part of ids and of file names. */
export const name = text.check(
  z.regex(NOT_BLANK, { error: 'a name that is not blank', abort: true }),
  z.regex(NO_PATH, { error: 'a name without "/", "\\" and "..", since it becomes part of file names', abort: true }),
  z.regex(VISIBLE, {
    error: 'a name without control characters and invisible characters, since it becomes part of ids and file names',
    abort: true,
  }),
  z.maxLength(LONGEST_NAME, { error: `a name of at most ${LONGEST_NAME} bytes, since it becomes part of file names`, abort: true }),
  z.refine((value: string) => Buffer.byteLength(value) <= LONGEST_NAME, {
    error: `a name of at most ${LONGEST_NAME} bytes (UTF-8), since it becomes part of file names`,
    params: { code: 'too-long' },
  }),
);

/** A name that is shown and searched for, but never part of a path. */
export const label = text.check(z.regex(VISIBLE, { error: 'text without control characters and invisible characters' }));

export const notBlank = text.check(z.regex(NOT_BLANK, { error: 'text that is not blank' }));

const PERCENT_FORM = /^[0-9]+(?:\.[0-9]+)?$/;
const PERCENT_RANGE = /^0*(?:100(?:\.0+)?|[0-9]{1,2}(?:\.[0-9]+)?)$/;

/** Percent as text without sign, trimmed. */
export const percentage = z
  .string({ error: PERCENTAGE_WANTED })
  .check(
    z.trim(),
    z.regex(PERCENT_FORM, { error: 'a percentage without a sign, such as "99.9"', abort: true }),
    z.regex(PERCENT_RANGE, { error: 'a percentage from 0 to 100' }),
  );

const DURATION = /^[0-9]+(?:\.[0-9]+)?(?:ms|s|m|h)$/;
const THROUGHPUT = /^[0-9]+(?:\.[0-9]+)?(?:rps|rpm|qps|qpm)$/;

/** A number with its unit, trimmed and in lower case. */
export const duration = measured(DURATION, 'a duration with the unit ms, s, m or h and no blank before it, such as 200ms');
export const throughput = measured(THROUGHPUT, 'a throughput with the unit rps, rpm, qps or qpm and no blank before it, such as 500rps');

function measured(form: RegExp, error: string) {
  return z.string({ error }).check(z.trim(), z.toLowerCase(), z.regex(form, { error }));
}

const NUMERIC = /^\s*[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?\s*$/;
/** The same, and YAML's own words for what JSON has no number for. */
const UNBOUNDED = new RegExp(`${NUMERIC.source}|^[-+]?\\.(?:inf|Inf|INF)$|^\\.(?:nan|NaN|NAN)$`);

/** A number, a number in quotes, or a boolean as 1 and 0. */
function numeric(error: string, form = NUMERIC) {
  return z.pipe(
    z.union([z.number(), z.boolean(), z.string().check(z.regex(form, { error }))], { error }),
    z.transform((value: number | boolean | string) => (typeof value === 'string' ? numberOf(value) : Number(value))),
  );
}

function numberOf(text: string): number {
  const [, sign, name] = /^([-+]?)\.(inf|nan)$/i.exec(text) ?? [];
  if (name === undefined) return Number(text);
  return name.toLowerCase() === 'nan' ? Number.NaN : sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** A number without bounds, which may be infinite or none: an export says `null` for it where its format is JSON (export.md §5.2). */
export const float = numeric('a number', UNBOUNDED);

export function floatBetween(least: number, most: number) {
  const error = `a number from ${least} to ${most}`;
  return z.pipe(numeric(error), z.number({ error }).check(z.gte(least, { error }), z.lte(most, { error })));
}

export const int = z.pipe(numeric('a whole number'), z.number({ error: 'a whole number' }).check(z.int({ error: 'a whole number' })));

const YES = /^(?:true|yes|on|t|y|1)$/i;
const BOOLEAN_WORD = /^(?:true|false|yes|no|on|off|t|f|y|n|1|0)$/i;

/** A boolean, 0 or 1, or a word for one. */
export const bool = z.pipe(
  z.union([z.boolean(), z.literal([0, 1]), z.string().check(z.regex(BOOLEAN_WORD, { error: 'true or false' }))], {
    error: 'true or false',
  }),
  z.transform((value: boolean | 0 | 1 | string) => (typeof value === 'string' ? YES.test(value) : Boolean(value))),
);

const ISO_TIME =
  /^\s*[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[Tt _][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?\s*(?:[Zz]|[-+][0-9]{2}(?::?[0-9]{2})?)?)?\s*$/;
const TIME_WANTED = 'a date or a time, such as 2026-01-31 or 2026-01-31T10:00:00Z';

/** ISO 8601 text as written, or epoch seconds (milliseconds when large) turned into it. */
export const datetime = z.pipe(
  z.union([z.number(), z.string().check(z.regex(ISO_TIME)), z.string().check(z.regex(NUMERIC))], { error: TIME_WANTED }),
  z.transform((value: number | string, context): string => {
    const time = isoTime(value);
    if (time !== undefined) return time;
    context.issues.push({ code: 'custom', input: value, message: TIME_WANTED, params: { code: 'wrong-format' } });
    return z.NEVER;
  }),
);

function isoTime(value: number | string): string | undefined {
  if (typeof value === 'string' && ISO_TIME.test(value)) return epochOf(value) === undefined ? undefined : value.trim();
  const epoch = Number(value);
  const date = new Date(Math.abs(epoch) > 2e10 ? epoch : epoch * 1000);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

/** Milliseconds since 1970 of an ISO time, one without a zone taken as UTC; nothing when there is no such day or hour. */
export function epochOf(time: string): number | undefined {
  const [, date = '', clock = '00:00', seconds = ':00', sign = '+', hours = '00', minutes = '00'] =
    /^\s*(\d{4}-\d{2}-\d{2})(?:[Tt _](\d{2}:\d{2})(:\d{2}(?:[.,]\d+)?)?\s*(?:[Zz]|([-+])(\d{2}):?(\d{2})?)?)?\s*$/.exec(time) ?? [];
  const day = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== date) return undefined;
  const [hour = 0, minute = 0] = clock.split(':').map(Number);
  const second = Number(seconds.slice(1).replace(',', '.'));
  if (hour > 23 || minute > 59 || second >= 60 || Number(hours) > 23 || Number(minutes) > 59) return undefined;
  const offset = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  return day.getTime() + ((hour * 60 + minute - offset) * 60 + second) * 1000;
}

const URL_WANTED = 'an http or https URL, such as https://wiki.example.com/service';

/** An http or https URL in its normal form (WHATWG `href`). */
export const url = z.pipe(
  z.string({ error: URL_WANTED }).check(z.maxLength(2083, { error: 'a URL of at most 2083 characters' })),
  z.url({ protocol: /^https?$/, hostname: /./, normalize: true, error: URL_WANTED }),
);

export function oneOf<const Values extends readonly [string, ...string[]]>(values: Values) {
  return z.enum(values, { error: values.length === 1 ? values[0] : `one of ${values.join(', ')}` });
}

/** A sequence that may be left out, but not null. */
export function list<Item extends z.core.$ZodType>(item: Item) {
  return z._default(z.array(item, { error: 'a list' }), []);
}

export function listOfSome<Item extends z.core.$ZodType>(item: Item) {
  return z.array(item, { error: 'a list' }).check(z.minLength(1, { error: 'a list with at least one entry' }));
}

export function object<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.object(shape, { error: 'a mapping' });
}

/** May be left out or null. */
export const optional = z.nullish;

/** A mapping that is passed on as it is, whatever its keys; zod's own records would lose `__proto__`. */
export function freeMapping(json: Readonly<Record<string, unknown>> = {}, error = 'a mapping') {
  const mapping = z.custom<JsonObject>(isJsonObject, { error });
  mapping._zod.toJSONSchema = () => ({ type: 'object', ...json });
  return mapping;
}

/** A mapping from text to text, whatever its keys. */
export function textMapping() {
  return z.pipe(
    freeMapping({ additionalProperties: { type: 'string' } }, 'a mapping from text to text'),
    z.transform((mapping: JsonObject, { issues }): Readonly<Record<string, string>> => {
      const result: Record<string, string> = Object.create(null);
      for (const [key, value] of Object.entries(mapping)) {
        if (typeof value === 'string') result[key] = value;
        else issues.push({ code: 'invalid_type', expected: 'string', input: value, path: [key], message: TEXT_WANTED });
      }
      return result;
    }),
  );
}

/** A line end may follow, as a block scalar leaves one (spec/manifest.md §8). */
const ID_FORMS = {
  OBJ: /^OBJ-[A-Z0-9-]+\n?$/,
  STRAT: /^STRAT-[A-Z0-9-]+\n?$/,
  TAC: /^TAC-[A-Z0-9-]+\n?$/,
  INS: /^INS-[A-Z0-9-]+\n?$/,
} as const;
/** An insight of v1.1 may lack its id. */
const INSIGHT_ID = /^$|^INS-[A-Z0-9-]+\n?$/;

export type IdPrefix = keyof typeof ID_FORMS;

/** Whether an id has the form that v1.1 demands: the prefix, a dash, then capitals, digits and dashes. */
export function hasIdForm(prefix: IdPrefix, id: string): boolean {
  return ID_FORMS[prefix].test(id);
}

/** An id in the form that v1.1 demands. */
export function idOf(prefix: IdPrefix, form: RegExp = ID_FORMS[prefix]) {
  return text.check(z.regex(form, { error: `an id of the form ${prefix}-…, with capitals, digits and dashes` }));
}
export const insightId = idOf('INS', INSIGHT_ID);

/** The code of a text that has not the form it should, by the form's pattern; `wrong-format` for all others. */
export const CODES_OF_FORMS: ReadonlyMap<string, FaultCode> = new Map<string, FaultCode>([
  [String(NOT_BLANK), 'blank-name'],
  [String(NO_PATH), 'unsafe-name'],
  [String(VISIBLE), 'unsafe-name'],
  [String(PERCENT_RANGE), 'out-of-range'],
  ...[...Object.values(ID_FORMS), INSIGHT_ID].map((form) => [String(form), 'wrong-id'] as const),
]);

/** Forms that a text often misses by a blank, a sign or an underscore only. */
export const SQUEEZABLE: ReadonlyMap<string, RegExp> = new Map(
  [PERCENT_FORM, DURATION, THROUGHPUT, NUMERIC].map((form) => [String(form), form]),
);
