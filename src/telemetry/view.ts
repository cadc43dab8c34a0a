import { resolve } from 'node:path';
import type { JsonObject, JsonValue } from '../host/json.ts';
import { findInDirectory, readLines, readWhole } from '../host/spool-file.ts';
import type { World } from '../host/world.ts';
import { A } from './attributes.ts';
import { SPOOL_NAME } from './emit.ts';
import { countPoints } from './otlp-metrics-json.ts';
import { readSpans, type SeenSpan } from './otlp-read.ts';
import { EVENT, SPAN } from './registry.ts';

/** A span with what is below it. */
export interface TraceNode {
  readonly span: SeenSpan;
  readonly children: readonly TraceNode[];
}

/** Everything a file told: one tree per root, the latest trace first, its parts directly after it. */
export interface TraceTree {
  /** The file read, as given. */
  readonly path: string;
  readonly roots: readonly TraceNode[];
  readonly spans: number;
  /** Lines that are no OTLP request. */
  readonly unreadableLines: number;
  /** Points of the metrics that stood between them, which no tree shows. */
  readonly metricPoints?: number;
}

export interface ViewOptions {
  readonly colour: boolean;
  /** Shows a task only when its id, type, title or status contains this, with what stands above it. Case is ignored. */
  readonly filter?: string;
}

const LONGEST_LINE = 64 * 1024 * 1024;

/**
 * The trace of a spool, of an export directory, or of any file of OTLP/JSON, one request or one a line.
 * @throws when there is no such file.
 */
export async function readTrace(path: string, world: World): Promise<TraceTree> {
  const file = await locate(path, world);
  const spans: SeenSpan[] = [];
  let [unreadableLines, metricPoints] = [0, 0];
  for await (const line of readLines(file, LONGEST_LINE)) {
    const found = line.bytes && line.length > 0 ? readSpans(line.bytes) : undefined;
    const points = line.bytes && !found ? countPoints(line.bytes) : undefined;
    if (found) spans.push(...found);
    else if (points !== undefined) metricPoints += points;
    else if (line.length > 0) unreadableLines += 1;
  }
  if (spans.length === 0 && unreadableLines > 0) {
    const whole = readSpans(await readWhole(file, LONGEST_LINE));
    if (whole) return { path, ...treeOf(whole), unreadableLines: 0 };
  }
  return { path, ...treeOf(spans), unreadableLines, ...(metricPoints > 0 ? { metricPoints } : {}) };
}

/** The trace of requests that are already in memory, e.g. as a receiver got them. */
export function traceOf(bodies: readonly Uint8Array[], path: string): TraceTree {
  const read = bodies.map(readSpans);
  return { path, ...treeOf(read.flatMap((spans) => spans ?? [])), unreadableLines: read.filter((spans) => spans === undefined).length };
}

/** The tree as text: glyph, id, title, status, duration, gates, links. Every stranger's character that a terminal would act on is written out. */
export function renderTrace(tree: TraceTree, options: ViewOptions): string {
  const titles = new Map(everyNode(tree.roots).map(({ span }) => [`${span.traceId}${span.spanId}`, labelOf(span)]));
  const paint = painter(options.colour);
  const lines: string[] = [];
  for (const root of tree.roots) {
    const kept = filtered(root, options.filter?.toLowerCase());
    if (!kept) continue;
    lines.push(paint.dim(`trace ${root.span.traceId}${root.span.service ? `  ${visible(root.span.service)}` : ''}`));
    lines.push(...drawn(kept, '', '', titles, paint), '');
  }
  if (lines.length === 0) lines.push(tree.spans === 0 ? 'no spans here' : 'nothing matches the filter', '');
  if (tree.metricPoints !== undefined) lines.push(paint.dim(`${tree.metricPoints} metric points beside it`), '');
  if (tree.unreadableLines > 0) lines.push(paint.dim(`${tree.unreadableLines} lines are no OTLP request`), '');
  return lines.join('\n');
}

/** The same as data, for `--format json`. */
export function traceDocument(tree: TraceTree, filter?: string): JsonObject {
  const roots = tree.roots.flatMap((root) => filtered(root, filter?.toLowerCase()) ?? []);
  return {
    path: tree.path,
    spans: tree.spans,
    unreadable_lines: tree.unreadableLines,
    metric_points: tree.metricPoints ?? 0,
    traces: roots.map((root) => ({ trace_id: root.span.traceId, root: nodeDocument(root) })),
  };
}

async function locate(path: string, world: World): Promise<string> {
  const given = resolve(world.root, path);
  return (await findInDirectory(given, SPOOL_NAME)) ?? given;
}

function treeOf(spans: readonly SeenSpan[]): { readonly roots: readonly TraceNode[]; readonly spans: number } {
  // The same ids twice are the same span sent twice; the last one told stands.
  const unique = new Map(spans.map((span) => [`${span.traceId}${span.spanId}`, span]));
  const below = Map.groupBy(unique.values(), (span) => `${span.traceId}${span.parentSpanId ?? ''}`);
  const isRoot = (span: SeenSpan) => span.parentSpanId === undefined || !unique.has(`${span.traceId}${span.parentSpanId}`);
  const childrenOf = (span: SeenSpan) => below.get(`${span.traceId}${span.spanId}`) ?? [];
  const reached = new Set<SeenSpan>();
  const grow = (span: SeenSpan, depth: number): TraceNode => {
    reached.add(span);
    const children = childrenOf(span).filter((child) => !reached.has(child));
    return { span, children: depth < DEEPEST ? children.map((child) => grow(child, depth + 1)) : flat(children, childrenOf, reached) };
  };
  const roots = [...unique.values()].filter(isRoot).map((span) => grow(span, 0));
  // Spans that are their own ancestors hang below no root; they are shown all the same.
  for (const span of unique.values()) if (!reached.has(span)) roots.push(grow(span, 0));
  const latest = [...roots].sort((a, b) => rank(a) - rank(b) || (a.span.start < b.span.start ? 1 : a.span.start > b.span.start ? -1 : 0));
  return { roots: latest, spans: unique.size };
}

/** Deeper than any trace of ours; what a stranger nests deeper is shown side by side. */
const DEEPEST = 200;

function flat(
  spans: readonly SeenSpan[],
  childrenOf: (span: SeenSpan) => readonly SeenSpan[],
  reached: Set<SeenSpan>,
): readonly TraceNode[] {
  const nodes: TraceNode[] = [];
  const waiting = [...spans];
  for (let span = waiting.pop(); span; span = waiting.pop()) {
    if (reached.has(span)) continue;
    reached.add(span);
    nodes.push({ span, children: [] });
    for (const child of childrenOf(span)) waiting.push(child);
  }
  return nodes;
}

/** Epics stand before the stories and parts that have a trace of their own. */
function rank({ span }: TraceNode): number {
  return span.name === SPAN.epic ? 0 : span.name === SPAN.story ? 1 : 2;
}

function everyNode(nodes: readonly TraceNode[]): readonly TraceNode[] {
  return nodes.flatMap((node) => [node, ...everyNode(node.children)]);
}

function filtered(node: TraceNode, filter: string | undefined): TraceNode | undefined {
  if (!filter) return node;
  const children = node.children.flatMap((child) => filtered(child, filter) ?? []);
  const told = [A.taskId, A.artifactType, A.taskTitle, A.taskStatus].map((key) => String(node.span.attributes.get(key) ?? ''));
  if (children.length === 0 && ![node.span.name, ...told].some((text) => text.toLowerCase().includes(filter))) return undefined;
  return { span: node.span, children };
}

type Paint = Readonly<Record<'red' | 'green' | 'yellow' | 'dim' | 'bold', (text: string) => string>>;

function drawn(node: TraceNode, lead: string, indent: string, titles: ReadonlyMap<string, string>, paint: Paint): readonly string[] {
  const { span, children } = node;
  const details = [...gateLines(span, paint), ...linkLines(span, titles, paint)];
  const rail = children.length > 0 ? '│  ' : '   ';
  return [
    lead + headline(span, paint),
    ...details.map((detail) => indent + rail + detail),
    ...children.flatMap((child, index) => {
      const last = index === children.length - 1;
      return drawn(child, indent + (last ? '└─ ' : '├─ '), indent + (last ? '   ' : '│  '), titles, paint);
    }),
  ];
}

function headline(span: SeenSpan, paint: Paint): string {
  const status = String(span.attributes.get(A.taskStatus) ?? '');
  const glyph = span.status === 'ERROR' ? paint.red('✗') : span.status === 'OK' ? paint.green('✓') : paint.yellow('○');
  const title = String(span.attributes.get(A.taskTitle) ?? '');
  const label = labelOf(span);
  const parts = [
    paint.bold(visible(label)),
    title && title !== label ? visible(title) : '',
    status ? paint.dim(`[${visible(status)}]`) : '',
    paint.dim(durationOf(span)),
  ];
  const why = span.message ? paint.red(visible(span.message)) : '';
  return [glyph, ...parts, why].filter((part) => part !== '').join(' ');
}

function labelOf(span: SeenSpan): string {
  return String(span.attributes.get(A.taskId) ?? (span.name || span.spanId));
}

function gateLines(span: SeenSpan, paint: Paint): readonly string[] {
  return span.events.flatMap(({ name, attributes }) => {
    const gate = visible(String(attributes.get(A.gateName) ?? ''));
    if (name === EVENT.gateSkipped) return [paint.dim(`– ${gate} skipped: ${visible(String(attributes.get(A.gateSkipReason) ?? ''))}`)];
    if (name !== EVENT.gateValidation) return [];
    const reason = visible(String(attributes.get(A.gateReason) ?? ''));
    if (attributes.get(A.gateResult) === 'passed') return [`${paint.green('✓')} ${gate}: ${reason}`];
    const blocking = attributes.get(A.gateBlocking) === true;
    return [`${blocking ? paint.red('✗') : paint.yellow('!')} ${gate}${blocking ? ' (blocking)' : ''}: ${reason}`];
  });
}

function linkLines(span: SeenSpan, titles: ReadonlyMap<string, string>, paint: Paint): readonly string[] {
  return span.links.map((link) => {
    const type = visible(String(link.attributes.get(A.linkType) ?? 'link'));
    const target = titles.get(`${link.traceId}${link.spanId}`) ?? `${link.traceId}/${link.spanId}`;
    return paint.dim(`→ ${type} ${visible(target)}`);
  });
}

function durationOf(span: SeenSpan): string {
  const millis = Number(span.end - span.start) / 1e6;
  if (!(millis >= 0.05)) return '';
  return millis >= 1000 ? `${(millis / 1000).toFixed(1)} s` : `${millis < 10 ? millis.toFixed(1) : millis.toFixed(0)} ms`;
}

function nodeDocument({ span, children }: TraceNode): JsonObject {
  return {
    name: span.name,
    span_id: span.spanId,
    parent_span_id: span.parentSpanId ?? null,
    start: String(span.start),
    end: String(span.end),
    status: span.status,
    ...(span.message === undefined ? {} : { message: span.message }),
    attributes: record(span.attributes),
    events: span.events.map((event) => ({ name: event.name, time: String(event.time), attributes: record(event.attributes) })),
    links: span.links.map((link) => ({ trace_id: link.traceId, span_id: link.spanId, attributes: record(link.attributes) })),
    children: children.map(nodeDocument),
  };
}

function record(attributes: ReadonlyMap<string, JsonValue>): JsonObject {
  const made: Record<string, JsonValue> = Object.create(null);
  for (const [key, value] of attributes) made[key] = value;
  return made;
}

const PLAIN: Paint = { red: same, green: same, yellow: same, dim: same, bold: same };
const COLOURED: Paint = { red: wrap(31), green: wrap(32), yellow: wrap(33), dim: wrap(2), bold: wrap(1) };

function painter(colour: boolean): Paint {
  return colour ? COLOURED : PLAIN;
}

function same(text: string): string {
  return text;
}

function wrap(code: number): (text: string) => string {
  return (text) => (text === '' ? '' : `\u001b[${code}m${text}\u001b[0m`);
}

/** Controls, format characters and lone surrogates written out, so that no span can act on the terminal. */
function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}
