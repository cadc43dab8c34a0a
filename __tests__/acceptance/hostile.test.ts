import { afterAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { ACTION, COMPILED, type Ran, snapshot, spansOf, type Workspace, workspace } from '../cli/export-tasks.ts';
import { SHOP } from '../cli/manifests.ts';
import { HOSTILE } from '../reporters/hostile.ts';
import { skeleton } from '../reporters/skeleton.ts';
import { runStep, type StepResult, tidy } from '../runner.ts';
import { parseCommand } from '../runner-commands.ts';

// Two manifests of one form, one with strangers' texts and one with plain words. Whatever is made of the first differs from what is made of the second in words only.
const OUT = 'contextcore-export';
/** Gate events stand in the order of their times. */
const EPOCH = { SOURCE_DATE_EPOCH: '1768469400' };

/** What came of a manifest in every medium there is. */
interface Made {
  readonly place: Workspace;
  readonly text: Ran;
  readonly step: StepResult;
}

/** Half a character is no text, in whatever way it is written: a manifest with it is refused. */
const TEXTS = HOSTILE.filter((text) => text.isWellFormed());

/** A step of `run:` prints to a log that the runner reads. */
const RUNNER = { GITHUB_ACTIONS: 'true' };

const places: AsyncDisposable[] = [];
const hostile = await made(TEXTS);
const plain = await made(TEXTS.map((_, index) => `plain words ${index}`));
afterAll(async () => {
  for (const place of places) await place[Symbol.asyncDispose]();
});

describe('a text of strangers', () => {
  test('reaches the media at all, or nothing is tried here', async () => {
    expect(hostile.text.code).toBe(0);
    const kept = new Set<unknown>();
    JSON.stringify(await hostile.place.json(`${OUT}/onboarding-metadata.json`), (_, value) => {
      kept.add(value);
      return value;
    });
    expect(TEXTS.filter((text) => !kept.has(text))).toEqual([]);
    // Keys that are not known are told, in words and with the line.
    expect(hostile.text.stdout.match(/unknown-key/g)!.length).toBe(TEXTS.length);
  });

  test.each(HOSTILE.filter((text) => !text.isWellFormed()))('that is no text is a fault on its line: %j', async (text) => {
    await using place = await workspace({ '.contextcore.yaml': manifestOf([text]) });
    const { code, stdout } = await place.run(['validate', '-p', '.contextcore.yaml', '-f', 'json']);
    expect({ code, errors: JSON.parse(stdout).errors }).toMatchObject({
      code: 1,
      errors: [{ code: 'not-text', line: expect.any(Number) }],
    });
  });

  test('changes neither exit code, verdict, counts nor findings', () => {
    const told = ({ step }: Made) => ({
      code: step.code,
      ...step.outputs,
      'trace-id': '',
      baggage: '',
      traceparent: '',
      'preview-path': '',
      'export-dir': '',
      'report-path': '',
    });
    expect(told(hostile)).toEqual(told(plain));
    expect(hostile.text.code).toBe(plain.text.code);
  });

  test('runs no workflow command, masks nothing, and sets no variable beyond those of its twin', () => {
    const commands = ({ step }: Made) =>
      step.commands.map(({ name, properties }) => `${name} ${Object.keys(properties)} ${properties['file']}:${properties['line']}`);
    expect(commands(hostile)).toEqual(commands(plain));
    expect(hostile.step.masks).toEqual(plain.step.masks);
    expect(Object.keys(hostile.step.env)).toEqual(Object.keys(plain.step.env));
  });

  test('adds no heading, row, cell, tag, list item or fence to the summary', () => {
    expect(skeleton(hostile.step.summary!)).toEqual(skeleton(plain.step.summary!));
  });

  test('leaves the terminal’s lines in their places, with no control character and no command among them', () => {
    const heads = (text: string) => text.split('\n').filter((line) => /^\S/.test(line));
    expect(heads(hostile.text.stdout).map(firstWord)).toEqual(heads(plain.text.stdout).map(firstWord));
    expect(hostile.text.stdout).not.toMatch(/[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(hostile.text.stdout.split('\n').filter((line) => parseCommand(line))).toEqual([]);
  });

  test('is no command in any command’s answer where a runner reads it, text or JSON', async () => {
    for (const args of [
      ['run', '--fail-on', 'never', '--output-dir', 'again', '--format', 'json'],
      ['validate', '-p', '.contextcore.yaml'],
      ['validate', '-p', '.contextcore.yaml', '-f', 'json'],
      ['export', '-p', '.contextcore.yaml', '-o', 'again', '--output-format', 'json'],
      ['view', OUT, '--format', 'json'],
      ['view', OUT],
      ['run', '-p', '::error::boo', '--profile', '##[add-mask]x'],
    ]) {
      const { stdout, stderr } = await hostile.place.run(args, RUNNER);
      expect({ args, commands: `${stdout}${stderr}`.split('\n').filter((line) => parseCommand(line)) }).toEqual({ args, commands: [] });
      if (args[0] === 'validate' && args.includes('json')) {
        expect(JSON.parse(stdout)).toEqual(JSON.parse((await hostile.place.run(args)).stdout));
      }
    }
  });

  test('changes no file’s name, and no value’s place in any file', async () => {
    const files = Object.keys(snapshot(hostile.place.at(OUT)));
    expect(files).toEqual(Object.keys(snapshot(plain.place.at(OUT))));
    for (const file of files)
      expect({ file, shape: await shapeOf(hostile.place, file) }).toEqual({ file, shape: await shapeOf(plain.place, file) });
  });

  test('is kept in the files as it was written, but for what no file can hold', async () => {
    const onboarding = await hostile.place.json(`${OUT}/onboarding-metadata.json`);
    const questions = onboarding.open_questions.map(({ question }: any) => question);
    expect(questions.filter((text: string) => !TEXTS.some((one) => one.toWellFormed() === text.toWellFormed()))).toEqual([]);
    expect(questions.length).toBe(TEXTS.length);
  });

  test('stands in the trace as values, in as many spans, attributes, events and links', async () => {
    const form = async ({ place }: Made) =>
      spansOf(await place.text(`${OUT}/task-spans.otlp.jsonl`)).map(({ name, attributes, events = [], links = [] }) => [
        ...[name, attributes.map(({ key }: any) => key), links.length],
        events.map((event: any) => [event.name, event.attributes.map(({ key }: any) => key)]),
      ]);
    expect(await form(hostile)).toEqual(await form(plain));
  });

  test('is shown by view, check and diagnose without acting on the terminal', async () => {
    for (const args of [
      ['view', OUT],
      ['check', OUT],
      ['diagnose', OUT],
      ['validate', '-p', '.contextcore.yaml'],
    ]) {
      const { code, stdout, stderr } = await hostile.place.run(args);
      expect({ args, code, control: /[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/u.exec(stdout + stderr)?.[0] }).toEqual({
        args,
        code: 0,
        control: undefined,
      });
      const twin = await plain.place.run(args);
      expect(stdout.split('\n').filter((line) => /^\S/.test(line)).length).toBe(
        twin.stdout.split('\n').filter((line) => /^\S/.test(line)).length,
      );
    }
  });
});

describe('a name of strangers', () => {
  const names = TEXTS.filter((name) => name.length < 200);

  test.each([
    ['a target', (name: string) => ({ targets: [name] })],
    ['a project', (name: string) => ({ id: name })],
    ['a namespace', (name: string) => ({ namespace: name })],
  ])('is a fault that quotes it, where %s may not have it; else it changes words only', async (_, given) => {
    await using place = await workspace();
    const entries = names.map((name, index) => ({ name, folder: `m${index}`, manifest: named(given(name)) }));
    await place.write(Object.fromEntries(entries.map(({ folder, manifest }) => [`${folder}/.contextcore.yaml`, manifest])));
    const { code, stdout, stderr } = await place.run([
      'audit',
      '**/.contextcore.yaml',
      '--fail-on',
      'never',
      '--format',
      'json',
      '--output-dir',
      'out',
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const report = JSON.parse(stdout);
    const told = new Map<string, any>(report.entries.map((entry: any) => [entry.manifest.split('/')[0], entry]));
    const [faulty, allowed] = [
      entries.filter(({ folder }) => told.get(folder).faults.length > 0),
      entries.filter(({ folder }) => told.get(folder).faults.length === 0),
    ];
    for (const { name, folder } of faulty) {
      const message = told.get(folder).faults[0].message as string;
      expect({ name, message, quoted: quotes(message, name) }).toEqual({ name, message, quoted: true });
    }
    expect(faulty.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['nul\u0000 bell\u0007 back\b\b\b del\u007f nel\u0085 \u2028\u2029']),
    );
    const files = Object.keys(snapshot(place.root));
    expect(files.filter((file) => /[^\P{Cc}]|[\p{Cf}]/u.test(file))).toEqual([]);
    for (const { folder } of allowed) {
      const here = files.filter((file) => file.startsWith(`out/`) && file.includes(`${folder}/`) && !file.endsWith('/'));
      expect({ folder, files: here.length }).toEqual({ folder, files: 9 });
    }
    const step = await runStep({
      entry: ACTION,
      workspace: place.root,
      payload: {},
      env: COMPILED,
      with: { mode: 'audit', manifest: '**/.contextcore.yaml', 'fail-on': 'never' },
    });
    expect(
      step.commands.filter(({ name }) => !['error', 'warning', 'notice', 'group', 'endgroup'].includes(name)).map(({ name }) => name),
    ).toEqual(['add-mask']);
    expect(names.filter((name) => step.masks.includes(name))).toEqual([]);
    expect(step.summary).not.toMatch(/[\u202e\u0007]/);
    expect(skeleton(step.summary!).filter((line) => /tags:(?!(<br>|<\/?details>|<\/?summary>|<\/?sub>)* )/.test(line))).toEqual([]);
    await tidy(step);
  });
});

async function made(texts: readonly string[]): Promise<Made> {
  const place = await workspace({ '.contextcore.yaml': manifestOf(texts), 'tasks.json': mappingOf(texts) });
  places.push(place);
  const text = await place.run(['run', '--task-mapping', 'tasks.json', '--fail-on', 'never'], { ...EPOCH, ...RUNNER });
  const step = await runStep({
    entry: ACTION,
    workspace: place.root,
    payload: {},
    env: { ...EPOCH, ...COMPILED },
    with: { 'task-mapping': 'tasks.json', 'fail-on': 'never', 'scan-existing': 'off' },
  });
  places.push({ [Symbol.asyncDispose]: () => tidy(step) });
  return { place, text, step };
}

/** The shop with a stranger's text wherever a manifest has room for one. Each on one line, so that places are the twin's. */
function manifestOf(texts: readonly string[]): string {
  const shop = parse(SHOP);
  const [first] = texts;
  shop.metadata = { ...shop.metadata, ...Object.fromEntries(texts.map((text) => [text, 1])) };
  const many = <T>(make: (text: string, index: number) => T) => texts.map(make);
  shop.metadata.owners = many((text) => ({ team: text, slack: text, oncall: text }));
  shop.metadata.links = { repository: 'https://example.com', wiki: first };
  shop.metadata.changelog = many((text) => ({ date: '2026-01-01', version: '1', actor: 'a', summary: text }));
  shop.spec.project.description = texts[8];
  shop.spec.business.owner = texts[0];
  shop.spec.risks = many((text) => ({ type: 'availability', description: text, priority: 'P2', mitigation: 'TAC-0' }));
  shop.spec.observability.alertChannels = texts;
  shop.strategy.objectives = [{ id: 'OBJ-1', description: texts[1] }];
  shop.strategy.tactics = many((text, index) => ({
    id: `TAC-${index}`,
    description: text,
    status: 'blocked',
    owner: text,
    blockedReason: text,
    linkedObjectives: ['OBJ-1'],
  }));
  shop.guidance.focus = { areas: texts, reason: texts[2] };
  shop.guidance.constraints = many((text, index) => ({ id: `C-${index}`, rule: text, severity: 'blocking', rationale: text }));
  shop.guidance.questions = many((text, index) => ({ id: `Q-${index}`, question: text, status: 'open', priority: 'high' }));
  shop.insights = many((text, index) => ({
    id: `INS-${index}`,
    type: 'risk',
    summary: text,
    confidence: 0.5,
    source: text,
    severity: 'high',
    observedAt: '2026-01-01T00:00:00Z',
    impact: text,
  }));
  return escaped(JSON.stringify(shop, null, 1));
}

function mappingOf(texts: readonly string[]): string {
  const parts = ['dashboard', 'notification', 'prometheus-rules', 'runbook', 'service-monitor', 'slo', 'loki-rules'];
  const ids = ['cart', 'checkout_api'].flatMap((target) => parts.map((part) => `${target}-${part}`));
  return JSON.stringify(Object.fromEntries([...ids, 'shop-capability-index'].map((id, index) => [id, texts[index]])));
}

function named({
  targets = ['cart'],
  id = 'shop',
  namespace = 'commerce',
}: {
  readonly targets?: readonly string[];
  readonly id?: string;
  readonly namespace?: string;
}): string {
  const shop = parse(SHOP);
  shop.spec.project.id = id;
  shop.spec.targets = targets.map((name) => ({ kind: 'Deployment', name, namespace }));
  return escaped(JSON.stringify(shop, null, 1));
}

/** What YAML takes only as an escape; the rest stands in the file as it is, and so in every excerpt of it. */
function escaped(json: string): string {
  return json.replaceAll(/[\u007f-\u009f\u2028\u2029\ufeff]|\p{Cs}/gu, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Whether a sentence shows a name, its controls written out in any way. */
function quotes(message: string, name: string): boolean {
  const words = name.split(/[^\w<>[\]@$#%:/.*-]+/).filter((word) => word.length > 1);
  return words.every((word) => message.includes(word.slice(0, 12)));
}

function firstWord(line: string): string {
  return line.split(/\s/)[0]!;
}

async function shapeOf(place: Workspace, file: string): Promise<unknown> {
  const text = await place.text(`${OUT}/${file}`);
  if (file.endsWith('.jsonl'))
    return text
      .trimEnd()
      .split('\n')
      .map((line) => shape(JSON.parse(line)));
  return shape(file.endsWith('.json') ? JSON.parse(text) : parse(text));
}

/** A document without its words: keys, types, lengths of lists. */
function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shape);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, held]) => [key, shape(held)]));
  return typeof value;
}
