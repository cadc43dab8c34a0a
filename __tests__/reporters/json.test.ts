import { describe, expect, test } from '@jest/globals';
import { reportBytes } from '../../src/report/report-document.ts';
import { json } from '../../src/reporters/json.ts';
import { HOSTILE } from './hostile.ts';
import { entry, finding, report, STORIES, verdict, written } from './samples.ts';

test.each(Object.entries(STORIES))('is written to its file as it is shown: %s', (_, story) => {
  expect(Buffer.from(reportBytes(story)).toString()).toBe(json.render(story));
});

test('names its schema', () => {
  expect(JSON.parse(json.render(STORIES['everything-exists'])).schema).toBe('contextcore.io/export-tasks-report/v1');
});

test('keeps what was found and whether the step fails apart', () => {
  const document = JSON.parse(json.render(report([entry()], verdict([finding({ level: 'critical' })], { failOn: 'never', fails: false }))));
  expect(document).toMatchObject({
    verdict: 'block',
    step: { fails: false, fail_on: 'never' },
    counts: { critical: 1, error: 0, warning: 0, notice: 0 },
  });
});

describe('a key', () => {
  test('is always there, and in snake case', () => {
    const documents = Object.values(STORIES).map((story) => JSON.parse(json.render(story)));
    for (const document of documents) expect(Object.keys(document)).toEqual(Object.keys(documents[0]));
    for (const each of documents) for (const key of Object.keys(each.entries[0])) expect(key).toMatch(/^[a-z]+(?:_[a-z]+)*$/);
    expect(Object.keys(documents[1].entries[0])).toEqual(Object.keys(documents[0].entries[0]));
  });
});

test.each(HOSTILE.map((hostile) => [hostile.slice(0, 60), hostile]))('%j arrives as it was written', (_, hostile) => {
  const text = (field: string) => `${field} ${hostile}`;
  const document = JSON.parse(json.render(written(text)));
  expect(keysOf(document)).toEqual(keysOf(JSON.parse(json.render(written((field) => `${field} plain`)))));
  expect(document.entries[0].project_id).toBe(text('project'));
  expect(document.findings[0].message).toBe(text('message'));
  expect(document.entries[0].gates[1].evidence[0].values.expected).toBe(text('expected'));
});

test('has no absolute path', () => {
  const rendered = json.render(
    report(
      [entry({ manifest: 'C:\\work\\m.yaml', exportDir: '/home/someone/out' })],
      verdict([finding({ place: { file: '/home/someone/m.yaml', line: 1 } })]),
    ),
  );
  expect(rendered).not.toMatch(/someone|C:/);
  expect(JSON.parse(rendered)).toMatchObject({
    entries: [{ manifest: 'm.yaml', export_dir: 'out' }],
    findings: [{ place: { file: 'm.yaml', line: 1 } }],
  });
});

/** Every path to a value; what hangs under a stranger's key is left out. */
function keysOf(value: unknown, path = ''): readonly string[] {
  if (typeof value !== 'object' || value === null) return [path];
  if (path.endsWith('gaps_by_type')) return [path];
  return Object.entries(value).flatMap(([key, each]) => keysOf(each, `${path}/${key}`));
}
