import type { ArtifactType, Contract, Notice } from '../contract/contract.ts';
import { idStem, isGenerated } from '../contract/derive-contract.ts';
import type { Found, Inspection } from '../contract/inspection.ts';
import type { Tree } from '../host/tree.ts';
import { compileConventions } from './conventions.ts';
import { parseDeclarations } from './declarations.ts';

export type { Found, Inspection } from '../contract/inspection.ts';

export interface InspectOptions {
  /** `--existing` as typed: `artifact-id:path`, split at the first colon; the last word on an id counts. */
  readonly existing: readonly string[];
  /** The tree in which conventions look; absent when nobody asked to look. */
  readonly tree?: Tree;
  /** Of the declared paths, those that are regular files; absent when nobody looked (a path may be no file at all, `s3://…`). */
  readonly present?: ReadonlySet<string>;
  /** Whether a declared file that is not there is taken on trust with a notice (`export`) or not at all (`run`, `audit`). */
  readonly declared?: 'trusted' | 'checked';
}

/** Finds which artifacts of a contract stand already: first what is declared, then what lies where the conventions look. */
export function inspectArtifacts(contract: Contract, types: readonly ArtifactType[], options: InspectOptions): Inspection {
  const declared = inspectDeclared(contract, types, options);
  const conventional = options.tree ? inspectTree(contract, types, options.tree, declared.settled) : NOTHING;
  return {
    found: new Map([...declared.found, ...conventional.found]),
    notices: [...declared.notices, ...conventional.notices],
  };
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

function inspectTree(contract: Contract, types: readonly ArtifactType[], tree: Tree, settled: ReadonlySet<string>): Inspection {
  const wanted = new Set(contract.artifacts.map((artifact) => artifact.id)).difference(settled);
  const recognise = compileConventions(contract, types);
  const found = new Map<string, Found>();
  const others = new Map<string, string[]>();
  for (const file of tree.files) {
    const match = recognise(file);
    if (match === undefined || !wanted.has(match.id)) continue;
    const path = tree.dir === '' ? file : `${tree.dir}/${file}`;
    if (found.has(match.id)) others.set(match.id, [...(others.get(match.id) ?? []), path]);
    else found.set(match.id, { path, rule: match.rule });
  }
  return { found, notices: [...others].map(([id, paths]) => ambiguityNotice(id, found.get(id)?.path ?? '', paths)) };
}

function ambiguityNotice(id: string, taken: string, others: readonly string[]): Notice {
  const rest = others.length > SHOWN ? `${others.slice(0, SHOWN).join(', ')} and ${others.length - SHOWN} more` : others.join(', ');
  const message = `${id} is found in more than one file: ${taken} is taken, ${rest} could be meant too. Say which with --existing ${id}:PATH.`;
  return { code: 'existing-ambiguous', message, place: { file: taken, line: 1 } };
}

const SHOWN = 5;
