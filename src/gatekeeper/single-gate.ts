import { sortByCodePoint } from '../host/code-points.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../host/json.ts';
import { confirmation, count, finding, kindOf } from './evidence.ts';
import type { Evidence, Gate, GateResult, Judgement, Phase } from './gate.ts';
import { resultOf } from './gate-result.ts';

/** A gate that judges what it is handed rather than an export: everything about it but how it judges. */
export type GateCard = Omit<Gate, 'judge'>;

/** For whom and when a gate of the library is asked (gates.md §4). */
export interface GateOccasion {
  readonly gateId: string;
  readonly taskId: string;
  readonly traceId?: string;
  /** Where it is not the gate's own. */
  readonly phase?: Phase;
  /** False lowers a failure to one that stops nothing. */
  readonly blocking?: boolean;
  /** UTC, RFC 3339. */
  readonly checkedAt: string;
}

/** The result of a judgement under the id the caller chose. */
export function libraryResult(card: GateCard, judgement: Judgement, occasion: GateOccasion): GateResult {
  const { gateId, taskId, traceId, phase = card.phase, blocking = card.fails.blocking, checkedAt } = occasion;
  const gate: Gate = { ...card, phase, fails: { ...card.fails, blocking }, judge: () => judgement };
  return { ...resultOf(gate, judgement, { taskId, ...(traceId !== undefined && { traceId }), checkedAt, durationMs: 0 }), gateId };
}

/** What came of several gates; true answers for none asked (gates.md §4). Skipped gates are counted apart: they neither passed nor failed. */
export interface GateSummary {
  readonly total_gates: number;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly blocking_failures: number;
  readonly all_passed: boolean;
  readonly gate_ids: readonly string[];
}

export function summariseGates(results: readonly GateResult[]): GateSummary {
  const of = (...outcomes: readonly GateResult['outcome'][]) => results.filter(({ outcome }) => outcomes.includes(outcome));
  const failed = of('fail', 'crashed');
  return {
    total_gates: results.length,
    passed: of('pass').length,
    failed: failed.length,
    skipped: of('skipped').length,
    blocking_failures: failed.filter(({ blocking }) => blocking).length,
    all_passed: failed.length === 0,
    gate_ids: results.map(({ gateId }) => gateId),
  };
}

/** Asks whether every expected checksum is there and the same. Labels that nobody expects are ignored. */
export function checkChecksums(
  expected: ReadonlyMap<string, string>,
  actual: ReadonlyMap<string, string>,
  occasion: GateOccasion,
): GateResult {
  const wrong = [...expected].flatMap(([label, wanted]) => checksumFault(label, wanted, actual.get(label)));
  const all = confirmation('checksum_verified', 'all', `${count(expected.size, 'checksum')} compared and equal.`);
  const failure = {
    reason: `${wrong.length} of ${count(expected.size, 'checksum')} ${wrong.length === 1 ? 'does' : 'do'} not hold.`,
    nextAction: 'Make the files again from the same source, or record their checksums anew.',
  };
  return libraryResult(CHECKSUMS, judged(wrong, [all], 'Every expected checksum is there and the same.', failure), occasion);
}

/** Asks whether every artifact has a task; a task without a name is none (G-26). */
export function checkMapping(artifactIds: readonly string[], taskMapping: ReadonlyMap<string, string>, occasion: GateOccasion): GateResult {
  const ids = [...new Set(artifactIds)];
  const wrong = ids
    .filter((id) => !taskMapping.get(id)?.trim())
    .map((id) => finding('unmapped_artifact', id, `The task mapping names no task for "${id}".`, { artifact: id }));
  const all = confirmation('mapping_complete', 'artifact_task_mapping', `Each of ${count(ids.length, 'artifact')} has a task.`);
  const failure = {
    reason: `${wrong.length} of ${count(ids.length, 'artifact')} ${wrong.length === 1 ? 'has' : 'have'} no task.`,
    nextAction: 'Add the ids to the task mapping, each with the id of its task.',
  };
  return libraryResult(MAPPING, judged(wrong, [all], 'Every artifact has a task.', failure), occasion);
}

/** Asks whether gaps and features are the same ids. */
export function checkGapParity(gapIds: readonly string[], featureIds: readonly string[], occasion: GateOccasion): GateResult {
  const gaps = new Set(gapIds);
  const features = new Set(featureIds);
  const missing = sorted(gaps.difference(features)).map((id) =>
    finding('missing_feature', id, `"${id}" is a gap, but no feature is planned for it.`, { artifact: id }),
  );
  const orphans = sorted(features.difference(gaps)).map((id) =>
    finding('orphan_feature', id, `The feature "${id}" is planned, but it is no gap.`, { artifact: id }),
  );
  const all = confirmation('gap_parity_verified', 'coverage', `${count(gaps.size, 'gap')} and as many features, the same ids.`);
  const failure = {
    reason: `Gaps and features differ: ${count(missing.length, 'gap')} without a feature, ${count(orphans.length, 'feature')} without a gap.`,
    nextAction: 'Plan a feature for each gap, and drop the features that nothing asks for.',
  };
  return libraryResult(GAP_PARITY, judged([...missing, ...orphans], [all], 'Gaps and features are the same artifacts.', failure), occasion);
}

export const SINGLE_GATES = ['checksum', 'mapping', 'gap-parity'] as const;
export type SingleGateName = (typeof SINGLE_GATES)[number];

export type SingleGateOutcome = { readonly ok: true; readonly result: GateResult } | { readonly ok: false; readonly message: string };

/** Asks one gate of the library about a JSON document. A key that is missing or no list or mapping of texts is the caller's mistake and no vacuous pass (G-21). */
export function runSingleGate(name: SingleGateName, document: JsonValue, occasion: GateOccasion): SingleGateOutcome {
  const wanted = `${name} needs {${Object.entries(KEYS[name])
    .map(([key, shape]) => `"${key}": ${shape === 'list' ? '[…]' : '{…}'}`)
    .join(', ')}}`;
  if (!isJsonObject(document)) return { ok: false, message: `The document is ${kindOf(document)}; ${wanted}.` };
  const fault = Object.entries(KEYS[name])
    .map(([key, shape]) => shapeFault(document, key, shape))
    .find((found) => found !== undefined);
  if (fault !== undefined) return { ok: false, message: `${fault}; ${wanted}.` };
  return { ok: true, result: RUNNERS[name](document, occasion) };
}

type Shape = 'list' | 'mapping';

const KEYS: Readonly<Record<SingleGateName, Readonly<Record<string, Shape>>>> = {
  checksum: { expected: 'mapping', actual: 'mapping' },
  mapping: { artifact_ids: 'list', task_mapping: 'mapping' },
  'gap-parity': { gap_ids: 'list', feature_ids: 'list' },
};

const RUNNERS: Readonly<Record<SingleGateName, (document: JsonObject, occasion: GateOccasion) => GateResult>> = {
  checksum: (document, occasion) => checkChecksums(textsByKey(document['expected']), textsByKey(document['actual']), occasion),
  mapping: (document, occasion) => checkMapping(ids(document['artifact_ids']), textsByKey(document['task_mapping']), occasion),
  'gap-parity': (document, occasion) => checkGapParity(ids(document['gap_ids']), ids(document['feature_ids']), occasion),
};

function shapeFault(document: JsonObject, key: string, shape: Shape): string | undefined {
  if (!Object.hasOwn(document, key)) return `"${key}" is missing`;
  const value = document[key];
  if (shape === 'mapping') {
    if (!isJsonObject(value)) return `"${key}" is ${kindOf(value)} where an object is wanted`;
    const odd = Object.entries(value).find(([, item]) => typeof item !== 'string' && item !== null);
    return odd && `"${key}" has ${kindOf(odd[1])} under "${odd[0]}" where text is wanted`;
  }
  if (!Array.isArray(value)) return `"${key}" is ${kindOf(value)} where a list is wanted`;
  const odd = value.findIndex((item) => typeof item !== 'string' || item === '');
  return odd < 0 ? undefined : `entry ${odd} of "${key}" is ${kindOf(value[odd])} where an id is wanted`;
}

/** A null says as much as a missing key. */
function textsByKey(value: JsonValue | undefined): ReadonlyMap<string, string> {
  return new Map(
    isJsonObject(value) ? Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string') : [],
  );
}

function ids(value: JsonValue | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function sorted(ids: ReadonlySet<string>): readonly string[] {
  return sortByCodePoint([...ids], (id) => id);
}

function checksumFault(label: string, wanted: string, actual: string | undefined): readonly Evidence[] {
  if (actual === undefined) return [finding('checksum_missing', label, `No checksum of "${label}" was given to compare with.`)];
  if (actual === wanted) return [];
  const description = `"${label}" has changed: expected ${wanted.slice(0, 16)}…, found ${actual.slice(0, 16)}….`;
  return [finding('checksum_mismatch', label, description, { values: { expected: wanted, actual } })];
}

function judged(
  wrong: readonly Evidence[],
  right: readonly Evidence[],
  passes: string,
  failure: { readonly reason: string; readonly nextAction: string },
): Judgement {
  return wrong.length === 0 ? { outcome: 'pass', reason: passes, evidence: right } : { outcome: 'fail', ...failure, evidence: wrong };
}

const BLOCKS = { severity: 'error', blocking: true } as const;

const CHECKSUMS: GateCard = {
  key: 'checksum',
  title: 'Checksums',
  phase: 'CONTRACT_INTEGRITY',
  stage: 'CONTRACT_INTEGRITY',
  group: 'ours',
  fails: BLOCKS,
  asks: 'Is every expected checksum there and the same?',
  why: 'What was made from other bytes answers another question.',
  reads: ['expected', 'actual'],
};
const MAPPING: GateCard = {
  key: 'mapping',
  title: 'Mapping completeness',
  phase: 'CONTRACT_INTEGRITY',
  stage: 'CONTRACT_INTEGRITY',
  group: 'ours',
  fails: BLOCKS,
  asks: 'Does every artifact have a task?',
  why: 'An artifact without a task is one that nobody will make.',
  reads: ['artifact_ids', 'task_mapping'],
};
const GAP_PARITY: GateCard = {
  key: 'gap-parity',
  title: 'Gap parity',
  phase: 'INGEST_PARSE_ASSESS',
  stage: 'INGEST_PARSE_ASSESS',
  group: 'ours',
  fails: BLOCKS,
  asks: 'Is there exactly one feature for every gap, and none for anything else?',
  why: 'A gap without a feature is never built; a feature without a gap is built twice.',
  reads: ['gap_ids', 'feature_ids'],
};
