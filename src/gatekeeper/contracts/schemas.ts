import * as z from 'zod/mini';
import { PHASES } from '../gate.ts';
import type { ErrorCode } from './payload-report.ts';

/*
 * The four typed contracts of the pipeline, version 1 (gates.md §1). They are the one source: payloads are judged by them, types are inferred from them, and the
 * published JSON Schemas are made from them, so that nobody coerces where another refuses (G-20). `v1` is frozen: a new field needs `v2`.
 */

const VERSION = 'v1';

const word = z.string().check(z.minLength(1));
const words = z.array(word);
const version = z.literal(VERSION);
const phase = z.enum(PHASES);
const count = published(z.int().check(z.gte(0)), { type: 'integer', minimum: 0 });
const instant = published(z.string().check(z.refine(isInstant, { params: { code: 'INVALID_FORMAT' satisfies ErrorCode } })), {
  type: 'string',
  format: 'date-time',
});
/** Data that passes through whatever its keys; zod's own records would lose `__proto__`. */
const data = published(object(), { type: 'object' });
const someData = published(
  object().check(z.refine((value: object) => Object.keys(value).length > 0, { params: { code: 'EMPTY_OBJECT' satisfies ErrorCode } })),
  {
    type: 'object',
    minProperties: 1,
  },
);

const evidence = z.strictObject({ type: word, ref: word, description: z.optional(z.string()) });

const gateResult = z.strictObject({
  schema_version: version,
  gate_id: word,
  trace_id: z.optional(word),
  task_id: z.optional(word),
  phase,
  result: z.enum(['pass', 'fail']),
  severity: z.enum(['info', 'warning', 'error', 'critical']),
  reason: z.optional(word),
  next_action: z.optional(word),
  blocking: z._default(z.boolean(), false),
  evidence: z.optional(z.array(evidence)),
  checked_at: instant,
});

const taskSpanContract = z.strictObject({
  schema_version: version,
  project_id: word,
  trace_id: z.optional(word),
  task_id: word,
  span_id: z.optional(word),
  parent_task_id: z.optional(word),
  phase,
  status: z.enum(['not_started', 'in_progress', 'blocked', 'completed', 'failed']),
  acceptance_criteria: z.optional(words),
  checksums: z.optional(
    z.strictObject({
      source_checksum: z.optional(word),
      artifact_manifest_checksum: z.optional(word),
      project_context_checksum: z.optional(word),
    }),
  ),
  metrics: z.optional(
    z.strictObject({
      gap_count: z.optional(count),
      feature_count: z.optional(count),
      complexity_score: z.optional(z.number().check(z.gte(0), z.lte(100))),
      artifact_count: z.optional(count),
    }),
  ),
  blocked_reason: z.optional(word),
  blocked_on_span_id: z.optional(word),
  next_action: z.optional(word),
  timestamp: z.optional(instant),
});

const artifactIntent = z.strictObject({
  schema_version: version,
  artifact_id: word,
  artifact_type: word,
  artifact_category: z.optional(z.enum(['observability', 'onboarding', 'integrity'])),
  intent: z.enum(['create', 'update', 'validate', 'deprecate']),
  owner: word,
  task_id: z.optional(word),
  promoted_to_task: z._default(z.boolean(), false),
  promotion_reason: z._default(z.enum(['lifecycle', 'dependency', 'risk', 'ownership', 'traceability', 'none']), 'none'),
  parameter_sources: someData,
  output_convention: z.optional(z.strictObject({ output_path: z.optional(word), output_ext: z.optional(word) })),
  semantic_conventions: z.optional(data),
  acceptance_criteria: z.optional(words),
});

const handoffContract = z.strictObject({
  schema_version: version,
  handoff_id: word,
  from_agent: word,
  to_agent: word,
  capability_id: word,
  project_id: z.optional(word),
  trace_id: z.optional(word),
  parent_task_id: z.optional(word),
  priority: z._default(z.enum(['low', 'normal', 'high', 'critical']), 'normal'),
  inputs: data,
  expected_output: z.strictObject({ type: word, schema_ref: z.optional(word) }),
  status: z._default(z.enum(['pending', 'accepted', 'in_progress', 'completed', 'failed', 'expired']), 'pending'),
  created_at: z.optional(instant),
  deadline: z.optional(instant),
  result_trace_id: z.optional(word),
  error: z.optional(word),
});

/** The contracts by name, in the order a list of them has. */
export const contractSchemas = {
  ArtifactIntent: artifactIntent,
  GateResult: gateResult,
  HandoffContract: handoffContract,
  TaskSpanContract: taskSpanContract,
} as const;

export type GateResultPayload = z.input<typeof gateResult>;
export type TaskSpanContractPayload = z.input<typeof taskSpanContract>;
export type ArtifactIntentPayload = z.input<typeof artifactIntent>;
export type HandoffContractPayload = z.input<typeof handoffContract>;

/** RFC 3339 with an offset: a day of the calendar, an hour of the day; a leap second at the end of a minute is one. */
function isInstant(text: string): boolean {
  const [, day = '', clock = '', second = '', offset = ''] =
    /^(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}):(\d{2})(?:\.\d+)?([Zz]|[-+]\d{2}:\d{2})$/.exec(text) ?? [];
  const midnight = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(midnight.getTime()) || !midnight.toISOString().startsWith(day)) return false;
  return isClock(clock) && Number(second) <= 60 && (offset.length === 1 || isClock(offset.slice(1)));
}

function isClock(text: string): boolean {
  const [hours = 24, minutes = 60] = text.split(':').map(Number);
  return hours < 24 && minutes < 60;
}

function object() {
  return z.custom<Readonly<Record<string, unknown>>>((value) => typeof value === 'object' && value !== null && !Array.isArray(value), {
    abort: true,
    params: { code: 'WRONG_TYPE' satisfies ErrorCode, wants: 'an object' },
  });
}

/** A schema that is told to JSON Schema in these words. */
function published<S extends z.core.$ZodType>(schema: S, json: Readonly<Record<string, unknown>>): S {
  schema._zod.toJSONSchema = () => ({ ...json });
  // zod looks for the JSON Schema of what a check was added to, which was never asked for.
  delete schema._zod.parent;
  return schema;
}
