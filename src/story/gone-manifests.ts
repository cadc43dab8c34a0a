import { posix } from 'node:path';
import { ApiError } from '../host/github/api.ts';
import { compileGlob } from '../inspect/glob.ts';
import type { Fault } from '../manifest/manifest.ts';
import { parseManifest } from '../manifest/parse-manifest.ts';
import type { RunSettings } from '../run.ts';
import type { Baseline, Snapshot } from './base-side.ts';
import { type Chapter, nothingWritten } from './export-manifest.ts';

/**
 * Manifests that a run was asked for, that stood before this change and do not stand now: a warning each, with what went with it. One whose project another
 * manifest declares now has moved, and is no loss.
 */
export async function goneManifests(
  { manifests: patterns, mode }: Pick<RunSettings, 'manifests' | 'mode'>,
  base: Baseline,
  standing: readonly string[],
  projects: ReadonlySet<string>,
): Promise<readonly Chapter[]> {
  if (mode !== 'run') return [];
  const { snapshot } = await base.of('.contextcore.yaml');
  if (snapshot === undefined) return [];
  const wanted = patterns.map((pattern) => matcherOf(pattern.replace(/^\.\//, '')));
  const gone = snapshot.tree('').files.filter((path) => !standing.includes(path) && wanted.some((matches) => matches(path)));
  const chapters: Chapter[] = [];
  for (const path of gone) chapters.push(...(await goneManifest(path, snapshot, projects)));
  return chapters;
}

/** As the files were looked for: with sets and alternatives only where a pattern has them. */
function matcherOf(pattern: string): (path: string) => boolean {
  return /[{}[\]]/.test(pattern) ? (path) => posix.matchesGlob(path, pattern) : compileGlob(pattern);
}

async function goneManifest(path: string, snapshot: Snapshot, projects: ReadonlySet<string>): Promise<readonly Chapter[]> {
  const parsed = await readAs(path, snapshot);
  if (parsed?.ok && projects.has(parsed.manifest.spec.project.id)) return [];
  const fault: Fault = { code: 'deleted', severity: 'warning', path: '', place: { file: path, line: 1 }, message: sentence(path, parsed) };
  const chapter = nothingWritten({ manifest: path }, { version: parsed?.version ?? 'unknown', faults: [], warnings: [fault] });
  return [{ ...chapter, dated: new Map([[fault, 'new']]) }];
}

async function readAs(path: string, snapshot: Snapshot) {
  try {
    const bytes = await snapshot.read(path);
    return bytes && parseManifest(bytes, path);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return undefined;
  }
}

function sentence(path: string, parsed: Awaited<ReturnType<typeof readAs>>): string {
  if (!parsed?.ok) return `This change deletes the manifest ${path}; what it promised could not be read.`;
  const { project, targets, business, requirements } = parsed.manifest.spec;
  const promised = Object.entries({ criticality: business?.criticality, ...requirements }).flatMap(([key, value]) =>
    typeof value === 'string' ? [`${key} ${value}`] : [],
  );
  const names = targets.map(({ name }) => `"${name}"`).join(', ');
  const promises = promised.length > 0 ? `, nor is any of this promised: ${promised.join(', ')}` : '';
  return `This change deletes the manifest ${path} of the project "${project.id}": nothing is owed any more for ${names === '' ? 'its targets' : names}${promises}. If it is meant, nothing has to be done.`;
}
