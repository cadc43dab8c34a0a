import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { realPath } from './texts.ts';

/** What git has stored of a repository, read without touching its work tree. */
export interface GitObjects extends AsyncDisposable {
  /** The absolute path of the work tree's top. */
  readonly top: string;
  /** The full id of the commit that a revision names; undefined when it is not here. */
  commitOf(revision: string): Promise<string | undefined>;
  /** As the commit itself says, also where a shallow clone cut them off. */
  parentsOf(commit: string): Promise<readonly string[]>;
  mergeBase(one: string, other: string): Promise<string | undefined>;
  /** Regular files by their path from the top, with the id of what they hold; undefined when a part of the tree is not here. */
  filesOf(commit: string): Promise<ReadonlyMap<string, string> | undefined>;
  /** What an id stands for; undefined when it is not here, or larger than `max` bytes. */
  read(id: string, max: number): Promise<Uint8Array | undefined>;
}

/** Opens the repository that holds a directory; undefined outside of one and where there is no git. */
export async function openGitObjects(dir: string): Promise<GitObjects | undefined> {
  const top = (await ask(dir, ['rev-parse', '--show-toplevel']))?.toString().replace(/\r?\n$/, '');
  if (!top) return undefined;
  const batch = openBatch(top);
  return {
    top: await realPath(top),
    commitOf: async (revision) => idOf(await ask(top, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`])),
    parentsOf: async (commit) => {
      const raw = await batch.read(commit, COMMIT_BYTES);
      const head =
        Buffer.from(raw ?? [])
          .toString('latin1')
          .split('\n\n', 1)[0] ?? '';
      return [...head.matchAll(/^parent ([0-9a-f]+)$/gm)].map(([, id]) => id!);
    },
    mergeBase: async (one, other) => idOf(await ask(top, ['merge-base', '--end-of-options', one, other])),
    filesOf: async (commit) => {
      const listing = await ask(top, ['ls-tree', '-r', '-z', '--full-tree', '--end-of-options', commit]);
      return listing && parseListing(listing.toString());
    },
    read: (id, max) => batch.read(id, max),
    [Symbol.asyncDispose]: () => batch.close(),
  };
}

const TIME_LIMIT = 20_000;
const LISTING_BYTES = 256 * 1024 * 1024;
const COMMIT_BYTES = 1024 * 1024;

/**
 * A hook's GIT_* variables would speak of another repository. `core.fsmonitor` of a stranger's repository is a command, and a clone that lacks objects on
 * purpose would fetch them one by one: both are switched off.
 */
function environment(): NodeJS.ProcessEnv {
  const plain = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_')));
  return { ...plain, GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', GIT_NO_LAZY_FETCH: '1', GIT_NO_REPLACE_OBJECTS: '1', LC_ALL: 'C' };
}

const SETTINGS = ['-c', 'core.fsmonitor=false', '-c', 'core.quotePath=false'];

function ask(cwd: string, args: readonly string[]): Promise<Buffer | undefined> {
  const options = {
    cwd,
    env: environment(),
    timeout: TIME_LIMIT,
    maxBuffer: LISTING_BYTES,
    windowsHide: true,
    encoding: 'buffer',
  } as const;
  const { execFile } = process.getBuiltinModule('node:child_process');
  return new Promise((answer) => {
    execFile('git', [...SETTINGS, ...args], options, (error, stdout) => answer(error ? undefined : stdout));
  });
}

function idOf(answer: Buffer | undefined): string | undefined {
  const id = answer?.toString().trim().split('\n')[0];
  return id && /^[0-9a-f]{40,64}$/.test(id) ? id : undefined;
}

/** `100644 blob ID\tPATH`, ended by NUL; links and submodules are no regular files. */
function parseListing(listing: string): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const line of listing.split('\0')) {
    const tab = line.indexOf('\t');
    if (tab > 0 && line.startsWith('100')) files.set(line.slice(tab + 1), line.slice(line.lastIndexOf(' ', tab) + 1, tab));
  }
  return files;
}

interface Batch {
  read(id: string, max: number): Promise<Uint8Array | undefined>;
  close(): Promise<void>;
}

interface Waiting {
  readonly max: number;
  readonly answer: (bytes: Uint8Array | undefined) => void;
}

/** One `git cat-file --batch` for all that is asked, begun with the first question; answers come in the order of the questions. */
function openBatch(cwd: string): Batch {
  const waiting: Waiting[] = [];
  let child: ChildProcessWithoutNullStreams | undefined;
  let ended = false;
  const end = () => {
    ended = true;
    for (const { answer } of waiting.splice(0)) answer(undefined);
  };
  const start = () => {
    const { spawn } = process.getBuiltinModule('node:child_process');
    const begun = spawn('git', [...SETTINGS, 'cat-file', '--batch'], { cwd, env: environment(), windowsHide: true });
    const take = answerReader(waiting);
    begun.stdout.on('data', take);
    begun.stderr.resume();
    begun.on('error', end).on('close', end);
    begun.stdin.on('error', end);
    return begun;
  };
  return {
    read: (id, max) => {
      if (ended || !/^[0-9a-f]{40,64}$/.test(id)) return Promise.resolve(undefined);
      child ??= start();
      return new Promise((answer) => {
        waiting.push({ max, answer });
        child!.stdin.write(`${id}\n`);
      });
    },
    close: async () => {
      ended = true;
      if (child === undefined || child.exitCode !== null) return;
      const gone = new Promise((done) => child!.once('close', done));
      child.stdin.end();
      child.kill();
      await gone;
    },
  };
}

/** Takes the stream apart: `ID TYPE SIZE`, the bytes, a line feed; or `ID missing`. Of what is too large only the length is kept count of. */
function answerReader(waiting: Waiting[]): (chunk: Buffer) => void {
  let head = Buffer.alloc(0);
  let body: { readonly kept: Buffer[] | undefined; left: number } | undefined;
  return (chunk) => {
    let rest = chunk;
    while (rest.length > 0) {
      if (body === undefined) {
        const feed = rest.indexOf(10);
        head = Buffer.concat([head, feed === -1 ? rest : rest.subarray(0, feed)]);
        if (feed === -1) return;
        rest = rest.subarray(feed + 1);
        const size = /^[0-9a-f]+ \w+ (\d+)$/.exec(head.toString())?.[1];
        head = Buffer.alloc(0);
        if (size === undefined) waiting.shift()?.answer(undefined);
        else body = { kept: Number(size) <= (waiting[0]?.max ?? 0) ? [] : undefined, left: Number(size) + 1 };
        continue;
      }
      const part = rest.subarray(0, body.left);
      rest = rest.subarray(part.length);
      body.left -= part.length;
      body.kept?.push(part);
      if (body.left > 0) return;
      waiting.shift()?.answer(body.kept && Buffer.concat(body.kept).subarray(0, -1));
      body = undefined;
    }
  };
}
