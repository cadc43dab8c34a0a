import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { init } from '../../src/commands/init.ts';
import { validate } from '../../src/commands/validate.ts';
import { folder, removeFolders, type } from './terminal.ts';

afterAll(removeFolders);

const FILE = '.contextcore.yaml';
const read = (root: string, name = FILE) => readFile(join(root, name), 'utf8');

describe('init', () => {
  test('writes a manifest that validates under --strict (I6)', async () => {
    const root = await folder();
    expect((await type(init, root, '--name', 'checkout-api')).code).toBe(0);
    expect(await type(validate, root, '--path', FILE, '--strict')).toMatchObject({ code: 0 });
  });

  test('tells editors where the schema is, on the first line', async () => {
    const root = await folder();
    await type(init, root, '--name', 'checkout-api');
    expect((await read(root)).split('\n')[0]).toBe('# yaml-language-server: $schema=https://contextcore.io/schemas/manifest.schema.json');
  });

  test('fills in every section, with the name as ids have it', async () => {
    const root = await folder();
    const { err } = await type(init, root, '--name', ' Checkout API2go ');
    expect(err).toContain('"checkout-api2go"');
    const manifest = parse(await read(root));
    expect(Object.keys(manifest)).toEqual(['apiVersion', 'kind', 'metadata', 'spec', 'strategy', 'guidance', 'insights']);
    expect(manifest.spec.project).toMatchObject({ id: 'checkout-api2go', name: 'Checkout Api2Go' });
    expect(manifest.spec.targets).toEqual([{ kind: 'Deployment', name: 'checkout-api2go', namespace: 'default' }]);
    expect(manifest.metadata.changelog[0]).toMatchObject({ date: '2026-01-15', version: '2.0' });
  });

  test('completes the v1.1 template, so that it is valid (I4)', async () => {
    const root = await folder();
    expect((await type(init, root, '--name', 'ledger', '--version', 'v1.1')).code).toBe(0);
    const judged = await type(validate, root, '--path', FILE, '--format', 'json');
    expect(JSON.parse(judged.out)).toMatchObject({ valid: true, version: 'v1.1', errors: [] });
  });

  test.each(['', '   ', '\t'])('refuses the blank name %j (I5)', async (name) => {
    const root = await folder();
    await expect(type(init, root, '--name', name)).rejects.toThrow('--name is blank');
    expect(await readdir(root)).toEqual([]);
  });

  test.each(['a/b', '../x', 'a\u0007'])('writes nothing for the name %j, which would not be valid', async (name) => {
    const root = await folder();
    const { code, err } = await type(init, root, '--name', name);
    expect([code, await readdir(root)]).toEqual([1, []]);
    expect(err).toContain('was not written');
    expect((await type(init, root, '--name', name, '--no-validate')).code).toBe(0);
  });

  test('leaves a manifest alone that is there, unless forced, and then keeps it as .bak', async () => {
    const root = await folder({ [FILE]: 'mine' });
    expect((await type(init, root, '--name', 'x')).code).toBe(1);
    expect(await read(root)).toBe('mine');
    expect((await type(init, root, '--name', 'x', '--force')).code).toBe(0);
    expect(await read(root, `${FILE}.bak`)).toBe('mine');
    await type(init, root, '--name', 'y', '--force');
    expect((await readdir(root)).sort()).toEqual([FILE, `${FILE}.bak`, 'init-run-provenance.json', 'init-run-provenance.json.bak']);
  });

  test('keeps no .bak with new_output', async () => {
    const root = await folder({ [FILE]: 'mine' });
    await type(init, root, '--name', 'x', '--force', '--document-write-strategy', 'new_output');
    expect((await readdir(root)).sort()).toEqual([FILE, 'init-run-provenance.json']);
  });

  test('tells where the manifest came from, without an absolute path', async () => {
    const root = await folder();
    await type(init, root, '--name', 'x', '--path', join(root, 'deep/er/m.yaml'));
    const text = await read(root, 'deep/er/init-run-provenance.json');
    expect(text).not.toContain(root);
    expect(JSON.parse(text)).toMatchObject({
      workflow_or_command: 'manifest init',
      version: '1.0.0',
      config_snapshot: { name: 'x', manifest_version: 'v2', force: false },
      inputs: [],
      outputs: [{ path: 'deep/er/m.yaml', exists: true, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }],
    });
  });

  test('takes principles and patterns from the capability index, and is valid all the same', async () => {
    const index = `design_principles:
- {id: observable_contracts, principle: Contracts are seen}
- {id: something_else, principle: Other}
patterns:
- {pattern_id: typed_handoff, summary: Hand over types}
- {pattern_id: other, summary: Other}
`;
    const root = await folder({ 'docs/capability-index/contextcore.agent.yaml': index });
    await type(init, root, '--name', 'x');
    const { guidance } = parse(await read(root));
    expect(guidance.constraints).toEqual([
      {
        id: 'C-PRINCIPLE-observable_contracts',
        rule: 'Contracts are seen',
        severity: 'advisory',
        rationale: 'contextcore.agent.yaml#observable_contracts',
      },
    ]);
    expect(guidance.preferences).toMatchObject([{ id: 'P-PATTERN-typed_handoff', description: 'Hand over types' }]);
    expect((await type(validate, root, '--path', FILE, '--strict')).code).toBe(0);
  });

  test('tells that it may not write, as an I/O error', async () => {
    const root = await folder({ file: 'x' });
    await expect(type(init, root, '--name', 'x', '--path', 'file/m.yaml')).rejects.toThrow('file/m.yaml cannot be written');
  });
});
