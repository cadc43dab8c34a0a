import type { Drafts, SpanDraft } from '../src/telemetry/draft.ts';

// As the product has them: what an export drafts begins and ends at one moment.
const START = 1_772_366_400_000_000_000n;
const END = START + 1_000_000n;
const TRACE = '5c89a9ce56397ace4b0fd1e7c1e458a5';

/** Spans of the shape that otel.md §4.2 measured: 12 attributes, 2 events of 4, 1 link. */
export function draftsOf(count: number): Drafts {
  return {
    resource: { 'service.instance.id': 'bench', 'service.name': 'contextcore-export-tasks', 'service.version': '1.0.0' },
    scope: { name: 'export-tasks', version: '1.0.0' },
    spans: Array.from({ length: count }, (_, index) => draftOf(index)),
    traceId: TRACE,
    epicSpanId: spanId(0),
    traceIds: [TRACE],
  };
}

function draftOf(index: number): SpanDraft {
  const target = `service-${index >> 3}`;
  const id = `${target}-dashboard-${index & 7}`;
  return {
    name: 'contextcore.task.task',
    traceId: TRACE,
    spanId: spanId(index),
    ...(index > 0 ? { parentSpanId: spanId(0) } : {}),
    start: START,
    end: END,
    attributes: {
      'project.id': 'bench',
      'export.scope': 'accepted',
      'task.id': id,
      'task.type': 'task',
      'task.title': `Dashboard of ${target}, panel set ${index & 7}`,
      'task.status': 'todo',
      'task.percent_complete': index % 101,
      'artifact.type': 'dashboard',
      'artifact.target': target,
      'artifact.priority': 'required',
      'artifact.depends_on': [`${target}-rules`, `${target}-slo`],
      'artifact.dependency_count': 2,
    },
    events: [
      {
        name: 'task.created',
        time: START,
        attributes: { artifact_type: 'dashboard', target, priority: 'required', derivation_rules: rules(index) },
      },
      {
        name: 'gate.validation',
        time: START,
        attributes: { 'gate.id': `${id}-schema`, 'gate.name': 'schema', 'gate.result': 'passed', 'gate.violations': index % 3 },
      },
    ],
    links: [{ traceId: TRACE, spanId: spanId(index + 1), attributes: { 'link.type': 'depends_on' } }],
    status: index % 3 === 0 ? { code: 'OK' } : { code: 'UNSET' },
  };
}

function rules(index: number): string {
  return JSON.stringify([
    { property: 'interval', sourceField: 'spec.observability.metricsInterval', transformation: 'verbatim', row: index },
  ]);
}

function spanId(index: number): string {
  return (index + 1).toString(16).padStart(16, '0');
}
