/** What version of the sources a run saw. A fact that git could not tell in time is absent. */
export interface GitFacts {
  readonly commit?: string;
  /** `HEAD` when detached. */
  readonly branch?: string;
  /** Untracked files count. */
  readonly dirty?: boolean;
  /** Of `origin`, without credentials; absent for a path on this machine. */
  readonly remote?: string;
}

/** Asks git about the repository that holds `dir`, five seconds a question. Undefined outside a repository and where there is no git. */
export async function gitFacts(dir: string): Promise<GitFacts | undefined> {
  const git = await asker(dir);
  if ((await git('rev-parse', '--is-inside-work-tree'))?.trim() !== 'true') return undefined;
  const [commit, branch, status, url] = await Promise.all([
    git('rev-parse', '--verify', '--quiet', 'HEAD'),
    git('rev-parse', '--abbrev-ref', 'HEAD'),
    git('status', '--porcelain'),
    git('remote', 'get-url', 'origin'),
  ]);
  const remote = url === undefined ? undefined : publicRemote(url.trim());
  return {
    ...(commit?.trim() && { commit: commit.trim() }),
    ...(branch?.trim() && { branch: branch.trim() }),
    ...(status !== undefined && { dirty: status.trim() !== '' }),
    ...(remote !== undefined && { remote }),
  };
}

/** A remote as it may be shown: no user, password, query or fragment, and nothing at all of a path on this machine. */
export function publicRemote(url: string): string | undefined {
  if (/^(https?|ssh|git|ftps?):\/\//i.test(url)) {
    if (!URL.canParse(url)) return undefined;
    const { protocol, host, pathname } = new URL(url);
    return `${protocol}//${host}${pathname}`;
  }
  const scp = /^(?:[^@/\s]+@)?(\[[^\]\s]+\]|[^@/:\s]{2,}):(?!\/\/)([^\s]+)$/.exec(url);
  return scp ? `${scp[1]}:${scp[2]}` : undefined;
}

type Ask = (...args: readonly string[]) => Promise<string | undefined>;

async function asker(dir: string): Promise<Ask> {
  const { execFile } = await import('node:child_process');
  // A repository's own settings may name programs to run (core.fsmonitor); reading facts is no reason to run them, nor to take its locks.
  const env = { ...process.env, GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' };
  const settings = { cwd: dir, env, timeout: TIME_LIMIT, maxBuffer: ENOUGH, windowsHide: true };
  return (...args) =>
    new Promise((answer) => {
      execFile('git', ['-c', 'core.fsmonitor=false', ...args], settings, (error, stdout) => {
        // More changed files than we read is an answer too.
        const cut = error !== null && error.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER';
        answer(error === null || cut ? stdout : undefined);
      });
    });
}

const TIME_LIMIT = 5000;
const ENOUGH = 64 * 1024;
