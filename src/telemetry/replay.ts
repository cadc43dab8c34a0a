import { resolve } from 'node:path';
import { startDeadline } from '../host/deadline.ts';
import { type FileLine, readLines, removeLines } from '../host/spool-file.ts';
import type { World } from '../host/world.ts';
import { type Carrier, openCarrier } from './carrier.ts';
import { causeOf } from './emission-reason.ts';
import { judgeEndpoint, type Protocol } from './endpoint.ts';
import { countSpans } from './otlp-read.ts';
import { type Patience, startSender } from './sender.ts';

export interface ReplaySettings {
  /** When absent, the OTEL_* variables are asked. */
  readonly endpoint?: string;
  readonly headers?: string;
  readonly protocol?: Protocol;
  readonly timeoutMs: number;
  readonly patience?: Patience;
  readonly cancel?: AbortSignal;
}

/** What became of the spans of a spool. `found = sent + waiting + lost`; lines that are no trace request are counted apart and left in place. */
export interface Replay {
  readonly state: 'sent' | 'partial' | 'waiting' | 'empty' | 'refused' | 'unreadable';
  readonly reason: string;
  readonly found: number;
  readonly sent: number;
  readonly waiting: number;
  readonly lost: number;
  readonly unreadableLines: number;
}

/** The longest line that is read; ours have at most half a megabyte. */
const LONGEST_LINE = 64 * 1024 * 1024;

/**
 * Sends what waits in a spool: the same spans, ids and times, line by line, and strikes off what the receiver took. Stopped at any moment it can be started
 * again; a line sent twice is the same spans twice, which backends keep once. A line that is no OTLP trace request stays where it is.
 */
export async function replaySpool(path: string, settings: ReplaySettings, world: World): Promise<Replay> {
  const endpoint = judgeEndpoint({ ...settings, fromEnvironment: true }, world.env);
  for (const notice of endpoint.notices) world.tell(notice);
  if (endpoint.state === 'refused') return { ...NONE, state: 'refused', reason: endpoint.reason };
  if (endpoint.state === 'absent')
    return { ...NONE, state: 'refused', reason: 'No endpoint is set; name one with --otlp-endpoint or OTEL_EXPORTER_OTLP_ENDPOINT.' };
  using deadline = startDeadline(settings.timeoutMs, settings.cancel);
  let carrier: Carrier | undefined;
  try {
    carrier = await openCarrier(endpoint, world, deadline);
    const sender = startSender(carrier, deadline, settings.patience);
    const file = resolve(world.root, path);
    const lines: { readonly line: FileLine; readonly spans: number }[] = [];
    let unreadableLines = 0;
    for await (const line of readLines(file, LONGEST_LINE)) {
      const spans = line.bytes ? countSpans(line.bytes) : undefined;
      if (line.length > 0 && spans === undefined) unreadableLines += 1;
      if (spans === undefined || !line.bytes) continue;
      // Without its bytes: what was sent need not stay in memory.
      lines.push({ line: { offset: line.offset, length: line.length }, spans });
      if (sender.isOpen()) await sender.offer({ body: line.bytes, spans }, lines.length - 1);
    }
    const { accepted, reasons } = await sender.finish();
    await removeLines(
      file,
      lines.filter((_, number) => accepted.has(number)).map(({ line }) => line),
    );
    return concluded(
      lines.map(({ spans }) => spans),
      accepted,
      reasons,
      unreadableLines,
      path,
      endpoint.url.host,
    );
  } catch (error) {
    return { ...NONE, state: 'unreadable', reason: `${path} could not be replayed: ${causeOf(error)}.` };
  } finally {
    carrier?.close();
  }
}

const NONE = { found: 0, sent: 0, waiting: 0, lost: 0, unreadableLines: 0 };

function concluded(
  lines: readonly number[],
  accepted: ReadonlyMap<number, number>,
  reasons: readonly string[],
  unreadableLines: number,
  path: string,
  host: string,
): Replay {
  const tally = { found: 0, sent: 0, waiting: 0, lost: 0 };
  for (const [number, spans] of lines.entries()) {
    const rejected = accepted.get(number);
    tally.found += spans;
    tally.sent += rejected === undefined ? 0 : spans - rejected;
    tally.lost += rejected ?? 0;
    tally.waiting += rejected === undefined ? spans : 0;
  }
  const state =
    tally.found === 0 ? 'empty' : tally.sent === tally.found ? 'sent' : tally.sent === 0 && tally.lost === 0 ? 'waiting' : 'partial';
  const foreign =
    unreadableLines === 0
      ? ''
      : ` ${unreadableLines === 1 ? 'One line is' : `${unreadableLines} lines are`} no OTLP trace request and stayed in place.`;
  return { state, ...tally, unreadableLines, reason: SENTENCES[state]({ ...tally, path, host, why: reasons.join('; ') }) + foreign };
}

interface Words {
  readonly found: number;
  readonly sent: number;
  readonly waiting: number;
  readonly lost: number;
  readonly path: string;
  readonly host: string;
  readonly why: string;
}

const SENTENCES: Readonly<Record<'sent' | 'partial' | 'waiting' | 'empty', (words: Words) => string>> = {
  sent: ({ found, host }) => `${host} accepted all ${found} spans.`,
  partial: ({ sent, waiting, lost, path, host, why }) => `${host} ${why}. ${sent} sent, ${waiting} still wait in ${path}, ${lost} lost.`,
  waiting: ({ waiting, path, host, why }) => `${host} ${why}. All ${waiting} spans still wait in ${path}.`,
  empty: ({ path }) => `${path} holds no spans.`,
};
