/**
 * Says why Go's regular expressions (RE2) would not compile a pattern; undefined when they would. JavaScript's own are no judge: they take look-ahead and
 * back-references, which RE2 refuses, and refuse inline flags, which RE2 takes.
 */
export function whyNotRe2(pattern: string): string | undefined {
  let depth = 0;
  /** Whether something stands before that can be repeated, and whether it is repeated already. */
  let atom: 'none' | 'atom' | 'repeated' = 'none';
  for (let at = 0; at < pattern.length; ) {
    const char = pattern[at]!;
    if (char === '\\') {
      const length = escapeLength(pattern, at);
      if (length === undefined)
        return at + 1 >= pattern.length ? 'it ends in a lone backslash' : `"${pattern.slice(at, at + 2)}" is no escape that it knows`;
      at += length;
      atom = 'atom';
    } else if (char === '[') {
      const end = classEnd(pattern, at);
      if (typeof end === 'string') return end;
      at = end;
      atom = 'atom';
    } else if (char === '(') {
      const group = GROUP.exec(pattern.slice(at, at + 80))?.[0];
      if (group === undefined)
        return `"${pattern.slice(at, at + 4)}" starts a group that it does not know (no look-around, no back-references)`;
      at += group.length;
      atom = 'none';
      // `(?i)` sets flags and opens nothing.
      if (!group.endsWith(')')) depth++;
    } else if (char === ')') {
      if (--depth < 0) return 'a ")" closes nothing';
      at++;
      atom = 'atom';
    } else if (char === '|') {
      at++;
      atom = 'none';
    } else {
      const repeat = REPEAT.exec(pattern.slice(at, at + 20));
      if (repeat === null) {
        at++;
        atom = 'atom';
        continue;
      }
      if (atom === 'none') return `"${repeat[0]}" repeats nothing`;
      if (atom === 'repeated') return `"${repeat[0]}" repeats a repetition`;
      const [low, high] = [Number(repeat[1] ?? 0), Number(repeat[3] || repeat[1] || 0)];
      if (low > 1000 || high > 1000 || (repeat[3] && low > high)) return `the count ${repeat[0]} is out of bounds`;
      at += repeat[0].length;
      atom = 'repeated';
    }
  }
  return depth > 0 ? 'a "(" is not closed' : undefined;
}

const GROUP = /^\((?:\?P?<[A-Za-z0-9_]+>|\?[imsU]*(?:-[imsU]+)?:|\?(?=[imsU-])[imsU]*(?:-[imsU]+)?\)|(?!\?))/;
const REPEAT = /^(?:[*+?]|\{(\d+)(,(\d*))?\})\??/;

function escapeLength(pattern: string, at: number): number | undefined {
  const rest = pattern.slice(at, at + 40);
  const known =
    /^\\(?:[pP](?:[A-Z]|\{\^?\w+\})|x(?:[0-9A-Fa-f]{2}|\{[0-9A-Fa-f]+\})|0[0-7]{0,2}|[1-7][0-7]{1,2}|[AbBzdDsSwWaftnrvQ]|[!-/:-@[-`{-~])/.exec(
      rest,
    )?.[0];
  if (known === '\\Q') {
    const end = pattern.indexOf('\\E', at);
    return end === -1 ? pattern.length - at : end + 2 - at;
  }
  return known?.length;
}

/** The offset after a class, or what is wrong with it. */
function classEnd(pattern: string, start: number): number | string {
  let at = start + 1;
  if (pattern[at] === '^') at++;
  let last: number | undefined;
  for (let first = true; at < pattern.length; first = false) {
    if (pattern[at] === ']' && !first) return at + 1;
    const named = /^\[:\^?\w+:\]/.exec(pattern.slice(at, at + 20))?.[0];
    if (named) {
      at += named.length;
      last = undefined;
      continue;
    }
    if (pattern[at] === '-' && last !== undefined && at + 1 < pattern.length && pattern[at + 1] !== ']') {
      const upper = classItem(pattern, at + 1);
      if (upper === undefined) return `"${pattern.slice(at + 1, at + 3)}" is no escape that it knows`;
      if (upper.code !== undefined && upper.code < last)
        return `the range "${pattern.slice(at - 1, at + 1 + upper.length)}" runs backwards`;
      at += 1 + upper.length;
      last = undefined;
      continue;
    }
    const item = classItem(pattern, at);
    if (item === undefined) return `"${pattern.slice(at, at + 2)}" is no escape that it knows`;
    at += item.length;
    last = item.code;
  }
  return 'a "[" is not closed';
}

function classItem(pattern: string, at: number): { readonly length: number; readonly code?: number } | undefined {
  if (pattern[at] !== '\\') return { length: 1, code: pattern.charCodeAt(at) };
  const length = escapeLength(pattern, at);
  if (length === undefined) return undefined;
  return length === 2 && !/[a-zA-Z0-9]/.test(pattern[at + 1]!) ? { length, code: pattern.charCodeAt(at + 1) } : { length };
}

/** Whether a pattern that must match a whole value matches the empty one; false where that cannot be told. */
export function matchesEmpty(pattern: string): boolean {
  try {
    return new RegExp(`^(?:${pattern.replace(/^\(\?[imsU]+\)/, '').replaceAll('(?P<', '(?<')})$`).test('');
  } catch {
    return false;
  }
}
