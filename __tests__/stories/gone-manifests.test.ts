import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { runOn } from './pull-request.ts';

const MANIFEST = readFileSync(path.join(import.meta.dirname, 'common/.contextcore.yaml'), 'utf8');

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'export-tasks-gone-'));
  git('init', '-q', '-b', 'main');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function git(...args: readonly string[]): string {
  return execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd: root, encoding: 'utf8' }).trim();
}

function service(name: string): void {
  const folder = path.join(root, 'services', name);
  cpSync(path.join(import.meta.dirname, 'common/observability'), path.join(folder, 'observability'), { recursive: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, '.contextcore.yaml'), MANIFEST.replaceAll(/\bid: (\S+)/g, `id: ${name}`));
}

function commit(): string {
  git('add', '-A');
  git('commit', '-q', '--allow-empty', '-m', 'x');
  return git('rev-parse', 'HEAD');
}

async function change(edit: () => void, manifests: readonly string[] = ['services/*/.contextcore.yaml']) {
  service('a');
  service('b');
  const base = commit();
  edit();
  const { report } = await runOn({ root, base, head: commit() }, { settings: { manifests } });
  return report.verdict.findings
    .filter(({ code }) => code.startsWith('manifest/'))
    .map(({ code, level, state, place, message }) => ({ code, level, state, file: place?.file, message }));
}

describe('a manifest that a change deletes', () => {
  test.each([['services/*/.contextcore.yaml'], ['services/{a,b}/.contextcore.yaml'], ['**/.contextcore.yaml']])(
    'is told, with what it promised: %s',
    async (pattern) => {
      const told = await change(() => rmSync(path.join(root, 'services/b'), { recursive: true }), [pattern]);
      expect(told).toEqual([
        {
          code: 'manifest/deleted',
          level: 'warning',
          state: 'new',
          file: 'services/b/.contextcore.yaml',
          message: expect.stringMatching(
            /^This change deletes the manifest services\/b\/\.contextcore\.yaml of the project "b": nothing is owed any more for "ledger", nor is any of this promised: criticality \w+, .*availability/,
          ),
        },
      ]);
    },
  );

  test('is no loss when another one declares its project now', async () => {
    expect(await change(() => git('mv', 'services/b', 'services/c'))).toEqual([]);
  });

  test('is none of ours when nobody asked for it', async () => {
    expect(await change(() => rmSync(path.join(root, 'services/b'), { recursive: true }), ['services/a/.contextcore.yaml'])).toEqual([]);
  });

  test('is told too when it was the last', async () => {
    const told = await change(() => rmSync(path.join(root, 'services'), { recursive: true }));
    expect(told.map(({ code }) => code).toSorted()).toEqual(['manifest/deleted', 'manifest/deleted', 'manifest/missing']);
  });
});
