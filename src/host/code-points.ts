/** Compares as code points do (export.md §11); JavaScript's own `<` compares UTF-16 units, which puts `𝒜` before `￼`. */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const unitA = a.charCodeAt(i);
    const unitB = b.charCodeAt(i);
    if (unitA !== unitB) return aboveBmp(unitA) - aboveBmp(unitB);
  }
  return a.length - b.length;
}

export function isAscii(text: string): boolean {
  return !/[\u0080-\uffff]/.test(text);
}

/** The items in ascending code-point order of their key, stable; what was given is left alone. */
export function sortByCodePoint<T>(items: readonly T[], key: (item: T) => string): readonly T[] {
  if (isAscending(items, key)) return items;
  const keyed = items.map((item) => ({ item, key: key(item) }));
  const compare = keyed.some((entry) => SURROGATE.test(entry.key)) ? compareCodePoints : compareUnits;
  return keyed.sort((a, b) => compare(a.key, b.key)).map((entry) => entry.item);
}

/** Most lists come in order. Past the plain letters UTF-16 units may order otherwise, and the sort decides. */
function isAscending<T>(items: readonly T[], key: (item: T) => string): boolean {
  let before = '';
  for (const item of items) {
    const next = key(item);
    if (next < before || SURROGATE.test(next)) return false;
    before = next;
  }
  return true;
}

const SURROGATE = /[\ud800-\udfff]/;

// Same answer wherever no surrogate occurs, and an order of magnitude faster.
function compareUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function aboveBmp(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
