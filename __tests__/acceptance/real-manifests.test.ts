import { existsSync, readdirSync } from 'node:fs';
import { cp, readFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ROOT, snapshot, type Workspace, workspace } from '../cli/export-tasks.ts';
import { misfits } from './whole-export.ts';

// Manifests that people have written. Those of our own fixtures are copies of the reference's kit; where the kit is there, all of it is read.
const KIT = path.resolve(ROOT, '../shared/reference/export');
const OWN = path.join(import.meta.dirname, 'fixtures');
const real = existsSync(KIT) ? KIT : OWN;
if (real === OWN) process.stderr.write('the reference kit is not beside the repository: only the real manifests of our fixtures are run\n');
const OUT = 'contextcore-export';

const VALID = ['real-checkout-v2', 'real-demo-checkout', 'real-example-v1', 'real-startd8', 'real-weaver-context'];
/** Code and line of every fault. `real-weaver` has empty names, which the reference takes and the design does not. */
const INVALID: Readonly<Record<string, readonly string[]>> = {
  'real-benchmark': ['unknown-value:37', 'unknown-value:70'],
  'real-projectcontext': ['wrong-format:26'],
  'real-top-level': ['missing-field:16', 'missing-field:16'],
  'real-weaver': ['blank-name:4', 'blank-name:22', 'blank-name:52'],
};
const names = readdirSync(real).filter((name) => name.startsWith('real-'));

test('every real manifest is known here as valid or invalid', () => {
  expect(names.filter((name) => !VALID.includes(name) && !(name in INVALID))).toEqual([]);
});

describe.each(names.filter((name) => VALID.includes(name)))('%s', (name) => {
  test.concurrent('is exported, judged, previewed and spooled, and everything fits together', async () => {
    await using repository = await copyOf(name);
    const { code, stdout, stderr } = await repository.run(['run', '--format', 'json']);
    const report = JSON.parse(stdout);
    const [entry] = report.entries;
    expect({ code, stderr, faults: entry.faults }).toEqual({ code: 0, stderr: '', faults: [] });
    expect(await readFile(repository.at(OUT, 'export-tasks-report.json'), 'utf8')).toBe(stdout.slice(0, -1));
    expect(misfits(repository.root, OUT)).toEqual([]);
    expect(entry.gates.length).toBeGreaterThan(13);
    expect(entry.gates.filter(({ outcome }: any) => outcome === 'crashed')).toEqual([]);
    const onboarding = await repository.json(`${OUT}/onboarding-metadata.json`);
    const { state, reason, drafted, sent, spooled, lost } = report.emission;
    expect(onboarding.task_emission).toEqual({
      state,
      reason,
      trace_id: entry.emission.trace_id,
      spool: 'task-spans.otlp.jsonl',
      drafted,
      sent,
      spooled,
      lost,
    });
    expect({ state, sent, spooled, lost }).toEqual({ state: 'spooled', sent: 0, spooled: drafted, lost: 0 });
    expect(onboarding).not.toHaveProperty('task_trace_id');
    expect(entry.files.filter((file: string) => !existsSync(repository.at(OUT, file)))).toEqual([]);
  });

  test.concurrent('leaves an export that check finds whole, and that names no machine', async () => {
    await using repository = await copyOf(name);
    await repository.run(['run']);
    const { code, stdout } = await repository.run(['check', OUT, '--fail-on-unhealthy', '--format', 'json']);
    expect({ code, healthy: JSON.parse(stdout).is_healthy }).toEqual({ code: 0, healthy: true });
    const machine = [tmpdir() + path.sep, repository.root, hostname()].filter((text) => text.length > 5);
    for (const file of Object.keys(snapshot(repository.at(OUT)))) {
      const text = await repository.text(`${OUT}/${file}`);
      expect({ file, named: machine.filter((word) => text.includes(word)) }).toEqual({ file, named: [] });
    }
  });
});

describe.each(names.filter((name) => name in INVALID))('%s', (name) => {
  test.concurrent('is refused with every fault on its line, and nothing is written', async () => {
    await using repository = await copyOf(name);
    const before = snapshot(repository.root);
    const { code, stdout } = await repository.run(['run', '--format', 'json']);
    const report = JSON.parse(stdout);
    const found = report.entries[0].faults.map(({ code, place }: any) => `${code}:${place.line}`);
    expect({ code, verdict: report.verdict, found }).toEqual({ code: 1, verdict: 'block', found: INVALID[name] });
    expect(snapshot(repository.root)).toEqual(before);
  });

  test.concurrent('is told to people at file, line and column', async () => {
    await using repository = await copyOf(name);
    const { code, stderr } = await repository.run(['export', '-p', '.contextcore.yaml', '-o', 'out']);
    const lines = new Set(INVALID[name]!.map((fault) => fault.split(':')[1]));
    expect(code).toBe(1);
    expect([...lines].filter((line) => !new RegExp(`\\.contextcore\\.yaml:${line}:\\d+`).test(stderr))).toEqual([]);
    expect(existsSync(repository.at('out'))).toBe(false);
  });
});

async function copyOf(name: string): Promise<Workspace> {
  const repository = await workspace();
  for (const file of readdirSync(path.join(real, name)).filter((one) => one.startsWith('.contextcore'))) {
    await cp(path.join(real, name, file), repository.at(file));
  }
  return repository;
}
