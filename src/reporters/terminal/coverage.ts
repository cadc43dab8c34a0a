import { breakDown, type TargetRow } from '../../report/breakdown.ts';
import { visible } from '../../report/escape-terminal.ts';
import type { Report } from '../../report/report.ts';
import { shorten } from '../../report/shorten.ts';
import { type Column, textTable } from '../../report/text-table.ts';
import { count, percent, share } from '../../report/words.ts';
import { type Style, section } from './style.ts';

const ROWS = 40;
const NAME = 200;

/** Coverage of one manifest's targets, and what is missing for each. */
export function coverageLines(report: Report, style: Style): readonly string[] {
  if (report.coverage === undefined) return [];
  const rows = breakDown(report).byTarget;
  const columns: readonly Column[] = [{ title: 'target', flexible: true }, ...NUMBERS, { title: 'missing (* required)', flexible: true }];
  const cells = (row: TargetRow): readonly string[] => [name(row.target), ...numbers(row, style), missing(row)];
  return section(title(report), table(columns, lowestFirst(rows), cells, 'target', style), style);
}

/** An audit: the same numbers by manifest, criticality and type, and what is open. */
export function auditLines(report: Report, style: Style): readonly string[] {
  const { byManifest, byCriticality, byType, gaps } = breakDown(report);
  const sections = [
    section(
      title(report),
      table(
        [{ title: 'manifest', flexible: true }, { title: 'project', flexible: true }, ...NUMBERS, right('open'), right('faults')],
        byManifest,
        (row) => [
          name(row.entry.manifest),
          name(row.entry.projectId ?? '–'),
          ...(row.entry.coverage === undefined ? ['–', '–', '–'] : numbers(row, style)),
          row.entry.coverage === undefined ? '–' : String(row.missing),
          String(row.entry.faults.length),
        ],
        'manifest',
        style,
      ),
      style,
    ),
    section(
      'By criticality',
      table(
        [{ title: 'criticality' }, right('manifests'), ...NUMBERS, right('open')],
        byCriticality,
        (row) => [row.criticality, String(row.manifests), ...numbers(row, style), String(row.missing)],
        'level',
        style,
      ),
      style,
    ),
    section(
      'By type',
      table(
        [{ title: 'type', flexible: true }, ...NUMBERS, right('open')],
        byType,
        (row) => [name(row.type), ...numbers(row, style), String(row.missing)],
        'type',
        style,
      ),
      style,
    ),
    section(
      'Open gaps',
      table(
        [{ title: 'artifact', flexible: true }, { title: 'priority' }, { title: 'manifest', flexible: true }],
        gaps,
        ({ manifest, artifact }) => [name(artifact.id), artifact.priority, name(manifest)],
        'gap',
        style,
      ),
      style,
    ),
  ];
  return sections.filter((lines) => lines.length > 0).flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]));
}

const NUMBERS: readonly Column[] = [right('required'), right('existing'), right('coverage')];

function numbers(
  row: { readonly required: number; readonly existing: number; readonly coverage: number },
  { bars }: Style,
): readonly string[] {
  const filled = Math.floor(row.coverage / 10);
  const bar = bars && row.required > 0 ? `${'█'.repeat(filled)}${'░'.repeat(10 - filled)} ` : '';
  return [String(row.required), String(row.existing), bar + share(row)];
}

function title({ coverage }: Report): string {
  if (coverage === undefined) return 'Coverage';
  const minimum = coverage.minimum === undefined ? '' : `, ${percent(coverage.minimum)} asked for`;
  const before = coverage.before === undefined ? '' : `, ${percent(coverage.before)} before this change`;
  return `Coverage  ${percent(coverage.overallCoverage)} of ${count(coverage.totalRequired, 'required artifact')}${before}${minimum}`;
}

function missing(row: TargetRow): string {
  return [...row.missingRequired.map((type) => `${name(type)}*`), ...row.missingOther.map(name)].join(', ');
}

/** All targets in their own order while they fit, else those with most to do. */
function lowestFirst(rows: readonly TargetRow[]): readonly TargetRow[] {
  return rows.length <= ROWS ? rows : rows.toSorted((a, b) => a.coverage - b.coverage);
}

function table<T>(
  columns: readonly Column[],
  rows: readonly T[],
  cells: (row: T) => readonly string[],
  noun: string,
  style: Style,
): readonly string[] {
  if (rows.length === 0) return [];
  const [head, ...lines] = textTable(columns, rows.slice(0, ROWS).map(cells), style.width - 2);
  const rest = rows.length - ROWS;
  return [
    style.paint.faint(head ?? ''),
    ...lines,
    ...(rest > 0 ? [`and ${count(rest, `more ${noun}`)}, all in export-tasks-report.json`] : []),
  ];
}

function right(title: string): Column {
  return { title, align: 'right' };
}

function name(text: string): string {
  return visible(shorten(text, NAME));
}
