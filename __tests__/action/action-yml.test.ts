import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { NoOperationTraceWriter } from '@actions/workflow-parser';
import { parseAction } from '@actions/workflow-parser/actions/action-parser';
import { expect, test } from '@jest/globals';
import { DEFAULTS, INPUTS } from '../../src/action-inputs.ts';
import { OUTPUTS } from '../../src/action-outputs.ts';
import { readAction } from '../runner.ts';

const file = path.resolve(import.meta.dirname, '../../action.yml');

function errorsOf(content: string): readonly string[] {
  const { context } = parseAction({ name: 'action.yml', content }, new NoOperationTraceWriter());
  return context.errors.getErrors().map(({ message }) => message);
}

test("GitHub's own parser accepts action.yml, and would not accept just anything", async () => {
  const content = await readFile(file, 'utf8');
  expect(errorsOf(content)).toEqual([]);
  expect(errorsOf(content.replace('node24', 'node99'))).not.toEqual([]);
  expect(errorsOf(content.replace('branding:', 'brandign:'))).not.toEqual([]);
});

test('every input is read and every input that is read is described, in the same order', async () => {
  const { inputs } = await readAction();
  expect(Object.keys(inputs)).toEqual(INPUTS);
  expect(Object.values(inputs).filter(({ description }) => !/^[`\w].{20,}\.$/s.test(description))).toEqual([]);
});

test('a default in action.yml is the one that an empty input has', async () => {
  const { inputs } = await readAction();
  const declared = Object.entries(inputs).flatMap(([name, { default: standard }]) =>
    standard === undefined || standard.startsWith('${{') ? [] : [[name, standard]],
  );
  expect(Object.fromEntries(declared)).toEqual(DEFAULTS);
});

test('what the policy file may set has no default here, so that the file can win', async () => {
  const { inputs } = await readAction();
  expect(['min-coverage', 'strict-quality', 'config'].filter((name) => inputs[name]!.default !== undefined)).toEqual([]);
});

test('every output is set and every output that is set is described, in the same order', async () => {
  const { outputs } = await readAction();
  expect(Object.keys(outputs)).toEqual(OUTPUTS);
  expect(Object.values(outputs).filter(({ description }) => description.length < 15)).toEqual([]);
});

test('runs the committed bundle on Node 24', async () => {
  expect((await readAction()).runs).toEqual({ using: 'node24', main: 'dist/main/index.js' });
});
