import * as z from 'zod/mini';
import { PHASES } from '../gatekeeper/gate.ts';
import { FAIL_ON } from '../gatekeeper/verdict.ts';
import {
  byName,
  count,
  criticality,
  emissionState,
  nullable,
  percent,
  priority,
  profile,
  spanId,
  status,
  text,
  texts,
  traceId,
  utcTime,
} from './words.ts';

/* `export-tasks-report.json`. Every key is always there; null says that there is no such value. */

const line = z.int().check(z.gte(1));
const place = nullable(z.strictObject({ file: text, line, column: nullable(line), end_line: nullable(line), end_column: nullable(line) }));
const level = z.enum(['critical', 'error', 'warning', 'notice']);
const severity = z.enum(['info', 'warning', 'error', 'critical']);
const scalars = byName(z.union([z.string(), z.number(), z.boolean()]));

const finding = z.strictObject({
  code: text,
  level,
  source: z.enum(['manifest', 'policy', 'gate']),
  gate: nullable(text),
  message: text,
  next_action: nullable(text),
  artifact: nullable(text),
  state: nullable(z.enum(['new', 'known'])),
  waived: nullable(z.strictObject({ reason: text, owner: text, expires: text, level })),
  place,
  excerpt: nullable(text),
});

const fault = z.strictObject({
  code: text,
  severity: z.enum(['error', 'warning']),
  path: text,
  message: text,
  suggestion: nullable(text),
  place,
  excerpt: nullable(text),
});

const tally = { total_required: count, total_existing: count, coverage: percent, gaps: count };
const coverage = z.strictObject({
  total_required: count,
  total_existing: count,
  overall_coverage: percent,
  gaps: count,
  minimum: nullable(percent),
  before: nullable(percent),
  by_type: z.array(z.strictObject({ type: text, ...tally })),
  by_criticality: z.array(z.strictObject({ criticality: text, manifests: count, ...tally })),
});

const entryCoverage = z.strictObject({
  total_required: count,
  total_existing: count,
  total_outdated: count,
  overall_coverage: percent,
  by_target: z.array(
    z.strictObject({
      target: text,
      namespace: text,
      total_required: count,
      total_existing: count,
      coverage: percent,
      required_gaps: texts,
    }),
  ),
  gaps_by_type: byName(count),
  gaps: texts,
  required_gaps: texts,
});

const plan = z.strictObject({
  epic: text,
  percent_complete: percent,
  stories: count,
  tasks: count,
  cycles: z.array(texts),
  warnings: texts,
});

const artifact = z.strictObject({
  id: text,
  type: text,
  name: text,
  target: text,
  namespace: nullable(text),
  scope: z.enum(['target', 'project']),
  priority,
  status,
  existing_path: nullable(text),
  validation_errors: z.array(z.strictObject({ place, message: text })),
  depends_on: texts,
  place,
});

const gate = z.strictObject({
  gate: text,
  gate_id: text,
  group: z.enum(['gate-1', 'question', 'ours']),
  phase: z.enum(PHASES),
  stage: z.enum(PHASES),
  outcome: z.enum(['pass', 'fail', 'skipped', 'crashed']),
  severity,
  blocking: z.boolean(),
  reason: text,
  next_action: nullable(text),
  skip_code: nullable(text),
  evidence: z.array(
    z.strictObject({
      type: text,
      ref: text,
      description: text,
      finding: z.boolean(),
      artifact: nullable(text),
      state: nullable(z.enum(['new', 'known', 'mended'])),
      place,
      values: scalars,
    }),
  ),
  task_id: text,
  trace_id: nullable(text),
  checked_at: utcTime,
  duration_ms: z.number().check(z.gte(0)),
});

const question = z.strictObject({
  number: z.literal([1, 2, 3]),
  title: text,
  layer: text,
  status: z.enum(['pass', 'fail', 'skipped', 'not_reached']),
  recommendation: text,
  checks: z.array(
    z.strictObject({ name: text, passed: z.boolean(), severity: z.enum(['error', 'warning', 'info']), detail: text, gate: nullable(text) }),
  ),
});

const counted = { drafted: count, sent: count, spooled: count, lost: count };
const entryEmission = z.strictObject({
  state: emissionState,
  reason: text,
  trace_id: nullable(traceId),
  trace_ids: z.array(traceId),
  epic_span_id: nullable(spanId),
  spool: nullable(text),
  ...counted,
  accepted_at: nullable(utcTime),
  metrics: nullable(z.strictObject({ ...counted, reason: nullable(text) })),
});

const entry = z.strictObject({
  manifest: text,
  version: z.enum(['v2', 'v1.1', 'unknown']),
  project_id: nullable(text),
  profile: nullable(profile),
  criticality: nullable(criticality),
  faults: z.array(fault),
  warnings: z.array(fault),
  notices: z.array(z.strictObject({ code: text, message: text, place })),
  coverage: nullable(entryCoverage),
  before: nullable(z.strictObject({ commit: text, total_required: count, total_existing: count })),
  plan: nullable(plan),
  artifacts: z.array(artifact),
  gates: z.array(gate),
  questions: z.array(question),
  emission: entryEmission,
  export_dir: nullable(text),
  files: texts,
});

export const report = z.strictObject({
  schema: z.literal('contextcore.io/export-tasks-report/v1'),
  tool: z.strictObject({ name: z.literal('export-tasks'), version: text }),
  mode: z.enum(['run', 'check', 'audit']),
  generated_at: utcTime,
  verdict: z.enum(['pass', 'warn', 'block']),
  step: z.strictObject({ fails: z.boolean(), fail_on: z.enum(FAIL_ON), only_new: z.boolean() }),
  counts: z.strictObject({ critical: count, error: count, warning: count, notice: count }),
  findings: z.array(finding),
  mended: z.array(finding),
  coverage: nullable(coverage),
  emission: z.strictObject({ state: emissionState, reason: text, ...counted, trace_ids: z.array(traceId), query: nullable(text) }),
  entries: z.array(entry),
  losses: texts,
});
