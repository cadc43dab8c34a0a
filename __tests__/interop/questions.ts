import type { ReceivedSpan } from '../../scripts/receiver.ts';
import { attributeOf } from './spans.ts';

/** A question that the design documents, the fact sheets or our README promise a trace can answer, asked of the shop. */
export interface Question {
  readonly source: string;
  /** As it is written there, with the shop's names. */
  readonly asked: string;
  /** The form a backend takes, where it is another. */
  readonly traceql?: string;
  /** Our spans that are the answer. */
  readonly answer: (span: ReceivedSpan) => boolean;
  /** The same for Jaeger: tags that one span has; or why it cannot be asked. */
  readonly jaeger: Readonly<Record<string, string>> | string;
  /** The answer is traces; which of their spans a backend shows is its own affair. */
  readonly traces?: true;
}

const is = (span: ReceivedSpan, values: Readonly<Record<string, unknown>>) =>
  Object.entries(values).every(([key, value]) => attributeOf(span.attributes, key) === value);
const service = (span: ReceivedSpan) => attributeOf(span.resource, 'service.name') === 'contextcore-export-tasks';
const number = (span: ReceivedSpan, key: string) => Number(attributeOf(span.attributes, key) ?? Number.NaN);
const said = (span: ReceivedSpan, name: string, values: Readonly<Record<string, unknown>>) =>
  span.events.some(
    (event) => event.name === name && Object.entries(values).every(([key, value]) => attributeOf(event.attributes, key) === value),
  );
const linked = (span: ReceivedSpan, type: string) => span.links.some(({ attributes }) => attributeOf(attributes, 'link.type') === type);

const NO_COMPARISON = 'it compares for equality only';
const NO_LINKS = 'it does not search links';

export const QUESTIONS: readonly Question[] = [
  {
    source: '000, why this matters',
    asked: '{ span.task.type = "epic" && span.project.id = "shop" }',
    answer: (span) => is(span, { 'task.type': 'epic', 'project.id': 'shop' }),
    jaeger: { 'task.type': 'epic', 'project.id': 'shop' },
  },
  {
    source: '000, success criteria',
    asked: '{ span.task.type = "epic" && resource.service.name = "contextcore-export-tasks" }',
    answer: (span) => is(span, { 'task.type': 'epic' }) && service(span),
    jaeger: { 'task.type': 'epic' },
  },
  {
    source: '000 B, task hierarchies of a project',
    asked: '{ span.project.id = "shop" && span.task.type = "epic" && resource.service.name = "contextcore-export-tasks" }',
    answer: (span) => is(span, { 'project.id': 'shop', 'task.type': 'epic' }) && service(span),
    jaeger: { 'project.id': 'shop', 'task.type': 'epic' },
  },
  {
    source: '000 B, needed artifacts',
    asked: '{ span.project.id = "shop" && span.task.type = "task" && span.task.status = "todo" }',
    answer: (span) => is(span, { 'project.id': 'shop', 'task.type': 'task', 'task.status': 'todo' }),
    jaeger: { 'project.id': 'shop', 'task.type': 'task', 'task.status': 'todo' },
  },
  {
    source: '000 B, dashboards',
    asked: '{ span.project.id = "shop" && span.artifact.type = "dashboard" }',
    answer: (span) => is(span, { 'project.id': 'shop', 'artifact.type': 'dashboard' }),
    jaeger: { 'project.id': 'shop', 'artifact.type': 'dashboard' },
  },
  {
    source: '000 B, tasks with dependencies',
    asked: '{ span.project.id = "shop" && span.artifact.depends_on != "" }',
    answer: (span) => is(span, { 'project.id': 'shop' }) && Object.hasOwn(span.attributes, 'artifact.depends_on'),
    jaeger: NO_COMPARISON,
  },
  {
    source: '000 B, tasks that wait for one',
    asked: '{ span.project.id = "shop" && span.artifact.dependency_count = 1 }',
    answer: (span) => is(span, { 'project.id': 'shop', 'artifact.dependency_count': 1n }),
    jaeger: { 'project.id': 'shop', 'artifact.dependency_count': '1' },
  },
  {
    source: '000 B, count by status',
    asked: '{ span.project.id = "shop" && span.task.type = "task" } | count() by (span.task.status)',
    traceql: '{ span.project.id = "shop" && span.task.type = "task" } | by(span.task.status) | count() > 0',
    answer: (span) => is(span, { 'project.id': 'shop', 'task.type': 'task' }),
    jaeger: { 'project.id': 'shop', 'task.type': 'task' },
  },
  {
    source: '001, the run that made an artifact',
    asked: '{ pipeline.artifact.id = "checkout_api-dashboard" && pipeline.stage.name = "EXPORT_CONTRACT" }',
    traceql: '{ span.artifact.id = "checkout_api-dashboard" } && { span.pipeline.stage.name = "EXPORT_CONTRACT" }',
    answer: (span) => is(span, { 'artifact.id': 'checkout_api-dashboard' }),
    jaeger: { 'artifact.id': 'checkout_api-dashboard' },
    traces: true,
  },
  {
    source: '001, gate events',
    asked: '{ span.project.id = "shop" && event:name = "gate.validation" && event.gate.result = "failed" }',
    answer: (span) => is(span, { 'project.id': 'shop' }) && said(span, 'gate.validation', { 'gate.result': 'failed' }),
    jaeger: { 'project.id': 'shop', 'gate.result': 'failed' },
  },
  {
    // Its number of violations beside its name would be the next condition; this Tempo then looks at one event of a span only.
    source: '001, what one gate says',
    asked: '{ event.gate.name = "mapping-completeness" && event.gate.result = "failed" }',
    answer: (span) => said(span, 'gate.validation', { 'gate.name': 'mapping-completeness', 'gate.result': 'failed' }),
    jaeger: { 'gate.name': 'mapping-completeness', 'gate.result': 'failed' },
  },
  {
    source: '001, violations',
    asked: '{ span.project.id = "shop" && event.gate.violations > 0 }',
    answer: (span) =>
      is(span, { 'project.id': 'shop' }) &&
      span.events.some(({ attributes }) => Number(attributeOf(attributes, 'gate.violations') ?? 0) > 0),
    jaeger: NO_COMPARISON,
  },
  {
    source: '001, the stage that failed',
    asked: '{ span.task.type = "stage" && status = error }',
    answer: (span) => is(span, { 'task.type': 'stage' }) && span.status.code === 2,
    jaeger: 'its memory store answers error=true with spans that are OK',
  },
  {
    source: '001, what failed below an epic',
    asked: '{ span.task.type = "epic" && span.project.id = "shop" } >> { status = error }',
    answer: (span) => is(span, { 'project.id': 'shop' }) && span.status.code === 2 && span.parentSpanId !== undefined,
    jaeger: 'it has no structural operators',
  },
  {
    source: '001, dependencies as links',
    asked: '{ span.project.id = "shop" && link.link.type = "depends_on" }',
    answer: (span) => is(span, { 'project.id': 'shop' }) && linked(span, 'depends_on'),
    jaeger: NO_LINKS,
  },
  {
    source: '001, questions linked to what they affect',
    asked: '{ span.task.type = "question" && link.link.type = "affects" }',
    answer: (span) => is(span, { 'task.type': 'question' }) && linked(span, 'affects'),
    jaeger: NO_LINKS,
  },
  {
    source: '002, what is blocked and why',
    asked:
      '{ span.project.id = "shop" && span.task.status = "blocked" } | select(span.task.id, span.task.phase, span.task.blocked_reason, span.task.next_action)',
    answer: (span) => is(span, { 'project.id': 'shop', 'task.status': 'blocked' }),
    jaeger: { 'project.id': 'shop', 'task.status': 'blocked' },
  },
  {
    source: '002, how it ended',
    asked: '{ span.project.id = "shop" && span.task.phase = "FINALIZE_VERIFY" }',
    answer: (span) => is(span, { 'project.id': 'shop', 'task.phase': 'FINALIZE_VERIFY' }),
    jaeger: { 'project.id': 'shop', 'task.phase': 'FINALIZE_VERIFY' },
  },
  {
    source: 'tasks §11, one task',
    asked: '{ span.task.id = "catalog-runbook" }',
    answer: (span) => is(span, { 'task.id': 'catalog-runbook' }),
    jaeger: { 'task.id': 'catalog-runbook' },
  },
  {
    source: 'tasks §11, the tasks of a story',
    asked: '{ span.task.parent_id = "shop-runbook-artifacts" }',
    answer: (span) => is(span, { 'task.parent_id': 'shop-runbook-artifacts' }),
    jaeger: { 'task.parent_id': 'shop-runbook-artifacts' },
  },
  {
    source: 'README, what is still to be made, on a change',
    asked: '{ span.export.scope = "proposed" && span.task.type = "task" && span.task.status = "todo" && span.project.id = "shop" }',
    answer: (span) => is(span, { 'export.scope': 'proposed', 'task.type': 'task', 'task.status': 'todo', 'project.id': 'shop' }),
    jaeger: { 'export.scope': 'proposed', 'task.type': 'task', 'task.status': 'todo', 'project.id': 'shop' },
  },
  {
    source: 'README, projects below 80 %',
    asked: '{ span.task.type = "epic" && span.coverage.percent < 80.0 }',
    answer: (span) => is(span, { 'task.type': 'epic' }) && number(span, 'coverage.percent') < 80,
    jaeger: NO_COMPARISON,
  },
  {
    source: 'otel §3.5, a double that is whole',
    asked: '{ span.project.id = "shop" && span.task.percent_complete >= 100.0 }',
    answer: (span) => is(span, { 'project.id': 'shop' }) && number(span, 'task.percent_complete') >= 100,
    jaeger: NO_COMPARISON,
  },
  {
    source: 'README, what stops the pipeline',
    asked: '{ span.task.type = "stage" && span.task.status = "blocked" }',
    answer: (span) => is(span, { 'task.type': 'stage', 'task.status': 'blocked' }),
    jaeger: { 'task.type': 'stage', 'task.status': 'blocked' },
  },
];
