import { type Breakdown, breakDown, type TargetRow } from '../../report/breakdown.ts';
import { markdownCode } from '../../report/escape-markdown.ts';
import { folded, type MarkdownColumn, markdownTable } from '../../report/markdown-table.ts';
import type { Report } from '../../report/report.ts';
import { shorten } from '../../report/shorten.ts';
import { count, percent, share } from '../../report/words.ts';
import type { Detail } from './detail.ts';

/** Coverage by target; for an audit by manifest, criticality, type and target, with the open gaps. */
export function coverageSection(report: Report, detail: Detail): readonly string[] {
  const { coverage } = report;
  if (coverage === undefined && report.entries.length < 2) return [];
  const figures = breakDown(report);
  const minimum = coverage?.minimum === undefined ? '' : `, ${percent(coverage.minimum)} asked for`;
  const before = coverage?.before === undefined ? '' : `, ${percent(coverage.before)} before this change`;
  const total =
    coverage === undefined
      ? ''
      : ` · ${percent(coverage.overallCoverage)} of ${count(coverage.totalRequired, 'required artifact')}${before}${minimum}`;
  return [
    `### Coverage${total}`,
    ...(detail.rows === 0 ? [] : report.entries.length > 1 ? auditTables(figures, detail) : [targetTable(figures.byTarget, detail)]),
  ];
}

function auditTables(figures: Breakdown, detail: Detail): readonly string[] {
  return [
    manifestTable(figures, detail),
    ...(figures.byCriticality.length === 0 ? [] : [criticalityTable(figures)]),
    ...(figures.byType.length === 0 ? [] : [typeTable(figures, detail)]),
    ...(detail.extras && figures.byTarget.length > 0
      ? [folded(count(figures.byTarget.length, 'target'), targetTable(figures.byTarget, detail))]
      : []),
    ...(detail.extras && figures.gaps.length > 0 ? [folded(count(figures.gaps.length, 'open gap'), gapTable(figures, detail))] : []),
  ];
}

function manifestTable({ byManifest }: Breakdown, detail: Detail): string {
  return table(
    [{ title: 'Manifest' }, { title: 'Project' }, ...NUMBERS, right('Open'), right('Faults'), { title: 'Trace' }],
    byManifest,
    ({ entry, ...row }) => [
      code(entry.manifest, detail),
      entry.projectId === undefined ? '–' : code(entry.projectId, detail),
      ...(entry.coverage === undefined ? ['–', '–', '–', '–'] : [...numbers(row), String(row.missing)]),
      String(entry.faults.length),
      entry.emission.traceId === undefined ? '–' : code(entry.emission.traceId, detail),
    ],
    'manifest',
    detail,
  );
}

function criticalityTable({ byCriticality }: Breakdown): string {
  return markdownTable(
    [{ title: 'Criticality' }, right('Manifests'), ...NUMBERS, right('Open')],
    byCriticality.map((row) => [row.criticality, String(row.manifests), ...numbers(row), String(row.missing)]),
  );
}

function typeTable({ byType }: Breakdown, detail: Detail): string {
  return table(
    [{ title: 'Type' }, ...NUMBERS, right('Open')],
    byType,
    (row) => [code(row.type, detail), ...numbers(row), String(row.missing)],
    'type',
    detail,
  );
}

function gapTable({ gaps }: Breakdown, detail: Detail): string {
  return table(
    [{ title: 'Artifact' }, { title: 'Priority' }, { title: 'Manifest' }],
    gaps,
    ({ artifact, manifest }) => [code(artifact.id, detail), artifact.priority, code(`${manifest}:${artifact.place.line}`, detail)],
    'gap',
    detail,
  );
}

function targetTable(rows: readonly TargetRow[], detail: Detail): string {
  const ordered = rows.length <= detail.rows ? rows : rows.toSorted((a, b) => a.coverage - b.coverage);
  return table(
    [{ title: 'Target' }, ...NUMBERS, { title: 'Missing (**required** first)' }],
    ordered,
    (row) => [code(row.target, detail), ...numbers(row), missing(row, detail)],
    'target',
    detail,
  );
}

function missing({ missingRequired, missingOther }: TargetRow, detail: Detail): string {
  const all = [...missingRequired.map((type) => `**${code(type, detail)}**`), ...missingOther.map((type) => code(type, detail))];
  return all.length === 0 ? 'nothing' : all.join(', ');
}

const NUMBERS: readonly MarkdownColumn[] = [right('Required'), right('Existing'), right('Coverage')];

function numbers(row: { readonly required: number; readonly existing: number; readonly coverage: number }): readonly string[] {
  return [String(row.required), String(row.existing), share(row)];
}

function table<T>(
  columns: readonly MarkdownColumn[],
  rows: readonly T[],
  cells: (row: T) => readonly string[],
  noun: string,
  detail: Detail,
): string {
  const rest = rows.length - detail.rows;
  const text = markdownTable(columns, rows.slice(0, detail.rows).map(cells));
  return rest > 0 ? `${text}\n\n…and ${count(rest, `more ${noun}`)}, in \`export-tasks-report.json\`.` : text;
}

function code(text: string, { name }: Detail): string {
  return markdownCode(shorten(text, name));
}

function right(title: string): MarkdownColumn {
  return { title, align: 'right' };
}
