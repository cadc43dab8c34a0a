import type { Artifact, Coverage, Notice } from '../contract/contract.ts';
import type { GateResult } from '../gatekeeper/gate.ts';
import type { Finding } from '../gatekeeper/verdict.ts';
import { jsonPieces } from '../host/json-pieces.ts';
import type { Place } from '../host/place.ts';
import { TextBytes } from '../host/text-bytes.ts';
import type { Fault } from '../manifest/manifest.ts';
import type { Emission } from '../telemetry/emission.ts';
import { breakDown } from './breakdown.ts';
import { openWorkQuery } from './follow-up.ts';
import { portablePath } from './portable-path.ts';
import type { Entry, QuestionAnswer, Report } from './report.ts';

/** Names the shape below. A key is never renamed or dropped under one version; new ones may come. */
export const REPORT_SCHEMA = 'contextcore.io/export-tasks-report/v1';

/** `export-tasks-report.json` as bytes: what the reporter of that name renders. */
export function reportBytes(report: Report): Uint8Array {
  const bytes = new TextBytes('utf8');
  jsonPieces(reportDocument(report), (piece) => bytes.add(piece));
  bytes.add('\n');
  return bytes.toBytes();
}

/** What `export-tasks-report.json` holds. */
export function reportDocument(report: Report) {
  const { verdict, coverage, emission } = report;
  return {
    schema: REPORT_SCHEMA,
    tool: { name: report.tool.name, version: report.tool.version },
    mode: report.mode,
    generated_at: report.generatedAt,
    verdict: verdict.verdict,
    step: { fails: verdict.fails, fail_on: verdict.failOn, only_new: verdict.onlyNew ?? false },
    counts: {
      critical: verdict.counts.critical,
      error: verdict.counts.error,
      warning: verdict.counts.warning,
      notice: verdict.counts.notice,
    },
    findings: verdict.findings.map(finding),
    mended: (verdict.mended ?? []).map(finding),
    coverage:
      coverage === undefined
        ? null
        : {
            total_required: coverage.totalRequired,
            total_existing: coverage.totalExisting,
            overall_coverage: coverage.overallCoverage,
            gaps: coverage.gaps,
            minimum: coverage.minimum ?? null,
            before: coverage.before ?? null,
            ...populations(report),
          },
    emission: {
      state: emission.state,
      reason: emission.reason,
      drafted: emission.drafted,
      sent: emission.sent,
      spooled: emission.spooled,
      lost: emission.lost,
      trace_ids: emission.traceIds,
      query: openWorkQuery(emission.traceIds) ?? null,
    },
    entries: report.entries.map(entry),
    losses: report.losses,
  };
}

function populations(report: Report) {
  const { byType, byCriticality } = breakDown(report);
  return {
    by_type: byType.map((row) => ({ type: row.type, ...tally(row) })),
    by_criticality: byCriticality.map((row) => ({ criticality: row.criticality, manifests: row.manifests, ...tally(row) })),
  };
}

function tally(row: { readonly required: number; readonly existing: number; readonly coverage: number; readonly missing: number }) {
  return { total_required: row.required, total_existing: row.existing, coverage: row.coverage, gaps: row.missing };
}

function entry(value: Entry) {
  return {
    manifest: portablePath(value.manifest),
    version: value.version,
    project_id: value.projectId ?? null,
    profile: value.profile ?? null,
    criticality: value.criticality ?? null,
    faults: value.faults.map(fault),
    warnings: value.warnings.map(fault),
    notices: value.notices.map(notice),
    coverage: value.coverage === undefined ? null : entryCoverage(value.coverage),
    before:
      value.before === undefined
        ? null
        : { commit: value.before.commit, total_required: value.before.totalRequired, total_existing: value.before.totalExisting },
    plan:
      value.plan === undefined
        ? null
        : {
            epic: value.plan.epic.taskId,
            percent_complete: value.plan.epic.percentComplete,
            stories: value.plan.stories.length,
            tasks: value.plan.tasks.length,
            cycles: value.plan.cycles,
            warnings: value.plan.warnings,
          },
    artifacts: value.artifacts.map(artifact),
    gates: value.gates.map(gate),
    questions: value.questions.map(question),
    emission: entryEmission(value.emission),
    export_dir: value.exportDir === undefined ? null : portablePath(value.exportDir),
    files: value.files,
  };
}

function entryCoverage(value: Coverage) {
  return {
    total_required: value.totalRequired,
    total_existing: value.totalExisting,
    total_outdated: value.totalOutdated,
    overall_coverage: value.overallCoverage,
    by_target: value.byTarget.map((row) => ({
      target: row.target,
      namespace: row.namespace,
      total_required: row.requiredCount,
      total_existing: row.existingCount,
      coverage: row.coveragePercent,
      required_gaps: row.gaps,
    })),
    gaps_by_type: value.byType,
    gaps: value.gaps,
    required_gaps: value.requiredGaps,
  };
}

function artifact(value: Artifact) {
  return {
    id: value.id,
    type: value.type,
    name: value.name,
    target: value.target,
    namespace: value.namespace ?? null,
    scope: value.scope,
    priority: value.priority,
    status: value.status,
    existing_path: value.existingPath === undefined ? null : portablePath(value.existingPath),
    validation_errors: value.validationErrors.map((error) => ({ place: place(error.place), message: error.message })),
    depends_on: value.dependsOn,
    place: place(value.place),
  };
}

function gate(value: GateResult) {
  return {
    gate: value.gate,
    gate_id: value.gateId,
    group: value.group,
    phase: value.phase,
    stage: value.stage,
    outcome: value.outcome,
    severity: value.severity,
    blocking: value.blocking,
    reason: value.reason,
    next_action: value.nextAction ?? null,
    skip_code: value.skipCode ?? null,
    evidence: value.evidence.map((item) => ({
      type: item.type,
      ref: item.ref,
      description: item.description,
      finding: item.finding,
      artifact: item.artifact ?? null,
      state: item.state ?? null,
      place: place(item.place),
      values: item.values ?? {},
    })),
    task_id: value.taskId,
    trace_id: value.traceId ?? null,
    checked_at: value.checkedAt,
    duration_ms: value.durationMs,
  };
}

function question(value: QuestionAnswer) {
  return {
    number: value.number,
    title: value.title,
    layer: value.layer,
    status: value.status,
    recommendation: value.recommendation,
    checks: value.checks.map((check) => ({
      name: check.name,
      passed: check.passed,
      severity: check.severity,
      detail: check.detail,
      gate: check.gate ?? null,
    })),
  };
}

function finding(value: Finding) {
  return {
    code: value.code,
    level: value.level,
    source: value.source,
    gate: value.gate ?? null,
    message: value.message,
    next_action: value.nextAction ?? null,
    artifact: value.artifact ?? null,
    state: value.state ?? null,
    waived: value.waived ?? null,
    place: place(value.place),
    excerpt: value.excerpt ?? null,
  };
}

function fault(value: Fault) {
  return {
    code: value.code,
    severity: value.severity,
    path: value.path,
    message: value.message,
    suggestion: value.suggestion ?? null,
    place: place(value.place),
    excerpt: value.excerpt ?? null,
  };
}

function notice(value: Notice) {
  return { code: value.code, message: value.message, place: place(value.place) };
}

function entryEmission(value: Emission) {
  return {
    state: value.state,
    reason: value.reason,
    trace_id: value.traceId ?? null,
    trace_ids: value.traceIds,
    epic_span_id: value.epicSpanId ?? null,
    spool: value.spool ?? null,
    drafted: value.drafted,
    sent: value.sent,
    spooled: value.spooled,
    lost: value.lost,
    accepted_at: value.acceptedAt ?? null,
    metrics:
      value.metrics === undefined
        ? null
        : {
            drafted: value.metrics.drafted,
            sent: value.metrics.sent,
            spooled: value.metrics.spooled,
            lost: value.metrics.lost,
            reason: value.metrics.reason ?? null,
          },
  };
}

function place(value: Place | undefined) {
  if (value === undefined) return null;
  const { file, line, column, endLine, endColumn } = value;
  return { file: portablePath(file), line, column: column ?? null, end_line: endLine ?? null, end_column: endColumn ?? null };
}
