// node scripts/write-schemas.ts [folder]: the published JSON Schemas, by default into dist/schemas/. The build calls `writeSchemas`.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { publishedSchemas } from '../src/schemas/published-schemas.ts';
import { shelves } from '../src/shelves.ts';

/** The text of every schema by its path below the folder they are written to. */
export function schemaTexts(): ReadonlyMap<string, string> {
  const gates = [...shelves.gate1, ...shelves.questions, ...shelves.ours].map(({ key }) => key);
  const artifactTypes = shelves.types.map(({ type }) => type);
  return new Map([...publishedSchemas({ gates, artifactTypes })].map(([name, schema]) => [name, JSON.stringify(schema, null, 2) + '\n']));
}

/** Replaces the folder by the schemas of this source. */
export async function writeSchemas(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  for (const [name, text] of schemaTexts()) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

if (import.meta.main) await writeSchemas(path.resolve(process.argv[2] ?? path.resolve(import.meta.dirname, '../dist/schemas')));
