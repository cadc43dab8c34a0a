import type { EmitSettings, Idle, Outcome } from './emit.ts';
import type { Endpoint } from './endpoint.ts';

export interface Tally {
  readonly sent: number;
  readonly spooled: number;
  readonly lost: number;
}

type Told =
  | { readonly idle: Idle; readonly drafted: number }
  | (Outcome & {
      readonly idle?: undefined;
      readonly drafted: number;
      readonly endpoint: Endpoint;
      /** The spool as a person would type it. */
      readonly spool: string;
      readonly settings: EmitSettings;
      readonly env: Readonly<Record<string, string | undefined>>;
    });

/** One sentence or two for a person: what became of the spans, why, and what to do next. */
export function reasonFor(told: Told): string {
  if (told.idle) return IDLE[told.idle](told.drafted);
  const parts = [whatBecame(told), told.metrics?.reason ?? '', whatNext(told), tooLong(told), earlier(told)];
  return parts.filter((part) => part !== '').join(' ');
}

/** A fault of the file system or of our own, without the absolute path that Node puts into its message. */
export function causeOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (typeof code === 'string') return CODES.get(code) ?? code;
  return error instanceof Error ? error.message : String(error);
}

const CODES: ReadonlyMap<string, string> = new Map([
  ['EACCES', 'no permission (EACCES)'],
  ['EPERM', 'not permitted (EPERM)'],
  ['EROFS', 'the file system is read-only (EROFS)'],
  ['ENOSPC', 'the disk is full (ENOSPC)'],
  ['ELOOP', 'there is a symbolic link in its place (ELOOP)'],
  ['ENOENT', 'no such file (ENOENT)'],
  ['EISDIR', 'a directory stands in its place (EISDIR)'],
  ['ENOTDIR', 'part of its path is a file (ENOTDIR)'],
]);

const IDLE: Readonly<Record<Idle, (drafted: number) => string>> = {
  previewed: (drafted) => `A dry run: ${count(drafted)} drafted and written to the preview, none sent.`,
  off: () => 'emit-tasks is false.',
  disabled: () => 'OTEL_SDK_DISABLED is true, so no span is sent or spooled.',
  empty: () => 'There was nothing to emit.',
};

type Delivered = Extract<Told, { readonly endpoint: Endpoint }>;

function whatBecame(told: Delivered): string {
  const { tally, drafted, reasons, endpoint } = told;
  const to = endpoint.state === 'ready' ? endpoint.url.host : '';
  if (tally.sent === drafted)
    return `${to} accepted ${drafted === 1 ? 'the span' : `all ${drafted} spans`}.${reasons.length > 0 ? ` It ${reasons.join('; ')}.` : ''}`;
  if (endpoint.state === 'refused') return `${endpoint.reason} ${kept(told)}`;
  if (endpoint.state === 'absent') return `No endpoint is set${hint(told)}. ${kept(told)}`;
  const why = reasons.filter((reason) => reason !== '').join('; ') || 'stopped taking spans';
  return `${to} ${why}${why.endsWith('?') ? '' : '.'} ${tally.sent > 0 ? `${count(tally.sent)} sent. ` : ''}${kept(told)}`;
}

function kept({ tally, spool, spoolFault }: Delivered): string {
  const waiting = tally.spooled > 0 ? `${count(tally.spooled)} ${tally.spooled === 1 ? 'waits' : 'wait'} in ${spool}.` : '';
  const gone = tally.lost > 0 ? `${count(tally.lost)} lost${spoolFault ? `: the spool could not be written, ${spoolFault}` : ''}.` : '';
  return [waiting, gone].filter((part) => part !== '').join(' ');
}

function whatNext({ tally, metrics, spool, endpoint }: Delivered): string {
  if (tally.spooled === 0 && (metrics?.spooled ?? 0) === 0) return '';
  const to = endpoint.state === 'ready' ? '' : ' --otlp-endpoint URL';
  return `Send with: export-tasks replay ${quoted(spool)}${to}`;
}

function tooLong({ overlong }: Delivered): string {
  if (overlong === 0) return '';
  const of = overlong === 1 ? 'One of them is' : `${overlong} of them are`;
  return `(${of} longer than 1 MiB, which a Collector's file receiver reads only with a higher max_log_size.)`;
}

function hint({ settings, env }: Delivered): string {
  const found = ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT'].find((name) => env[name]?.trim());
  return settings.mode === 'auto' && found ? ` (${found} is, but emit-tasks is auto; with emit-tasks: true it is used)` : '';
}

function earlier({ hadMore, tally }: Delivered): string {
  return hadMore && tally.spooled > 0 ? '(Spans of earlier runs wait there too.)' : '';
}

function count(spans: number): string {
  return spans === 1 ? '1 span' : `${spans} spans`;
}

function quoted(path: string): string {
  return /^[\w./@:+-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
