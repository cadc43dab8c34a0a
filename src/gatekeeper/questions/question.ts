import { named } from '../evidence.ts';
import type { Spot } from '../gate.ts';
import type { DirectoryFacts, JsonFile } from '../subject.ts';

/** One thing a question looks at. `error` fails the question when not passed, `warning` is worth mending, `info` is told. */
export interface Check {
  readonly name: string;
  readonly passed: boolean;
  readonly detail: string;
  readonly severity: 'error' | 'warning' | 'info';
  /** Plain key of the Gate 1 gate whose answer this repeats. */
  readonly gate?: string;
  readonly at?: readonly Spot[];
}

/** One of the Three Questions, answered (gates.md §3). */
export interface Answer {
  readonly number: 1 | 2 | 3;
  readonly title: string;
  /** Exact vocabulary: the layer of the pipeline a fault belongs to. */
  readonly layer: string;
  readonly status: 'pass' | 'fail' | 'skipped' | 'not_reached';
  readonly recommendation: string;
  readonly checks: readonly Check[];
}

export function passed(name: string, detail: string, severity: Check['severity'] = 'info'): Check {
  return { name, passed: true, detail, severity };
}

export function failed(name: string, severity: Check['severity'], detail: string, at: readonly Spot[] = []): Check {
  return { name, passed: false, detail, severity, ...(at.length > 0 && { at }) };
}

/** Worth a word where there are such files, and nothing where not. */
export function found(name: string, files: readonly string[]): readonly Check[] {
  return files.length > 0 ? [passed(name, `${named(files)}.`)] : [];
}

/** Whether a step left any of its files. */
export function ran(name: string, files: readonly string[]): Check {
  return files.length > 0 ? passed(name, `${named(files)}.`) : failed(name, 'info', 'No sign that it ran.');
}

export function hasError(checks: readonly Check[]): boolean {
  return checks.some((check) => !check.passed && check.severity === 'error');
}

/** Files of a directory by glob, in order of the globs and then by name, each once. Listings come sorted, so the answer is the same on every disk. */
export function matching(directory: DirectoryFacts, ...globs: readonly string[]): readonly string[] {
  const found = globs.flatMap((glob) => directory.files.filter((name) => !name.startsWith('.') && toPattern(glob).test(name)));
  return [...new Set(found)];
}

function toPattern(glob: string): RegExp {
  const parts = glob.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}

export function jsonOf(directory: DirectoryFacts, name: string): JsonFile {
  return directory.json.get(name) ?? { state: 'absent' };
}
