import { checkRequest, type ReceivedSpan, type TypedAttributes } from '../../scripts/receiver.ts';

/** What a backend is known to change, so that anything else it changes is seen (measured; .github/BACKENDS.md). */
export interface Habits {
  /** Span flags are not kept. */
  readonly dropsFlags?: true;
  /** Events come back by name. */
  readonly sortsEvents?: true;
  /** Keys it adds to spans. */
  readonly adds?: readonly string[];
}

/** OTLP/JSON lines as spans, read as strictly as our receiver reads a request. */
export function spansOfLines(text: string): readonly ReceivedSpan[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) => spansOf(JSON.parse(line)));
}

/** A parsed OTLP/JSON document, ids in hex or base64, enums as numbers or names, empty fields there or not. */
export function spansOf(document: { readonly resourceSpans?: readonly any[] }): readonly ReceivedSpan[] {
  const resourceSpans = (document.resourceSpans ?? []).map(({ resource, scopeSpans }) => ({
    resource: resource ?? {},
    scopeSpans: scopeSpans.map(({ scope, spans }: any) => ({ scope: { name: '', version: '', ...scope }, spans: spans.map(plain) })),
  }));
  return resourceSpans.length === 0 ? [] : checkRequest(JSON.stringify({ resourceSpans }));
}

/** What differs, one line each, the first twenty. Spans and attributes may come in any order, events and links may not. */
export function differences(sent: readonly ReceivedSpan[], got: readonly ReceivedSpan[], habits: Habits = {}): readonly string[] {
  const found: string[] = [];
  const rest = new Map(got.map((span) => [idOf(span), span]));
  if (rest.size !== got.length) found.push(`${got.length - rest.size} spans came more than once`);
  for (const span of sent) {
    const other = rest.get(idOf(span));
    rest.delete(idOf(span));
    if (!other) found.push(`${titleOf(span)} is missing`);
    else found.push(...changed(span, other, habits).map((what) => `${titleOf(span)}: ${what}`));
    if (found.length >= 20) return found;
  }
  for (const span of rest.values()) found.push(`${titleOf(span)} was never sent`);
  return found.slice(0, 20);
}

export function idOf({ traceId, spanId }: Pick<ReceivedSpan, 'traceId' | 'spanId'>): string {
  return `${traceId}/${spanId}`;
}

/** The value of an attribute without its type. */
export function attributeOf(attributes: TypedAttributes, key: string): unknown {
  return attributes[key]?.value;
}

function changed(sent: ReceivedSpan, got: ReceivedSpan, { dropsFlags, sortsEvents, adds = [] }: Habits): readonly string[] {
  const added = new Set(adds.filter((key) => !Object.hasOwn(sent.attributes, key)));
  const attributes = Object.fromEntries(Object.entries(got.attributes).filter(([key]) => !added.has(key)));
  const read: ReceivedSpan = {
    ...got,
    attributes,
    flags: dropsFlags ? sent.flags : got.flags,
  };
  const was = sortsEvents ? sorted(sent) : sent;
  const is = sortsEvents ? sorted(read) : read;
  const fields = Object.keys({ ...was, ...is }) as (keyof ReceivedSpan)[];
  return fields
    .filter((field) => canonical(was[field]) !== canonical(is[field]))
    .map((field) => `${field} was ${clip(canonical(was[field]))} and is ${clip(canonical(is[field]))}`);
}

function sorted(span: ReceivedSpan): ReceivedSpan {
  const key = (event: ReceivedSpan['events'][number]) => `${event.time} ${canonical(event)}`;
  return { ...span, events: span.events.toSorted((a, b) => (key(a) < key(b) ? -1 : 1)) };
}

/** A value as text, whatever the order of its keys. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, held: unknown) => {
    if (typeof held === 'bigint') return String(held);
    if (typeof held !== 'object' || held === null || Array.isArray(held)) return held;
    return Object.fromEntries(Object.entries(held).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

function clip(text: string | undefined): string {
  return text === undefined ? 'absent' : text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function titleOf(span: ReceivedSpan): string {
  return `${span.name} ${String(attributeOf(span.attributes, 'task.id') ?? '')} ${idOf(span)}`;
}

function plain(span: any): any {
  const { schemaUrl: _, ...rest } = span;
  return {
    ...rest,
    traceId: hex(span.traceId, 32),
    spanId: hex(span.spanId, 16),
    ...(span.parentSpanId ? { parentSpanId: hex(span.parentSpanId, 16) } : {}),
    kind: code(KINDS, span.kind),
    ...(span.links
      ? { links: span.links.map((link: any) => ({ ...link, traceId: hex(link.traceId, 32), spanId: hex(link.spanId, 16) })) }
      : {}),
    status: { ...span.status, code: code(STATUSES, span.status?.code ?? 0) },
  };
}

const KINDS = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'].map((name) => `SPAN_KIND_${name}`);
const STATUSES = ['UNSET', 'OK', 'ERROR'].map((name) => `STATUS_CODE_${name}`);

function code(names: readonly string[], value: unknown): unknown {
  return typeof value === 'string' ? names.indexOf(value) : value;
}

function hex(id: string, digits: number): string {
  return id.length === digits ? id : Buffer.from(id, 'base64').toString('hex');
}
