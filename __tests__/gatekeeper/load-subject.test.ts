import { chmod, mkdir, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { gate1, questions } from '../../src/gates/index.ts';
import { loadSubject } from '../../src/host/load-subject.ts';
import { open, removeFolders, run, sha256, told, write } from '../gates/export-folder.ts';

afterAll(removeFolders);

describe('what ends the look', () => {
  test.each([
    ['a directory that is not there', 'nowhere', /^nowhere does not exist/],
    ['a file in its place', '.contextcore.yaml', /^\.contextcore\.yaml is a file/],
    ['a directory without metadata', 'empty', /^empty holds no onboarding-metadata\.json/],
  ])('%s', async (_title, exportDir, message) => {
    const cwd = await write();
    await mkdir(join(cwd, 'empty'));
    expect(await loadSubject({ exportDir, cwd })).toEqual({ ok: false, message: expect.stringMatching(message) });
  });
});

describe('what becomes a fact', () => {
  test.each([
    ['JSON', '{"a": NaN}', 'json'],
    ['JSON with a byte order mark', '\ufeff{}', 'json'],
    ['bytes that are not UTF-8', Uint8Array.of(0x7b, 0xff, 0x7d), 'encoding'],
    ['a directory', 'directory', 'directory'],
  ])('%s that cannot be used', async (_title, content, why) => {
    const { subject } = await open({
      after: (f) => {
        f.provenance = undefined;
        f.more['out/provenance.json'] = content;
      },
    });
    expect(subject.provenance).toEqual({ state: 'malformed', why });
  });

  test('the digest of a file that is not UTF-8 is that of its bytes', async () => {
    const bytes = Uint8Array.of(1, 0xff, 2);
    const { subject } = await open({ after: (f) => (f.projectContext = bytes as never) });
    expect(subject.projectContext).toMatchObject({ state: 'read', sha256: sha256(bytes) });
  });

  test('keys such as __proto__ are data', async () => {
    const { subject } = await open({
      after: (f) => (f.more['out/onboarding-metadata.json'] = '{"__proto__": {"version": "1"}, "coverage": {"__proto__": {"gaps": []}}}'),
    });
    const [result] = run(gate1, subject);
    expect(told(result!)).toContain('missing_field:version');
    expect(told(result!)).toContain('missing_field:coverage.gaps');
  });
});

describe('the source manifest', () => {
  test('is found from the working directory when it is not beside the export', async () => {
    const cwd = await write(({ onboarding }) => (onboarding.source_path_relative = 'conf/m.yaml'));
    await mkdir(join(cwd, 'conf'));
    await rename(join(cwd, '.contextcore.yaml'), join(cwd, 'conf/m.yaml'));
    await mkdir(join(cwd, 'deep'));
    await rename(join(cwd, 'out'), join(cwd, 'deep/out'));
    const load = await loadSubject({ exportDir: 'deep/out', cwd });
    expect(load).toMatchObject({ ok: true, subject: { source: { state: 'read' }, files: { manifest: { path: 'conf/m.yaml' } } } });
  });

  test('is the one the caller knows when the metadata names none', async () => {
    const { subject } = await open({
      change: ({ onboarding }) => (onboarding.source_path_relative = 'manifest.spec.x'),
      options: { sourceFile: '.contextcore.yaml' },
    });
    expect(subject.source).toMatchObject({ state: 'read', name: '.contextcore.yaml' });
  });

  test.each(['/etc/passwd', '../../../../../../etc/passwd'])('is never %s', async (path) => {
    const { subject } = await open({ change: ({ onboarding }) => (onboarding.source_path_relative = path) });
    expect(subject.source.state).toMatch(/outside|missing/);
    expect(subject.files.manifest).toBeUndefined();
  });
});

test('a file that is not there is absent', async () => {
  const { subject } = await open({ after: (f) => void Object.assign(f, { provenance: undefined, runProvenance: undefined }) });
  expect([subject.provenance, subject.runProvenance]).toEqual([{ state: 'absent' }, { state: 'absent' }]);
});

test('a link out of the export directory is not followed', async () => {
  const cwd = await write(({ provenance }) => provenance.outputFiles.push('link.yaml'));
  await writeFile(join(cwd, 'secret.yaml'), 'secret');
  await symlink(join(cwd, 'secret.yaml'), join(cwd, 'out/link.yaml'));
  const load = await loadSubject({ exportDir: 'out', cwd });
  expect(load.ok && load.subject.present.has('link.yaml')).toBe(false);
});

test('a staging copy goes by its final name', async () => {
  const cwd = await write();
  await rename(join(cwd, 'out'), join(cwd, '.out.staging'));
  const load = await loadSubject({ exportDir: '.out.staging', displayDir: 'out', cwd });
  expect(load).toMatchObject({ ok: true, subject: { exportDir: 'out', files: { onboarding: { path: 'out/onboarding-metadata.json' } } } });
  expect(load.ok && run(gate1, load.subject).filter(({ outcome, severity }) => outcome !== 'skipped' && severity !== 'info')).toEqual([]);
});

test('a file outside the workspace has no path', async () => {
  const cwd = await write();
  await mkdir(join(cwd, 'work'));
  const load = await loadSubject({ exportDir: '../out', cwd: join(cwd, 'work') });
  expect(load.ok && load.subject.files.onboarding).toEqual({ text: expect.any(String) });
});

test('listings of the pipeline’s directories are sorted and hold files only', async () => {
  const { subject } = await open({
    change: ({ more }) => {
      for (const name of ['b-result.json', 'a-plan.json', 'Z.json', 'sub.json/x']) more[`ingestion/${name}`] = '{}';
    },
    options: { ingestionDir: 'ingestion', artisanDir: 'gone' },
  });
  expect(subject.ingestion).toMatchObject({ exists: true, files: ['Z.json', 'a-plan.json', 'b-result.json'] });
  expect([...subject.ingestion!.json.keys()]).toEqual(['a-plan.json', 'b-result.json']);
  expect(subject.artisan).toMatchObject({ exists: false });
  expect(run([...gate1, ...questions], subject).every(({ outcome }) => outcome !== 'crashed')).toBe(true);
});

test('metadata that may not be read ends the look', async () => {
  const cwd = await write();
  await chmod(join(cwd, 'out/onboarding-metadata.json'), 0);
  const load = await loadSubject({ exportDir: 'out', cwd });
  // A superuser reads everything.
  if (process.getuid?.() === 0) expect(load.ok).toBe(true);
  else expect(load).toEqual({ ok: false, message: expect.stringMatching(/may not be read/) });
});
