import { basename, dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { isWithin } from '../host/within.ts';

/** A path as it may stand in a file that leaves this machine: as given when it is relative, below the root when it lies there, else its last name alone. */
export function portablePath(root: string, path: string): string {
  if (!isAbsolute(path)) return slashed(path);
  return isWithin(root, path) ? slashed(relative(root, path)) || '.' : basename(path);
}

/** `id:path` with the path as it may stand in files; one outside the root is told as such, so that no file of the workspace is taken for it. */
export function portableDeclaration(root: string, declaration: string): string {
  const colon = declaration.indexOf(':') + 1;
  const path = declaration.slice(colon);
  if (colon === 0 || !isAbsolute(path)) return declaration;
  const told = isWithin(root, path) ? portablePath(root, path) : `../${basename(path)}`;
  return declaration.slice(0, colon) + told;
}

/** A file in the output directory, told like the directory itself. */
export function outputPath(root: string, outputDir: string, name: string): string {
  const dir = portablePath(root, outputDir)
    .replace(/^(\.\/+)+/, '')
    .replace(/\/+$/, '');
  return dir === '' || dir === '.' ? name : `${dir}/${name}`;
}

/**
 * Where a consumer of the export finds its manifest: relative to the parent of the output directory, or as given where it is not below that, or where the
 * output directory itself holds it (reference/README.md, G1).
 */
export function sourcePathRelative(root: string, outputDir: string, manifest: string): string {
  const out = resolve(root, outputDir);
  const source = resolve(root, manifest);
  return isWithin(dirname(out), source) && !isWithin(out, source) ? slashed(relative(dirname(out), source)) : portablePath(root, manifest);
}

function slashed(path: string): string {
  return sep === '/' ? path : path.replaceAll(sep, '/');
}
