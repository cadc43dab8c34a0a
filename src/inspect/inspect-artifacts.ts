import type { ArtifactType, Contract, Notice } from '../contract/contract.ts';
import { idStem, isGenerated } from '../contract/derive-contract.ts';
import type { Found, Inspection, Look } from '../contract/inspection.ts';
import type { Tree } from '../host/tree.ts';
import { compileConventions } from './conventions.ts';
import { parseDeclarations } from './declarations.ts';
import { LAYOUTS } from './layouts.ts';
import { concerns, type PathRule, type ReadyRule, readyRules, targetNamedBy, withoutHumps } from './path-rules.ts';
import type { ArtifactObject } from './valid/reading.ts';

export type { Found, Inspection, Look } from '../contract/inspection.ts';
export type { PathRule } from './path-rules.ts';

export interface InspectOptions {
  /** `--existing` as typed: `artifact-id:path`, split at the first colon; the last word on an id counts. */
  readonly existing: readonly string[];
  /** The tree in which conventions look; absent when nobody asked to look. */
  readonly tree?: Tree;
  /** Of the declared paths, those that are regular files; absent when nobody looked (a path may be no file at all, `s3://…`). */
  readonly present?: ReadonlySet<string>;
  /** Whether a declared file that is not there is taken on trust with a notice (`export`) or not at all (`run`, `audit`). */
  readonly declared?: 'trusted' | 'checked';
  /** Path rules of the policy, the first that finds something for an artifact counting; before the conventions. */
  readonly rules?: readonly PathRule[];
  /** What was recognised in the files that `filesToOpen` names. */
  readonly opened?: (file: OpenFile) => readonly ArtifactObject[];
}

/** A file whose content tells which artifacts it holds. */
export interface OpenFile {
  readonly type: string;
  /** Relative to the workspace. */
  readonly path: string;
}

/** Finds which artifacts of a contract stand already: first what is declared, then what the policy's rules find, then what lies where the conventions look. */
export function inspectArtifacts(contract: Contract, types: readonly ArtifactType[], options: InspectOptions): Inspection {
  const declared = inspectDeclared(contract, types, options);
  const rules = readyRules(contract, types, options.rules ?? []);
  const { found, notices } = options.tree ? inspectTree(contract, types, options, options.tree, rules, declared.settled) : NOTHING;
  return {
    found: new Map([...declared.found, ...found]),
    notices: [...declared.notices, ...notices],
    looksFor: (id) => looksFor(id, contract, types, options, rules),
  };
}

/** The files that rules with `match` must see before it is known what they hold: each once. */
export function filesToOpen(
  contract: Contract,
  types: readonly ArtifactType[],
  options: Pick<InspectOptions, 'tree' | 'rules'>,
): readonly OpenFile[] {
  const { tree } = options;
  const rules = readyRules(contract, types, options.rules ?? []).filter(({ rule }) => rule.match !== undefined);
  if (tree === undefined || rules.length === 0) return [];
  const files = new Map<string, OpenFile>();
  for (const file of tree.files)
    for (const { rule, holds } of rules)
      if (holds(file)) files.set(`${rule.type}\0${file}`, { type: rule.type, path: belowRoot(tree, file) });
  return [...files.values()];
}

/** The paths that `--existing` names, for whoever looks whether they are there. */
export function declaredPaths(existing: readonly string[]): readonly string[] {
  return [...parseDeclarations(existing).declarations.values()].map(({ path }) => path);
}

const NOTHING: Inspection = { found: new Map(), notices: [] };

/** `settled` are the ids that the user spoke of: conventions have no say in them, even when the declared file is missing. */
function inspectDeclared(
  contract: Contract,
  types: readonly ArtifactType[],
  options: InspectOptions,
): Inspection & { settled: ReadonlySet<string> } {
  const { declarations, notices: malformed } = parseDeclarations(options.existing);
  const owed = new Set(contract.artifacts.map((artifact) => artifact.id));
  const found = new Map<string, Found>();
  const notices: Notice[] = [...malformed];
  const settled = new Set<string>();
  for (const [id, { path }] of declarations) {
    if (!owed.has(id)) {
      notices.push(unknownNotice(id, path, contract, types));
      continue;
    }
    settled.add(id);
    const missing = options.present !== undefined && !options.present.has(path);
    if (missing) notices.push(missingNotice(id, path, options.declared ?? 'trusted'));
    if (!missing || options.declared !== 'checked') found.set(id, { path, rule: '--existing' });
  }
  return { found, notices, settled };
}

function unknownNotice(id: string, path: string, contract: Contract, types: readonly ArtifactType[]): Notice {
  return { code: 'existing-unknown', message: `--existing ${id}:${path} counts for nothing: ${whyUnknown(id, contract, types)}.` };
}

function whyUnknown(id: string, contract: Contract, types: readonly ArtifactType[]): string {
  if (couldBeOwed(id, contract, types)) return `profile "${contract.profile}" leaves "${id}" out`;
  const meant = contract.artifacts.find((artifact) => idStem(artifact.id) === idStem(id));
  const advice = meant ? `; did you mean "${meant.id}"?` : '';
  return `no artifact of this manifest has the id "${id}"${advice}`;
}

/** Whether a manifest of these targets owes this id under some profile. */
function couldBeOwed(id: string, contract: Contract, types: readonly ArtifactType[]): boolean {
  const dash = id.indexOf('-');
  const stem = id.slice(0, dash);
  const suffix = id.slice(dash + 1);
  const { project, targets } = contract.manifest.spec;
  return types.filter(isGenerated).some(({ generate }) => {
    const subjects = generate.scope === 'target' ? targets.map((target) => target.name) : [project.id];
    return generate.suffix === suffix && subjects.some((subject) => idStem(subject) === stem);
  });
}

function missingNotice(id: string, path: string, declared: 'trusted' | 'checked'): Notice {
  const consequence = declared === 'trusted' ? 'It is taken for existing on your word' : 'The artifact stays needed';
  return {
    code: 'existing-missing',
    message: `--existing ${id}:${path} names no regular file of the workspace. ${consequence}; correct the path.`,
  };
}

/** What one way of looking found: for each artifact the files, in order. */
interface Finds {
  readonly label: string;
  readonly place?: Found['place'];
  readonly match?: PathRule['match'];
  readonly files: ReadonlyMap<string, readonly string[]>;
}

function inspectTree(
  contract: Contract,
  types: readonly ArtifactType[],
  options: InspectOptions,
  tree: Tree,
  rules: readonly ReadyRule[],
  settled: ReadonlySet<string>,
): Inspection {
  const wanted = new Set(contract.artifacts.map((artifact) => artifact.id)).difference(settled);
  const found = new Map<string, Found>();
  const notices: Notice[] = [];
  const enter = (id: string, files: readonly string[], how: Omit<Found, 'path'>): void => {
    if (!wanted.delete(id)) return;
    const [path = ''] = files;
    found.set(id, { path, ...how });
    if (files.length > 1) notices.push(ambiguityNotice(id, path, files.slice(1)));
  };
  const enterAll = ({ files, label, place, match }: Finds): void => {
    const how = { rule: label, ...(place && { place }), ...(match && { match }) };
    for (const [id, paths] of files) enter(id, paths, how);
  };
  for (const rule of rules) enterAll(byRule(rule, tree, options));
  for (const [id, { rule, files }] of byConventions(contract, types, tree, wanted)) enter(id, files, { rule });
  const missing = new Set(contract.artifacts.filter(({ id }) => wanted.has(id)).map(({ type }) => type));
  const layouts = LAYOUTS.filter(({ type }) => missing.has(type));
  for (const rule of readyRules(contract, types, layouts, withoutHumps)) enterAll(byRule(rule, tree, options));
  return { found, notices };
}

function byRule(ready: ReadyRule, tree: Tree, { opened }: Pick<InspectOptions, 'opened'>): Finds {
  const { rule, label, idOf, holds, idOfName } = ready;
  const files = new Map<string, string[]>();
  const note = (id: string | undefined, path: string): void => {
    if (id === undefined) return;
    const list = files.get(id) ?? [];
    if (list.at(-1) !== path) files.set(id, [...list, path]);
  };
  const { match } = rule;
  for (const file of tree.files) {
    const path = belowRoot(tree, file);
    if (match === undefined) note(idOf(file), path);
    else if (opened !== undefined && holds(file))
      for (const thing of opened({ type: rule.type, path })) {
        const name = targetNamedBy(match, thing);
        if (name !== undefined) note(idOfName(name), path);
      }
  }
  return { label, files, ...(rule.place && { place: rule.place }), ...(match && { match }) };
}

/** The file's name alone tells, by the conventions of every type; each file is somebody's or nobody's. */
function byConventions(
  contract: Contract,
  types: readonly ArtifactType[],
  tree: Tree,
  wanted: ReadonlySet<string>,
): ReadonlyMap<string, { readonly rule: string; readonly files: readonly string[] }> {
  const recognise = compileConventions(contract, types);
  const finds = new Map<string, { readonly rule: string; readonly files: string[] }>();
  for (const file of tree.files) {
    const match = recognise(file);
    if (match === undefined || !wanted.has(match.id)) continue;
    const earlier = finds.get(match.id);
    if (earlier === undefined) finds.set(match.id, { rule: match.rule, files: [belowRoot(tree, file)] });
    else earlier.files.push(belowRoot(tree, file));
  }
  return finds;
}

function belowRoot({ dir }: Tree, file: string): string {
  return dir === '' ? file : `${dir}/${file}`;
}

/** Every rule that has a say in an artifact, in the order in which they are asked, with what it sees. */
function looksFor(
  id: string,
  contract: Contract,
  types: readonly ArtifactType[],
  options: InspectOptions,
  rules: readonly ReadyRule[],
): readonly Look[] {
  const artifact = contract.artifacts.find((one) => one.id === id);
  const { tree } = options;
  if (artifact === undefined) return [];
  const declared = parseDeclarations(options.existing).declarations.get(id);
  const said =
    declared === undefined ? [] : [{ rule: '--existing', files: options.present?.has(declared.path) === false ? [] : [declared.path] }];
  if (tree === undefined) return said;
  const asked = (list: readonly ReadyRule[]) =>
    list
      .filter((rule) => concerns(rule, artifact))
      .map((rule) => {
        const { label, place, files } = byRule(rule, tree, options);
        return { rule: label, files: files.get(id) ?? [], ...(place && { place }) };
      });
  const conventional = byConventions(contract, types, tree, new Set([id])).get(id);
  const conventions = types.find(({ type }) => type === artifact.type)?.generate?.conventions ?? [];
  return [
    ...said,
    ...asked(rules),
    ...conventions.map((rule) => ({ rule, files: conventional?.rule === rule ? conventional.files : [] })),
    ...asked(readyRules(contract, types, LAYOUTS, withoutHumps)),
  ];
}

function ambiguityNotice(id: string, taken: string, others: readonly string[]): Notice {
  const rest = others.length > SHOWN ? `${others.slice(0, SHOWN).join(', ')} and ${others.length - SHOWN} more` : others.join(', ');
  const message = `${id} is found in more than one file: ${taken} is taken, ${rest} could be meant too. Say which with --existing ${id}:PATH, or with a rule under "artifacts" in the policy.`;
  return { code: 'existing-ambiguous', message, place: { file: taken, line: 1 } };
}

const SHOWN = 5;
