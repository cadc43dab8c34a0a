/** A column of a plain-text table; cells are visible text already. */
export interface Column {
  readonly title: string;
  readonly align?: 'right';
  /** The column that gives way when the line is too long; the last one that says so. */
  readonly flexible?: true;
}

/** Lines of a table without frame: two blanks between columns, none at the end. Cells that do not fit are cut with `…`. */
export function textTable(columns: readonly Column[], rows: readonly (readonly string[])[], width: number): readonly string[] {
  const lines = [columns.map((column) => column.title), ...rows];
  const widths = columns.map((_, index) => Math.max(...lines.map((cells) => columnsOf(cells[index] ?? ''))));
  for (const index of givingWay(columns, widths)) widths[index] = narrowed(widths[index]!, totalOf(widths) - width);
  return lines.map((cells) =>
    cells
      .map((cell, index) => setCell(cell, widths[index]!, columns[index]?.align))
      .join('  ')
      .trimEnd(),
  );
}

/** How many terminal columns the text takes: wide letters two, combining marks none. */
export function columnsOf(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let columns = 0;
  for (const character of text) columns += /\p{M}/u.test(character) ? 0 : isWide(character.codePointAt(0)!) ? 2 : 1;
  return columns;
}

/** Breaks a sentence at blanks; a word longer than the line stays whole. */
export function wrapText(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && columnsOf(line) + 1 + columnsOf(word) > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/** The flexible columns, widest first. */
function givingWay(columns: readonly Column[], widths: readonly number[]): readonly number[] {
  return columns.flatMap((column, index) => (column.flexible ? [index] : [])).sort((a, b) => widths[b]! - widths[a]!);
}

function narrowed(width: number, excess: number): number {
  return excess <= 0 ? width : Math.max(Math.min(width, 8), width - excess);
}

function totalOf(widths: readonly number[]): number {
  return widths.reduce((sum, each) => sum + each, 2 * (widths.length - 1));
}

function setCell(cell: string, width: number, align: 'right' | undefined): string {
  const cut = columnsOf(cell) <= width ? cell : cutTo(cell, width - 1) + '…';
  const blanks = ' '.repeat(Math.max(0, width - columnsOf(cut)));
  return align === 'right' ? blanks + cut : cut + blanks;
}

function cutTo(text: string, width: number): string {
  let kept = '';
  let columns = 0;
  for (const character of text) {
    columns += columnsOf(character);
    if (columns > width) break;
    kept += character;
  }
  return kept;
}

function isWide(codePoint: number): boolean {
  return WIDE.some(([from, to]) => codePoint >= from && codePoint <= to);
}

/** Blocks that terminals draw over two columns (UAX #11, the common ones). */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1faff],
  [0x20000, 0x3fffd],
];
