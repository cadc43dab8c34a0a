import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Option, Command as Program } from 'commander';
import type { Call, Command, ExitCode } from '../../src/commands/command.ts';
import { systemWorld } from '../../src/host/system-world.ts';
import type { World } from '../../src/host/world.ts';

/** What a command did, as a person or a script sees it. */
export interface Outcome {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
}

/** 2026-01-15T09:30:00Z */
const EPOCH = '1768469400';

const folders: string[] = [];

/** A fresh directory with these files. */
export async function folder(files: Readonly<Record<string, string>> = {}): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'export-tasks-'));
  folders.push(dir);
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, name)), { recursive: true });
    await writeFile(join(dir, name), text);
  }
  return dir;
}

export async function removeFolders(): Promise<void> {
  for (const dir of folders.splice(0)) await rm(dir, { recursive: true, force: true });
}

export function worldIn(root: string): World {
  return systemWorld({ SOURCE_DATE_EPOCH: EPOCH }, root, () => {});
}

/** Types a command line into a directory. A usage error is thrown, as the door sees it. */
export async function type(command: Command, root: string, ...argv: readonly string[]): Promise<Outcome> {
  let out = '';
  let err = '';
  const terminal = {
    out: (text: string) => {
      out += text;
    },
    err: (line: string) => {
      err += line + '\n';
    },
    colour: false,
    width: 100,
  };
  const code = await command.act(callOf(command, argv), worldIn(root), terminal);
  return { code, out, err };
}

function callOf(command: Command, argv: readonly string[]): Call {
  const program = new Program(command.name).exitOverride().configureOutput({ writeErr: () => {} });
  for (const arg of command.args) program.argument(arg.required ? `<${arg.name}>` : `[${arg.name}]`);
  for (const flag of command.flags) {
    const option = new Option(flag.flags);
    if (flag.choices) option.choices([...flag.choices]);
    if (flag.default !== undefined) option.default(flag.default);
    if (flag.repeat) option.argParser((value: string, before: unknown) => [...(Array.isArray(before) ? before : []), value]);
    program.addOption(option);
  }
  program.parse(argv, { from: 'user' });
  const found = (name: string): unknown => program.opts()[name];
  return {
    args: program.args,
    argv,
    text: (name) => (typeof found(name) === 'string' ? (found(name) as string) : undefined),
    list: (name) => (Array.isArray(found(name)) ? (found(name) as string[]) : []),
    flag: (name) => (typeof found(name) === 'boolean' ? (found(name) as boolean) : undefined),
  };
}
