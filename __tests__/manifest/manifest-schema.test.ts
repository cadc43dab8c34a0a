import { describe, expect, test } from '@jest/globals';
import Ajv2020 from 'ajv/dist/2020.js';
import * as z from 'zod/mini';
import { manifestV1, manifestV2 } from '../../src/manifest/manifest-schema.ts';
import { policyFields } from '../../src/manifest/policy-schema.ts';
import { changed, complete, completeV1, type Doc } from './samples.ts';

const validator = (schema: z.core.$ZodType) => new Ajv2020.default({ strict: false }).compile(z.toJSONSchema(schema, { io: 'input' }));

describe('a JSON Schema of what may be written', () => {
  test.each<[string, z.core.$ZodType, Doc]>([
    ['v2', manifestV2, complete()],
    ['v1.1', manifestV1, completeV1()],
    ['the policy', policyFields, { gates: { a: 'off' }, 'min-coverage': '80%' }],
  ])('can be made for %s, accepts a sound document and leaves no field open', (_, schema, document) => {
    const isValid = validator(schema);
    expect([isValid(document), isValid.errors]).toEqual([true, null]);
    const { default: _default, ...json } = z.toJSONSchema(schema, { io: 'input' });
    expect(JSON.stringify(json).replaceAll('"default":{}', '')).not.toContain(':{}');
  });

  test.each([
    ['spec.requirements.availability', '101'],
    ['spec.targets.0.kind', 'Pod'],
    ['spec.targets.0.name', 'a/b'],
    ['metadata.links', { a: 1 }],
    ['spec.targets', []],
  ])('refuses %s: %j', (path, value) => {
    expect(validator(manifestV2)(changed(path, value, complete()))).toBe(false);
  });
});
