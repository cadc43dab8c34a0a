import { existsSync, readdirSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse as parseYaml } from 'yaml';
import { exportCommand } from '../../src/commands/export.ts';
import { folder, type Outcome, type } from '../commands/terminal.ts';
import { type Doc, minimal, write } from '../manifest/samples.ts';

/** What `export-tasks export` did in a workspace of its own. */
export interface Exported extends Outcome {
  readonly root: string;
  /** Names in the output directory, sorted; none where there is no directory. */
  readonly names: readonly string[];
  readonly exists: boolean;
  readonly text: (name: string) => Promise<string>;
  readonly json: (name: string) => Promise<Doc>;
  readonly onboarding: () => Promise<Doc>;
  /** The artifact manifest. */
  readonly manifest: () => Promise<Doc>;
  readonly mode: (name: string) => number;
  /** The same command once more, with these words more. */
  readonly again: (...words: readonly string[]) => Promise<Exported>;
}

/** A manifest with a policy of no rules above it, so that none outside the folder is found. */
export function workspace(document: Doc = minimal(), more: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  return { '.contextcore.yaml': write(document), '.contextcore-quality.yaml': '{}', ...more };
}

/** Exports into `out`; a usage error is thrown, as the door sees it. */
export async function exported(files: Readonly<Record<string, string>>, ...words: readonly string[]): Promise<Exported> {
  return exportedIn(await folder(files), ...words);
}

async function exportedIn(root: string, ...words: readonly string[]): Promise<Exported> {
  const outcome = await type(exportCommand, root, '-p', '.contextcore.yaml', '-o', 'out', ...words);
  const out = path.join(root, 'out');
  const exists = existsSync(out);
  const text = (name: string) => readFile(path.join(out, name), 'utf8');
  const json = async (name: string) => JSON.parse(await text(name));
  const names = exists ? readdirSync(out).sort() : [];
  return {
    ...outcome,
    root,
    names,
    exists,
    text,
    json,
    onboarding: () => json('onboarding-metadata.json'),
    manifest: async () => parseYaml(await text(names.find((name) => name.includes('-artifact-manifest.') && !name.endsWith('.bak'))!)),
    mode: (name) => statSync(path.join(out, name)).mode & 0o777,
    again: (...more) => exportedIn(root, ...words, ...more),
  };
}
