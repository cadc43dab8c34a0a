import { isJsonObject, type JsonValue } from '../../host/json.ts';
import type { Place } from '../../host/place.ts';
import { type At, placeOf } from './tree.ts';

/** A part of a file written anew for a program that reads files of its own, and where each line of it stands in the user's. */
export interface Copy {
  /** Written when first asked for: most machines have nobody to show it to. */
  readonly text: () => string;
  readonly place: (line: number) => Place;
}

/** Nothing that these programs read is nested half as deep. */
const DEEPEST = 100;

/** Writes a mapping as JSON, which every reader of YAML takes, with one scalar a line. Keys to leave out are those of the mapping itself. */
export function copyOf(at: At, leftOut: ReadonlySet<string> = new Set()): Copy {
  let written: ReturnType<typeof write> | undefined;
  const copy = () => {
    written ??= write(at, leftOut);
    return written;
  };
  return { text: () => copy().text, place: (line) => copy().place(line) };
}

function write(at: At, leftOut: ReadonlySet<string>) {
  const lines: string[] = [];
  const paths: (readonly (string | number)[])[] = [];
  const put = (path: readonly (string | number)[], line: string) => {
    lines.push(line);
    paths.push(path);
  };
  const add = (value: JsonValue, path: readonly (string | number)[], before: string, after: string): void => {
    if ((!isJsonObject(value) && !Array.isArray(value)) || path.length - at.path.length > DEEPEST) {
      put(path, `${before}${typeof value === 'object' ? 'null' : quoted(value)}${after}`);
      return;
    }
    const members = Array.isArray(value)
      ? value.map((item, index) => [index, '', item] as const)
      : Object.entries(value).map(([key, item]) => [key, `${quoted(key)}: `, item ?? null] as const);
    const kept = path.length > at.path.length ? members : members.filter(([key]) => !leftOut.has(String(key)));
    const [open, close] = Array.isArray(value) ? '[]' : '{}';
    put(path, `${before}${open}`);
    for (const [index, [key, label, item]] of kept.entries()) add(item, [...path, key], label, index < kept.length - 1 ? ',' : '');
    put(path, `${close}${after}`);
  };
  add(at.value ?? null, at.path, '', '');
  return {
    text: `${lines.join('\n')}\n`,
    place: (line: number) => placeOf({ tree: at.tree, path: paths[Math.min(Math.max(line, 1), paths.length) - 1]!, value: undefined }),
  };
}

/** What JSON may leave bare and YAML takes for a line's end, or for nothing that may stand in a text. */
function quoted(value: JsonValue): string {
  return JSON.stringify(value).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
