import { isJsonObject } from '../json.ts';

/** GitHub's own view of a repository, where the clone at hand does not hold what is asked for. Every call may throw `ApiError`. */
export interface GitHubApi {
  /** The commit at which the second left the first. */
  mergeBase(base: string, head: string): Promise<string>;
  /** Regular files by path, with the id of what they hold; undefined when GitHub cannot tell all of them at once. */
  filesOf(commit: string): Promise<ReadonlyMap<string, string> | undefined>;
  /** What an id of a file stands for. */
  blob(id: string): Promise<Uint8Array>;
}

/** GitHub refused, or could not be reached. The message is a sentence without address and token. */
export class ApiError extends Error {
  readonly status: number | undefined;
  constructor(message: string, status: number | undefined, cause: unknown) {
    super(message, { cause });
    this.name = 'ApiError';
    this.status = status;
  }
}

export interface ApiSettings {
  readonly token: string;
  /** `owner/name` */
  readonly repository: string;
}

/** Waiting longer than this for a limit to pass is no service to anybody. */
const PATIENCE_SECONDS = 30;
const CALL_LIMIT = 20_000;

/** Asks as GitHub wants to be asked: with retries for what passes and pauses for its limits. The client is loaded with the first call. */
export function openGitHubApi({ token, repository }: ApiSettings): GitHubApi {
  const [owner = '', repo = ''] = repository.split('/');
  let client: ReturnType<typeof connect> | undefined;
  const get = async (route: string, parameters: Readonly<Record<string, string | number>>, what: string): Promise<unknown> => {
    client ??= connect(token);
    try {
      const { request } = await client;
      const answer = await request(`GET /repos/{owner}/{repo}/${route}`, {
        owner,
        repo,
        ...parameters,
        request: { signal: AbortSignal.timeout(CALL_LIMIT) },
      });
      return answer.data as unknown;
    } catch (cause) {
      throw refusal(what, cause);
    }
  };
  return {
    mergeBase: async (base, head) => {
      const what = 'where the change begins';
      const compared = await get('compare/{basehead}', { basehead: `${base}...${head}`, per_page: 1 }, what);
      const commit = isJsonObject(compared) ? compared['merge_base_commit'] : undefined;
      const id = isJsonObject(commit) ? commit['sha'] : undefined;
      if (typeof id !== 'string') throw unexpected(what);
      return id;
    },
    filesOf: async (commit) => {
      const what = `the files of ${commit.slice(0, 9)}`;
      const answer = await get('git/trees/{tree_sha}', { tree_sha: commit, recursive: '1' }, what);
      if (!isJsonObject(answer) || !Array.isArray(answer['tree'])) throw unexpected(what);
      return answer['truncated'] === true ? undefined : new Map(answer['tree'].flatMap(fileEntry));
    },
    blob: async (id) => {
      const what = 'a file of the base';
      const answer = await get('git/blobs/{file_sha}', { file_sha: id }, what);
      const content = isJsonObject(answer) && answer['encoding'] === 'base64' ? answer['content'] : undefined;
      if (typeof content !== 'string') throw unexpected(what);
      return Buffer.from(content, 'base64');
    },
  };
}

async function connect(token: string) {
  const [{ getOctokit }, { retry }, { throttling }] = await Promise.all([
    import('@actions/github'),
    import('@octokit/plugin-retry'),
    import('@octokit/plugin-throttling'),
  ]);
  const isPatient = (seconds: number, _options: unknown, _client: unknown, retries: number) => retries < 2 && seconds <= PATIENCE_SECONDS;
  const options = {
    log: SILENT,
    retry: { retries: 2 },
    throttle: { onRateLimit: isPatient, onSecondaryRateLimit: isPatient },
  };
  return getOctokit(token, options, retry, throttling);
}

const SILENT = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** Links (120000) and submodules are no regular files. */
function fileEntry(entry: unknown): readonly (readonly [string, string])[] {
  if (!isJsonObject(entry)) return [];
  const { path, mode, type, sha } = entry;
  const isFile = type === 'blob' && typeof mode === 'string' && mode.startsWith('100');
  return isFile && typeof path === 'string' && typeof sha === 'string' ? [[path, sha]] : [];
}

function refusal(what: string, cause: unknown): ApiError {
  const status = cause instanceof Error && 'status' in cause && typeof cause.status === 'number' ? cause.status : undefined;
  const why =
    status === undefined || (cause instanceof Error && cause.name !== 'HttpError') ? 'it could not be reached' : `it answered ${status}`;
  return new ApiError(`GitHub did not tell ${what}: ${why}`, status, cause);
}

function unexpected(what: string): ApiError {
  return new ApiError(`GitHub did not tell ${what}: its answer has another shape than documented`, undefined, undefined);
}
