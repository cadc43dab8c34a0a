import { cp } from 'node:fs/promises';
import { afterAll, describe, expect, test } from '@jest/globals';
import { attribute, snapshot, spansOf, type Workspace, workspace } from '../cli/export-tasks.ts';
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
/** Loaded before the command: the process dies where it would do its KILL_AT-th step of the kind KILL_STEPS, and else tells how many steps it did. */
const KILLED = `data:text/javascript,${encodeURIComponent(`
  import fs from 'node:fs';
  import { syncBuiltinESMExports } from 'node:module';
  let steps = 0;
  const counted = (owner, name) => {
    const step = owner[name];
    owner[name] = (...words) => {
      if (++steps === Number(process.env.KILL_AT)) process.kill(process.pid, 'SIGKILL');
      return step.apply(owner, words);
    };
  };
  for (const name of process.env.KILL_STEPS.split(' ')) {
    counted(fs, name);
    if (name === 'open') counted(fs.promises, name);
  }
  syncBuiltinESMExports();
  process.on('exit', () => fs.writeSync(2, 'steps ' + steps + '\\n'));
`)}`;
const MOVES = 'renameSync';
const STEPS = 'writeFileSync mkdirSync linkSync copyFileSync renameSync unlinkSync rmSync rmdirSync fdatasync open';

const before = await workspace({ '.contextcore.yaml': SHOP, ...FOREIGN });
await before.run(ARGS.run);
afterAll(() => before[Symbol.asyncDispose]());

describe.each(RUNS)('%s, killed', (command) => {
  test('at any moment leaves the old export or the new one, whole, and what is not ours as it was', async () => {
    const moments = await stepsOf(command);
    const seen = { old: 0, new: 0 };
    for (let round = 0; round < ROUNDS; round++) {
      await using place = await workspace();
      await cp(before.root, place.root, { recursive: true });
      await place.write({ '.contextcore.yaml': BIG });
      await killedAt(round === ROUNDS - 1 ? moments + 1 : Math.round((moments * (round + 1)) / ROUNDS), STEPS, command, place);
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
      const { code } = await killedAt(move, MOVES, command, place);
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
  const moments = await stepsOf('run');
  for (const part of [0.6, 0.8, 0.9]) await killedAt(Math.round(moments * part), STEPS, 'run', place);
  expect(await place.run(ARGS.run)).toMatchObject({ code: 0 });
  expect(misfits(place.root, OUT)).toEqual([]);
  const names = Object.keys(snapshot(place.root)).map((name) => name.replace(`${OUT}/`, '').replace(/\.bak$/, ''));
  const known = Object.keys(snapshot(before.root)).map((name) => name.replace(`${OUT}/`, ''));
  expect(names.filter((name) => !known.includes(name) && name !== '')).toEqual([]);
}, 120_000);

/** How many steps the command does to its end. */
async function stepsOf(command: (typeof RUNS)[number]): Promise<number> {
  await using place = await workspace();
  await cp(before.root, place.root, { recursive: true });
  await place.write({ '.contextcore.yaml': BIG });
  const { stderr } = await killedAt(0, STEPS, command, place);
  return Number(/^steps (\d+)$/m.exec(stderr)?.[1]);
}

function killedAt(step: number, kind: string, command: (typeof RUNS)[number], place: Workspace) {
  return place.run(ARGS[command], { NODE_OPTIONS: `--import ${KILLED}`, KILL_STEPS: kind, KILL_AT: String(step) });
}

function targets(count: number): string {
  return Array.from(
    { length: count },
    (_, index) => `    - kind: Deployment\n      name: service-${index}\n      namespace: commerce\n`,
  ).join('');
}
