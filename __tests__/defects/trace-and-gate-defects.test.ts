import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { check } from '../../src/commands/check.ts';
import { diagnose } from '../../src/commands/diagnose.ts';
import { artifactInventory } from '../../src/gates/artifact-inventory.ts';
import { gate1 } from '../../src/gates/index.ts';
import { openWorkQuery } from '../../src/report/follow-up.ts';
import { draftSpans } from '../../src/telemetry/draft-spans.ts';
import { declaredType, SERVICE_NAME } from '../../src/telemetry/registry.ts';
import { removeFolders, type } from '../commands/terminal.ts';
import { judge, open, removeFolders as removeExports, run } from '../gates/export-folder.ts';
import type { Doc } from '../manifest/samples.ts';
import { gate, shopInput } from '../telemetry/shop.ts';
import { exported, workspace } from './exported.ts';

// The rows of spec/gates.md §11, spec/tasks.md §16 and spec/pipeline.md §9 that export, gates and trace touch and no other suite names.

afterAll(removeFolders);
afterAll(removeExports);

/** The spool as lines of OTLP JSON, flattened to spans. */
async function spans(root: string): Promise<readonly Doc[]> {
  const text = await readFile(path.join(root, 'out/task-spans.otlp.jsonl'), 'utf8');
  return text
    .trim()
    .split('\n')
    .flatMap((line) => JSON.parse(line).resourceSpans ?? [])
    .flatMap(({ scopeSpans }: Doc) => scopeSpans)
    .flatMap(({ spans }: Doc) => spans);
}

describe('gates', () => {
  test('G-8: a plain export has every checksum, so that Gate 1 does not fail by its own producer', async () => {
    const made = await exported(workspace());
    const report = await type(check, made.root, 'out', '--format', 'json', '--fail-on-unhealthy');
    expect([report.code, JSON.parse(report.out).is_healthy]).toEqual([0, true]);
  });

  test('G-11: the inventory gate claims no digest that it does not compare', async () => {
    const result = await judge(artifactInventory, {
      change: ({ runProvenance }) => (runProvenance.artifact_inventory[0].sha256 = '0'.repeat(64)),
    });
    expect(
      [artifactInventory.asks, artifactInventory.reads.join(), result.reason].filter((text) => /digest|checksum|sha256|hash/i.test(text)),
    ).toEqual([]);
    expect(result.outcome).toBe('pass');
  });

  test.each([
    ['check', check],
    ['diagnose', diagnose],
  ])('G-16: %s --report confirms on stderr, and stdout is one JSON document', async (_, command) => {
    const made = await exported(workspace());
    const answer = await type(command, made.root, 'out', '--format', 'json', '--report', 'report.json');
    expect(JSON.parse(answer.out)).toEqual(JSON.parse(await readFile(path.join(made.root, 'report.json'), 'utf8')));
    expect(answer.err).toContain('report.json');
  });

  test('G-22, T-16: the query that finds the open work asks for what the spans carry', () => {
    const [one, many] = [openWorkQuery(['a']), openWorkQuery(Array.from({ length: 20 }, () => 'a'))];
    for (const [, name] of `${one} ${many}`.matchAll(/span\.([\w.]+)/g)) expect([name, declaredType(name!)]).not.toContain(undefined);
    expect(many).toContain(SERVICE_NAME);
    const task = draftSpans(shopInput()).spans.find(
      ({ attributes }) => attributes['task.type'] === 'task' && attributes['task.status'] === 'todo',
    );
    expect(task).toBeDefined();
  });

  test('P-1: a failure that does not block is a failed gate, and says that it does not block', () => {
    const events = draftSpans(shopInput({ gates: [gate('a', { outcome: 'fail', severity: 'warning' })] })).spans.flatMap(
      (span) => span.events,
    );
    expect(events.find(({ name }) => name === 'gate.check.failed')?.attributes).toMatchObject({ 'gate.blocking': false });
    expect(events.some(({ name }) => name === 'gate.check.passed')).toBe(false);
  });

  test('P-10: every gate that judged a sound export shows what it saw', async () => {
    const { subject } = await open();
    for (const { gate: key, outcome, evidence } of run(gate1, subject))
      if (outcome !== 'skipped') expect([key, evidence.length > 0]).toEqual([key, true]);
  });

  test('P-11: text and JSON say why a gate blocks and what to do', async () => {
    const made = await exported(workspace());
    await mkdir(path.join(made.root, 'out'), { recursive: true });
    const file = path.join(made.root, 'out/onboarding-metadata.json');
    const { version: _, ...rest } = JSON.parse(await readFile(file, 'utf8'));
    await writeFile(file, JSON.stringify(rest));
    const [text, json] = [await type(check, made.root, 'out'), await type(check, made.root, 'out', '--format', 'json')];
    const [integrity] = JSON.parse(json.out).gates;
    expect(integrity).toMatchObject({
      blocking: true,
      reason: expect.stringContaining('"version"'),
      next_action: expect.stringContaining('export-tasks export'),
    });
    expect(text.out).toContain('"version"');
    expect(text.out.replaceAll(/\s+/g, ' ')).toContain('export-tasks export');
  });
});

describe('the trace', () => {
  test('T-1, T-7: every span of the plan is emitted and ended, gaps and epic too, and the metadata says what became of them', async () => {
    const made = await exported(workspace(), '--emit-tasks');
    const emitted = await spans(made.root);
    const { task_emission } = await made.onboarding();
    expect(task_emission).toMatchObject({ state: 'spooled', drafted: emitted.length, spooled: emitted.length });
    expect(emitted.filter(({ endTimeUnixNano }) => !(Number(endTimeUnixNano) > 0))).toEqual([]);
    const names = emitted.map(({ name }) => name);
    for (const [name, count] of [
      ['contextcore.task.epic', 1],
      ['contextcore.task.story', 8],
      ['contextcore.task.task', 8],
    ] as const)
      expect([name, names.filter((one) => one === name).length]).toEqual([name, count]);
  });

  test('T-6: every span carries the project', async () => {
    const made = await exported(workspace(), '--emit-tasks');
    for (const { name, attributes } of await spans(made.root))
      expect([name, attributes.find(({ key }: Doc) => key === 'project.id')?.value]).toEqual([name, { stringValue: 'm' }]);
  });

  test('T-9: an endpoint that is given is the one that is asked', async () => {
    const made = await exported(workspace(), '--emit-tasks', '--otlp-endpoint', 'http://127.0.0.1:9', '--otlp-timeout', '1s');
    expect((await made.onboarding()).task_emission).toMatchObject({ state: 'spooled', reason: expect.stringContaining('127.0.0.1:9') });
  });

  test('T-10: --emit-tasks --dry-run writes the preview and no invented trace id', async () => {
    const made = await exported(workspace(), '--emit-tasks', '--dry-run');
    expect(made.names).toEqual(['task-emission-preview.json']);
    const preview = await made.json('task-emission-preview.json');
    expect(preview).toMatchObject({ dry_run: true, would_emit: { totals: { tasks_needed: 8, stories: 8, spans: 17 } } });
    expect(JSON.stringify(preview)).not.toContain('trace_id');
  });

  test('T-11: dependencies are attributes and links, whatever their type', async () => {
    const made = await exported(workspace(), '--emit-tasks');
    const emitted = await spans(made.root);
    const idOf = ({ attributes }: Doc) => attributes.find(({ key }: Doc) => key === 'task.id')?.value.stringValue;
    const ids = new Map(emitted.map((span) => [span.spanId, idOf(span)]));
    const runbook = emitted.find((span) => idOf(span) === 'svc-runbook')!;
    const linked = runbook.links
      .filter(({ attributes }: Doc) => JSON.stringify(attributes).includes('depend'))
      .map(({ spanId }: Doc) => ids.get(spanId));
    expect(linked.sort()).toEqual(['svc-notification', 'svc-prometheus-rules']);
    expect(runbook.attributes.map(({ key }: Doc) => key)).toContain('artifact.depends_on');
  });

  test('T-17: what is outdated counts as existing in coverage and as work in its story', () => {
    const { spans } = draftSpans(shopInput());
    const story = spans.find(({ name, attributes }) => name === 'contextcore.task.story' && attributes['artifact.type'] === 'dashboard')!;
    expect(story.attributes).toMatchObject({ 'artifact.gap_count': 2 });
    const epic = spans.find(({ name }) => name === 'contextcore.task.epic')!;
    expect(epic.attributes['task.percent_complete']).toBe(25);
  });

  test('T-19: a task is created once', () => {
    for (const span of draftSpans(shopInput()).spans.filter(({ name }) => name === 'contextcore.task.task'))
      expect(span.events.filter(({ name }) => name === 'task.created')).toHaveLength(1);
  });
});
