export interface MarkdownColumn {
  readonly title: string;
  readonly align?: 'right';
}

/** A GitHub table; every cell is escaped already and holds neither a bare pipe nor a line break. */
export function markdownTable(columns: readonly MarkdownColumn[], rows: readonly (readonly string[])[]): string {
  const rule = columns.map(({ align }) => (align === 'right' ? '--:' : ':--'));
  return [columns.map(({ title }) => title), rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Folded away until the reader asks; the blank lines let Markdown work inside. */
export function folded(title: string, body: string): string {
  return `<details>\n<summary>${title}</summary>\n\n${body}\n\n</details>`;
}
