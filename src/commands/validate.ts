import { readBounded } from '../host/files.ts';
import type { Fault } from '../manifest/manifest.ts';
import { parseManifest } from '../manifest/parse-manifest.ts';
import { count } from '../report/words.ts';
import { faultLines } from '../reporters/fault-text.ts';
import { type Command, UsageError } from './command.ts';
import { pathFlags } from './flags.ts';

/** Judges a manifest alone: every fault at once, with line, column and what would be right (spec/manifest.md §11). */
export const validate: Command = {
  name: 'validate',
  summary: 'Check a manifest and list every fault with its line.',
  args: [],
  flags: [
    ...pathFlags,
    { flags: '--strict', describes: 'warnings make the manifest invalid' },
    { flags: '-f, --format <format>', describes: 'how to answer', choices: ['text', 'json'], default: 'text' },
  ],
  act: async (call, world, terminal) => {
    const path = call.text('path');
    if (path === undefined) throw new UsageError('validate needs the manifest: --path .contextcore.yaml');
    const read = await readBounded(world.root, path, 256 * 1024 * 1024);
    if (!read.ok) throw new UsageError(read.message);
    const parsed = parseManifest(read.bytes, path);
    const errors = parsed.ok ? [] : parsed.faults;
    const valid = parsed.ok && (call.flag('strict') !== true || parsed.warnings.length === 0);
    if (call.text('format') === 'json') {
      terminal.out(
        JSON.stringify({ valid, version: parsed.version, path, errors: errors.map(told), warnings: parsed.warnings.map(told) }, null, 2) +
          '\n',
      );
    } else {
      for (const fault of [...errors, ...parsed.warnings]) terminal.out(faultLines(fault, { colour: terminal.colour }));
      terminal.out(
        `${path}: ${valid ? 'valid' : 'not valid'} (${parsed.version}), ${count(errors.length, 'error')}, ${count(parsed.warnings.length, 'warning')}\n`,
      );
    }
    return valid ? 0 : 1;
  },
};

function told(fault: Fault) {
  const { code, path, place, message, suggestion } = fault;
  return { code, path, line: place.line, column: place.column ?? 1, message, ...(suggestion === undefined ? {} : { suggestion }) };
}
