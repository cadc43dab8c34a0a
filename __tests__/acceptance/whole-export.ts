import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { attribute, sha256, spansOf } from '../cli/export-tasks.ts';

/**
 * What in an export directory does not fit together: checksums, fingerprints and inventory against the bytes that are there (export.md §3, §16), the
 * preview and the ids against the spool. Empty for an export that is whole. `root` is the directory that the export was made in.
 */
export function misfits(root: string, dir: string): readonly string[] {
  const read = (name: string) => readFileSync(path.join(root, dir, name), 'utf8');
  const json = (name: string) => JSON.parse(read(name));
  const onboarding = json('onboarding-metadata.json');
  const provenance = json('run-provenance.json');
  const wrong: string[] = [];
  const same = (what: string, found: unknown, right: unknown) => {
    if (JSON.stringify(found) !== JSON.stringify(right)) wrong.push(`${what}: ${JSON.stringify(found)} is not ${JSON.stringify(right)}`);
  };
  same('artifact_manifest_checksum', onboarding.artifact_manifest_checksum, sha256(read(onboarding.artifact_manifest_path)));
  same('project_context_checksum', onboarding.project_context_checksum, sha256(read(onboarding.project_context_path)));
  same('source_checksum', onboarding.source_checksum, sha256(readFileSync(path.join(root, onboarding.source_path_relative))));
  for (const { path: name, exists, sha256: digest } of provenance.outputs) {
    same(`outputs ${name}`, [exists, digest], [true, sha256(readFileSync(path.join(root, name)))]);
  }
  const raw = rawJson(read('onboarding-metadata.json')) as Record<string, unknown>;
  for (const { artifact_id: id, source_file: file, json_path: at, sha256: digest } of provenance.artifact_inventory) {
    if (file === 'onboarding-metadata.json') same(`inventory ${id}`, digest, sha256(canonical(raw[at.slice(2)])));
  }
  same('emission', emissionSum(onboarding.task_emission), onboarding.task_emission?.drafted);
  const spool = path.join(root, dir, 'task-spans.otlp.jsonl');
  if (onboarding.task_emission?.state === 'spooled' && existsSync(spool))
    wrong.push(...traceMisfits(spansOf(readFileSync(spool, 'utf8')), json));
  return wrong;
}

/** What does not fit between the spans of a run and the files that tell of them. */
export function traceMisfits(spans: readonly any[], json: (name: string) => any): readonly string[] {
  const wrong: string[] = [];
  const { totals } = json('task-emission-preview.json').would_emit;
  const ids = json('task-spans.json');
  const named = (name: string) => spans.filter((span) => span.name === name).length;
  const work = named('contextcore.task.epic') + named('contextcore.task.story') + named('contextcore.task.task');
  if (totals.spans !== work) wrong.push(`the preview counts ${totals.spans} spans of work, and ${work} are there`);
  if (totals.spans + totals.stages + totals.questions !== spans.length) wrong.push(`the preview does not add up to ${spans.length} spans`);
  const known = new Set(spans.map(({ traceId, spanId }) => `${traceId}${spanId}`));
  const roots = spans.filter((span) => !span.parentSpanId);
  const traces = new Set(spans.map(({ traceId }) => traceId));
  if (roots.length !== traces.size) wrong.push(`${roots.length} roots in ${traces.size} traces`);
  if (!roots.some((root) => root.spanId === ids.epic_span_id && root.traceId === ids.trace_id))
    wrong.push('the epic of task-spans.json is no root');
  for (const span of spans) {
    if (span.parentSpanId && !known.has(`${span.traceId}${span.parentSpanId}`)) wrong.push(`${span.spanId} has a parent that is not there`);
    const told = ids.spans[String(attribute(span, 'task.id'))];
    if (told?.span_id !== span.spanId) wrong.push(`task-spans.json does not know ${attribute(span, 'task.id')}`);
    for (const link of span.links ?? []) {
      const inside = traces.has(link.traceId);
      if (inside && !known.has(`${link.traceId}${link.spanId}`)) wrong.push(`${attribute(span, 'task.id')} links to nothing`);
    }
  }
  return wrong;
}

function emissionSum(emission: any): number | undefined {
  return emission && emission.sent + emission.spooled + emission.lost;
}

/** JSON with its numbers as written, since `100.0` and `100` differ in a digest. */
function rawJson(text: string): unknown {
  return JSON.parse(text, ((_: string, value: unknown, { source }: { source: string }) =>
    typeof value === 'number' ? new RawNumber(source) : value) as (key: string, value: unknown) => unknown);
}

class RawNumber {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

function canonical(value: unknown): string {
  if (value instanceof RawNumber) return value.source;
  if (Array.isArray(value)) return `[${value.map(canonical).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return ascii(JSON.stringify(value));
  const entries = Object.entries(value).sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return `{${entries.map(([key, held]) => `${ascii(JSON.stringify(key))}: ${canonical(held)}`).join(', ')}}`;
}

function ascii(text: string): string {
  return text.replaceAll(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
