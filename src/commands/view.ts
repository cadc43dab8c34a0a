import { given } from '../host/given.ts';
import type { World } from '../host/world.ts';
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
  const inside = error instanceof Error ? error.message.replaceAll(world.root + '/', '') : String(error);
  throw new UsageError(`${path} cannot be shown: ${inside}`);
}
