import type { ArtifactType, Contract } from '../contract/contract.ts';
import { idStem, isGenerated } from '../contract/derive-contract.ts';

/** What a file stands for by its name alone. */
export interface Match {
  readonly id: string;
  readonly rule: string;
}

/**
 * Readies the conventions of all generated types for the targets of a contract. In names `-` and `_` are equal; directories do not matter, save for
 * conventions that hold one. Where several conventions fit, the most telling one decides: without `*` before with, the longer before the shorter, so that
 * `a-loki-rules.yaml` is the log rules of `a` and never the alert rules of `a-loki`, unless there is no `a`.
 */
export function compileConventions(contract: Contract, types: readonly ArtifactType[]): (path: string) => Match | undefined {
  const { project, targets } = contract.manifest.spec;
  const names = new Set(targets.map((target) => dashed(target.name)));
  const byExtension = Map.groupBy(types.filter(isGenerated).flatMap(rulesOf).toSorted(byTellingness), ({ extension }) => extension);
  return (path) => {
    const rules = byExtension.get(extensionOf(path));
    if (rules === undefined) return undefined;
    const file = dashed(path);
    const name = file.slice(file.lastIndexOf('/') + 1);
    for (const { scope, literal, tail, suffix, rule } of rules) {
      if (scope === 'project') {
        if (file === literal || file.endsWith(`/${literal}`)) return { id: `${idStem(project.id)}-${suffix}`, rule };
        continue;
      }
      const stem = longestStem(name, literal, tail, names);
      if (stem !== undefined) return { id: `${idStem(stem)}-${suffix}`, rule };
    }
    return undefined;
  };
}

interface Rule {
  readonly scope: 'target' | 'project';
  /** What follows `{target}` up to the `*`, or all of it; the whole path for a project's convention. */
  readonly literal: string;
  /** What follows the `*`; undefined without one. */
  readonly tail: string | undefined;
  readonly extension: string;
  readonly suffix: string;
  readonly rule: string;
}

function rulesOf({ generate }: ArtifactType): readonly Rule[] {
  const { conventions = [], scope = 'target', suffix = '' } = generate ?? {};
  return conventions.map((rule) => {
    const [literal = '', tail] = dashed(rule.replace('{target}', '')).split('*');
    return { scope, literal, tail, extension: extensionOf(rule), suffix, rule };
  });
}

function byTellingness(a: Rule, b: Rule): number {
  return Number(a.tail !== undefined) - Number(b.tail !== undefined) || b.literal.length - a.literal.length;
}

/** The longest target name that the rule leaves over at the start of a file name. */
function longestStem(name: string, literal: string, tail: string | undefined, names: ReadonlySet<string>): string | undefined {
  const end = tail === undefined ? name.length : name.length - tail.length;
  if (tail !== undefined && !name.endsWith(tail)) return undefined;
  for (let at = name.lastIndexOf(literal, end - literal.length); at > 0; at = name.lastIndexOf(literal, at - 1)) {
    if (tail === undefined && at + literal.length !== end) return undefined;
    const stem = name.slice(0, at);
    if (names.has(stem)) return stem;
  }
  return undefined;
}

function dashed(text: string): string {
  return text.replaceAll('_', '-');
}

function extensionOf(path: string): string {
  return path.slice(path.lastIndexOf('.'));
}
