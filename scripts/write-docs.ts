// npm run docs: writes the tables of README.md from what they describe. `__tests__/docs.test.ts` fails when they are stale.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { loadCommands } from '../src/commands/index.ts';
import type { Gate } from '../src/gatekeeper/gate.ts';
import { gate1, ours, questions } from '../src/gates/index.ts';
import { METRICS, type MetricSpec, prometheusLabel, prometheusName } from '../src/telemetry/metric-registry.ts';

const root = path.resolve(import.meta.dirname, '..');

/** README.md with its tables as they ought to be. */
export async function writtenReadme(readme: string): Promise<string> {
  const action = parse(readFileSync(path.join(root, 'action.yml'), 'utf8')) as Action;
  const tables = {
    inputs: table(['input', 'default', 'meaning'], Object.entries(action.inputs).map(inputRow)),
    outputs: table(
      ['output', 'meaning'],
      Object.entries(action.outputs).map(([name, { description }]) => [code(name), prose(description)]),
    ),
    metrics: table(['metric', 'to Prometheus', 'kind', 'labels', 'tells'], METRICS.map(metricRow)),
    gates: table(['gate', 'asks', 'a failure'], [...gate1, ...questions, ...ours].map(gateRow)),
    commands: table(
      ['command', 'does'],
      (await loadCommands()).map(({ name, args, summary }) => [
        code([name, ...args.map(({ name }) => name.toUpperCase())].join(' ')),
        prose(summary),
      ]),
    ),
  };
  return Object.entries(tables).reduce((text, [name, body]) => between(text, name, body), readme);
}

if (import.meta.main) {
  const file = path.join(root, 'README.md');
  writeFileSync(file, await writtenReadme(readFileSync(file, 'utf8')));
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly description: string }>>;
}

function inputRow([name, input]: [string, Action['inputs'][string]]): readonly string[] {
  return [code(name), input.default === undefined || input.default === '' ? '' : code(input.default), prose(input.description)];
}

/** The labels that every metric has are said once, in the text. */
function metricRow(spec: MetricSpec): readonly string[] {
  const shared = METRICS[0]!.attributes;
  const labels = spec.attributes.filter((key) => !shared.includes(key)).map((key) => code(prometheusLabel(key)));
  return [
    code(spec.name),
    code(prometheusName(spec)),
    spec.unit === '' ? spec.kind : `${spec.kind}, ${code(spec.unit)}`,
    labels.join(', '),
    prose(spec.brief),
  ];
}

function gateRow({ key, asks, fails }: Gate): readonly string[] {
  const stops = fails.severity === 'critical' || (fails.severity === 'error' && fails.blocking);
  return [code(key), prose(asks), stops ? `${fails.severity}, stops the pipeline` : fails.severity];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``;
}

function prose(text: string): string {
  return text.trim().replace(/\s+/g, ' ').replaceAll('|', '\\|');
}

function between(text: string, name: string, body: string): string {
  const [before, after] = [`<!-- docs:${name} -->`, `<!-- /docs:${name} -->`];
  const [start, end] = [text.indexOf(before), text.indexOf(after)];
  if (start < 0 || end < start) throw new Error(`README.md has lost its place for the table of ${name}: ${before} … ${after}`);
  return `${text.slice(0, start + before.length)}\n${body}\n${text.slice(end)}`;
}
