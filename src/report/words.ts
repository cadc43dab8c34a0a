/** `1 warning`, `2 warnings`, `14,001 artifacts`. */
export function count(amount: number, one: string, many = one + 's'): string {
  return `${thousands(amount)} ${amount === 1 ? one : many}`;
}

export function thousands(amount: number): string {
  return String(amount).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `66.7%`, always with its decimal, so that columns line up. */
export function percent(value: number): string {
  return value.toFixed(1) + '%';
}

/** The share of a population; a dash where there is nothing to have a share of. */
export function share({ required, coverage }: { readonly required: number; readonly coverage: number }): string {
  return required === 0 ? '–' : percent(coverage);
}

/** `a`, `a and b`, `a, b and c`. */
export function enumerate(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
