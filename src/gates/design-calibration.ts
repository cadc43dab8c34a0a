import { artifactListOf } from '../gatekeeper/artifact-list.ts';
import { defineGate } from '../gatekeeper/define-gate.ts';
import {
  advice,
  confirmation,
  count,
  entrySpot,
  exportAgain,
  fails,
  finding,
  kindOf,
  malformed,
  onboardingSpot,
  passes,
  pointer,
  UNREADABLE,
} from '../gatekeeper/evidence.ts';
import type { Evidence, Spot } from '../gatekeeper/gate.ts';
import { coverageOf, own, sectionOf } from '../gatekeeper/read-subject.ts';
import type { Subject } from '../gatekeeper/subject.ts';
import { sortByCodePoint } from '../host/code-points.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../host/json.ts';

const HINTS = 'design_calibration_hints';
const DEPTHS: readonly unknown[] = ['brief', 'standard', 'comprehensive', 'standard-comprehensive'];

/** How deep a file of these types has to be (seeds/001 §2.3). */
const EXPECTED_DEPTHS: ReadonlyMap<string, readonly string[]> = new Map([
  ['service_monitor', ['brief']],
  ['prometheus_rule', ['standard']],
  ['dashboard', ['comprehensive']],
  ['runbook', ['standard-comprehensive', 'standard', 'comprehensive']],
]);

/** Evidence that alone makes a pass with a warning, never a failure. */
const ASIDES: ReadonlySet<string> = new Set(['missing_loc_range', 'missing_red_flag', 'depth_mismatch']);

export const designCalibration = defineGate({
  key: 'design-calibration',
  title: 'Design calibration',
  phase: 'ARTISAN_DESIGN',
  stage: 'ARTISAN_DESIGN',
  group: 'gate-1',
  fails: { severity: 'warning', blocking: false },
  asks: 'Does every artifact type carry a sound hint of how deep and how long its file should be, and do the files keep to it?',
  why: 'A dashboard designed as a sketch, or a monitor designed as a novel, is thrown away in review.',
  reads: [HINTS, 'coverage.byType', 'artifact_types', 'expected_output_contracts', 'file_ownership and the files', 'service_metadata'],
  judge: (subject) => {
    const section = sectionOf(subject, HINTS);
    if (section.state === 'absent')
      return { outcome: 'skipped', code: 'input_absent', reason: 'The export has no design calibration hints.' };
    const next = `Mend "${HINTS}" where it stands, or write the export again with "${exportAgain(subject)}".`;
    if (section.state === 'malformed') {
      return fails('The design calibration hints cannot be read.', next, [
        malformed('onboarding', `/${HINTS}`, `"${HINTS}" is ${kindOf(section.value)}; it must be an object of hints by type.`),
      ]);
    }
    const hints = section.value;
    const evidence = [
      ...missing(subject, hints),
      ...hintFaults(hints),
      ...contracts(subject, hints),
      ...files(subject, hints),
      ...protocols(subject, hints),
    ];
    const problems = evidence.filter((item) => item.finding && !ASIDES.has(item.type));
    if (problems.length > 0) {
      const shown = problems.slice(0, 5).map((item) => item.description);
      const more = problems.length > 5 ? ` And ${problems.length - 5} more.` : '';
      return fails(
        `${count(problems.length, 'calibration')} ${problems.length === 1 ? 'is' : 'are'} off. ${shown.join(' ')}${more}`,
        next,
        evidence,
      );
    }
    return passes(
      `${count(Object.keys(hints).length, 'hint')} checked against contracts, files and services.`,
      [confirmation('calibration_verified', HINTS, 'Every type has a hint, and nothing contradicts one.')],
      evidence,
    );
  },
});

/** 1. Types of the export without a hint. */
function missing(subject: Subject, hints: JsonObject): readonly Evidence[] {
  const byType = own(coverageOf(subject), 'byType');
  const types = sectionOf(subject, 'artifact_types');
  const all = new Set([...(isJsonObject(byType) ? Object.keys(byType) : []), ...(types.state === 'read' ? Object.keys(types.value) : [])]);
  const without = sortByCodePoint(
    [...all].filter((type) => own(hints, type) === undefined),
    (type) => type,
  );
  return without.map((type) =>
    finding('missing_calibration', type, `The type "${type}" has no calibration hint.`, {
      at: missingSpots(subject, type),
      values: { type },
    }),
  );
}

function missingSpots(subject: Subject, type: string): readonly Spot[] {
  const list = artifactListOf(subject);
  const first = list.state === 'read' ? [...list.artifacts.values()].find((artifact) => artifact.type === type) : undefined;
  return [onboardingSpot(HINTS), ...(first ? [entrySpot(first.id)] : [])];
}

/** 2. Each hint by itself. */
function hintFaults(hints: JsonObject): readonly Evidence[] {
  return Object.entries(hints).flatMap(([type, hint]) => {
    if (!isJsonObject(hint))
      return [malformed('onboarding', pointer(HINTS, type), `The hint of "${type}" is ${kindOf(hint)}; it must be an object.`)];
    return [
      ...depthFaults(type, own(hint, 'expected_depth')),
      ...absentText(type, hint, 'expected_loc_range', 'missing_loc_range'),
      ...absentText(type, hint, 'red_flag', 'missing_red_flag'),
    ];
  });
}

function depthFaults(type: string, depth: JsonValue | undefined): readonly Evidence[] {
  const at = [onboardingSpot(HINTS, type, 'expected_depth')];
  if (!depth) return [];
  if (!DEPTHS.includes(depth)) {
    const description = `The hint of "${type}" expects the depth ${typeof depth === 'string' ? `"${depth}"` : kindOf(depth)}; it must be one of ${DEPTHS.join(', ')}.`;
    return [finding('invalid_depth', type, description, { at, values: { type, actual_depth: String(depth) } })];
  }
  const right = EXPECTED_DEPTHS.get(type);
  if (!right || right.includes(String(depth))) return [];
  const values = { type, expected_depth: right[0]!, actual_depth: String(depth) };
  return [
    finding(
      'depth_mismatch',
      type,
      `The hint of "${type}" expects the depth "${String(depth)}"; files of this type are ${right.join(' or ')}.`,
      { at, values },
    ),
  ];
}

function absentText(type: string, hint: JsonObject, key: string, code: string): readonly Evidence[] {
  const value = own(hint, key);
  const at = [onboardingSpot(HINTS, type, key)];
  if (!value) return [finding(code, type, `The hint of "${type}" has no "${key}".`, { at, values: { type } })];
  return typeof value === 'string'
    ? []
    : [malformed('onboarding', pointer(HINTS, type, key), `"${key}" of the hint of "${type}" is ${kindOf(value)}; it must be text.`)];
}

/** 3. Hints against the output contracts: only a plain contradiction counts. */
function contracts(subject: Subject, hints: JsonObject): readonly Evidence[] {
  const section = sectionOf(subject, 'expected_output_contracts');
  if (section.state !== 'read') return [];
  return Object.entries(section.value).flatMap(([type, contract]) => {
    const most = isJsonObject(contract) ? own(contract, 'max_lines') : undefined;
    const range = rangeOf(hints, type);
    const path = ['expected_output_contracts', type, 'max_lines'] as const;
    if (!most || !range) return [];
    if (typeof most !== 'number')
      return [
        malformed(
          'onboarding',
          pointer(...path),
          `"max_lines" of the contract of "${type}" is ${kindOf(most)}; it must be a number of lines.`,
        ),
      ];
    if (!((range === '<=50' && most > 100) || (range.startsWith('>') && most < 100))) return [];
    const description = `The contract of "${type}" allows ${most} lines, the hint expects ${range}.`;
    return [
      finding('loc_mismatch', type, description, {
        at: [onboardingSpot(...path)],
        values: { type, expected_loc_range: range, actual_loc: most },
      }),
    ];
  });
}

/** 4. Files that are there already against the range of their type. */
function files(subject: Subject, hints: JsonObject): readonly Evidence[] {
  const section = sectionOf(subject, 'file_ownership');
  if (section.state !== 'read') return [];
  const unseen = [...subject.outside].map((path) =>
    advice('unverified_file', path, `"${path}" leads out of the export directory, so its length was not looked at.`, {
      at: [onboardingSpot('file_ownership', path)],
    }),
  );
  const seen = [...subject.owned].flatMap(([path, file]) => {
    if (file.state === 'malformed')
      return [
        malformed('onboarding', pointer('file_ownership', path), `The owned file "${path}" cannot be measured: ${UNREADABLE[file.why]}.`),
      ];
    const entry = own(section.value, path);
    return isJsonObject(entry) ? violations(path, file.lines, entry, hints) : [];
  });
  return [...seen, ...unseen];
}

function violations(path: string, lines: number, entry: JsonObject, hints: JsonObject): readonly Evidence[] {
  const types = strings(own(entry, 'artifact_types'));
  return strings(own(entry, 'artifact_ids')).flatMap((id) =>
    types.flatMap((type) => {
      const range = rangeOf(hints, type);
      const bounds = range ? boundsOf(range) : undefined;
      if (!range || !bounds || (lines >= bounds.least && lines <= bounds.most)) return [];
      const isLong = lines > bounds.most;
      const description = `"${path}" has ${count(lines, 'line')}; ${range} are expected of a file of the type "${type}".`;
      const at: readonly Spot[] = [
        { file: 'generated', name: `export/${path}`, path: isLong ? `:${bounds.most + 1}` : ':1' },
        entrySpot(id),
      ];
      return [
        finding('loc_violation', id, description, { artifact: id, at, values: { type, expected_loc_range: range, actual_loc: lines } }),
      ];
    }),
  );
}

/** 5. Hints of a service's client and image against the protocol the service declares. */
function protocols(subject: Subject, hints: JsonObject): readonly Evidence[] {
  const services = sectionOf(subject, 'service_metadata');
  if (services.state !== 'read') return [];
  return Object.entries(hints).flatMap(([key, hint]) => {
    const service = /^(?:dockerfile|client)_(.+)$/s.exec(key)?.[1];
    const expected = isJsonObject(hint) ? own(hint, 'transport_protocol') : undefined;
    const entry = service === undefined ? undefined : own(services.value, service);
    const declared = isJsonObject(entry) ? own(entry, 'transport_protocol') : undefined;
    if (service === undefined || !expected || typeof declared !== 'string' || declared === '' || declared === expected) return [];
    const description = `The hint "${key}" expects ${typeof expected === 'string' ? `"${expected}"` : kindOf(expected)}, but the service "${service}" declares "${declared}".`;
    const at: readonly Spot[] = [
      { file: 'service-metadata', path: pointer(service, 'transport_protocol') },
      onboardingSpot('service_metadata', service, 'transport_protocol'),
    ];
    return [
      finding('protocol_calibration_mismatch', key, description, {
        at,
        values: { type: key, expected_protocol: declared, actual_protocol: String(expected) },
      }),
    ];
  });
}

function rangeOf(hints: JsonObject, type: string): string | undefined {
  const hint = own(hints, type);
  const range = isJsonObject(hint) ? own(hint, 'expected_loc_range') : undefined;
  return typeof range === 'string' && range !== '' ? range : undefined;
}

/** `<=N`, `>N` or `L-H`, blanks tolerated; nothing for any other spelling, which then never is violated (gates.md §2.4). */
function boundsOf(range: string): { readonly least: number; readonly most: number } | undefined {
  const match = /^\s*(?:<=\s*(\d+)|>\s*(\d+)|(\d+)\s*-\s*(\d+))\s*$/.exec(range);
  if (!match) return undefined;
  const [, most, above, low, high] = match;
  if (most !== undefined) return { least: 0, most: Number(most) };
  if (above !== undefined) return { least: Number(above) + 1, most: Number.POSITIVE_INFINITY };
  return { least: Number(low), most: Number(high) };
}

function strings(value: JsonValue | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}
