import type { JsonValue } from '../host/json.ts';
import type { Evidence, Judgement, Spot } from './gate.ts';
import { findJsonFault } from './json-places.ts';
import type { Subject, Unreadable } from './subject.ts';

type More = Partial<Pick<Evidence, 'artifact' | 'at' | 'place' | 'values' | 'level' | 'state' | 'nextAction' | 'first'>>;

/** An item for which the gate fails or warns. */
export function finding(type: string, ref: string, description: string, more: More = {}): Evidence {
  return { type, ref, description, finding: true, ...more };
}

/** What the gate saw and found right. */
export function confirmation(type: string, ref: string, description: string, more: More = {}): Evidence {
  return { type, ref, description, finding: false, ...more };
}

/** Something to know that makes nothing fail. */
export function advice(type: string, ref: string, description: string, more: More = {}): Evidence {
  return { type, ref, description, finding: false, advice: true, ...more };
}

/** A value of the wrong kind in one of the export's files: a finding with its place, never an exception (gates.md G-9). */
export function malformed(file: Spot['file'], path: string, description: string, more: More = {}): Evidence {
  return finding('malformed_input', path || '/', description, { at: [{ file, path }], ...more });
}

/** A file of the export that could not become a value at all, from the line on where it stops being JSON. */
export function malformedFile(subject: Subject, role: Spot['file'], name: string, why: Unreadable): Evidence {
  const text = subject.files[role]?.text;
  const fault = why === 'json' && text !== undefined ? findJsonFault(text) : undefined;
  const where = fault ? `, from line ${fault.line}, column ${fault.column} on` : '';
  const at: readonly Spot[] = [{ file: role, path: fault ? `:${fault.line}` : '' }];
  return finding('malformed_input', '/', `${name} cannot be used: ${UNREADABLE[why]}${where}.`, { at });
}

export const UNREADABLE: Readonly<Record<Unreadable, string>> = {
  json: 'it is no JSON (NaN, Infinity and comments are none either)',
  encoding: 'it is not UTF-8 text',
  size: 'it is larger than this check reads',
  directory: 'it is a directory where a file belongs',
  outside: 'it leads out of the directories an export may name',
  denied: 'it cannot be opened for reading',
};

/** A pass. With anything to look at among the asides it is a pass with a warning (gates.md G-12). */
export function passes(reason: string, confirmations: readonly Evidence[], asides: readonly Evidence[] = []): Judgement {
  const evidence = [...confirmations, ...asides];
  return asides.length > 0 ? { outcome: 'pass', advisory: true, reason, evidence } : { outcome: 'pass', reason, evidence };
}

/** A failure as grave as the gate says, and a blocking error when a malformed value is among its causes (gates.md G-9). */
export function fails(reason: string, nextAction: string, evidence: readonly Evidence[]): Judgement {
  const graver = evidence.some(isMalformed) ? ({ severity: 'error', blocking: true } as const) : {};
  return { outcome: 'fail', reason, nextAction, evidence, ...graver };
}

/** At most `cap` items; malformed values come first, so that a cap never hides why a failure is grave. */
export function capped(evidence: readonly Evidence[], cap: number): readonly Evidence[] {
  if (evidence.length <= cap) return evidence;
  return [...evidence.filter(isMalformed), ...evidence.filter((item) => !isMalformed(item))].slice(0, cap);
}

function isMalformed(item: Evidence): boolean {
  return item.type === 'malformed_input';
}

/** A JSON pointer to the keys. */
export function pointer(...keys: readonly (string | number)[]): string {
  return keys.map((key) => `/${escaped(String(key))}`).join('');
}

/** The entry of an artifact in the artifact manifest, or one of its parameters. */
export function entrySpot(id: string, parameter?: string): Spot {
  return { file: 'artifact-manifest', path: `#${escaped(id)}${parameter === undefined ? '' : pointer('parameters', parameter)}` };
}

export function targetSpot(name: string): Spot {
  return { file: 'manifest', path: `spec.targets[name=${name}]` };
}

export function onboardingSpot(...keys: readonly (string | number)[]): Spot {
  return { file: 'onboarding', path: pointer(...keys) };
}

function escaped(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** The command that writes the export anew. The manifest's path is the export's word, so it stands there only as plain as a path can be. */
export function exportAgain({ exportDir, files }: Pick<Subject, 'exportDir' | 'files'>): string {
  const manifest = files.manifest?.path ?? '';
  return `export-tasks export -o ${exportDir} -p ${/^[\w.][\w./-]*$/.test(manifest) ? manifest : 'MANIFEST'}`;
}

/** A few names in quotation marks, and how many more there are. */
export function named(names: readonly string[], most = 5): string {
  const shown = names.slice(0, most).map((name) => `"${name}"`);
  return names.length > most ? `${shown.join(', ')} and ${names.length - most} more` : shown.join(', ');
}

/** A number with its noun: `1 gap`, `3 gaps`. */
export function count(amount: number, noun: string, plural = `${noun}s`): string {
  return `${amount} ${amount === 1 ? noun : plural}`;
}

/** What a value is, in words a reader of JSON uses. */
export function kindOf(value: JsonValue | undefined): string {
  if (value === undefined) return 'absent';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'number' ? `the number ${value}` : value === '' ? 'an empty string' : 'a string';
}
