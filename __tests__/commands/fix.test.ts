import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, describe, expect, test } from '@jest/globals';
import { fix, fixBy } from '../../src/commands/fix.ts';
import { validate } from '../../src/commands/validate.ts';
import { personAt } from '../../src/host/ask-person.ts';
import { folder, removeFolders, type } from './terminal.ts';

afterAll(removeFolders);

const FILE = '.contextcore.yaml';
const MANIFEST = `apiVersion: contextcore.io/v1alpha2 # which one
metadata: {name: m}
spec:
    project: {id: m}
    targets:
        - kind: Deployment # the only one
          name: svc
guidance:
    questions:
        # ask in the stand-up
        - id: Q-1
          question: who is on call?
          priority: high
        - id: Q-2
          question: "which\\nregion?"
          status: open # for long
        - id: Q-3
          question: done?
          status: answered
          answer: "yes"
`;

const read = (root: string, name = FILE) => readFile(join(root, name), 'utf8');

describe('fix', () => {
  test('reports what is open when no answers are given', async () => {
    const root = await folder({ [FILE]: MANIFEST });
    const { code, out } = await type(fix, root, '--path', FILE, '--format', 'json');
    expect([code, JSON.parse(out)]).toEqual([
      0,
      {
        status: 'report_only',
        path: FILE,
        open_questions: [
          { id: 'Q-1', question: 'who is on call?', status: 'open', priority: 'high' },
          { id: 'Q-2', question: 'which\nregion?', status: 'open', priority: 'medium' },
        ],
        total_issues: 2,
      },
    ]);
    expect((await type(fix, root, '--path', FILE)).out).toContain('Q-2 (medium): which\\nregion?');
    expect(await readdir(root)).toEqual([FILE]);
  });

  test('says on one line that there is nothing to fix', async () => {
    const root = await folder({ [FILE]: MANIFEST.replace(/guidance:[\s\S]*/, '') });
    expect((await type(fix, root, '--path', FILE, '--format', 'json')).out).toBe(
      `{"status":"nothing_to_fix","path":"${FILE}","issues":0}\n`,
    );
  });

  test.each([
    ['a mapping', 'Q-1: team core\nQ-9: nobody asked\n'],
    ['a list', '- {id: Q-1, answer: team core}\n'],
    ['a mapping under questions', 'questions:\n  Q-1: team core\n'],
    ['a list under questions, in JSON', '{"questions": [{"id": "Q-1", "answer": "team core"}]}'],
  ])('takes answers from %s', async (_, answers) => {
    const root = await folder({ [FILE]: MANIFEST, 'answers.yaml': answers });
    const { code, out } = await type(fix, root, '--path', FILE, '--answers', 'answers.yaml', '--format', 'json');
    expect([code, JSON.parse(out)]).toEqual([
      0,
      {
        status: 'applied',
        path: FILE,
        fixed: 1,
        skipped: 1,
        actions: [{ question_id: 'Q-1', action: 'answered', old_status: 'open', source: 'answers-file' }],
      },
    ]);
    expect(await read(root)).toBe(
      MANIFEST.replace(
        '          priority: high\n',
        '          priority: high\n          status: answered\n          answer: team core\n          answeredBy: answers-file\n          answeredAt: "2026-01-15T09:30:00"\n',
      ),
    );
    expect(await read(root, `${FILE}.bak`)).toBe(MANIFEST);
  });

  test('makes text of an answer that is none, and keeps the comment beside a status', async () => {
    const root = await folder({ [FILE]: MANIFEST, 'a.yaml': 'Q-1: 42\nQ-2: true\n' });
    await type(fix, root, '--path', FILE, '--answers', 'a.yaml');
    expect(await read(root)).toContain('status: answered # for long');
    expect(await type(validate, root, '--path', FILE, '--strict')).toMatchObject({ code: 0 });
    expect(await read(root)).toContain('answer: "42"');
  });

  test('prints a result and writes nothing when no answer belongs to an open question (I16)', async () => {
    const root = await folder({ [FILE]: MANIFEST, 'a.yaml': 'Q-3: no\nQ-1: ""\n' });
    const { code, out } = await type(fix, root, '--path', FILE, '--answers', 'a.yaml', '--format', 'json');
    expect([code, JSON.parse(out)]).toEqual([0, { status: 'unchanged', path: FILE, fixed: 0, skipped: 2, actions: [] }]);
    expect(await read(root)).toBe(MANIFEST);
  });

  test('counts without writing under --dry-run', async () => {
    const root = await folder({ [FILE]: MANIFEST, 'a.yaml': 'Q-1: x\nQ-2: y\n' });
    const { out } = await type(fix, root, '--path', FILE, '--answers', 'a.yaml', '--dry-run', '--format', 'json');
    expect(JSON.parse(out)).toMatchObject({ status: 'dry_run', fixed: 2, skipped: 0 });
    expect([await read(root), (await readdir(root)).length]).toEqual([MANIFEST, 2]);
  });

  test('asks a person, who may pass over a question, and beats a file of answers', async () => {
    const root = await folder({ [FILE]: MANIFEST, 'a.yaml': 'Q-1: from the file\n' });
    const asked: string[] = [];
    const person = {
      ask: (question: string) => Promise.resolve(asked.push(question) === 1 ? '  ' : ' eu-west '),
      [Symbol.dispose]: () => {},
    };
    const { out } = await type(
      fixBy(() => person),
      root,
      '--path',
      FILE,
      '--interactive',
      '--answers',
      'a.yaml',
      '--format',
      'json',
    );
    expect(asked).toEqual(['Q-1 (high): who is on call?\n> ', 'Q-2 (medium): which\\nregion?\n> ']);
    expect(JSON.parse(out)).toMatchObject({ fixed: 1, skipped: 1, actions: [{ question_id: 'Q-2', source: 'interactive' }] });
    expect(await read(root)).toContain('answer: eu-west');
  });

  test('keeps CRLF line ends and the questions of a mapping in one line', async () => {
    const flow =
      'apiVersion: contextcore.io/v1alpha2\r\nmetadata: {name: m}\r\nspec: {project: {id: m}, targets: [{kind: Job, name: s}]}\r\nguidance: {questions: [{id: Q-1, question: why}]} # one line\r\n';
    const root = await folder({ [FILE]: flow, 'a.yaml': 'Q-1: because\n' });
    await type(fix, root, '--path', FILE, '--answers', 'a.yaml');
    const text = await read(root);
    expect(
      text
        .split('\n')
        .slice(0, -1)
        .every((line) => line.endsWith('\r')),
    ).toBe(true);
    expect(text).toContain('answer: because');
    expect(text).toContain('# one line');
  });

  test('reports no issues in a v1.1 manifest', async () => {
    const v1 = 'apiVersion: contextcore.io/v1alpha1\nmetadata: {name: m}\nspec: {project: {id: m}, targets: [{kind: Job, name: s}]}\n';
    const root = await folder({ [FILE]: v1 });
    expect(JSON.parse((await type(fix, root, '--path', FILE, '--format', 'json')).out).status).toBe('nothing_to_fix');
  });

  test('exits 1 on an invalid manifest, and takes what cannot be read for wrong usage', async () => {
    const root = await folder({ [FILE]: MANIFEST, 'bad.yaml': 'a: [', 'a.yaml': 'just text' });
    expect((await type(fix, root, '--path', 'bad.yaml')).code).toBe(1);
    await expect(type(fix, root, '--path', 'none.yaml')).rejects.toThrow('does not exist');
    await expect(type(fix, root, '--path', FILE, '--answers', 'none.yaml')).rejects.toThrow('does not exist');
    await expect(type(fix, root, '--path', FILE, '--answers', 'a.yaml')).rejects.toThrow('a.yaml gives no answers');
  });
});

describe('a person at a terminal', () => {
  test('answers line by line, also from a pipe that ends early', async () => {
    const input = new PassThrough();
    const output = new PassThrough();
    input.end('one\ntwo\n');
    using person = personAt(input, output);
    expect([await person.ask('1?'), await person.ask('2?'), await person.ask('3?'), await person.ask('4?')]).toEqual([
      'one',
      'two',
      '',
      '',
    ]);
    expect(String(output.read())).toBe('1?2?3?4?');
  });
});
