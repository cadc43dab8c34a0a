import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { waive } from '../../src/commands/waive.ts';
import { parsePolicy } from '../../src/manifest/policy.ts';
import { folder, removeFolders, type } from './terminal.ts';

afterAll(removeFolders);

const POLICY = '.contextcore-quality.yaml';
const MANIFEST = `apiVersion: contextcore.io/v1alpha2
kind: ContextManifest
metadata: {name: m, owners: [{team: core}]}
spec:
  project: {id: m}
  targets: [{kind: Deployment, name: svc}]
`;
const COMMENTED = `# Our policy.
gates:
  design-calibration: off # noisy

artifacts: # where things are
  - {type: dashboard, path: "x/{target}.json"}
`;

const read = (root: string) => readFile(join(root, POLICY), 'utf8');
const waivers = (text: string) => {
  const parsed = parsePolicy(Buffer.from(text), POLICY);
  return parsed.ok ? parsed.policy.waivers.map(({ place: _, ...rest }) => rest) : parsed.faults;
};
const FINDING = ['required-artifacts', 'svc-runbook'] as const;
const WHY = ['--reason', 'being rewritten', '--expires', '2026-12-31'] as const;
const ENTRY = { gate: 'required-artifacts', artifact: 'svc-runbook', reason: 'being rewritten', owner: 'core', expires: '2026-12-31' };

test('writes a policy where there is none', async () => {
  const root = await folder({ '.contextcore.yaml': MANIFEST });
  expect(await type(waive, root, ...FINDING, ...WHY)).toMatchObject({ code: 0, out: expect.stringContaining('added the waiver') });
  expect(waivers(await read(root))).toEqual([ENTRY]);
});

test('keeps everything that stands in the file, comments too', async () => {
  const root = await folder({ '.contextcore.yaml': MANIFEST, [POLICY]: COMMENTED });
  await type(waive, root, ...FINDING, ...WHY);
  const text = await read(root);
  expect(text.startsWith(COMMENTED)).toBe(true);
  expect(waivers(text)).toEqual([ENTRY]);
  await type(waive, root, 'artifact-validity', 'svc-slo', ...WHY, '--owner', 'sre');
  expect((await read(root)).startsWith(text)).toBe(true);
  expect(waivers(await read(root))).toEqual([ENTRY, { ...ENTRY, gate: 'artifact-validity', artifact: 'svc-slo', owner: 'sre' }]);
});

test.each(['waivers: []\n', 'waivers:\n', '# only a comment\n'])('adds to %j', async (policy) => {
  const root = await folder({ '.contextcore.yaml': MANIFEST, [POLICY]: policy });
  const { code } = await type(waive, root, ...FINDING, ...WHY);
  if (policy === 'waivers:\n') expect(code).toBe(1);
  else expect(waivers(await read(root))).toEqual([ENTRY]);
});

test('renews a waiver of the same finding', async () => {
  const root = await folder({ '.contextcore.yaml': MANIFEST });
  await type(waive, root, ...FINDING, ...WHY);
  const { out } = await type(waive, root, ...FINDING, '--reason', 'on: it', '--expires', '30d', '--format', 'json');
  expect(JSON.parse(out)).toMatchObject({ path: POLICY, renewed: true });
  expect(waivers(await read(root))).toEqual([{ ...ENTRY, reason: 'on: it', expires: '2026-02-14' }]);
});

test.each([
  [[...FINDING], 'needs a reason'],
  [[...FINDING, '--reason', 'x'], 'needs its last day'],
  [[...FINDING, '--reason', 'x', '--expires', '2026-02-30'], 'no day of the calendar'],
  [[...FINDING, '--reason', 'x', '--expires', '2025-12-31'], 'is over'],
  [['required-artifact', 'svc-runbook', ...WHY], 'did you mean required-artifacts?'],
  [['required-artifacts', 'svc-runbok', ...WHY], 'did you mean svc-runbook?'],
])('refuses %j', async (argv, why) => {
  const root = await folder({ '.contextcore.yaml': MANIFEST });
  await expect(type(waive, root, ...argv)).rejects.toThrow(why);
  await expect(read(root)).rejects.toThrow();
});

test('leaves a policy with faults as it is', async () => {
  const root = await folder({ '.contextcore.yaml': MANIFEST, [POLICY]: 'gate: {}\n' });
  expect(await type(waive, root, ...FINDING, ...WHY)).toMatchObject({ code: 1, err: expect.stringContaining('gates') });
  expect(await read(root)).toBe('gate: {}\n');
});
