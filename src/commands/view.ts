import { resolve } from 'node:path';
import { codeOf } from '../host/failure.ts';
import { given } from '../host/given.ts';
import type { World } from '../host/world.ts';
import { SPOOL_NAME } from '../telemetry/emit.ts';
import { readTrace, renderTrace, traceDocument } from '../telemetry/view.ts';
import { type Command, UsageError } from './command.ts';
import { formatFlag } from './flags.ts';

/** Shows a trace as a tree: of a spool, of an export directory, or of any file of OTLP/JSON. */
export const view: Command = {
  name: 'view',
  summary: 'Show a trace as a tree: statuses, gates, durations, links.',
  args: [
    { name: 'path', describes: 'a spool, an export directory, or a file of OTLP/JSON (default: contextcore-export)', required: false },
  ],
  flags: [{ flags: '--filter <text>', describes: 'only tasks whose id, type, title or status holds this' }, formatFlag],
  act: async (call, world, terminal) => {
    const tree = await readTrace(call.args[0] ?? 'contextcore-export', world).catch((error: unknown) =>
      failed(error, call.args[0] ?? 'contextcore-export', world),
    );
    const options = { colour: terminal.colour, ...given({ filter: call.text('filter') }) };
    terminal.out(
      call.text('format') === 'json'
        ? JSON.stringify(traceDocument(tree, call.text('filter')), null, 2) + '\n'
        : renderTrace(tree, options),
    );
    return 0;
  },
};

function failed(error: unknown, path: string, world: World): never {
  if (codeOf(error) === 'ENOENT') {
    const missing = (error as NodeJS.ErrnoException).path;
    if (missing === undefined || missing === resolve(world.root, path))
      throw new UsageError(`${path} does not exist; check the path, which is taken from the working directory.`);
    throw new UsageError(`${path} holds no ${SPOOL_NAME}: its spans were sent, or none were drafted.`);
  }
  const inside = error instanceof Error ? error.message.replaceAll(world.root + '/', '') : String(error);
  throw new UsageError(`${path} cannot be shown: ${inside}`);
}
