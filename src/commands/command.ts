import type { World } from '../host/world.ts';

/** Where a command writes. JSON documents go to `out` alone; progress, notices and faults to `err`. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (line: string) => void;
  /** Colour and bars are wanted: a terminal, and NO_COLOR is unset. */
  readonly colour: boolean;
  /** Columns; 100 where there is no terminal. */
  readonly width: number;
  /** Cancels emission and waiting when the person presses Ctrl-C. */
  readonly signal?: AbortSignal;
}

/** One flag: its spelling as commander reads it, and one line of help. */
export interface Flag {
  readonly flags: string;
  readonly describes: string;
  readonly choices?: readonly string[];
  /** May be given several times; the value is a list. */
  readonly repeat?: boolean;
  readonly default?: string;
  /** A second spelling of another flag, left out of the help. */
  readonly aliasOf?: string;
}

/** What the person typed, by the flag's camelCase name. */
export interface Call {
  readonly args: readonly string[];
  readonly text: (name: string) => string | undefined;
  readonly list: (name: string) => readonly string[];
  /** True or false when the flag or its `--no-` form was given, else undefined. */
  readonly flag: (name: string) => boolean | undefined;
  /** The arguments as typed, for provenance. */
  readonly argv: readonly string[];
}

/** 0 passes, 1 the verdict fails or an input is invalid, 2 usage, I/O or a bug of ours (design.md, The command line). */
export type ExitCode = 0 | 1 | 2;

/** One command of the terminal. A member of the shelf `commands/`. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  readonly args: readonly { readonly name: string; readonly describes: string; readonly required: boolean }[];
  readonly flags: readonly Flag[];
  readonly act: (call: Call, world: World, terminal: Terminal) => Promise<ExitCode>;
}

/** The call's words are off, or something that must be read cannot be: told in one sentence, exit 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
