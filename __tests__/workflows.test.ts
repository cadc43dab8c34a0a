import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';

const root = path.resolve(import.meta.dirname, '..');
const workflows = ['.github/workflows', '.github/examples'].flatMap((folder) =>
  readdirSync(path.join(root, folder))
    .filter((name) => name.endsWith('.yml'))
    .map((name) => `${folder}/${name}`),
);

const pasted = /```yaml\n(# \.github\/workflows\/[\s\S]*?)```/.exec(readFileSync(path.join(root, 'README.md'), 'utf8'))?.[1] ?? '';

describe.each([
  ...workflows.map((name) => [name, readFileSync(path.join(root, name), 'utf8')] as const),
  ['the workflow of README.md', pasted] as const,
])('%s', (name, content) => {
  test('is a workflow in the words that GitHub knows', () => {
    const { context } = parseWorkflow({ name, content }, new NoOperationTraceWriter());
    expect(context.errors.getErrors().map(({ message }) => message)).toEqual([]);
  });

  test('grants nothing but what a job lists, and pins what it uses', () => {
    expect((parse(content) as { permissions: unknown }).permissions).toEqual(content === pasted ? { contents: 'read' } : {});
    const used = [...content.matchAll(/uses: (\S+)(.*)/g)].filter(
      ([, action = '']) => action !== './' && !action.startsWith('contextcore/export-tasks@'),
    );
    expect(
      used
        .filter(([, action = '', comment = '']) => !(/@[0-9a-f]{40}$/.test(action) && /^ # v\d+\.\d+\.\d+$/.test(comment)))
        .map(([line]) => line),
    ).toEqual([]);
    expect(content.match(/uses: actions\/checkout@/g)?.length ?? 0).toBe(content.match(/persist-credentials: false/g)?.length ?? 0);
  });
});
