import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** What ncc's `stats.compilation.modules` holds, as far as it is asked: concatenated modules hold theirs in turn. */
export interface BundledModule {
  readonly resource?: string;
  readonly modules?: readonly BundledModule[];
}

/**
 * The licence of every package that went into a bundle, each text once under the names of all that share it. ncc's own `license` option leaves out
 * whatever webpack concatenated into the entry, which is most of it.
 */
export function bundledLicences(modules: Iterable<BundledModule>): string {
  const folders = [...new Set(resources(modules).flatMap((resource) => packageFolder(resource) ?? []))];
  const packages = folders.map(readPackage).sort((a, b) => (a.title < b.title ? -1 : 1));
  const byText = Map.groupBy(packages, ({ text }) => text);
  return [...byText]
    .map(([text, sharing]) => `${sharing.map(({ title }) => title).join('\n')}\n\n${text}\n`)
    .join(`\n${'-'.repeat(80)}\n\n`);
}

function resources(modules: Iterable<BundledModule>): readonly string[] {
  return [...modules].flatMap(({ resource, modules: inner = [] }) => [...(resource === undefined ? [] : [resource]), ...resources(inner)]);
}

/** The folder of the package that a file belongs to: what follows the last `node_modules/`, with its scope. */
function packageFolder(file: string): string | undefined {
  return /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(file)?.[0];
}

function readPackage(folder: string): { readonly title: string; readonly text: string } {
  const { name, version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Record<string, unknown>;
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)([.-]|$)/i.test(file));
  const texts = files.sort().map((file) => readFileSync(path.join(folder, file), 'utf8').replace(/\r\n?/g, '\n').trim());
  const spdx = typeof license === 'string' ? license : 'names no licence';
  return {
    title: `${name} ${version} (${spdx})`,
    text: texts.join('\n\n') || `No licence text comes with the package; its package.json says: ${spdx}.`,
  };
}
