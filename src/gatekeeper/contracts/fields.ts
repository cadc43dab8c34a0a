import { PHASES } from '../gate.ts';
import type { ContractName } from './payload-report.ts';

/*
 * The four typed contracts of the pipeline, version 1 (gates.md §1), said once and as data: payloads are judged by them, types and zod schemas are made from them, and
 * from those the published JSON Schemas, so that nobody coerces where another refuses (G-20). `v1` is frozen: a new field needs `v2`.
 */

/** What a value must be. `word` is text that is not empty, `instant` RFC 3339 with an offset, `data` an object of any keys. */
export type Shape =
  | { readonly kind: 'word' | 'text' | 'instant' | 'flag' | 'count' | 'percent' | 'data' | 'someData' }
  | { readonly kind: 'constant'; readonly value: string }
  | { readonly kind: 'choice'; readonly values: readonly string[] }
  | { readonly kind: 'list'; readonly of: Shape }
  | { readonly kind: 'record'; readonly fields: Fields };

/** A field that may be left out, never null. `byDefault` is what a reader takes when it is. */
export interface Optional<S extends Shape = Shape> {
  readonly kind: 'optional';
  readonly of: S;
  readonly byDefault?: string | boolean;
}

/** The fields of a closed object: no other key may stand beside them. */
export interface Fields {
  readonly [key: string]: Shape | Optional;
}

const word = { kind: 'word' } as const;
const instant = { kind: 'instant' } as const;
const flag = { kind: 'flag' } as const;
const count = { kind: 'count' } as const;
const words = { kind: 'list', of: word } as const;
const version = { kind: 'constant', value: 'v1' } as const;
const phase = choice(PHASES);

export const contractFields = {
  ArtifactIntent: {
    schema_version: version,
    artifact_id: word,
    artifact_type: word,
    artifact_category: optional(choice(['observability', 'onboarding', 'integrity'])),
    intent: choice(['create', 'update', 'validate', 'deprecate']),
    owner: word,
    task_id: optional(word),
    promoted_to_task: optional(flag, false),
    promotion_reason: optional(choice(['lifecycle', 'dependency', 'risk', 'ownership', 'traceability', 'none']), 'none'),
    parameter_sources: { kind: 'someData' },
    output_convention: optional(record({ output_path: optional(word), output_ext: optional(word) })),
    semantic_conventions: optional({ kind: 'data' }),
    acceptance_criteria: optional(words),
  },
  GateResult: {
    schema_version: version,
    gate_id: word,
    trace_id: optional(word),
    task_id: optional(word),
    phase,
    result: choice(['pass', 'fail']),
    severity: choice(['info', 'warning', 'error', 'critical']),
    reason: optional(word),
    next_action: optional(word),
    blocking: optional(flag, false),
    evidence: optional({ kind: 'list', of: record({ type: word, ref: word, description: optional({ kind: 'text' }) }) }),
    checked_at: instant,
  },
  HandoffContract: {
    schema_version: version,
    handoff_id: word,
    from_agent: word,
    to_agent: word,
    capability_id: word,
    project_id: optional(word),
    trace_id: optional(word),
    parent_task_id: optional(word),
    priority: optional(choice(['low', 'normal', 'high', 'critical']), 'normal'),
    inputs: { kind: 'data' },
    expected_output: record({ type: word, schema_ref: optional(word) }),
    status: optional(choice(['pending', 'accepted', 'in_progress', 'completed', 'failed', 'expired']), 'pending'),
    created_at: optional(instant),
    deadline: optional(instant),
    result_trace_id: optional(word),
    error: optional(word),
  },
  TaskSpanContract: {
    schema_version: version,
    project_id: word,
    trace_id: optional(word),
    task_id: word,
    span_id: optional(word),
    parent_task_id: optional(word),
    phase,
    status: choice(['not_started', 'in_progress', 'blocked', 'completed', 'failed']),
    acceptance_criteria: optional(words),
    checksums: optional(
      record({ source_checksum: optional(word), artifact_manifest_checksum: optional(word), project_context_checksum: optional(word) }),
    ),
    metrics: optional(
      record({
        gap_count: optional(count),
        feature_count: optional(count),
        complexity_score: optional({ kind: 'percent' }),
        artifact_count: optional(count),
      }),
    ),
    blocked_reason: optional(word),
    blocked_on_span_id: optional(word),
    next_action: optional(word),
    timestamp: optional(instant),
  },
} as const satisfies Readonly<Record<ContractName, Fields>>;

export type GateResultPayload = Payload<'GateResult'>;
export type TaskSpanContractPayload = Payload<'TaskSpanContract'>;
export type ArtifactIntentPayload = Payload<'ArtifactIntent'>;
export type HandoffContractPayload = Payload<'HandoffContract'>;

/** A payload of a contract as a program writes it. */
export type Payload<Name extends ContractName> = RecordOf<(typeof contractFields)[Name]>;

type RecordOf<F extends Fields> = {
  readonly [Key in keyof F as F[Key] extends Optional ? never : Key]: F[Key] extends Shape ? ValueOf<F[Key]> : never;
} & {
  readonly [Key in keyof F as F[Key] extends Optional ? Key : never]?: F[Key] extends Optional<infer S> ? ValueOf<S> | undefined : never;
};

type ValueOf<S extends Shape> = S extends { kind: 'constant'; value: infer V }
  ? V
  : S extends { kind: 'choice'; values: readonly (infer V)[] }
    ? V
    : S extends { kind: 'list'; of: infer Item extends Shape }
      ? readonly ValueOf<Item>[]
      : S extends { kind: 'record'; fields: infer F extends Fields }
        ? RecordOf<F>
        : S extends { kind: infer K extends keyof Scalars }
          ? Scalars[K]
          : never;

interface Scalars {
  readonly word: string;
  readonly text: string;
  readonly instant: string;
  readonly flag: boolean;
  readonly count: number;
  readonly percent: number;
  readonly data: Readonly<Record<string, unknown>>;
  readonly someData: Readonly<Record<string, unknown>>;
}

function optional<const S extends Shape>(of: S, byDefault?: string | boolean) {
  return { kind: 'optional', of, ...(byDefault !== undefined && { byDefault }) } as const;
}

function choice<const Values extends readonly string[]>(values: Values) {
  return { kind: 'choice', values } as const;
}

function record<const F extends Fields>(fields: F) {
  return { kind: 'record', fields } as const;
}
