import type { Artifact, ArtifactType, Contract } from '../contract/contract.ts';
import { idStem, isGenerated } from '../contract/derive-contract.ts';
import type { Place } from '../host/place.ts';
import { compileGlob, type Glob } from './glob.ts';

/** Where artifacts of a type are looked for, and how a file tells whose it is (design.md, Existing artifacts). */
export interface PathRule {
  readonly type: string;
  /** A glob below the scanned tree; `{target}` stands for the target's name, in which `-` and `_` are equal. */
  readonly path: string;
  /** The one target that the file is for. */
  readonly target?: string;
  /** The file holds several artifacts: a label's or annotation's value is the target, or a name is built around `{target}`. */
  readonly match?: Match;
  /** The line of the policy that says so; absent for rules of ours. */
  readonly place?: Place;
}

export interface Match {
  readonly label?: string;
  readonly name?: string;
  readonly annotation?: string;
}

/** A rule made ready for the artifacts of one contract. */
export interface ReadyRule {
  readonly rule: PathRule;
  /** How `Found.rule` names it. */
  readonly label: string;
  /** The artifact a path stands for; undefined when the path is not the rule's, or only its content tells. */
  readonly idOf: (path: string) => string | undefined;
  /** Whether a path is one whose content tells. */
  readonly holds: (path: string) => boolean;
  /** The artifact of a target's name as a label, an annotation or `{target}` of a name says it. */
  readonly idOfName: (name: string) => string | undefined;
}

/** How names are compared: `-` and `_` are equal everywhere, and for layouts that write `nodeExporter` so are humps. */
export type Fold = (text: string) => string;

export const dashed: Fold = (text) => text.replaceAll('_', '-');
export const withoutHumps: Fold = (text) => dashed(text.replaceAll(/(?<=[a-z0-9])[A-Z]/g, (hump) => `-${hump}`)).toLowerCase();

/** Readies rules for a contract. A rule of a type that a manifest never owes, or of a target it does not have, finds nothing. */
export function readyRules(
  contract: Contract,
  types: readonly ArtifactType[],
  rules: readonly PathRule[],
  fold: Fold = dashed,
): readonly ReadyRule[] {
  const generated = new Map(types.filter(isGenerated).map((type) => [type.type, type]));
  const targets = namesOf(
    contract.manifest.spec.targets.map(({ name }) => name),
    fold,
  );
  const project = namesOf([contract.manifest.spec.project.id], fold);
  const foldPath = remembering(fold);
  return rules.flatMap((rule) => {
    const generate = generated.get(rule.type)?.generate;
    if (generate === undefined) return [];
    const names = generate.scope === 'project' ? project : targets;
    return [ready(rule, (stem) => `${idStem(stem)}-${generate.suffix}`, names, fold, foldPath)];
  });
}

function ready(rule: PathRule, idFor: (stem: string) => string, names: ReadonlyMap<string, string>, fold: Fold, foldPath: Fold): ReadyRule {
  const idOfName = (name: string) => {
    const stem = names.get(fold(name));
    return stem === undefined ? undefined : idFor(stem);
  };
  const pattern = fold(rule.path.replaceAll('{target}', '\0'));
  const matches = compileGlob(pattern.replaceAll('\0', '*'));
  // Most paths fall away by their ending, before they are folded.
  const ending = /\.[a-z0-9]+$/.exec(rule.path)?.[0] ?? '';
  const glob: Glob = (path) => path.endsWith(ending) && matches(foldPath(path));
  const own = rule.target;
  const none = () => undefined;
  const idOf =
    rule.match !== undefined
      ? none
      : own !== undefined
        ? (path: string) => (glob(path) ? idOfName(own) : undefined)
        : byName(pattern, glob, names, idFor, foldPath);
  return { rule, label: labelOf(rule), idOf, holds: rule.match === undefined ? () => false : glob, idOfName };
}

/** `{target}` may stand anywhere in the path, several times: the longest name that fits is meant. */
function byName(
  pattern: string,
  glob: Glob,
  names: ReadonlyMap<string, string>,
  idFor: (stem: string) => string,
  foldPath: Fold,
): ReadyRule['idOf'] {
  if (!pattern.includes('\0')) return () => undefined;
  return (path) => {
    if (!glob(path)) return undefined;
    const folded = foldPath(path);
    const stem = candidatesIn(folded, names).find((name) => compileGlob(pattern.replaceAll('\0', () => name))(folded));
    return stem === undefined ? undefined : idFor(names.get(stem)!);
  };
}

/** All names that stand in a path, the longest first. */
function candidatesIn(path: string, names: ReadonlyMap<string, string>): readonly string[] {
  const found = new Set<string>();
  for (const step of path.split('/'))
    for (let from = 0; from < step.length; from++)
      for (let to = step.length; to > from; to--) {
        const piece = step.slice(from, to);
        if (names.has(piece)) found.add(piece);
      }
  return [...found].sort((a, b) => b.length - a.length);
}

/** A path and a match: `rules/*.yaml (label service)`. */
function labelOf({ path, target, match }: PathRule): string {
  if (target !== undefined) return `${path} (target ${target})`;
  const way = match && (Object.entries(match).find(([, value]) => value !== undefined) ?? []);
  return way ? `${path} (${way.join(' ')})` : path;
}

/** Something in a file, by what it can be picked out. */
interface Thing {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly annotations: ReadonlyMap<string, string>;
  /** What it is a part of. */
  readonly owner?: Thing;
}

/** What a thing in a file, or what it is a part of, must carry to be a target's: its label, its annotation, or a name. */
export function targetNamedBy(match: Match, thing: Thing): string | undefined {
  return namedAlone(match, thing) ?? (thing.owner && targetNamedBy(match, thing.owner));
}

function namedAlone(match: Match, { name, labels, annotations }: Thing): string | undefined {
  if (match.label !== undefined) return labels.get(match.label);
  if (match.annotation !== undefined) return annotations.get(match.annotation);
  const [before = '', ...after] = (match.name ?? '').split('{target}');
  const end = after.join('{target}');
  const fits = name.length > before.length + end.length && name.startsWith(before) && name.endsWith(end);
  return fits ? name.slice(before.length, name.length - end.length) : undefined;
}

function remembering(fold: Fold): Fold {
  const known = new Map<string, string>();
  return (text) => {
    const folded = known.get(text) ?? fold(text);
    known.set(text, folded);
    return folded;
  };
}

function namesOf(names: readonly string[], fold: Fold): ReadonlyMap<string, string> {
  return new Map(names.map((name) => [fold(name), name]));
}

/** Whether a rule has a say in an artifact at all. */
export function concerns({ rule, idOfName }: ReadyRule, { id, type }: Artifact): boolean {
  return rule.type === type && (rule.target === undefined || idOfName(rule.target) === id);
}
