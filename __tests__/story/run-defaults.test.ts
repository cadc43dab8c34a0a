import { expect, test } from '@jest/globals';
import { readInputs } from '../../src/action-inputs.ts';
import { readCiContext } from '../../src/host/github/ci-context.ts';
import { RUN_DEFAULTS } from '../../src/story/run-defaults.ts';

test('a program that says nothing gets what an action that says nothing gets, but where its files go and that replaced ones are kept', () => {
  const read = readInputs({}, readCiContext({}, {}));
  expect(read).toMatchObject({ ok: true, settings: { run: { ...RUN_DEFAULTS, outputDir: expect.any(String), backup: false } } });
});
