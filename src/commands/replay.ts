import { join } from 'node:path';
import { given } from '../host/given.ts';
import { parseChoice, parseDuration, parseEndpoint, parseHeaders } from '../host/settings.ts';
import { isThereIn } from '../host/texts.ts';
import type { World } from '../host/world.ts';
import { visible } from '../report/escape-terminal.ts';
import { SPOOL_NAME } from '../telemetry/emit.ts';
import { PROTOCOLS } from '../telemetry/endpoint.ts';
import { replaySpool } from '../telemetry/replay.ts';
import { type Command, UsageError } from './command.ts';
import { formatFlag, judgeFlags } from './flags.ts';

/** Sends what waits in a spool: the same spans, ids and times. Can be stopped and started again. */
export const replay: Command = {
  name: 'replay',
  summary: 'Send the spans that wait in a spool: the same spans, ids and times.',
  args: [{ name: 'spool', describes: 'the spool, task-spans.otlp.jsonl, or the export directory that holds it', required: true }],
  flags: [
    { flags: '--otlp-endpoint <url>', describes: 'where to; else the OTEL_* variables decide' },
    { flags: '--endpoint <url>', describes: 'the same', aliasOf: 'otlpEndpoint' },
    { flags: '--otlp-headers <list>', describes: 'name=value,name=value' },
    { flags: '--otlp-protocol <name>', describes: 'how', choices: PROTOCOLS },
    { flags: '--otlp-timeout <time>', describes: 'for everything: 30s, 500ms, or seconds', default: '30s' },
    formatFlag,
  ],
  act: async (call, world, terminal) => {
    const settings = judgeFlags(call, (flag) => ({
      timeoutMs: flag('otlp-timeout', parseDuration) ?? 30_000,
      ...given({
        endpoint: flag('otlp-endpoint', parseEndpoint),
        headers: flag('otlp-headers', parseHeaders),
        protocol: flag('otlp-protocol', parseChoice(PROTOCOLS)),
        cancel: terminal.signal,
      }),
    }));
    const done = await replaySpool(spoolAt(call.args[0]!, world), settings, world);
    const told = {
      state: done.state,
      reason: done.reason,
      found: done.found,
      sent: done.sent,
      waiting: done.waiting,
      lost: done.lost,
      unreadable_lines: done.unreadableLines,
      ...(done.metrics && { metrics: done.metrics }),
    };
    terminal.out(call.text('format') === 'json' ? JSON.stringify(told, null, 2) + '\n' : visible(done.reason) + '\n');
    if (done.state === 'refused' || done.state === 'unreadable') return 2;
    return done.waiting > 0 || done.lost > 0 || (done.metrics?.waiting ?? 0) > 0 ? 1 : 0;
  },
};

/** The spool itself, or the one in an export directory. @throws UsageError where there is neither. */
function spoolAt(path: string, world: World): string {
  const isThere = isThereIn(world.root);
  const inside = join(path, SPOOL_NAME);
  if (isThere(inside)) return inside;
  if (isThere(path)) return path;
  throw new UsageError(`${path} does not exist; check the path, which is taken from the working directory.`);
}
