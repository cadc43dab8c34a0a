import { A } from './attributes.ts';
import type { AttributeValue, Drafts, SpanDraft } from './draft.ts';
import { type AttributeType, declaredType, EVENTS, type EventSpec, FAMILIES, RESOURCE, SPANS, type SpanSpec } from './registry.ts';
import { isSpanId, isTraceId } from './trace-context.ts';

/** One thing in a trace that the registry does not allow. */
export interface TraceFault {
  readonly code:
    | 'unknown-span'
    | 'unknown-event'
    | 'unknown-attribute'
    | 'wrong-type'
    | 'missing-attribute'
    | 'wrong-link'
    | 'bad-id'
    | 'bad-time';
  /** `contextcore.task.task checkout_api-slo › artifact.intent › intent` */
  readonly where: string;
  readonly message: string;
}

/** Holds drafted spans against the registry: unknown key, wrong type, missing required key, unknown event or link, malformed ids and times. */
export function checkTrace(spans: readonly SpanDraft[]): readonly TraceFault[] {
  return spans.flatMap(checkSpan);
}

/** What a backend of those that people run would leave out of a span, in silence. No fault of the trace; it is told so that it is meant. */
export interface TraceStrain {
  readonly where: string;
  readonly what: 'attributes' | 'events' | 'links';
  readonly count: number;
  readonly limit: number;
}

/** Dash0's limits a span, the lowest of those in otel.md §7.1, and for links what SDKs keep as well (§4.4). */
const LIMITS = { attributes: 32, events: 8, links: 128 } as const;

/** The spans that hold more than every backend keeps. */
export function strainOf(spans: readonly SpanDraft[]): readonly TraceStrain[] {
  return spans.flatMap((span) => {
    const counts = { attributes: Object.keys(span.attributes).length, events: span.events.length, links: span.links.length };
    return (['attributes', 'events', 'links'] as const)
      .filter((what) => counts[what] > LIMITS[what])
      .map((what) => ({ where: whereOf(span), what, count: counts[what], limit: LIMITS[what] }));
  });
}

/** The faults of the resource: its first key, what it must and may carry. */
export function checkResource(resource: Drafts['resource']): readonly TraceFault[] {
  const faults: TraceFault[] = [];
  const allowed = new Set<string>([...RESOURCE.required, ...RESOURCE.optional]);
  checkAttributes('resource', resource, RESOURCE.required, (key) => allowed.has(key), faults);
  if (Object.keys(resource)[0] !== A.serviceInstanceId) {
    faults.push({ code: 'missing-attribute', where: 'resource', message: `${A.serviceInstanceId} must come first` });
  }
  return faults;
}

const spanSpecs: ReadonlyMap<string, SpanSpec> = new Map(SPANS.map((spec) => [spec.name, spec]));
const eventSpecs: ReadonlyMap<string, EventSpec> = new Map(EVENTS.map((spec) => [spec.name, spec]));

function checkSpan(span: SpanDraft): readonly TraceFault[] {
  const faults: TraceFault[] = [];
  const where = whereOf(span);
  const spec = spanSpecs.get(span.name);
  if (!spec) return [{ code: 'unknown-span', where, message: `no span is named ${span.name}` }];
  checkIds(where, span, faults);
  checkAttributes(where, span.attributes, spec.required, allows([...spec.required, ...spec.optional]), faults);
  for (const event of span.events) checkEvent(where, event, spec, faults);
  for (const link of span.links) {
    const type = String(link.attributes[A.linkType]);
    if (!spec.links.includes(type)) faults.push({ code: 'wrong-link', where, message: `a ${span.name} has no link of type ${type}` });
  }
  return faults;
}

function whereOf(span: SpanDraft): string {
  return `${span.name} ${String(span.attributes[A.taskId] ?? span.spanId)}`;
}

function checkEvent(where: string, event: SpanDraft['events'][number], span: SpanSpec, faults: TraceFault[]): void {
  const at = `${where} › ${event.name}`;
  const spec = eventSpecs.get(event.name);
  if (!spec || !span.events.includes(event.name)) {
    faults.push({ code: 'unknown-event', where: at, message: `${span.name} has no event ${event.name}` });
    return;
  }
  checkAttributes(at, event.attributes, spec.required, allows([...spec.required, ...spec.optional]), faults);
}

function checkIds(where: string, span: SpanDraft, faults: TraceFault[]): void {
  const pairs = [[span.traceId, span.spanId] as const, ...span.links.map((link) => [link.traceId, link.spanId] as const)];
  for (const [traceId, spanId] of pairs) {
    if (!isTraceId(traceId) || !isSpanId(spanId)) faults.push({ code: 'bad-id', where, message: `${traceId}/${spanId} is no pair of ids` });
  }
  if (span.parentSpanId !== undefined && !isSpanId(span.parentSpanId))
    faults.push({ code: 'bad-id', where, message: `parent ${span.parentSpanId}` });
  if (span.end < span.start || span.start <= 0n) faults.push({ code: 'bad-time', where, message: `from ${span.start} to ${span.end}` });
}

function checkAttributes(
  where: string,
  given: Readonly<Record<string, AttributeValue>>,
  required: readonly string[],
  allowed: (key: string) => boolean,
  faults: TraceFault[],
): void {
  for (const key of required) {
    if (!Object.hasOwn(given, key)) faults.push({ code: 'missing-attribute', where, message: `${key} is missing` });
  }
  for (const [key, value] of Object.entries(given)) {
    const type = declaredType(key);
    if (type === undefined || !allowed(key))
      faults.push({ code: 'unknown-attribute', where: `${where} › ${key}`, message: `${key} is not expected here` });
    else if (!fits(value, type))
      faults.push({ code: 'wrong-type', where: `${where} › ${key}`, message: `${JSON.stringify(value)} is no ${type}` });
  }
}

/** A name allows itself; a family (`artifact.parameters.<key>`, `gate.violation.<N>`) allows what its pattern matches. */
function allows(names: readonly string[]): (key: string) => boolean {
  const known = allowances.get(names.join()) ?? remember(names);
  return (key) => known.keys.has(key) || known.families.some((pattern) => pattern.test(key));
}

const allowances = new Map<string, { readonly keys: ReadonlySet<string>; readonly families: readonly RegExp[] }>();

function remember(names: readonly string[]) {
  const stems = names.filter((name) => name.includes('<')).map((name) => name.slice(0, name.indexOf('<')));
  const families = FAMILIES.filter((family) => stems.some((stem) => family.shown.startsWith(stem))).map((family) => family.pattern);
  const made = { keys: new Set(names), families };
  allowances.set(names.join(), made);
  return made;
}

function fits(value: AttributeValue, type: AttributeType | 'any'): boolean {
  switch (type) {
    case 'string':
      return typeof value === 'string';
    case 'boolean':
      return typeof value === 'boolean';
    case 'int':
      return Number.isSafeInteger(value);
    case 'double':
      return typeof value === 'number' && Number.isFinite(value);
    case 'string[]':
      return Array.isArray(value) && value.every((item) => typeof item === 'string');
    case 'any':
      return fits(value, 'string') || fits(value, 'boolean') || fits(value, 'double') || fits(value, 'string[]');
  }
}
