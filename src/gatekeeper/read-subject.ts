import { isJsonObject, type JsonObject, type JsonValue } from '../host/json.ts';
import type { Subject } from './subject.ts';

/** The value of a key that the object itself has. Keys such as `constructor` are data, never the prototype's. */
export function own(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Absent, null, zero, false or empty: what the reference's consumers take for "nothing there". */
export function isNothing(value: JsonValue | undefined): value is undefined | null | false | 0 | '' {
  if (!value) return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** The onboarding metadata; an empty object where it cannot be read, which the structural gate reports. */
export function metadataOf(subject: Subject): JsonObject {
  return subject.onboarding.state === 'read' && isJsonObject(subject.onboarding.value) ? subject.onboarding.value : {};
}

export type Section =
  | { readonly state: 'absent' }
  | { readonly state: 'malformed'; readonly value: JsonValue }
  | { readonly state: 'read'; readonly value: JsonObject };

/** A section of the metadata whose keys are data. One that a profile left out behind a marker counts as absent (D2). */
export function sectionOf(subject: Subject, key: string): Section {
  const sections = SECTIONS.get(subject.onboarding) ?? new Map<string, Section>();
  SECTIONS.set(subject.onboarding, sections);
  const section = sections.get(key) ?? readSection(subject, key);
  sections.set(key, section);
  return section;
}

/** Many gates ask for the same section, and whether one of thousands of keys has any is not told for nothing. */
const SECTIONS = new WeakMap<object, Map<string, Section>>();

function readSection(subject: Subject, key: string): Section {
  const value = own(metadataOf(subject), key);
  if (isNothing(value) || isOmitted(value)) return { state: 'absent' };
  return isJsonObject(value) ? { state: 'read', value } : { state: 'malformed', value: value ?? null };
}

/** The marker that the reference writes in place of a section its profile excludes. */
export function isOmitted(value: JsonValue | undefined): boolean {
  return isJsonObject(value) && typeof own(value, '_omitted') === 'string' && Object.keys(value).length === 1;
}

/** The coverage object; empty where it is absent or no object, which the structural gate reports. */
export function coverageOf(subject: Subject): JsonObject {
  const coverage = own(metadataOf(subject), 'coverage');
  return isJsonObject(coverage) ? coverage : {};
}

/** The gaps that can be trusted, and whether everything in the list could. */
export function gapsOf(subject: Subject): { readonly ids: readonly string[]; readonly readable: boolean } {
  const gaps = own(coverageOf(subject), 'gaps');
  if (gaps === undefined) return { ids: [], readable: true };
  if (!Array.isArray(gaps)) return { ids: [], readable: false };
  const ids = gaps.filter((id): id is string => typeof id === 'string' && id !== '');
  return { ids, readable: ids.length === gaps.length };
}

/** The project id as reports tell it; `unknown` without a usable one. */
export function projectIdOf(subject: Subject): string {
  return usableId(subject) ?? 'unknown';
}

/** The prefix of every gate id: the task id given, else the project's, else `pipeline-check`. */
export function taskIdOf(subject: Subject): string {
  return subject.taskId || (usableId(subject) ?? 'pipeline-check');
}

function usableId(subject: Subject): string | undefined {
  const id = own(metadataOf(subject), 'project_id');
  return typeof id === 'string' && id.trim() !== '' ? id : undefined;
}
