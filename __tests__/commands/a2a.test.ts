import { afterAll, describe, expect, test } from '@jest/globals';
import { a2aGate } from '../../src/commands/a2a-gate.ts';
import { a2aValidate } from '../../src/commands/a2a-validate.ts';
import { validatePayload } from '../../src/gatekeeper/contracts/validate-payload.ts';
import { folder, removeFolders, type } from './terminal.ts';

afterAll(removeFolders);

const intent = { schema_version: 'v1', artifact_id: 'a', artifact_type: 't', intent: 'create', owner: 'o', parameter_sources: { a: 1 } };

describe('a2a-validate', () => {
  test('prints the report of a payload', async () => {
    const root = await folder({ 'p.json': JSON.stringify({ ...intent, owner: 3 }) });
    const { code, out } = await type(a2aValidate, root, 'ArtifactIntent', 'p.json', '--format', 'json');
    const report = JSON.parse(out);
    expect(code).toBe(0);
    expect(Object.keys(report)).toEqual(['contract_name', 'is_valid', 'errors']);
    expect(report).toMatchObject({
      contract_name: 'ArtifactIntent',
      is_valid: false,
      errors: [{ error_code: 'WRONG_TYPE', failed_path: '/owner' }],
    });
  });

  test('prints a line for each fault and what to do', async () => {
    const root = await folder({ 'p.json': JSON.stringify({ ...intent, 'x\ny': 3 }) });
    const { out } = await type(a2aValidate, root, 'ArtifactIntent', 'p.json');
    expect(out).toMatch(/^FAIL .*\n {2}\[UNKNOWN_FIELD\] \/x\\ny: .*\n {4}-> .*\n$/);
  });

  test.each([
    [intent, [], 0],
    [intent, ['--fail-on-error'], 0],
    [{}, [], 0],
    [{}, ['--fail-on-error'], 1],
  ])('on %j with %j exits %i', async (payload, flags, expected) => {
    const root = await folder({ 'p.json': JSON.stringify(payload) });
    expect((await type(a2aValidate, root, 'ArtifactIntent', 'p.json', ...flags)).code).toBe(expected);
  });

  test('takes an unknown contract and a missing file for wrong usage, and what is no JSON for an invalid input', async () => {
    const root = await folder({ 'p.json': '{' });
    await expect(type(a2aValidate, root, 'ArtefactIntent', 'p.json')).rejects.toThrow('did you mean ArtifactIntent?');
    await expect(type(a2aValidate, root, 'GateResult', 'none.json')).rejects.toThrow('none.json does not exist');
    expect(await type(a2aValidate, root, 'GateResult', 'p.json')).toEqual({
      code: 1,
      out: '',
      err: expect.stringContaining('p.json is no JSON'),
    });
  });
});

describe('a2a-gate', () => {
  const ids = ['--gate-id', 'g', '--task-id', 't'];
  const run = async (gate: string, data: unknown, ...flags: readonly string[]) =>
    type(a2aGate, await folder({ 'd.json': JSON.stringify(data) }), gate, 'd.json', ...ids, ...flags);

  test.each([
    ['checksum', { expected: { a: '1', b: '2' }, actual: { b: '2', a: '1', c: '3' } }, [['checksum_verified', 'all']]],
    [
      'checksum',
      { expected: { a: '1', b: '2', c: null }, actual: { b: '3' } },
      [
        ['checksum_missing', 'a'],
        ['checksum_mismatch', 'b'],
      ],
    ],
    ['checksum', { expected: {}, actual: {} }, [['checksum_verified', 'all']]],
    ['mapping', { artifact_ids: ['a', 'b'], task_mapping: { a: 'T-1', b: 'T-2' } }, [['mapping_complete', 'artifact_task_mapping']]],
    [
      'mapping',
      { artifact_ids: ['a', 'b', 'c'], task_mapping: { a: ' ', b: null } },
      [
        ['unmapped_artifact', 'a'],
        ['unmapped_artifact', 'b'],
        ['unmapped_artifact', 'c'],
      ],
    ],
    ['gap-parity', { gap_ids: ['b', 'a'], feature_ids: ['a', 'b', 'a'] }, [['gap_parity_verified', 'coverage']]],
    [
      'gap-parity',
      { gap_ids: ['z', 'a', 'y'], feature_ids: ['a', 'c', 'b'] },
      [
        ['missing_feature', 'y'],
        ['missing_feature', 'z'],
        ['orphan_feature', 'b'],
        ['orphan_feature', 'c'],
      ],
    ],
  ])('%s of %j tells its evidence, in a payload that holds', async (gate, data, evidence) => {
    const { code, out } = await run(gate, data, '--format', 'json', '--trace-id', 'abc');
    const result = JSON.parse(out);
    const fails = !String(evidence[0]![0]).match(/verified|complete/);
    expect(code).toBe(0);
    expect(result.evidence.map(({ type, ref }: { type: string; ref: string }) => [type, ref])).toEqual(evidence);
    expect(result).toMatchObject({
      gate_id: 'g',
      task_id: 't',
      trace_id: 'abc',
      result: fails ? 'fail' : 'pass',
      severity: fails ? 'error' : 'info',
      blocking: fails,
    });
    expect(validatePayload('GateResult', result).errors).toEqual([]);
  });

  test('caps no evidence', async () => {
    const gaps = Array.from({ length: 60 }, (_, index) => `a${index}`);
    const { out } = await run('gap-parity', { gap_ids: gaps, feature_ids: [] }, '--format', 'json');
    expect(JSON.parse(out).evidence).toHaveLength(60);
  });

  test('exits 1 on a block only when asked to', async () => {
    const data = { gap_ids: ['a'], feature_ids: [] };
    expect([(await run('gap-parity', data)).code, (await run('gap-parity', data, '--fail-on-block')).code]).toEqual([0, 1]);
    expect((await run('gap-parity', { gap_ids: [], feature_ids: [] }, '--fail-on-block')).code).toBe(0);
  });

  test('prints the result for a person', async () => {
    const { out } = await run('gap-parity', { gap_ids: ['a'], feature_ids: [] });
    expect(out.split('\n')).toEqual([
      'FAIL [BLOCKING]  g (INGEST_PARSE_ASSESS)',
      expect.stringMatching(/^ {2}Reason: /),
      expect.stringMatching(/^ {2}Next: /),
      '  Evidence (1)',
      expect.stringMatching(/^ {4}- \[missing_feature\] a: /),
      '',
    ]);
  });

  test.each([
    ['checksum', {}, '"expected" is missing'],
    ['checksum', { expected: {}, actuals: {} }, '"actual" is missing'],
    ['checksum', { expected: { a: 1 }, actual: {} }, 'under "a"'],
    ['mapping', { artifact_ids: 'a', task_mapping: {} }, '"artifact_ids" is a string'],
    ['gap-parity', { gap_ids: ['a', ''], feature_ids: [] }, 'entry 1 of "gap_ids"'],
    ['gap-parity', { gaps: ['a'], features: [] }, '"gap_ids" is missing'],
    ['mapping', [], 'is a list'],
    ['mapping', null, 'is null'],
  ])('%s of %j is wrong usage and no vacuous pass (G-21)', async (gate, data, said) => {
    await expect(run(gate, data)).rejects.toThrow(said);
    await expect(run(gate, data)).rejects.toMatchObject({ name: 'UsageError' });
  });

  test('needs ids that are not blank, and a gate that there is', async () => {
    const root = await folder({ 'd.json': '{}' });
    await expect(type(a2aGate, root, 'checksum', 'd.json', '--task-id', 't')).rejects.toThrow('--gate-id');
    await expect(type(a2aGate, root, 'checksum', 'd.json', '--gate-id', 'g', '--task-id', ' ')).rejects.toThrow('--task-id');
    await expect(type(a2aGate, root, 'checksums', 'd.json', ...ids)).rejects.toThrow('checksum, mapping, gap-parity');
  });
});
