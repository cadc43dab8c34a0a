import type { Flag } from './command.ts';

/** `-p/--path` and `--manifest` are one option (design.md, The command line). */
export const pathFlags: readonly Flag[] = [
  { flags: '-p, --path <file>', describes: 'the manifest' },
  { flags: '--manifest <file>', describes: 'the manifest', aliasOf: 'path' },
];

export const formatFlag: Flag = { flags: '--format <format>', describes: 'how to answer', choices: ['text', 'json'], default: 'text' };

export const reportFlag: Flag = { flags: '-r, --report <file>', describes: 'also write the JSON report to this file' };
