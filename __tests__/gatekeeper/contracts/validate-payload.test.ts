import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import * as z from 'zod/mini';
import { gateResultPayload } from '../../../src/gatekeeper/contracts/gate-result-payload.ts';
import { contractJsonSchema } from '../../../src/gatekeeper/contracts/json-schema.ts';
import { CONTRACT_NAMES, type ContractName } from '../../../src/gatekeeper/contracts/payload-report.ts';
import { contractSchema } from '../../../src/gatekeeper/contracts/schemas.ts';
import { validatePayload } from '../../../src/gatekeeper/contracts/validate-payload.ts';
import { complete } from './samples.ts';

const errors = (name: ContractName, payload: unknown) =>
  validatePayload(name, payload).errors.map(({ error_code, failed_path }) => `${error_code} ${failed_path}`);
const without = (object: object, key: string) => Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));

describe('validatePayload', () => {
  test.each(CONTRACT_NAMES)('takes a complete %s, and the same with its required fields alone', (name) => {
    expect(validatePayload(name, complete[name])).toEqual({ contract_name: name, is_valid: true, errors: [] });
    const required = contractJsonSchema(name)['required'] as readonly string[];
    const least = Object.fromEntries(Object.entries(complete[name]).filter(([key]) => required.includes(key)));
    expect(errors(name, least)).toEqual([]);
    for (const key of required) expect(errors(name, without(least, key))).toEqual([`MISSING_REQUIRED_FIELD /${key}`]);
  });

  test('names the field itself, and each unknown key (G-18)', () => {
    const payload = { ...without(complete.TaskSpanContract, 'task_id'), extra: 1, more: 2, metrics: { gaps: 1 } };
    expect(errors('TaskSpanContract', payload)).toEqual([
      'MISSING_REQUIRED_FIELD /task_id',
      'UNKNOWN_FIELD /metrics/gaps',
      'UNKNOWN_FIELD /extra',
      'UNKNOWN_FIELD /more',
    ]);
    expect(errors('GateResult', { ...complete.GateResult, evidence: [{ type: 'a', ref: 'b' }, { type: 'a' }] })).toEqual([
      'MISSING_REQUIRED_FIELD /evidence/1/ref',
    ]);
  });

  test.each<[ContractName, string, unknown, readonly string[]]>([
    ['GateResult', 'schema_version', 2, ['WRONG_TYPE', 'CONST_VIOLATION']],
    ['GateResult', 'schema_version', 'v2', ['CONST_VIOLATION']],
    ['GateResult', 'phase', 'DONE', ['ENUM_MISMATCH']],
    ['GateResult', 'phase', 1, ['WRONG_TYPE', 'ENUM_MISMATCH']],
    ['GateResult', 'gate_id', '', ['MIN_LENGTH_VIOLATION']],
    ['GateResult', 'task_id', null, ['WRONG_TYPE']],
    ['GateResult', 'task_id', undefined, []],
    ['GateResult', 'trace_id', 'any text', []],
    ['TaskSpanContract', 'span_id', 'any text', []],
    ['GateResult', 'blocking', 'yes', ['WRONG_TYPE']],
    ['GateResult', 'evidence', {}, ['WRONG_TYPE']],
    ['GateResult', 'checked_at', '2026-01-15', ['INVALID_FORMAT']],
    ['GateResult', 'checked_at', '2026-01-15T09:30:00', ['INVALID_FORMAT']],
    ['GateResult', 'checked_at', '2026-02-30T09:30:00Z', ['INVALID_FORMAT']],
    ['GateResult', 'checked_at', '2026-01-15T24:00:00Z', ['INVALID_FORMAT']],
    ['GateResult', 'checked_at', '2026-01-15T09:30:00+24:00', ['INVALID_FORMAT']],
    ['GateResult', 'checked_at', 1768469400, ['WRONG_TYPE']],
    ['GateResult', 'checked_at', '2026-01-15t09:30:60.5z', []],
    ['ArtifactIntent', 'parameter_sources', {}, ['EMPTY_OBJECT']],
    ['ArtifactIntent', 'parameter_sources', [], ['WRONG_TYPE']],
    ['ArtifactIntent', 'parameter_sources', JSON.parse('{"__proto__": 1}'), []],
    ['ArtifactIntent', 'artifact_category', 'integrity', []],
    ['ArtifactIntent', 'artifact_category', 'other', ['ENUM_MISMATCH']],
    ['ArtifactIntent', 'output_convention', {}, []],
    ['ArtifactIntent', 'semantic_conventions', null, ['WRONG_TYPE']],
    ['HandoffContract', 'inputs', 'none', ['WRONG_TYPE']],
    ['HandoffContract', 'inputs', { anything: [null] }, []],
  ])('of %s judges %s = %j', (name, key, value, codes) => {
    expect(errors(name, { ...complete[name], [key]: value })).toEqual(codes.map((code) => `${code} /${key}`));
  });

  test.each([
    [{ gap_count: -1 }, ['VALUE_OUT_OF_RANGE /metrics/gap_count']],
    [{ gap_count: 1.5 }, ['WRONG_TYPE /metrics/gap_count']],
    [{ gap_count: '3' }, ['WRONG_TYPE /metrics/gap_count']],
    [{ gap_count: JSON.parse('2.0') }, []],
    [{ complexity_score: 100.5 }, ['VALUE_OUT_OF_RANGE /metrics/complexity_score']],
    [{ complexity_score: Number.NaN }, ['WRONG_TYPE /metrics/complexity_score']],
  ])('judges the metrics %j', (metrics, expected) => {
    expect(errors('TaskSpanContract', { ...complete.TaskSpanContract, metrics })).toEqual(expected);
  });

  test('takes empty entries of lists for faults (G-20)', () => {
    expect(errors('ArtifactIntent', { ...complete.ArtifactIntent, acceptance_criteria: ['a', ''] })).toEqual([
      'MIN_LENGTH_VIOLATION /acceptance_criteria/1',
    ]);
  });

  test.each([null, 'text', 7, [], true])('answers %j with one fault at the root', (payload) => {
    expect(errors('GateResult', payload)).toEqual(['WRONG_TYPE /']);
  });

  test('tells what was found, what would be right, and where the schema is', () => {
    const [error] = validatePayload('GateResult', { ...complete.GateResult, severity: 'fatal' }).errors;
    expect(error).toEqual({
      error_code: 'ENUM_MISMATCH',
      schema_id: 'https://contextcore.io/schemas/contracts/gate-result.schema.json',
      failed_path: '/severity',
      message: '"severity" is "fatal"; it must be one of info, warning, error, critical.',
      next_action: expect.stringContaining('/severity'),
    });
  });

  test('throws for a contract that there is not', () => {
    expect(() => validatePayload('toString', {})).toThrow(RangeError);
  });

  test('changes nothing of what it is given', () => {
    const payload = { ...without(complete.HandoffContract, 'status'), inputs: JSON.parse('{"__proto__": {"a": 1}}') };
    const before = JSON.stringify(payload);
    validatePayload('HandoffContract', payload);
    expect(JSON.stringify(payload)).toBe(before);
  });
});

describe.each(CONTRACT_NAMES)('the JSON Schema of %s', (name) => {
  const schema = contractJsonSchema(name);
  const ajv = new Ajv2020({ strict: true });
  ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[-+]\d\d:\d\d)$/);
  const holds = ajv.compile(schema);

  test('has its address, and is closed at every object that is declared', () => {
    expect(schema).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: expect.stringMatching(/^https:\/\/contextcore\.io\/schemas\/contracts\/[a-z-]+\.schema\.json$/),
    });
    const open = (at: unknown): boolean =>
      typeof at === 'object' &&
      at !== null &&
      (('properties' in at && (at as { additionalProperties?: unknown }).additionalProperties !== false) || Object.values(at).some(open));
    expect(open(schema)).toBe(false);
  });

  test('and the zod schema it is made from accept what validatePayload accepts, and nothing else', () => {
    const values = fc.constantFrom<unknown>(
      undefined,
      null,
      '',
      'x',
      0,
      -1,
      1.5,
      101,
      true,
      [],
      [''],
      {},
      { type: 'a' },
      { gap_count: -1 },
      'v1',
      'OTHER',
      '2026-01-15',
      '2026-01-15T09:30:00Z',
    );
    const keys = fc.constantFrom(...Object.keys(complete[name]), 'unknown', '__proto__');
    fc.assert(
      fc.property(fc.array(fc.tuple(keys, values), { maxLength: 3 }), (changes) => {
        const payload: Record<string, unknown> = { ...complete[name] };
        for (const [key, value] of changes)
          Object.defineProperty(payload, key, { value, enumerable: true, configurable: true, writable: true });
        const sent = JSON.parse(JSON.stringify(payload));
        const { is_valid } = validatePayload(name, sent);
        expect([changes, is_valid, is_valid]).toEqual([changes, holds(sent), z.safeParse(contractSchema(name), sent).success]);
      }),
      { numRuns: 300 },
    );
  });
});

test('a gate’s answer is a payload that holds; a skipped one is none', () => {
  const result = {
    gate: 'gap-parity',
    gateId: 'p-gap-parity',
    phase: 'INGEST_PARSE_ASSESS',
    stage: 'INGEST_PARSE_ASSESS',
    group: 'gate-1',
    severity: 'error',
    blocking: true,
    reason: 'r',
    evidence: [{ type: 'missing_feature', ref: 'a', description: '', finding: true, artifact: 'a' }],
    taskId: 'p',
    checkedAt: '2026-01-15T09:30:00.000Z',
    durationMs: 3,
  } as const;
  for (const outcome of ['pass', 'fail', 'crashed'] as const)
    expect(errors('GateResult', gateResultPayload({ ...result, outcome }))).toEqual([]);
  expect(gateResultPayload({ ...result, outcome: 'crashed' })).toMatchObject({ result: 'fail' });
  expect(gateResultPayload({ ...result, outcome: 'skipped' })).toBeUndefined();
});
