import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

const root = path.resolve(import.meta.dirname, '..');

test('npm run demo shows the trace, the annotations, the files and the verdict, in under five seconds', async () => {
  const home = mkdtempSync(path.join(tmpdir(), 'export-tasks-demo-test-'));
  try {
    const began = performance.now();
    const { stdout } = await promisify(execFile)(process.execPath, [path.join(root, 'scripts/demo.ts'), home], {
      env: { PATH: process.env['PATH'], NO_COLOR: '1' },
    });
    expect(performance.now() - began).toBeLessThan(5000);
    expect(stdout).toMatch(/as the receiver got it: [1-9]\d* spans/);
    expect(stdout).toMatch(/─ .*catalog-runbook/);
    expect(stdout).toMatch(/^::error file=tasks\.json|^::error .*mapping-completeness/m);
    expect(stdout).toMatch(/^::warning .*catalog-notification/ms);
    expect(stdout).toContain('The verdict is block: 1 critical');
    const report = JSON.parse(readFileSync(path.join(home, 'shop/contextcore-export/export-tasks-report.json'), 'utf8')) as {
      emission: { state: string; sent: number; drafted: number };
    };
    expect(report.emission).toMatchObject({ state: 'sent', sent: report.emission.drafted });
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}, 20_000);
