import type { AttributeValue } from './draft.ts';

/**
 * Attributes that are added one by one and then made one object. An object that is itself added to becomes a table of hashes to the engine after a dozen keys,
 * which takes several times as long to make and to go through; of the objects made here, those with the same keys share one layout.
 */
export class AttributeList {
  readonly #keys: string[] = [];
  readonly #values: AttributeValue[] = [];

  add(key: string, value: AttributeValue): void {
    this.#keys.push(key);
    this.#values.push(value);
  }

  addAll(attributes: Readonly<Record<string, AttributeValue>>): void {
    for (const key in attributes) this.add(key, attributes[key]!);
  }

  /** In the order of adding. A key is added once. */
  toObject(): Readonly<Record<string, AttributeValue>> {
    const made = { ...layoutOf(this.#keys, this.#values).example };
    for (let at = 0; at < this.#keys.length; at++) made[this.#keys[at]!] = this.#values[at]!;
    return made;
  }
}

/** The same, of what JSON can hold. An object that grew past a dozen keys is a hash table to the engine; one that was parsed has its fields in fixed places. */
export function withFixedLayout<T extends Readonly<Record<string, AttributeValue>>>(grown: T): T {
  return JSON.parse(JSON.stringify(grown)) as T;
}

interface Layout {
  readonly keys: readonly string[];
  readonly example: Record<string, AttributeValue>;
}

/** The latest first. */
const layouts: Layout[] = [];
const MOST_LAYOUTS = 32;

function layoutOf(keys: readonly string[], values: readonly AttributeValue[]): Layout {
  for (const layout of layouts) if (isSameList(layout.keys, keys)) return layout;
  const example = withFixedLayout(Object.fromEntries(keys.map((key, at) => [key, values[at]!])));
  if (layouts.unshift({ keys, example }) > MOST_LAYOUTS) layouts.pop();
  return { keys, example };
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}
