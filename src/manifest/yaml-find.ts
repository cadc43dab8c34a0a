import type { Span } from '../host/spans.ts';
import type { Path, Side } from './fault.ts';
import type { Range } from './source-text.ts';

export interface FoundSpan {
  /** The path in the spelling of the file, as far as it is there. */
  readonly written: Path;
  readonly span: Span;
  /** Where the key of the value stands that was found; list items have none. */
  readonly key: Range | undefined;
  /** False when only an ancestor of the path was found. */
  readonly exact: boolean;
}

/** Finds where a path is written, or its nearest existing ancestor. A camelCase name also finds the key spelt in snake_case, and names with dots are tried joined. */
export function findWritten(root: Span, path: Path): FoundSpan {
  let span = root;
  let key: Range | undefined;
  const written: (string | number)[] = [];
  for (let i = 0; i < path.length; ) {
    const step = stepInto(span, path, i);
    if (!step) return { written: [...written, ...path.slice(i)], span, key, exact: false };
    written.push(step.name);
    span = step.span;
    key = keyOf(span, step.name);
    i += step.used;
  }
  return { written, span, key, exact: true };
}

/** What to point at: the value where it is one piece of text; the key where the value is a block below it, or is missing. */
export function rangeOf({ span, key, exact }: FoundSpan, text: string, side: Side): Range {
  const isBlock = span.children !== undefined && span.inline !== true;
  const isShort = span.end > span.start && !isBlock && !(span.children === undefined && /[|>]/.test(text.charAt(span.start)));
  if (isShort && side === 'value' && exact) return [span.start, span.end];
  return key ?? [span.start, isBlock ? span.start + 1 : span.end];
}

interface Step {
  readonly name: string | number;
  readonly span: Span;
  /** How many names of the path it took. */
  readonly used: number;
}

function stepInto({ children }: Span, path: Path, from: number): Step | undefined {
  if (children === undefined) return undefined;
  const index = Number(path[from]);
  const item = children.get(index);
  if (item) return { name: index, span: item, used: 1 };
  for (let used = 1; from + used <= path.length && used <= MOST_JOINED; used++) {
    const joined = path.slice(from, from + used).join('.');
    const name = [joined, snakeCase(joined), ...(joined === 'targetOperator' ? ['operator'] : [])].find((spelling) =>
      children.has(spelling),
    );
    const span = name === undefined ? undefined : children.get(name);
    if (name !== undefined && span) return { name, span, used };
  }
  return undefined;
}

/** A key may hold dots itself, as host names and labels do. */
const MOST_JOINED = 8;

function keyOf({ key, keyEnd }: Span, name: string | number): Range | undefined {
  return key === undefined ? undefined : [key, keyEnd ?? key + String(name).length];
}

/** `latencyP50` → `latency_p50` (spec/manifest.md §4). */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
