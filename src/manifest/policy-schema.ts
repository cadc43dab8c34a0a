import * as z from 'zod/mini';
import { notBlank, object, oneOf, text } from './fields.ts';

/** Longer is a program, and belongs into a gate written in code. */
const LONGEST_EXPRESSION = 2000;

const flag = z.optional(z.boolean({ error: 'true or false, without quotes' }));
const texts = z.optional(z.array(notBlank, { error: 'a list' }));

const PERCENT = /^(?:100(?:\.0+)?|[0-9]{1,2}(?:\.[0-9]+)?) ?%?$/;
const PERCENT_WANTED = 'a percentage from 0 to 100, such as 80 or 80%';

/** `80` or `80%`. Below 1 the percent sign must be written: `0.8` may be meant as 80 %. */
const percent = z.pipe(
  z.union(
    [
      z.number().check(z.gte(0, { error: PERCENT_WANTED }), z.lte(100, { error: PERCENT_WANTED })),
      z.string().check(z.regex(PERCENT, { error: PERCENT_WANTED })),
    ],
    { error: PERCENT_WANTED },
  ),
  z.transform((value: number | string, context): number => {
    const number = Number(String(value).replace(/ ?%$/, ''));
    const isFraction = number > 0 && number < 1 && !String(value).endsWith('%');
    if (!isFraction) return number;
    const whole = `${Number((number * 100).toPrecision(12))}%`;
    const message = `a percentage such as ${whole}, or "${number}%" with its sign for less than one in a hundred`;
    context.issues.push({ code: 'custom', input: value, message, params: { code: 'out-of-range', suggestion: whole } });
    return z.NEVER;
  }),
);

const DAY = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;
const DAY_WANTED = 'a day of the calendar, such as 2026-12-31';
const day = text.check(
  z.regex(DAY, { error: DAY_WANTED, abort: true }),
  z.refine((value: string) => isDay(value), { error: DAY_WANTED, params: { code: 'wrong-format' } }),
);

/** Whether a text is a day of the calendar, such as 2026-12-31. */
export function isDay(value: string): boolean {
  if (!DAY.test(value)) return false;
  const date = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value);
}

/** A glob below the scanned tree: no leading slash or drive, no backslash, no `..` segment. */
const GLOB = /^(?=.*\S)(?!\/|[A-Za-z]:|(?:.*\/)?\.\.(?:\/|$))[^\\\p{Cc}]+$/u;
const PLACEHOLDERS = /\{(?!target\})[^{},]*\}/;

const MATCHES = ['label', 'name', 'annotation'] as const;

/** How a file that holds several artifacts tells which is whose: a label or annotation whose value is the target, or a name around `{target}`. */
const match = object({
  label: z.optional(notBlank),
  annotation: z.optional(notBlank),
  name: z.optional(text.check(z.regex(/\{target\}/, { error: 'a name with {target} in it, such as {target}-alerts' }))),
}).check(({ value, issues }) => {
  if (MATCHES.filter((way) => value[way] !== undefined).length === 1) return;
  const message = 'a mapping with exactly one of label, name and annotation';
  issues.push({ code: 'custom', path: [], input: value, message, params: { code: 'conflicting-keys' } });
});

const artifactRule = object({
  type: notBlank,
  path: text.check(
    z.regex(GLOB, { error: 'a path or glob below the scanned tree, with "/" and without ".."', abort: true }),
    z.refine((value: string) => !PLACEHOLDERS.test(value), {
      error: 'a path whose one placeholder is {target}',
      params: { code: 'wrong-format' },
    }),
  ),
  target: z.optional(notBlank),
  match: z.optional(match),
}).check(({ value: { path, target, match }, issues }) => {
  const ways = [path.includes('{target}') && '{target} in path', target !== undefined && 'target', match !== undefined && 'match'].filter(
    (way) => way !== false,
  );
  if (ways.length < 2) return;
  const message = `a rule with one way to tell the target, not both ${ways.join(' and ')}`;
  issues.push({ code: 'custom', path: [], input: path, message, params: { code: 'conflicting-keys' } });
});

const KEBAB = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

/** A gate of the user's own: an expression in CEL that holds where all is well, and what to say where it does not. */
const customGate = object({
  name: text.check(z.regex(KEBAB, { error: 'a name in lower case with dashes, such as owners-are-named' })),
  level: oneOf(['warning', 'error', 'critical']),
  expr: notBlank.check(z.maxLength(LONGEST_EXPRESSION, { error: `an expression of at most ${LONGEST_EXPRESSION} characters` })),
  message: notBlank,
});

const waiver = object({ gate: notBlank, artifact: notBlank, reason: notBlank, owner: notBlank, expires: day });

/** Null is an empty pin. */
const pin = z.optional(
  z.pipe(
    z.union([text, z.null()], { error: 'text' }),
    z.transform((value: string | null) => value ?? ''),
  ),
);

/** The keys of a quality policy, in the spelling of the file. None may be null but a pin, which is nothing then. */
export const policyFields = object({
  strict_quality_default: flag,
  deterministic_output_default: flag,
  emit_quality_report_default: flag,
  emit_run_provenance_default: flag,
  document_write_strategy_default: z.optional(oneOf(['update_existing', 'new_output'])),
  forbid_no_strict_quality_in_ci: flag,
  ci_bootstrap_env_var: z.optional(notBlank),
  coverage_thresholds_by_env: z.optional(z.record(z.string(), percent, { error: 'a mapping from environments to percentages' })),
  default_environment: z.optional(notBlank),
  scan_path_allowlist: texts,
  schema_pins: z.optional(object({ manifest_api_version: pin, onboarding_schema: pin, validation_schema: pin, schema_version: pin })),
  gates: z.optional(z.record(z.string(), oneOf(['off', 'warning', 'error', 'critical']), { error: 'a mapping from gates to levels' })),
  waivers: z.optional(z.array(waiver, { error: 'a list' })),
  'custom-gates': z.optional(z.array(customGate, { error: 'a list' })),
  artifacts: z.optional(z.array(artifactRule, { error: 'a list' })),
  'coverage-policy': z.optional(oneOf(['ratchet', 'absolute', 'off'])),
  'min-coverage': z.optional(percent),
});
