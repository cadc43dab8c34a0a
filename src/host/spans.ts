/** Where a value stands in a text, from its first character to after its last, and what is inside of it. */
export interface Span {
  readonly start: number;
  end: number;
  /** Where its key starts. */
  readonly key?: number;
  /** After its key, where that is not written as it reads. */
  readonly keyEnd?: number;
  readonly children?: Map<string | number, Span>;
  /** True of a list or mapping that is no block of lines: one in brackets, or one that an alias stands for. */
  readonly inline?: boolean;
}

/** The span at the end of a path, or of the nearest ancestor where the path leads nowhere. */
export function findSpan(root: Span, path: readonly (string | number)[]): { readonly span: Span; readonly exact: boolean } {
  let span = root;
  for (let depth = 0; depth < path.length; depth++) {
    const child = span.children?.get(path[depth]!);
    if (child === undefined) return { span, exact: false };
    span = child;
  }
  return { span, exact: true };
}
