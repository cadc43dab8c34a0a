// The shipped dashboard and rules, as queries: what `.github/examples/` asks of the metrics.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';

const examples = path.resolve(import.meta.dirname, '../../.github/examples');

export const DASHBOARD = '.github/examples/grafana-dashboard.json';
export const RULES = '.github/examples/alert-rules.yaml';

export function textOf(file: string): string {
  return readFileSync(path.join(examples, path.basename(file)), 'utf8');
}

interface Panel {
  readonly title: string;
  readonly type: string;
  readonly targets?: readonly { readonly expr: string }[];
}

/** Every query of every panel, its variables replaced. */
export function dashboardQueries(values: Readonly<Record<string, string>>): readonly { readonly panel: string; readonly expr: string }[] {
  const { panels } = JSON.parse(textOf(DASHBOARD)) as { readonly panels: readonly Panel[] };
  return panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => ({ panel: title, expr: expr.replace(/\$(\w+)/g, (_, name: string) => values[name]!) })),
  );
}

interface RuleFile {
  readonly groups: readonly {
    readonly rules: readonly { readonly alert?: string; readonly record?: string; readonly expr: string; readonly annotations?: object }[];
  }[];
}

export function ruleQueries(): readonly {
  readonly name: string;
  readonly record: boolean;
  readonly expr: string;
  readonly says: string;
}[] {
  const { groups } = parse(textOf(RULES)) as RuleFile;
  return groups.flatMap(({ rules }) =>
    rules.map(({ alert, record, expr, annotations = {} }) => ({
      name: (alert ?? record)!,
      record: record !== undefined,
      expr,
      says: Object.values(annotations).join(' '),
    })),
  );
}
