import { locRange } from '../contract/calibration.ts';
import type { ArtifactType } from '../contract/contract.ts';
import type { Evidence, GateResult } from '../gatekeeper/gate.ts';
import { AttributeList } from './attribute-list.ts';
import { A } from './attributes.ts';
import type { AttributeValue, EventDraft } from './draft.ts';
import type { Checksums } from './draft-input.ts';
import { nanosOfMillis } from './nanos.ts';
import { EVENT } from './registry.ts';
import { int, present, text } from './values.ts';

/** Findings one `gate.validation` shows, and checksum or calibration events one gate may add. */
const SHOWN = 20;

/** True when this answer stops the pipeline: it failed critically or as blocking, or the gate broke (design.md, Gates and verdict). */
export function blocks(gate: GateResult): boolean {
  return gate.outcome === 'crashed' || (gate.outcome === 'fail' && (gate.blocking || gate.severity === 'critical'));
}

/** What the reader is told to do when a gate blocks without saying it. */
export function nextActionOf(gate: GateResult): string {
  return (
    gate.nextAction ||
    (gate.outcome === 'crashed' ? `Report the crash of ${gate.gate}; its question is unanswered` : `Resolve the findings of ${gate.gate}`)
  );
}

/** A gate on the stage that ran it: started, what it compared, its answer, passed or failed, blocked (gates.md §9.2). */
export function stageGateEvents(
  gate: GateResult,
  checksums: Checksums,
  types: ReadonlyMap<string, ArtifactType>,
): { readonly events: readonly EventDraft[]; readonly leftOut: number } {
  const end = momentOf(gate);
  if (gate.outcome === 'skipped') return { events: [event(EVENT.gateSkipped, end, skippedAttributes(gate))], leftOut: 0 };
  const domain = [...checksumEvents(gate, checksums, end), ...calibrationEvents(gate, types, end)];
  return {
    events: [
      event(EVENT.gateStarted, startOf(gate), headOf(gate)),
      ...domain.slice(0, SHOWN),
      validation(gate, gate.evidence, end),
      outcomeEvent(gate, end),
      ...(blocks(gate) ? [blockedEvent(gate, end)] : []),
    ],
    leftOut: Math.max(0, domain.length - SHOWN),
  };
}

/** The findings of every gate by the artifact they speak of: what its task shows (gates.md §9.3). */
export function findingsByArtifact(
  gates: readonly GateResult[],
  isTask: (id: string) => boolean,
): ReadonlyMap<string, readonly EventDraft[]> {
  const found = new Map<string, EventDraft[]>();
  for (const gate of gates) {
    const moment = momentOf(gate);
    for (const [artifact, evidence] of byArtifact(gate, isTask)) {
      const events = found.get(artifact) ?? [];
      events.push(validation(gate, evidence, moment));
      found.set(artifact, events);
    }
  }
  return found;
}

/** When the gate had answered, in nanoseconds since the epoch. */
export function momentOf(gate: GateResult): bigint {
  const millis = Date.parse(gate.checkedAt);
  return Number.isNaN(millis) ? 0n : BigInt(millis) * 1_000_000n;
}

/** When it began. */
export function startOf(gate: GateResult): bigint {
  return momentOf(gate) - nanosOfMillis(gate.durationMs);
}

function event(name: string, time: bigint, attributes: Readonly<Record<string, AttributeValue>>): EventDraft {
  return { name, time, attributes };
}

function headOf(gate: GateResult) {
  return { [A.gateName]: gate.gate, [A.gateId]: text(gate.gateId), [A.gatePhase]: gate.phase };
}

function skippedAttributes(gate: GateResult) {
  return {
    [A.gateName]: gate.gate,
    [A.gateId]: text(gate.gateId),
    [A.gateSkipReason]: text(gate.skipCode ? `${gate.skipCode}: ${gate.reason}` : gate.reason),
  };
}

function validation(gate: GateResult, evidence: readonly Evidence[], time: bigint): EventDraft {
  const failed = gate.outcome === 'fail' || gate.outcome === 'crashed';
  const violations = failed ? evidence.filter((item) => item.finding) : [];
  const attributes = new AttributeList();
  attributes.addAll(headOf(gate));
  attributes.add(A.gateResult, failed ? 'failed' : 'passed');
  attributes.add(A.gateViolations, violations.length);
  attributes.add(A.gateSeverity, gate.severity);
  attributes.add(A.gateBlocking, blocks(gate));
  attributes.add(A.gateReason, text(gate.reason));
  if (gate.nextAction) attributes.add(A.gateNextAction, text(gate.nextAction));
  attributes.add(A.gateEvidenceTotal, evidence.length);
  attributes.add(A.gateViolationsTruncated, violations.length > SHOWN);
  violations.slice(0, SHOWN).forEach((item, index) => {
    attributes.add(`gate.violation.${index}.field`, text(fieldOf(item)));
    attributes.add(`gate.violation.${index}.message`, text(item.description || item.type));
  });
  return event(EVENT.gateValidation, time, attributes.toObject());
}

function outcomeEvent(gate: GateResult, time: bigint): EventDraft {
  const who = { [A.gateIdPlain]: text(gate.gateId), [A.gateName]: gate.gate };
  if (gate.outcome === 'pass') return event(EVENT.gatePassed, time, who);
  const crashed = gate.outcome === 'crashed' ? { [A.gateCrashed]: true } : {};
  return event(EVENT.gateFailed, time, { ...who, [A.blockedReason]: text(gate.reason), [A.gateBlocking]: blocks(gate), ...crashed });
}

function blockedEvent(gate: GateResult, time: bigint): EventDraft {
  return event(EVENT.taskBlocked, time, {
    [A.blockedReason]: text(gate.reason),
    [A.gateName]: gate.gate,
    [A.taskNextAction]: text(nextActionOf(gate)),
  });
}

function fieldOf(item: Evidence): string {
  return item.place ? `${item.place.file}:${item.place.line}` : item.ref;
}

/** The tasks that gates name, those of findings first. */
export function namedTasks(gates: readonly GateResult[], isTask: (id: string) => boolean): ReadonlySet<string> {
  const items = gates.flatMap(({ evidence }) => evidence);
  const named = [...items.filter(({ finding }) => finding), ...items].flatMap((item) => artifactOf(item, isTask) ?? []);
  return new Set(named);
}

function* byArtifact(gate: GateResult, isTask: (id: string) => boolean): Iterable<readonly [string, readonly Evidence[]]> {
  if (gate.outcome !== 'fail' && gate.outcome !== 'pass') return;
  const grouped = new Map<string, Evidence[]>();
  for (const item of gate.evidence) {
    const artifact = item.finding ? artifactOf(item, isTask) : undefined;
    if (artifact === undefined) continue;
    const items = grouped.get(artifact) ?? [];
    items.push(item);
    grouped.set(artifact, items);
  }
  yield* grouped;
}

/** The task a finding speaks of: named outright, or by its ref, alone or as `{artifact}.{parameter}`. */
function artifactOf(item: Evidence, isTask: (id: string) => boolean): string | undefined {
  if (item.artifact !== undefined) return isTask(item.artifact) ? item.artifact : undefined;
  if (isTask(item.ref)) return item.ref;
  const stem = item.ref.slice(0, Math.max(0, item.ref.lastIndexOf('.')));
  return isTask(stem) ? stem : undefined;
}

const CHECKSUMS = [
  ['source_checksum', 'source'],
  ['artifact_manifest_checksum', 'artifactManifest'],
  ['project_context_checksum', 'projectContext'],
] as const;

const CHECKSUM_STATUS: ReadonlyMap<string, string> = new Map([
  ['checksum_mismatch', 'mismatch'],
  ['checksum_missing', 'missing'],
  ['checksum_unverified', 'unverified'],
  ['malformed_input', 'unverified'],
]);

function checksumEvents(gate: GateResult, checksums: Checksums, time: bigint): readonly EventDraft[] {
  if (gate.gate !== 'checksum-chain') return [];
  const told = new Map(gate.evidence.filter(({ type }) => CHECKSUM_STATUS.has(type)).map((item) => [item.ref.replace(/^\//, ''), item]));
  return CHECKSUMS.flatMap(([name, key]) => {
    const known = checksums[key];
    const item = told.get(name);
    if (known === undefined && !item) return [];
    const { expected = item ? undefined : known, actual = item ? undefined : known } = item?.values ?? {};
    return [
      event(
        EVENT.gateChecksum,
        time,
        present({
          [A.checksumName]: name,
          [A.checksumStatus]: item ? CHECKSUM_STATUS.get(item.type) : 'match',
          [A.checksumAlgorithm]: 'sha256',
          [A.checksumExpected]: optional(expected),
          [A.checksumActual]: optional(actual),
        }),
      ),
    ];
  });
}

const CALIBRATION_KINDS: ReadonlyMap<string, string> = new Map([
  ['missing_calibration', 'missing'],
  ['invalid_depth', 'invalid_depth'],
  ['loc_mismatch', 'loc_mismatch'],
  ['loc_violation', 'loc_violation'],
  ['depth_mismatch', 'depth_mismatch'],
  ['protocol_calibration_mismatch', 'protocol'],
]);

/** Every calibration the gate compared, as events. */
export function calibrationEvents(gate: GateResult, types: ReadonlyMap<string, ArtifactType>, time: bigint): readonly EventDraft[] {
  if (gate.gate !== 'design-calibration') return [];
  return gate.evidence.flatMap((item) => {
    const kind = CALIBRATION_KINDS.get(item.type);
    if (kind === undefined) return [];
    const values = item.values ?? {};
    const type = types.get(optional(values['type']) ?? item.ref);
    const actualLoc = values['actual_loc'] ?? values['actual'];
    return [
      event(
        EVENT.gateCalibration,
        time,
        present({
          [A.calibrationKind]: kind,
          [A.calibrationMismatch]: item.finding,
          [A.artifactType]: type?.type,
          [A.artifactId]: item.artifact,
          [A.calibrationExpectedDepth]: optional(values['expected_depth']) ?? type?.expected.depth,
          [A.calibrationActualDepth]: optional(values['actual_depth']),
          [A.calibrationExpectedLoc]: optional(values['expected_loc_range']) ?? (type ? locRange(type.expected.maxLines) : undefined),
          [A.calibrationActualLoc]: typeof actualLoc === 'number' ? int(actualLoc) : undefined,
        }),
      ),
    ];
  });
}

function optional(value: string | number | boolean | undefined): string | undefined {
  return value === undefined ? undefined : text(String(value));
}
