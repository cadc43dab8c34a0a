import { resolve } from 'node:path';
import { type Deadline, startDeadline } from '../host/deadline.ts';
import { openSpool, type SpoolFile } from '../host/spool-file.ts';
import type { World } from '../host/world.ts';
import type { Drafts } from './draft.ts';
import type { Emission, MetricsEmission } from './emission.ts';
import { causeOf, reasonFor, type Tally } from './emission-reason.ts';
import { type Endpoint, judgeEndpoint, type Protocol } from './endpoint.ts';
import { type OtlpLine, otlpLines } from './otlp-json.ts';
import { accountForMetrics, type Beside, besideTrace, sendBeside } from './send-metrics.ts';
import { countShares, type Delivery, type Patience, remainsOf, type Sender, startSender } from './sender.ts';

/** `auto` sends when an endpoint is given here; `true` also takes it from OTEL_* variables; `dry-run` drafts only; `false` does nothing. */
export type EmitMode = 'auto' | 'true' | 'dry-run' | 'false';

export interface EmitSettings {
  readonly mode: EmitMode;
  readonly endpoint?: string;
  /** `key=value,key=value`. */
  readonly headers?: string;
  /** `http/json` when neither this nor a variable says otherwise. */
  readonly protocol?: Protocol;
  /** Milliseconds for everything: connecting, sending, retrying. */
  readonly timeoutMs: number;
  /** Where the spool stands from its first line on; a relative path is taken from the world's root. */
  readonly spoolPath: string;
  /** The same path as a person would type it; `spoolPath` when absent. */
  readonly spoolShown?: string;
  readonly patience?: Patience;
  /** The caller's way to stop waiting, e.g. Ctrl-C. */
  readonly cancel?: AbortSignal;
}

/** The spool's file name inside the export directory. */
export const SPOOL_NAME = 'task-spans.otlp.jsonl';

/**
 * Spool first, send second, strike off what the receiver took: every span is sent, spooled or lost, and the answer says how many of each and why.
 * Never throws; ends within its time; leaves nothing behind that keeps the process alive.
 */
export async function emit(drafts: Drafts, settings: EmitSettings, world: World): Promise<Emission> {
  const asked = { ...settings, fromEnvironment: settings.mode === 'true' };
  const endpoint = judgeEndpoint(asked, world.env);
  const idle = idleState(drafts, settings, world);
  if (idle) return concluded(drafts, idle, { tally: NOTHING }, reasonFor({ idle, drafted: drafts.spans.length }), settings);
  const beside = besideTrace(drafts, asked, endpoint, world.env);
  for (const notice of new Set([...endpoint.notices, ...(beside?.endpoint.notices ?? [])])) world.tell(notice);
  const outcome = await deliver(drafts, settings, endpoint, beside, world);
  const reason = reasonFor({
    ...outcome,
    drafted: drafts.spans.length,
    endpoint,
    spool: settings.spoolShown ?? settings.spoolPath,
    settings,
    env: world.env,
  });
  const emission = concluded(drafts, stateOf(outcome.tally, drafts.spans.length), outcome, reason, settings);
  if (emission.state !== 'sent') return emission;
  return { ...emission, acceptedAt: world.clock.now().toISOString().replace('Z', '+00:00') };
}

/** Why nothing is to be done at all. */
export type Idle = 'previewed' | 'off' | 'disabled' | 'empty';

function idleState({ spans }: Drafts, { mode }: EmitSettings, { env }: World): Idle | undefined {
  if (mode === 'dry-run') return 'previewed';
  if (mode === 'false') return 'off';
  if (env['OTEL_SDK_DISABLED']?.trim().toLowerCase() === 'true') return 'disabled';
  return spans.length === 0 ? 'empty' : undefined;
}

const NOTHING: Tally = { sent: 0, spooled: 0, lost: 0 };

function concluded(
  drafts: Drafts,
  state: Emission['state'] | Idle,
  { tally, metrics }: Pick<Outcome, 'tally' | 'metrics'>,
  reason: string,
  settings: EmitSettings,
): Emission {
  const { traceId, traceIds, epicSpanId, spans } = drafts;
  return {
    state: state === 'off' || state === 'disabled' || state === 'empty' ? 'none' : state,
    reason,
    ...(spans.length > 0 ? { traceId, epicSpanId } : {}),
    traceIds: spans.length > 0 ? traceIds : [],
    ...(tally.spooled > 0 || (metrics?.spooled ?? 0) > 0 ? { spool: settings.spoolPath.split(/[/\\]/).at(-1)! } : {}),
    drafted: spans.length,
    ...tally,
    ...(metrics ? { metrics } : {}),
  };
}

function stateOf({ sent, spooled, lost }: Tally, drafted: number): Emission['state'] {
  if (sent === drafted) return 'sent';
  if (spooled === drafted) return 'spooled';
  return lost === drafted ? 'lost' : 'partial';
}

/** What became of the spans, and everything a sentence about it needs. */
export interface Outcome {
  readonly tally: Tally;
  readonly metrics?: MetricsEmission;
  /** Spans in the spool whose line is too long for a Collector's file receiver as it comes. */
  readonly overlong: number;
  /** What receivers answered when they did not take everything. */
  readonly reasons: readonly string[];
  /** Why nothing could be spooled. */
  readonly spoolFault?: string;
  /** Lines of earlier runs wait in the spool too. */
  readonly hadMore: boolean;
}

async function deliver(
  drafts: Drafts,
  settings: EmitSettings,
  endpoint: Endpoint,
  beside: Beside | undefined,
  world: World,
): Promise<Outcome> {
  using deadline = startDeadline(settings.timeoutMs, settings.cancel);
  const spool = openSpoolBook(settings, endpoint, world);
  const sending = await openSending(settings, endpoint, world, deadline);
  try {
    const lines: OfferedLine[] = [];
    let written = Promise.resolve();
    for (const line of sending.sender ? await linesToSend(drafts, endpoint) : otlpLines(drafts)) {
      await written;
      written = spool.write(line);
      // While this line goes to disk the next one is made.
      if (sending.sender?.isOpen()) await sending.sender.offer(line, lines.length, written.then(spool.sync));
      else written = written.then(line.release);
      lines.push({ spans: line.spans, bytes: line.body.byteLength });
    }
    await written;
    for (const line of beside?.lines ?? []) await spool.write(line);
    // Before anything is sent it survives the machine; what is only written survives the process, which is enough to be sent later.
    if (sending.sender) await spool.sync();
    const delivery = (await sending.sender?.finish()) ?? { accepted: new Map<number, number>(), reasons: sending.reasons };
    const remains = remainsOf(delivery);
    const points = await sendBeside(beside, endpoint, remains.size > 0, { world, deadline, patience: settings.patience });
    const first = lines.length;
    await spool.strike(new Map([...remains, ...[...remainsOf(points)].map(([number, left]) => [first + number, left] as const)]));
    const { tally, overlong } = tallyOf(lines, delivery, spool.written());
    const told = {
      kept: (number: number) => first + number < spool.written(),
      spool: settings.spoolShown ?? settings.spoolPath,
      spansWait: tally.spooled > 0,
    };
    const metrics = beside && { metrics: accountForMetrics(beside, points, told) };
    return { tally, overlong, ...metrics, reasons: delivery.reasons, hadMore: spool.hadMore, ...spool.fault() };
  } finally {
    sending.close();
  }
}

/** A line of this run, without its bytes: what was sent need not stay in memory. */
interface OfferedLine {
  readonly spans: number;
  readonly bytes: number;
}

/** What is left of a line waits in the spool, if the line ever got there. */
function tallyOf(lines: readonly OfferedLine[], delivery: Delivery, written: number): Pick<Outcome, 'tally' | 'overlong'> {
  const tally = { sent: 0, spooled: 0, lost: 0 };
  let overlong = 0;
  for (const [number, { spans, bytes }] of lines.entries()) {
    const { sent, lost, left } = countShares(delivery, number, spans);
    const waits = number < written ? left : 0;
    tally.sent += sent;
    tally.lost += lost + left - waits;
    tally.spooled += waits;
    // Longer than a line may be is only a span that fills it alone.
    if (bytes > COLLECTOR_LINE) overlong += waits;
  }
  return { tally, overlong };
}

/** `max_log_size` of a Collector's file receiver, unless its configuration says more (otel.md §5). */
const COLLECTOR_LINE = 1024 * 1024;

interface Sending {
  readonly sender?: Sender;
  readonly reasons: readonly string[];
  readonly close: () => void;
}

async function openSending(settings: EmitSettings, endpoint: Endpoint, world: World, deadline: Deadline): Promise<Sending> {
  if (endpoint.state !== 'ready') return { reasons: [], close: () => undefined };
  try {
    const { openCarrier } = await import('./carrier.ts');
    const carrier = await openCarrier(endpoint, world, deadline);
    return { sender: startSender(carrier, deadline, settings.patience), reasons: [], close: carrier.close };
  } catch (error) {
    return { reasons: [`could not be asked: ${causeOf(error)}`], close: () => undefined };
  }
}

/**
 * When spans are sent, the SDK makes them. It loads with the first send and costs about a third of the whole way of 100,000 spans; a run that only spools
 * writes the same bytes straight from the drafts (a test holds the two equal).
 */
async function linesToSend(drafts: Drafts, endpoint: Endpoint): Promise<Iterable<OtlpLine>> {
  const { sdkSpans } = await import('./sdk-spans.ts');
  if (endpoint.state !== 'ready' || endpoint.protocol === 'http/json') return otlpLines(drafts, sdkSpans(drafts));
  const { protobufRequests } = await import('./protobuf-requests.ts');
  return otlpLines(drafts, sdkSpans(drafts), protobufRequests(drafts));
}

/** The spool with its faults remembered: a run that cannot write it still sends, and says so. */
interface SpoolBook {
  readonly write: (line: OtlpLine) => Promise<void>;
  /** Resolves when what was written is on disk. */
  readonly sync: () => Promise<void>;
  readonly strike: SpoolFile['strike'];
  /** Lines that are on disk; always the first ones. */
  readonly written: () => number;
  readonly hadMore: boolean;
  readonly fault: () => { readonly spoolFault?: string };
}

function openSpoolBook(settings: EmitSettings, endpoint: Endpoint, world: World): SpoolBook {
  let file: SpoolFile | undefined;
  let fault: string | undefined;
  let written = 0;
  const guard = async (act: () => Promise<void>) => {
    try {
      if (fault === undefined) await act();
    } catch (error) {
      fault = causeOf(error);
    }
  };
  try {
    file = openSpool(resolve(world.root, settings.spoolPath), { keep: endpoint.state !== 'absent' });
  } catch (error) {
    fault = causeOf(error);
  }
  return {
    hadMore: file?.hadMore ?? false,
    write: (line) =>
      guard(async () => {
        await file?.append(line.body);
        written += 1;
      }),
    sync: () => guard(async () => file?.sync()),
    strike: async (taken) => {
      const before = fault;
      fault = undefined;
      await guard(async () => file?.strike(new Map([...taken].filter(([number]) => number < written))));
      fault = before ?? fault;
    },
    written: () => written,
    fault: () => (fault === undefined ? {} : { spoolFault: fault }),
  };
}
