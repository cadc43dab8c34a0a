import type { Parser } from '../host/settings.ts';
import { type Call, type Flag, UsageError } from './command.ts';

/** `-p/--path` and `--manifest` are one option (design.md, The command line). */
export const pathFlags: readonly Flag[] = [
  { flags: '-p, --path <file>', describes: 'the manifest' },
  { flags: '--manifest <file>', describes: 'the manifest', aliasOf: 'path' },
];

export const PROTOCOLS = ['http/json', 'http/protobuf'] as const;

export const formatFlag: Flag = { flags: '--format <format>', describes: 'how to answer', choices: ['text', 'json'], default: 'text' };

export const reportFlag: Flag = { flags: '-r, --report <file>', describes: 'also write the JSON report to this file' };

/** The value of a flag, by its name on the command line; undefined where it is not given. */
export type ReadFlag = <T>(name: string, parse: Parser<T>) => T | undefined;

/** Reads flags whose values can be wrong. @throws UsageError with every fault, each on its line. */
export function judgeFlags<T>(call: Call, read: (flag: ReadFlag, fault: (message: string) => void) => T): T {
  const faults: string[] = [];
  const flag: ReadFlag = (name, parse) => {
    const text = call.text(name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase()));
    const setting = text === undefined ? undefined : parse(text);
    if (setting?.ok === false) faults.push(`--${name}: ${setting.why}`);
    return setting?.ok ? setting.value : undefined;
  };
  const done = read(flag, (message) => faults.push(message));
  if (faults.length > 0) throw new UsageError(faults.join('\n'));
  return done;
}
