import { afterEach, describe, expect, test } from '@jest/globals';
import { check } from '../../src/commands/check.ts';
import { diagnose } from '../../src/commands/diagnose.ts';
import { exportCommand } from '../../src/commands/export.ts';
import { run } from '../../src/commands/run.ts';
import { MINIMAL } from '../cli/manifests.ts';
import { folder, removeFolders, type } from './terminal.ts';

afterEach(removeFolders);

const IDS = ['dashboard', 'prometheus-rules', 'slo', 'service-monitor', 'loki-rules', 'notification', 'runbook'];
const MAPPING = JSON.stringify(
  Object.fromEntries(['shop-capability-index', ...IDS.map((id) => `checkout_api-${id}`)].map((id) => [id, 'T'])),
);
const FILES = { '.contextcore.yaml': MINIMAL, 'map.json': MAPPING, 'src/keep': '' };
const EXPORT = ['--path', '.contextcore.yaml', '--output-dir', 'out'];
const STRICT = ['--strict-quality', '--task-mapping', 'map.json'];

describe('a flag that changes nothing beside the others', () => {
  test.each([
    [['--project-id', 'x'], ['--project-id is about the trace']],
    [
      ['--otlp-endpoint', 'http://localhost:1', '--otlp-headers', 'a=b', '--otlp-protocol', 'http/json', '--otlp-timeout', '30s'],
      ['--otlp-endpoint is', '--otlp-headers is', '--otlp-protocol is', '--otlp-timeout is'],
    ],
    [['--dry-run', '--verify'], ['--verify looks at what was written']],
    [['--dry-run', '--emit-tasks', '--project-id', 'x'], []],
    [[], []],
  ])('is told: %j', async (flags, told) => {
    const { code, err } = await type(exportCommand, await folder(FILES), ...EXPORT, ...flags);
    const notes = err.split('\n').filter((line) => line.startsWith('note: --'));
    expect([code, notes]).toEqual([0, told.map((text) => expect.stringContaining(text))]);
  });
});

test.each([check, diagnose])('$name says so of a flag about a trace that nobody asked for', async (command) => {
  const root = await folder(FILES);
  await type(exportCommand, root, ...EXPORT);
  const { code, err } = await type(command, root, 'out', '--otlp-timeout', '5s');
  expect([code, err]).toEqual([0, expect.stringContaining('note: --otlp-timeout is about the trace, and no trace is asked for')]);
});

test('an export without its metadata cannot be verified', async () => {
  const { code, err } = await type(exportCommand, await folder(FILES), ...EXPORT, '--verify', '--no-onboarding');
  expect([code, err]).toEqual([1, expect.stringContaining('--no-onboarding leaves it out')]);
});

describe('strict quality', () => {
  test('holds an export with what it asks for, and says what it turned on', async () => {
    const { code, err } = await type(exportCommand, await folder(FILES), ...EXPORT, ...STRICT, '--scan-existing', 'src');
    // Nothing exists, and the environment asks for 60 %.
    expect(code).toBe(1);
    expect(err).toContain('at least 60 %');
    expect(err.match(/--em\w+-provenance/g)).toEqual(['--emit-provenance', '--embed-provenance']);
  });

  test('takes no workspace for evidence that someone picked, but the one that a run looks through by itself', async () => {
    const root = await folder(FILES);
    const exported = await type(exportCommand, root, ...EXPORT, ...STRICT, '--scan-existing', '.');
    expect([exported.code, exported.err]).toEqual([1, expect.stringContaining('--scan-existing is .')]);
    const ran = await type(run, root, ...STRICT, '--format', 'json');
    const findings = JSON.parse(ran.out).findings as readonly { readonly code: string; readonly level: string }[];
    expect([ran.code, findings.filter(({ level }) => level === 'critical').map(({ code }) => code)]).toEqual([
      1,
      ['min-coverage/coverage_below_threshold'],
    ]);
  });

  test('has fields that nothing reads for faults, with their lines', async () => {
    const files = { ...FILES, '.contextcore.yaml': `${MINIMAL}  colour: red\n` };
    const relaxed = await type(exportCommand, await folder(files), ...EXPORT);
    expect([relaxed.code, relaxed.err]).toEqual([0, expect.stringContaining('warning  unknown-key')]);
    const { code, err } = await type(exportCommand, await folder(files), ...EXPORT, ...STRICT, '--scan-existing', 'src');
    expect([code, err]).toEqual([1, expect.stringMatching(/^\.contextcore\.yaml:13:3 {2}error {2}unknown-key/)]);
  });
});
