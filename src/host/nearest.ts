/** The candidate a writer most likely meant: equal but for case, `-` and `_`, or within a third of its letters (transposed neighbours count as one slip). */
export function nearest(written: string, candidates: Iterable<string>): string | undefined {
  if (written.length > 60) return undefined;
  const folded = fold(written);
  const reach = Math.min(3, Math.max(1, Math.floor(folded.length / 3)));
  let best: string | undefined;
  let bestDistance = reach + 1;
  for (const candidate of candidates) {
    const other = fold(candidate);
    if (Math.abs(other.length - folded.length) >= bestDistance) continue;
    const distance = editDistance(folded, other);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** The next step that a suggestion is; none where the sentence ends with it already. What stands in quotes is to be written with them. */
export function meant(suggestion: string | undefined, message: string): string | undefined {
  if (suggestion === undefined) return undefined;
  const named = suggestion.startsWith('"') ? suggestion : `"${suggestion}"`;
  const isSaid = [suggestion, named].some((one) => message.endsWith(`; ${one} is.`) || message.endsWith(` spelling ${one}.`));
  return isSaid ? undefined : `Perhaps ${named} was meant.`;
}

function fold(text: string): string {
  return text.toLowerCase().replaceAll(/[-_ ]/g, '');
}

/** Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, beforeLast[j - 2]! + 1);
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}
