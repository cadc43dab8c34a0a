import { watch } from 'node:fs';
import { cp } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { attribute, snapshot, spansOf, startExportTasks, workspace } from '../cli/export-tasks.ts';
import { SHOP } from '../cli/manifests.ts';
import { misfits } from './whole-export.ts';

// A shop of 60 services takes long enough to be killed in every phase of its run.
const BIG = SHOP.replace(/ {2}targets:[\s\S]*? {2}observability:/, `  targets:\n${targets(60)}  observability:`);
const OUT = 'out';
const FOREIGN = { [`${OUT}/notes.txt`]: 'mine', [`${OUT}/deep/dashboard.json`]: '{}' };
const RUNS = ['run', 'export'] as const;
const ARGS = { run: ['run', '--output-dir', OUT], export: ['export', '-p', '.contextcore.yaml', '-o', OUT, '--emit-tasks'] };

const ROUNDS = 8;
/** The spool is written before the export is moved into place, so a killed run may leave its spool beside the old export. */
const SPOOL_OF_ANOTHER_RUN = /preview|root|parent|task-spans\.json|links to nothing/;

/** Another project: its files have other names, beside those of the old one. */
const RENAMED = SHOP.replace('id: shop', 'id: store');
/** Loaded before the command: the process dies where it would move its KILL_AT-th file. */
const KILLED = `data:text/javascript,${encodeURIComponent(`
  import fs from 'node:fs/promises';
  import { syncBuiltinESMExports } from 'node:module';
  const { rename } = fs;
  let moves = 0;
  fs.rename = async (...paths) => {
    if (++moves === Number(process.env.KILL_AT)) process.kill(process.pid, 'SIGKILL');
    return rename(...paths);
  };
  syncBuiltinESMExports();
`)}`;

const before = await workspace({ '.contextcore.yaml': SHOP, ...FOREIGN });
await before.run(ARGS.run);
afterAll(() => before[Symbol.asyncDispose]());

describe.each(RUNS)('%s, killed', (command) => {
  test('at any moment leaves the old export or the new one, whole, and what is not ours as it was', async () => {
    const moments = await changes(command);
    const seen = { old: 0, new: 0 };
    for (let round = 0; round < ROUNDS; round++) {
      await using place = await workspace();
      await cp(before.root, place.root, { recursive: true });
      await place.write({ '.contextcore.yaml': BIG });
      await killAfter(round === ROUNDS - 1 ? moments * 9 : (moments * (round + 1)) / ROUNDS, ARGS[command], place.root);
      const lines = await place.text(`${OUT}/task-spans.otlp.jsonl`).catch(() => '');
      const complete = lines.split('\n').slice(0, -1);
      const { code, stdout } = await place.run(['check', OUT, '--format', 'json']);
      expect({ round, code, gates: JSON.parse(stdout).gates.length }).toEqual({ round, code: 0, gates: 8 });
      const onboarding = await place.json(`${OUT}/onboarding-metadata.json`);
      const isOld = Object.keys(onboarding.file_ownership).length < 100;
      seen[isOld ? 'old' : 'new'] += 1;
      // The old export speaks of the old manifest.
      if (isOld) await place.write({ '.contextcore.yaml': SHOP });
      expect({ round, misfits: misfits(place.root, OUT).filter((one) => !SPOOL_OF_ANOTHER_RUN.test(one)) }).toEqual({ round, misfits: [] });
      expect(snapshot(place.root)).toMatchObject(
        Object.fromEntries(Object.entries(snapshot(before.root)).filter(([name]) => name in FOREIGN)),
      );
      expect(Object.keys(snapshot(place.root)).filter((name) => /staging|journal|\.tmp/i.test(name))).toEqual([]);
      expect(spansOf(complete.join('\n')).every((span) => attribute(span, 'task.id') !== undefined)).toBe(true);
      expect(await place.text(`${OUT}/task-spans.otlp.jsonl`).catch(() => '')).toContain(complete.join('\n'));
    }
    // The moments reach from the start to the end, or nothing was tried.
    expect(seen.old).toBeGreaterThan(2);
    expect(seen.new).toBeGreaterThan(0);
  }, 180_000);
});

test.each(RUNS)(
  '%s, killed before each of its moves, leaves the old export or the new one, whole',
  async (command) => {
    const seen: string[] = [];
    for (let move = 1; seen.at(-1) !== 'done'; move++) {
      await using place = await workspace();
      await cp(before.root, place.root, { recursive: true });
      await place.write({ '.contextcore.yaml': RENAMED });
      const { code } = await place.run(ARGS[command], { NODE_OPTIONS: `--import ${KILLED}`, KILL_AT: String(move) });
      await place.run(['check', OUT]);
      const isOld = (await place.json(`${OUT}/onboarding-metadata.json`)).project_id === 'shop';
      if (isOld) await place.write({ '.contextcore.yaml': SHOP });
      const wrong = misfits(place.root, OUT).filter((one) => !SPOOL_OF_ANOTHER_RUN.test(one));
      expect({ move, wrong, foreign: await place.text(`${OUT}/notes.txt`) }).toEqual({ move, wrong: [], foreign: 'mine' });
      const stays = Object.keys(snapshot(place.at(OUT))).filter((name) => !name.endsWith('.bak'));
      expect({ move, mixed: isOld && stays.some((name) => name.startsWith('store-')) }).toEqual({ move, mixed: false });
      seen.push(code === 0 ? 'done' : isOld ? 'old' : 'new');
    }
    // As many moves as there are files, at least; and no way back once the new export stands.
    expect(seen.length).toBeGreaterThan(6);
    expect(seen.join(' ')).toMatch(/^(old )+(new )*done$/);
  },
  120_000,
);

test('the next run after a killed one does the whole job and sweeps what it left', async () => {
  await using place = await workspace();
  await cp(before.root, place.root, { recursive: true });
  await place.write({ '.contextcore.yaml': BIG });
  const moments = await changes('run');
  for (const part of [0.6, 0.8, 0.9]) {
    await killAfter(moments * part, ARGS.run, place.root);
  }
  expect(await place.run(ARGS.run)).toMatchObject({ code: 0 });
  expect(misfits(place.root, OUT)).toEqual([]);
  const names = Object.keys(snapshot(place.root)).map((name) => name.replace(`${OUT}/`, '').replace(/\.bak$/, ''));
  const known = Object.keys(snapshot(before.root)).map((name) => name.replace(`${OUT}/`, ''));
  expect(names.filter((name) => !known.includes(name) && name !== '')).toEqual([]);
}, 120_000);

/** How often the directory changes while the command runs to its end. */
async function changes(command: (typeof RUNS)[number]): Promise<number> {
  await using place = await workspace();
  await cp(before.root, place.root, { recursive: true });
  await place.write({ '.contextcore.yaml': BIG });
  return killAfter(Number.POSITIVE_INFINITY, ARGS[command], place.root);
}

/** Kills the command when the directory has changed so often; time says little on a busy machine. Answers the changes seen. */
async function killAfter(most: number, args: readonly string[], root: string): Promise<number> {
  let seen = 0;
  const watchers = [root, path.join(root, OUT)].map((dir) => watch(dir));
  const { child, ended } = startExportTasks(args, root);
  for (const watcher of watchers) {
    watcher.on('change', () => {
      seen += 1;
      if (seen > most) child.kill('SIGKILL');
    });
  }
  await ended;
  for (const watcher of watchers) watcher.close();
  return seen;
}

function targets(count: number): string {
  return Array.from(
    { length: count },
    (_, index) => `    - kind: Deployment\n      name: service-${index}\n      namespace: commerce\n`,
  ).join('');
}
