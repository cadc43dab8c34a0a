import { dirname, relative, resolve, sep } from 'node:path';
import { sortByCodePoint } from '../host/code-points.ts';
import { type GitObjects, openGitObjects } from '../host/git-objects.ts';
import { ApiError, type GitHubApi, openGitHubApi } from '../host/github/api.ts';
import type { CiContext } from '../host/github/ci-context.ts';
import { realPath } from '../host/texts.ts';
import { isLeftOut, type Tree } from '../host/tree.ts';
import type { World } from '../host/world.ts';

/** What a run is told of the base to compare with. */
export interface BaselineSettings {
  /** `auto`: the base of the pull request or merge group; `off`; or a revision. */
  readonly baseline: string;
  readonly githubToken?: string;
  readonly ci?: CiContext;
}

/** The repository as it was before this change. Paths are the workspace's. */
export interface Snapshot {
  readonly commit: string;
  /** The files below a directory, as `listTree` would list them. */
  tree(dir: string): Tree;
  has(path: string): boolean;
  /** The id of what a file holds; undefined where there is none. */
  idOf(path: string): string | undefined;
  /** @throws ApiError when it had to be asked for and was not given. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** Whether a path lies inside the repository, so that a change of it can reach it. */
  holds(path: string): boolean;
}

/** The base; or that there is none, with a sentence where one was expected. */
export type BaseOutcome = { readonly snapshot: Snapshot } | { readonly snapshot?: undefined; readonly loss?: string };

/** Finds the base of each repository that a run's manifests lie in, once. Closing it ends the programs that it asked. */
export interface Baseline extends AsyncDisposable {
  of(manifest: string): Promise<BaseOutcome>;
}

export function openBaseline(settings: BaselineSettings, world: World): Baseline {
  const repositories = new Map<string, Promise<GitObjects | undefined>>();
  const bases = new Map<string, Promise<BaseOutcome>>();
  const wanted = wants(settings);
  return {
    of: async (manifest) => {
      if (wanted === undefined) return {};
      const dir = dirname(resolve(world.root, manifest));
      const git = await once(repositories, dir, () => openGitObjects(dir));
      const root = await realPath(world.root);
      return once(bases, git?.top ?? '', () => findBase(wanted, git, root, settings));
    },
    [Symbol.asyncDispose]: async () => {
      for (const git of await Promise.all(repositories.values())) await git?.[Symbol.asyncDispose]();
    },
  };
}

function once<T>(known: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const value = known.get(key) ?? make();
  known.set(key, value);
  return value;
}

type Wanted = { readonly ref: string } | { readonly base: string; readonly head: string | undefined; readonly exact: boolean };

/** A push, a schedule and a terminal have nothing to compare with unless they name it. */
function wants({ baseline, ci }: BaselineSettings): Wanted | undefined {
  if (baseline === 'off') return undefined;
  if (baseline !== 'auto') return { ref: baseline };
  if (ci?.baseSha === undefined) return undefined;
  return { base: ci.baseSha, head: ci.sha, exact: ci.event === 'merge_group' };
}

async function findBase(wanted: Wanted, git: GitObjects | undefined, root: string, settings: BaselineSettings): Promise<BaseOutcome> {
  const { githubToken: token, ci } = settings;
  const api = token && ci?.repository ? openGitHubApi({ token, repository: ci.repository }) : undefined;
  try {
    const commit = 'ref' in wanted ? await commitOfRef(wanted.ref, git, api, ci?.sha) : await commitOfChange(wanted, git, api);
    if (commit === undefined) return { loss: missing(wanted, api !== undefined) };
    const here = (await git?.commitOf(commit)) === undefined ? undefined : await git?.filesOf(commit);
    const files = here ?? (await api?.filesOf(commit));
    if (files === undefined) return { loss: missing(wanted, api !== undefined) };
    return { snapshot: snapshotOf(commit, files, git, api, { top: git?.top ?? root, root }) };
  } catch (error) {
    if (error instanceof ApiError) return { loss: `${error.message}. ${CONSEQUENCE}` };
    throw error;
  }
}

/** Of a branch that went on since, only what this work left it at is its base. What the clone does not know GitHub may. */
async function commitOfRef(
  ref: string,
  git: GitObjects | undefined,
  api: GitHubApi | undefined,
  head: string | undefined,
): Promise<string | undefined> {
  const named = (await git?.commitOf(ref)) ?? (await git?.commitOf(`refs/remotes/origin/${ref}`));
  const near = named && (await git?.mergeBase(named, 'HEAD'));
  if (near !== undefined || api === undefined || head === undefined) return near ?? named;
  try {
    return await api.mergeBase(named ?? ref, head);
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return named;
    throw error;
  }
}

/** GitHub checks out a test merge of the change into its base: its first parent is then what the change is compared with, and not what is older. */
async function commitOfChange(
  { base, head, exact }: Extract<Wanted, { base: string }>,
  git: GitObjects | undefined,
  api: GitHubApi | undefined,
): Promise<string | undefined> {
  if (exact) return base;
  const checkedOut = await git?.commitOf('HEAD');
  const parents = checkedOut === undefined ? [] : await git!.parentsOf(checkedOut);
  if (parents.length === 2 && head !== undefined && parents[1] === head) return parents[0];
  const near = checkedOut === undefined ? undefined : await git?.mergeBase(base, checkedOut);
  return near ?? (head === undefined ? undefined : await api?.mergeBase(base, head));
}

const CONSEQUENCE = 'Nothing was compared, so nothing counts as caused by this change.';

function missing(wanted: Wanted, asked: boolean): string {
  if ('ref' in wanted)
    return `The baseline "${wanted.ref}" names no commit of this clone${asked ? ', nor one that GitHub knows' : ''}. ${CONSEQUENCE} Fetch it first (with actions/checkout, fetch-depth: 0).`;
  const why = asked ? 'and GitHub does not list its files' : 'and without github-token GitHub cannot be asked for it';
  return `The base of this change is not in this clone, ${why}. ${CONSEQUENCE} Check out with fetch-depth: 0${asked ? '' : ', or leave github-token at its default'}.`;
}

const LARGEST = 10 * 1024 * 1024;
/** Files that GitHub is asked for one by one; a change that touches more is compared in a full clone. */
const MOST_ASKED = 200;

function snapshotOf(
  commit: string,
  files: ReadonlyMap<string, string>,
  git: GitObjects | undefined,
  api: GitHubApi | undefined,
  { top, root }: { readonly top: string; readonly root: string },
): Snapshot {
  const inRepository = (path: string) => slashed(relative(top, resolve(root, path)));
  const inWorkspace = prefixer(slashed(relative(root, top)), slashed(relative(top, root)));
  let folders: ReadonlySet<string> | undefined;
  let asked = 0;
  const ask = async (id: string) => {
    asked += 1;
    if (asked > MOST_ASKED) throw new ApiError(`More than ${MOST_ASKED} files of the base are not in this clone`, undefined, undefined);
    return api?.blob(id);
  };
  return {
    commit,
    tree: (dir) => {
      const start = dir === '' || dir === '.' ? '' : `${dir}/`;
      const below = [...files.keys()].flatMap((path) => {
        const own = inWorkspace(path);
        return own?.startsWith(start) && !isLeftOut(own.slice(start.length)) ? [own.slice(start.length)] : [];
      });
      return { dir: start.slice(0, -1), files: sortByCodePoint(below, (path) => path) };
    },
    has: (path) => {
      const own = inRepository(path);
      folders ??= foldersOf(files.keys());
      return own === '' || files.has(own) || folders.has(own);
    },
    idOf: (path) => files.get(inRepository(path)),
    read: async (path) => {
      const id = files.get(inRepository(path));
      return id === undefined ? undefined : ((await git?.read(id, LARGEST)) ?? (await ask(id)));
    },
    holds: (path) => {
      const own = inRepository(path);
      return own !== '..' && !own.startsWith('../') && !/^([A-Za-z]:)?\//.test(own);
    },
  };
}

/** From a path in the repository to the workspace's, whichever of the two lies inside the other; undefined for what lies outside the workspace. */
function prefixer(rootToTop: string, topToRoot: string): (path: string) => string | undefined {
  if (rootToTop === '') return (path) => path;
  if (!rootToTop.startsWith('..')) return (path) => `${rootToTop}/${path}`;
  return (path) => (path.startsWith(`${topToRoot}/`) ? path.slice(topToRoot.length + 1) : undefined);
}

function foldersOf(paths: Iterable<string>): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const path of paths)
    for (let slash = path.lastIndexOf('/'); slash > 0 && !folders.has(path.slice(0, slash)); slash = path.lastIndexOf('/', slash - 1))
      folders.add(path.slice(0, slash));
  return folders;
}

function slashed(path: string): string {
  return sep === '/' ? path : path.replaceAll(sep, '/');
}
