import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readEvent } from '../../../src/host/github/event.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'event-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(text: string | Uint8Array) {
  const file = path.join(folder, 'event.json');
  await writeFile(file, text);
  return readEvent(file);
}

test('reads the payload, keys such as __proto__ being data', async () => {
  const { payload, loss } = await read('{"__proto__": {"pull_request": 1}, "number": 4}');
  expect(loss).toBeUndefined();
  expect(payload['number']).toBe(4);
  expect(payload['pull_request']).toBeUndefined();
});

test.each([
  ['text that is no JSON', 'not json', 'is not JSON'],
  ['an array', '[1]', 'holds no JSON object'],
  ['null', 'null', 'holds no JSON object'],
  ['nothing', '', 'is not JSON'],
  ['bytes', new Uint8Array([0xff, 0, 0xfe]), 'is not JSON'],
])('tells the loss of an event file that holds %s, and goes on with none', async (_, text, why) => {
  expect(await read(text)).toEqual({ payload: {}, loss: expect.stringContaining(why) });
});

test('tells the loss of an event that is not there, without naming directories of this machine', async () => {
  const answers = [await readEvent(undefined), await readEvent(path.join(folder, 'gone.json')), await readEvent(folder)];
  expect(answers.map(({ loss }) => /\((.+?)\)/.exec(loss ?? '')?.[1])).toEqual([
    'GITHUB_EVENT_PATH is not set',
    'its file is missing',
    'its file is a directory',
  ]);
  expect(JSON.stringify(answers)).not.toContain(folder);
});
