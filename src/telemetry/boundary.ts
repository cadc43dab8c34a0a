import { PHASES } from '../gatekeeper/gate.ts';

/**
 * The two contracts that leave with a trace (gates.md §1.3, §1.4), held before they do. Codes and paths are those of the error envelope (§1.6).
 */
export interface ContractFault {
  readonly code:
    | 'MISSING_REQUIRED_FIELD'
    | 'UNKNOWN_FIELD'
    | 'ENUM_MISMATCH'
    | 'CONST_VIOLATION'
    | 'WRONG_TYPE'
    | 'MIN_LENGTH_VIOLATION'
    | 'VALUE_OUT_OF_RANGE'
    | 'INVALID_FORMAT'
    | 'EMPTY_OBJECT'
    | 'PATTERN_MISMATCH';
  readonly path: string;
}

export type ContractName = 'TaskSpanContract' | 'ArtifactIntent';

/** Every fault of a payload that is about to leave; empty when it may. */
export function checkOutbound(name: ContractName, payload: Readonly<Record<string, unknown>>): readonly ContractFault[] {
  return checkObject(CONTRACTS[name], payload, '');
}

type Check = (value: unknown, path: string) => readonly ContractFault[];

interface Shape {
  readonly required: readonly string[];
  readonly keys: Readonly<Record<string, Check>>;
}

const PHASE = oneOf(...PHASES);

const CONTRACTS: Readonly<Record<ContractName, Shape>> = {
  TaskSpanContract: {
    required: ['schema_version', 'project_id', 'task_id', 'phase', 'status'],
    keys: {
      schema_version: constant('v1'),
      project_id: word,
      trace_id: hex(32),
      span_id: hex(16),
      task_id: word,
      parent_task_id: word,
      phase: PHASE,
      status: oneOf('not_started', 'in_progress', 'blocked', 'completed', 'failed'),
      acceptance_criteria: words,
      checksums: closed({ source_checksum: word, artifact_manifest_checksum: word, project_context_checksum: word }),
      metrics: closed({ gap_count: count, feature_count: count, complexity_score: percent, artifact_count: count }),
      blocked_reason: word,
      blocked_on_span_id: word,
      next_action: word,
      timestamp: dateTime,
    },
  },
  ArtifactIntent: {
    required: ['schema_version', 'artifact_id', 'artifact_type', 'owner', 'intent', 'parameter_sources'],
    keys: {
      schema_version: constant('v1'),
      artifact_id: word,
      artifact_type: word,
      artifact_category: oneOf('observability', 'onboarding', 'integrity'),
      owner: word,
      intent: oneOf('create', 'update', 'validate', 'deprecate'),
      task_id: word,
      promoted_to_task: bool,
      promotion_reason: oneOf('lifecycle', 'dependency', 'risk', 'ownership', 'traceability', 'none'),
      parameter_sources: nonEmptyObject,
      output_convention: closed({ output_path: word, output_ext: word }),
      semantic_conventions: object,
      acceptance_criteria: words,
    },
  },
};

function checkObject(shape: Shape, payload: Readonly<Record<string, unknown>>, path: string): readonly ContractFault[] {
  const faults: ContractFault[] = [];
  for (const key of shape.required) if (payload[key] === undefined) faults.push({ code: 'MISSING_REQUIRED_FIELD', path: `${path}/${key}` });
  let unknown = false;
  for (const key in payload) {
    const value = payload[key];
    if (value === undefined) continue;
    const check = Object.hasOwn(shape.keys, key) ? shape.keys[key] : undefined;
    if (check) faults.push(...check(value, `${path}/${key}`));
    else unknown = true;
  }
  if (unknown) faults.push({ code: 'UNKNOWN_FIELD', path: path || '/' });
  return faults;
}

function word(value: unknown, path: string): readonly ContractFault[] {
  if (typeof value !== 'string') return [{ code: 'WRONG_TYPE', path }];
  return value === '' ? [{ code: 'MIN_LENGTH_VIOLATION', path }] : [];
}

function words(value: unknown, path: string): readonly ContractFault[] {
  return Array.isArray(value) ? value.flatMap((item, index) => word(item, `${path}/${index}`)) : [{ code: 'WRONG_TYPE', path }];
}

function hex(digits: number): Check {
  const pattern = new RegExp(`^[0-9a-f]{${digits}}$`);
  return (value, path) => {
    if (typeof value !== 'string') return [{ code: 'WRONG_TYPE', path }];
    return pattern.test(value) && !/^0+$/.test(value) ? [] : [{ code: 'PATTERN_MISMATCH', path }];
  };
}

function constant(expected: string): Check {
  return (value, path) => {
    if (value === expected) return [];
    return typeof value === 'string'
      ? [{ code: 'CONST_VIOLATION', path }]
      : [
          { code: 'WRONG_TYPE', path },
          { code: 'CONST_VIOLATION', path },
        ];
  };
}

function oneOf(...values: readonly string[]): Check {
  const known = new Set<unknown>(values);
  return (value, path) => (known.has(value) ? [] : [{ code: typeof value === 'string' ? 'ENUM_MISMATCH' : 'WRONG_TYPE', path }]);
}

function bool(value: unknown, path: string): readonly ContractFault[] {
  return typeof value === 'boolean' ? [] : [{ code: 'WRONG_TYPE', path }];
}

function count(value: unknown, path: string): readonly ContractFault[] {
  if (!Number.isInteger(value)) return [{ code: 'WRONG_TYPE', path }];
  return (value as number) < 0 ? [{ code: 'VALUE_OUT_OF_RANGE', path }] : [];
}

function percent(value: unknown, path: string): readonly ContractFault[] {
  if (typeof value !== 'number') return [{ code: 'WRONG_TYPE', path }];
  return value >= 0 && value <= 100 ? [] : [{ code: 'VALUE_OUT_OF_RANGE', path }];
}

function object(value: unknown, path: string): readonly ContractFault[] {
  return isObject(value) ? [] : [{ code: 'WRONG_TYPE', path }];
}

function nonEmptyObject(value: unknown, path: string): readonly ContractFault[] {
  if (!isObject(value)) return [{ code: 'WRONG_TYPE', path }];
  return Object.keys(value).length === 0 ? [{ code: 'EMPTY_OBJECT', path }] : [];
}

function closed(keys: Readonly<Record<string, Check>>): Check {
  return (value, path) => (isObject(value) ? checkObject({ required: [], keys }, value, path) : [{ code: 'WRONG_TYPE', path }]);
}

function dateTime(value: unknown, path: string): readonly ContractFault[] {
  if (typeof value !== 'string') return [{ code: 'WRONG_TYPE', path }];
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value) && !Number.isNaN(Date.parse(value))
    ? []
    : [{ code: 'INVALID_FORMAT', path }];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
