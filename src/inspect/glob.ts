/** Whether a path with `/` separators matches. */
export type Glob = (path: string) => boolean;

/**
 * Readies a glob over whole paths: `*` and `?` within a name, `**` for any number of folders, everything else as it is written. Linear for every name and
 * every path, however many stars a stranger writes.
 */
export function compileGlob(pattern: string): Glob {
  const steps = pattern.split('/').filter((step, index, all) => !(step === '**' && all[index - 1] === '**'));
  const [head, tail] = [literalStart(pattern), literalEnd(pattern)];
  return (path) => path.startsWith(head) && path.endsWith(tail) && matchSteps(steps, path.split('/'));
}

/** What every match begins with. */
export function literalStart(pattern: string): string {
  const star = pattern.search(/[*?]/);
  return star === -1 ? pattern : pattern.slice(0, star);
}

/** What every match ends with. */
function literalEnd(pattern: string): string {
  return /[^*?/]*$/.exec(pattern)?.[0] ?? '';
}

/** Keeps the set of steps reached so far, so that several `**` cost no more than one. */
function matchSteps(steps: readonly string[], names: readonly string[]): boolean {
  let reached = withSkips(new Set([0]), steps);
  for (const name of names) {
    const next = new Set<number>();
    for (const at of reached) {
      const step = steps[at];
      if (step === '**') next.add(at).add(at + 1);
      else if (step !== undefined && matchName(step, name)) next.add(at + 1);
    }
    if (next.size === 0) return false;
    reached = withSkips(next, steps);
  }
  return reached.has(steps.length);
}

/** `**` may stand for no folder; at the end of a pattern it stands for at least one name. */
function withSkips(reached: Set<number>, steps: readonly string[]): Set<number> {
  for (const at of reached) if (steps[at] === '**' && at + 1 < steps.length) reached.add(at + 1);
  return reached;
}

/** The usual two pointers: a star that took too little takes one character more. */
function matchName(pattern: string, name: string): boolean {
  let [at, star, resume] = [0, -1, 0];
  for (let i = 0; i < name.length; ) {
    if (pattern[at] === '*') {
      star = at;
      at += 1;
      resume = i;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === name[i])) {
      at += 1;
      i += 1;
    } else if (star !== -1) {
      at = star + 1;
      resume += 1;
      i = resume;
    } else {
      return false;
    }
  }
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
}
