import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parseSync } from '@swc/core';
import { schemaTexts } from '../../scripts/write-schemas.ts';
import { validatorOf } from './validators.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const PUBLISHED = path.join(ROOT, 'dist/schemas');

describe('the published schemas', () => {
  test('are these, each at its stable path and with its own $id', () => {
    expect([...schemaTexts()].map(([name, text]) => [name, JSON.parse(text).$id])).toEqual(
      [
        'manifest.schema.json',
        'policy.schema.json',
        'contracts/artifact-intent.schema.json',
        'contracts/gate-result.schema.json',
        'contracts/handoff-contract.schema.json',
        'contracts/task-span-contract.schema.json',
        'onboarding-metadata.schema.json',
        'task-emission-preview.schema.json',
        'export-tasks-report.schema.json',
      ].map((name) => [name, `https://contextcore.io/schemas/${name}`]),
    );
  });

  test('are the same each time they are made', () => {
    expect(schemaTexts()).toEqual(schemaTexts());
  });

  test.each([...schemaTexts().keys()])('%s compiles under the strict mode of a validator', (name) => {
    expect(validatorOf(name)).not.toThrow();
  });

  test.each([...schemaTexts().keys()])('%s is closed at every object that declares its keys', (name) => {
    expect(openObjects(JSON.parse(schemaTexts().get(name)!))).toEqual([]);
  });

  // A clone that was never built has no dist/; CI builds first and `npm run build -- --check` compares every byte of it.
  test('lie in dist/ as this source makes them (npm run build writes them)', () => {
    if (!existsSync(path.join(ROOT, 'dist'))) return;
    const names = existsSync(PUBLISHED) ? readdirSync(PUBLISHED, { recursive: true, encoding: 'utf8' }) : [];
    const made = schemaTexts();
    const files = [...new Set([...made.keys(), ...names.filter((name) => name.endsWith('.json'))])];
    const read = (name: string) => (names.includes(name) ? readFileSync(path.join(PUBLISHED, name), 'utf8') : undefined);
    expect(files.filter((name) => read(name) !== made.get(name))).toEqual([]);
  });
});

test('no file of src/ outside the room reads the schemas, so that starting up costs nothing for them', () => {
  const src = path.join(ROOT, 'src');
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.startsWith('schemas'),
  );
  const importing = files.filter((name) =>
    parseSync(readFileSync(path.join(src, name), 'utf8'), { syntax: 'typescript' }).body.some(
      (item) => 'source' in item && item.source?.value.includes('/schemas/'),
    ),
  );
  expect(importing).toEqual([]);
});

/** Pointers of objects that declare keys and let others in. A mapping whose values have one shape says so. */
function openObjects(schema: unknown, at = ''): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { properties, additionalProperties, then } = schema as Record<string, unknown>;
  const isOpen = properties !== undefined && additionalProperties === undefined && then === undefined;
  return [
    ...(isOpen && !at.includes('/if/') ? [at] : []),
    ...Object.entries(schema).flatMap(([key, value]) => openObjects(value, `${at}/${key}`)),
  ];
}
