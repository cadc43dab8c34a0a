import { sortByCodePoint } from '../../host/code-points.ts';
import { advice, count, finding, named } from '../evidence.ts';
import type { Evidence, GateResult } from '../gate.ts';
import type { GateOccasion } from '../single-gate.ts';
import { clean, judgeContent, type Reading } from './content-gate.ts';
import { declaredModules, importedModules, isStandardModule } from './python-modules.ts';
import { baseName, type SourceFile, type SourceTree } from './source-tree.ts';

/** Asks whether everything that the sources import is declared in the list of dependencies at this path of the tree. Python is what it can judge. */
export function checkImports(tree: SourceTree, manifestPath: string, occasion: GateOccasion): GateResult {
  return judgeContent(CARD, tree, occasion, (files) => {
    const kind = baseName(manifestPath);
    if (kind !== 'requirements.in' && kind !== 'requirements.txt') {
      return { state: 'blind', reason: `Imports are compared with requirements.in and requirements.txt only, not with "${manifestPath}".` };
    }
    const manifest = files.find(({ path }) => path === manifestPath);
    return read(
      files.filter(({ path }) => path.endsWith('.py')),
      manifestPath,
      manifest,
    );
  });
}

const CARD = {
  key: 'content-verify-imports',
  title: 'Imports',
  asks: 'Is everything that the sources import declared as a dependency?',
  why: 'An undeclared import works for its author and for nobody else.',
  reads: ['requirements.in or requirements.txt', 'Python source files'],
} as const;

function read(files: readonly SourceFile[], manifestPath: string, manifest: SourceFile | undefined): Reading {
  const local = localNames(files);
  const imports = importers(files);
  const foreign = [...imports.keys()].filter((name) => !isStandardModule(name) && !local.has(name));
  if (!manifest) return noManifest(manifestPath, foreign);
  const declared = declaredModules(manifest.text);
  const missing = sortByCodePoint(
    foreign.filter((name) => !declared.has(name.toLowerCase())),
    (name) => name,
  );
  if (missing.length === 0)
    return clean(
      'imports_consistent',
      manifestPath,
      `${count(foreign.length, 'package')} imported by ${count(files.length, 'file')}, all declared.`,
      'Every import is declared.',
    );
  return {
    state: 'soiled',
    findings: missing.map((name) => missingDependency(name, manifestPath, imports.get(name)!)),
    reason: `${count(missing.length, 'package')} imported but not declared in "${manifestPath}": ${named(missing)}.`,
    nextAction: `Add the packages to "${manifestPath}", or stop importing them.`,
  };
}

/** A list that is not there declares nothing, and is told as what is missing rather than as many missing packages. */
function noManifest(path: string, foreign: readonly string[]): Reading {
  const description = `There is no "${path}", so no dependency is declared.`;
  if (foreign.length === 0) {
    const reason = `"${path}" was not found, and nothing is imported that would have to be declared in it.`;
    return { state: 'clean', confirmations: [], reason, asides: [advice('dependency_manifest_not_found', path, description)] };
  }
  return {
    state: 'soiled',
    findings: [finding('dependency_manifest_not_found', path, `${description} The sources import ${named(foreign)}.`)],
    reason: `"${path}" was not found, and the sources import ${count(foreign.length, 'package')}.`,
    nextAction: `Write "${path}" with the packages that are imported, or name the list that declares them.`,
  };
}

function missingDependency(name: string, manifestPath: string, importer: SourceFile): Evidence {
  return finding('missing_dependency', name, `"${name}" is imported by ${importer.path}, but "${manifestPath}" does not declare it.`, {
    at: [{ file: 'generated', name: importer.path, path: '' }],
  });
}

/** Each imported name with the first file that imports it. */
function importers(files: readonly SourceFile[]): ReadonlyMap<string, SourceFile> {
  const found = new Map<string, SourceFile>();
  for (const file of files) for (const name of importedModules(file.text)) if (!found.has(name)) found.set(name, file);
  return found;
}

/** Modules and packages of the tree itself. */
function localNames(files: readonly SourceFile[]): ReadonlySet<string> {
  return new Set(files.flatMap(({ path }) => path.replace(/\.py$/, '').split('/')));
}
