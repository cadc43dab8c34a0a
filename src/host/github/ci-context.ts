import { given } from '../given.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json.ts';

/**
 * Where and for what this run happens. Everything but `scope` and `fork` may be missing, and all of it is strangers' text: ids are digits, commits hexadecimal,
 * names bounded and on one line, and nothing more is known of them.
 */
export interface CiContext {
  readonly event?: string;
  /** `owner/name` */
  readonly repository?: string;
  readonly runId?: string;
  readonly runAttempt?: string;
  readonly runNumber?: string;
  /** Key of the job in the workflow file. */
  readonly job?: string;
  readonly checkRunId?: string;
  /** Place of the job in its matrix, from 0. */
  readonly jobIndex?: string;
  /** The step's id, as the runner numbers it: `__self`, `export`. */
  readonly step?: string;
  /** The commit that is judged: the head of the pull request or of the merge group, not GitHub's test merge. */
  readonly sha?: string;
  readonly ref?: string;
  readonly pullRequest?: number;
  readonly baseSha?: string;
  /** Short name of the branch a change goes to. */
  readonly baseRef?: string;
  readonly headRef?: string;
  /** The change comes from another repository, or from one that is gone. */
  readonly fork: boolean;
  /** `accepted`: the default branch as it stands; `proposed`: everything else. */
  readonly scope: 'proposed' | 'accepted';
  /** `cicd.*` and `vcs.*` (spec/otel.md §1.1), those that are known. */
  readonly attributes: Readonly<Record<string, string>>;
  /** What could not be learned, one sentence each. */
  readonly losses: readonly string[];
}

type Env = Readonly<Record<string, string | undefined>>;

/** The context of a GitHub workflow run, from its environment and its event. */
export function readCiContext(env: Env, event: JsonObject, losses: readonly string[] = []): CiContext {
  const facts = { ...run(env), ...change(env, event) };
  const scope = isAccepted(env, event) ? 'accepted' : 'proposed';
  return { ...facts, scope, attributes: attributesOf(env, event, facts), losses };
}

function run(env: Env) {
  return given({
    event: line(env['GITHUB_EVENT_NAME']),
    repository: repositoryName(env['GITHUB_REPOSITORY']),
    runId: digits(env['GITHUB_RUN_ID']),
    runAttempt: digits(env['GITHUB_RUN_ATTEMPT']),
    runNumber: digits(env['GITHUB_RUN_NUMBER']),
    job: line(env['GITHUB_JOB']),
    checkRunId: digits(env['INPUT_CHECK-RUN-ID']),
    jobIndex: digits(env['INPUT_JOB-INDEX']),
    step: line(env['GITHUB_ACTION']),
    ref: line(env['GITHUB_REF']),
  });
}

/** What is judged, against what; each event says it in its own place (spec/github.md §3.1, §3.6). */
function change(env: Env, event: JsonObject) {
  const pull = at(event, 'pull_request');
  if (isJsonObject(pull)) return ofPullRequest(env, event, pull);
  const group = at(event, 'merge_group');
  if (isJsonObject(group)) return ofMergeGroup(env, group);
  const sha = commit(at(event, 'workflow_run', 'head_sha')) ?? commit(env['GITHUB_SHA']);
  return {
    fork: false,
    ...given({ sha, headRef: line(env['GITHUB_HEAD_REF']) ?? line(env['GITHUB_REF_NAME']), baseRef: line(env['GITHUB_BASE_REF']) }),
  };
}

function ofPullRequest(env: Env, event: JsonObject, pull: JsonObject) {
  const head = line(at(pull, 'head', 'repo', 'full_name'));
  return {
    // A deleted fork leaves `head.repo: null`.
    fork: head === undefined || head !== line(at(event, 'repository', 'full_name')),
    ...given({
      pullRequest: count(at(pull, 'number')) ?? count(at(event, 'number')),
      sha: commit(at(pull, 'head', 'sha')) ?? commit(env['GITHUB_SHA']),
      headRef: line(at(pull, 'head', 'ref')),
      baseSha: commit(at(pull, 'base', 'sha')),
      baseRef: line(at(pull, 'base', 'ref')),
    }),
  };
}

function ofMergeGroup(env: Env, group: JsonObject) {
  const headRef = branch(line(at(group, 'head_ref')));
  const number = headRef === undefined ? undefined : /^gh-readonly-queue\/.+\/pr-(\d+)-[0-9a-f]+$/.exec(headRef)?.[1];
  return {
    fork: false,
    ...given({
      pullRequest: count(number === undefined ? undefined : Number(number)),
      sha: commit(at(group, 'head_sha')) ?? commit(env['GITHUB_SHA']),
      headRef,
      baseSha: commit(at(group, 'base_sha')),
      baseRef: branch(line(at(group, 'base_ref'))),
    }),
  };
}

/** Only the default branch itself is what was agreed on; a schedule runs nowhere else. */
function isAccepted(env: Env, event: JsonObject): boolean {
  const name = env['GITHUB_EVENT_NAME'];
  if (name === 'schedule') return true;
  if (name !== 'push' && name !== 'workflow_dispatch') return false;
  const standard = line(at(event, 'repository', 'default_branch'));
  const ref = line(env['GITHUB_REF']) ?? line(at(event, 'ref'));
  return standard !== undefined && ref === `refs/heads/${standard}`;
}

type Facts = ReturnType<typeof run> & ReturnType<typeof change>;

function attributesOf(env: Env, event: JsonObject, facts: Facts): Readonly<Record<string, string>> {
  const [owner, name] = facts.repository?.split('/') ?? [];
  const repository = repositoryUrl(env, facts.repository);
  const runUrl = repository === undefined || facts.runId === undefined ? undefined : `${repository}/actions/runs/${facts.runId}`;
  const known = {
    'cicd.pipeline.name': line(env['GITHUB_WORKFLOW']),
    'cicd.pipeline.run.id': facts.runId,
    'cicd.pipeline.run.url.full': runUrl === undefined ? undefined : `${runUrl}/attempts/${facts.runAttempt ?? '1'}`,
    'cicd.pipeline.task.name': facts.job,
    'cicd.pipeline.task.run.id': facts.checkRunId,
    'cicd.pipeline.task.run.url.full':
      runUrl === undefined || facts.checkRunId === undefined ? undefined : `${runUrl}/job/${facts.checkRunId}`,
    'vcs.provider.name': facts.repository === undefined ? undefined : 'github',
    'vcs.owner.name': owner,
    'vcs.repository.name': name,
    'vcs.repository.url.full': repository,
    'vcs.ref.head.name': facts.headRef,
    'vcs.ref.head.type': facts.headRef === undefined ? undefined : env['GITHUB_REF_TYPE'] === 'tag' ? 'tag' : 'branch',
    'vcs.ref.head.revision': facts.sha,
    'vcs.ref.base.name': facts.baseRef,
    'vcs.ref.base.type': facts.baseRef === undefined ? undefined : 'branch',
    'vcs.ref.base.revision': facts.baseSha,
    'vcs.change.id': facts.pullRequest?.toString(),
    'vcs.change.title': line(at(event, 'pull_request', 'title')),
    'vcs.change.state': changeState(at(event, 'pull_request')),
  };
  return Object.fromEntries(Object.entries(known).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function changeState(pull: JsonValue | undefined): string | undefined {
  if (!isJsonObject(pull)) return undefined;
  if (pull['merged'] === true) return 'merged';
  if (pull['state'] === 'closed') return 'closed';
  return pull['draft'] === true ? 'wip' : 'open';
}

function repositoryUrl(env: Env, repository: string | undefined): string | undefined {
  const server = env['GITHUB_SERVER_URL'] || 'https://github.com';
  return repository !== undefined && /^https?:$/.test(URL.parse(server)?.protocol ?? '')
    ? `${server.replace(/\/+$/, '')}/${repository}`
    : undefined;
}

function at(value: JsonValue | undefined, ...keys: readonly string[]): JsonValue | undefined {
  let found = value;
  for (const key of keys) found = isJsonObject(found) && Object.hasOwn(found, key) ? found[key] : undefined;
  return found;
}

function line(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value.length <= 1024 && /^[^\p{Cc}\p{Zl}\p{Zp}]+$/u.test(value) ? value : undefined;
}

function digits(value: string | undefined): string | undefined {
  return value !== undefined && /^\d{1,20}$/.test(value) ? value : undefined;
}

function count(value: JsonValue | undefined): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined;
}

/** All zeros is how a push says that the branch was deleted. */
function commit(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && /^(?!0+$)([0-9a-f]{40}|[0-9a-f]{64})$/.test(value) ? value : undefined;
}

function repositoryName(value: string | undefined): string | undefined {
  return value !== undefined && /^[\w.-]{1,100}\/[\w.-]{1,100}$/.test(value) ? value : undefined;
}

function branch(ref: string | undefined): string | undefined {
  return ref?.replace(/^refs\/heads\//, '');
}
