import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How a program is called with files, and how it tells its version. */
export interface Call {
  /** What stands before `--` and the files. */
  readonly args: readonly string[];
  readonly version: readonly string[];
}

/** What it printed, in two streams put together; or why it did not come to an end. */
export type Shown =
  | { readonly state: 'answered'; readonly version?: string; readonly files: readonly string[]; readonly output: string }
  | { readonly state: 'silent'; readonly version?: string; readonly why: string };

/** Long enough for a thousand files; nobody waits longer for a second opinion. */
const TIME_LIMIT = 30_000;
const LONGEST_OUTPUT = 8 * 1024 * 1024;
/** Far below what a command line may be long. */
const AT_ONCE = 200;

/**
 * Shows a program copies of texts, in a folder of its own that is gone afterwards. The program is started by its absolute path, without a shell, without our
 * environment, and is ended when it takes too long or says too much; how it exits says nothing, since faults are what it is asked for.
 */
export async function showFiles(
  program: string,
  { args, version: asked }: Call,
  texts: readonly string[],
  limit = TIME_LIMIT,
): Promise<Shown> {
  const folder = await mkdtemp(join(tmpdir(), 'contextcore-second-'));
  try {
    const files = texts.map((_, index) => join(folder, `${index + 1}.yml`));
    await Promise.all(files.map((file, index) => writeFile(file, texts[index]!, { mode: 0o600, flag: 'wx' })));
    const told = await start(program, asked, folder, limit);
    const version = /\bversion\s+(\d[\w.+~-]*)/.exec(told.output)?.[1];
    const known = version === undefined ? {} : { version };
    let output = '';
    for (let from = 0; from < files.length; from += AT_ONCE) {
      const part = await start(program, [...args, '--', ...files.slice(from, from + AT_ONCE)], folder, limit);
      if (part.why !== undefined) return { state: 'silent', why: part.why, ...known };
      output += `${part.output}\n`;
    }
    return { state: 'answered', files, output, ...known };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Ended {
  readonly output: string;
  readonly why?: string;
}

function start(program: string, args: readonly string[], cwd: string, limit: number): Promise<Ended> {
  // Windows starts nothing without its root.
  const root = process.env['SystemRoot'];
  const env = { LC_ALL: 'C', HOME: cwd, ...(root !== undefined && { SystemRoot: root }) };
  const options = {
    cwd,
    env,
    timeout: limit,
    killSignal: 'SIGKILL',
    maxBuffer: LONGEST_OUTPUT,
    windowsHide: true,
    encoding: 'utf8',
  } as const;
  return new Promise((answer) => {
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      const output = `${stdout}\n${stderr}`;
      const why = error === null || typeof error.code === 'number' ? undefined : whyOf(error, limit);
      answer(why === undefined ? { output } : { output, why });
    });
    child.stdin?.on('error', () => {}).end();
  });
}

function whyOf(error: { readonly killed?: boolean; readonly code?: unknown; readonly signal?: unknown }, limit: number): string {
  if (error.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return `it printed more than ${LONGEST_OUTPUT} characters`;
  if (error.killed) return `it took longer than ${limit / 1000} seconds`;
  return error.signal ? `it was ended by ${String(error.signal)}` : `it could not be started (${String(error.code)})`;
}
