import { existsSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { isAbsolute, posix, relative, resolve, sep } from 'node:path';
import { sortByCodePoint } from './code-points.ts';

/**
 * The manifests that paths and globs name, relative to `root` where they lie inside, each once, sorted. With `mustExist` a plain path at which there is nothing
 * is left out, as a glob that matches nothing adds nothing; without, it is answered as given and its reader will say that it is not there.
 */
export async function findManifests(root: string, patterns: readonly string[], mustExist: boolean): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const pattern of patterns) {
    if (isGlob(pattern)) for await (const path of glob(pattern, { cwd: root, exclude: isSkipped })) found.add(label(root, path));
    else if (!mustExist || existsSync(resolve(root, pattern))) found.add(label(root, pattern));
  }
  return sortByCodePoint([...found], (path) => path);
}

/** True when a path holds glob characters. */
export function isGlob(pattern: string): boolean {
  return /[*?[\]{}]/.test(pattern);
}

/** Where one of several manifests exports to below the output directory: its own path, without the conventional file name. */
export function exportFolder(manifest: string): string {
  const { dir, base } = posix.parse(manifest.split(sep).join('/'));
  const name = base === '.contextcore.yaml' ? '' : base.replace(/\.ya?ml$/, '');
  const folder = posix.join(dir, name).replace(/^(\.\.?\/|\/)+/, '');
  return folder === '' || folder === '.' ? '_root' : folder;
}

function isSkipped(path: string): boolean {
  return /(^|[\\/])(node_modules|\.git|vendor)$/.test(path);
}

function label(root: string, path: string): string {
  const inside = isAbsolute(path) ? relative(root, path) : path;
  return (inside.startsWith('..') ? path : inside).split(sep).join('/');
}
