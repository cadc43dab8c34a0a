/** Label names that every Prometheus and Alertmanager takes. Prometheus 3 takes any UTF-8, which its users still have to ask for. */
export function isClassicLabelName(name: string): boolean {
  return /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name);
}

export function isLabelName(name: string): boolean {
  return name !== '' && name.isWellFormed();
}

export function isMetricName(name: string): boolean {
  return name !== '' && name.isWellFormed();
}

/** The known word nearest to a misspelt one, when it is near enough to be meant. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  const bound = Math.max(1, Math.floor(word.length / 3));
  let best: { readonly name: string; readonly distance: number } | undefined;
  if (word.length > 60) return undefined;
  for (const name of known) {
    if (Math.abs(name.length - word.length) > bound) continue;
    const distance = editDistance(word.toLowerCase(), name.toLowerCase());
    if (distance <= bound && (best === undefined || distance < best.distance)) best = { name, distance };
  }
  return best?.name;
}

/** ` Did you mean "x"?`, or nothing. */
export function didYouMean(word: string, known: Iterable<string>): string {
  const meant = nearest(word, known);
  return meant === undefined ? '' : ` Did you mean "${meant}"?`;
}

/** Insertions, deletions, replacements and swaps of neighbours. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      next.push(swapped ? Math.min(cost, before[j - 2]! + 1) : cost);
    }
    [before, row] = [row, next];
  }
  return row[b.length]!;
}
