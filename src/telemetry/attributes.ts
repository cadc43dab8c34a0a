import { withFixedLayout } from './attribute-list.ts';

/**
 * Every attribute that leaves in a trace, with its type and where it is fixed. Constants (`A`), the types on the wire, the checker and the README's
 * telemetry page are derived from this table. Sources: 000, 001, 002 are the design documents; `tasks`, `gates`, `pipeline`, `otel` the fact sheets;
 * `design` our own page; `semconv` OpenTelemetry 1.44.
 */
export type AttributeType = 'string' | 'int' | 'double' | 'boolean' | 'string[]';

export interface AttributeSpec {
  readonly key: string;
  /** What stands on the wire, whatever the value: a double stays a double at 100. */
  readonly type: AttributeType;
  readonly unit?: string;
  readonly source: string;
  readonly brief: string;
}

const string = declare('string');
const int = declare('int');
const double = declare('double');
const boolean = declare('boolean');
const strings = declare('string[]');

const attributes = {
  projectId: string('project.id', '000', 'the project, on every span because queries ask there'),
  projectName: string('project.name', 'tasks §7', 'the project id again, on the resource'),
  taskId: string('task.id', '000', 'artifact id, or the id of the epic, story, stage or question'),
  taskType: string('task.type', '000', 'epic, story, task, stage, question, part; run above the stages of a check'),
  taskTitle: string('task.title', '000', 'what a person reads'),
  taskStatus: string('task.status', '000', 'todo, done, cancelled, blocked; completed or blocked on a stage'),
  taskPhase: string('task.phase', '000 A', 'pipeline phase'),
  taskSource: string(
    'task.source',
    'tasks §12',
    'export: the definition, not the progress, of a task; check or diagnose: what gates said of it later',
  ),
  taskParentId: string('task.parent_id', '000', 'task.id of the parent'),
  taskPercentComplete: double('task.percent_complete', 'tasks §4.1', 'completion over all tasks below', '%'),
  taskSubtaskCount: int('task.subtask_count', 'tasks §4.1', 'children'),
  taskSubtaskCompleted: int('task.subtask_completed', 'tasks §4.1', 'children that are done'),
  taskPriority: string('task.priority', 'tasks §4.4', 'high, medium, low from required, recommended, optional'),
  taskBlockedReason: string('task.blocked_reason', '002', 'why a gate stops the work'),
  taskNextAction: string('task.next_action', '002', 'what to do about it'),
  taskBlockedOnSpanId: string('task.blocked_on_span_id', '002', 'the span that is the cause'),
  inputSourceChecksum: string('input.source_checksum', '002', 'SHA-256 of the manifest'),
  inputArtifactManifestChecksum: string('input.artifact_manifest_checksum', '002', 'SHA-256 of the artifact manifest'),
  inputProjectContextChecksum: string('input.project_context_checksum', '002', 'SHA-256 of the project context'),
  exportScope: string('export.scope', 'design', 'proposed (a change) or accepted (the default branch)'),
  exportSource: string('export.source', 'tasks §4.2', 'contextcore.manifest.export'),
  exportSourceChecksum: string('export.source_checksum', '000', 'SHA-256 of the manifest'),
  exportTraceCount: int('export.trace_count', 'design', 'traces of this export, when it was split'),
  exportPart: int('export.part', 'design', 'number of this part of a split story, from 2'),
  exportParts: int('export.parts', 'design', 'parts of a split story'),
  exportEpicTraceId: string('export.epic_trace_id', 'design', 'trace of the epic, when it is another one'),
  coverageTotalRequired: int('coverage.total_required', '000', 'as in onboarding metadata'),
  coverageTotalExisting: int('coverage.total_existing', '000', 'required and existing'),
  coverageTotalOutdated: int('coverage.total_outdated', 'design', 'exist, but contradict the manifest'),
  coverageTotalGaps: int('coverage.total_gaps', '000', 'everything needed, any priority'),
  coverageRequiredGaps: int('coverage.required_gaps', 'design', 'needed and required'),
  coveragePercent: double('coverage.percent', '000', 'overallCoverage of onboarding metadata', '%'),
  artifactId: string('artifact.id', '000', 'the artifact'),
  artifactType: string('artifact.type', '000', 'its kind'),
  artifactTarget: string('artifact.target', '000', 'the service it is for'),
  artifactNamespace: string('artifact.namespace', 'design', 'namespace of the service'),
  artifactPriority: string('artifact.priority', '000', 'required, recommended, optional'),
  artifactStatus: string('artifact.status', '000', 'needed, exists, outdated, skipped'),
  artifactPath: string('artifact.path', 'design', 'the file found for it'),
  artifactDependsOn: strings('artifact.depends_on', '000', 'ids it waits for; absent when there are none'),
  artifactDependencyCount: int('artifact.dependency_count', 'tasks §4.4', 'the same, countable'),
  artifactParametersTruncated: int('artifact.parameters_truncated', 'design', 'parameters left out beyond ninety'),
  artifactGapCount: int('artifact.gap_count', '000', 'needed or outdated artifacts of this type'),
  artifactTotalCount: int('artifact.total_count', 'tasks §4.3', 'artifacts of this type'),
  expectedOutputDepth: string('expected_output.depth', '000', 'how deep the artifact is expected to go'),
  expectedOutputMaxLines: int('expected_output.max_lines', '000', 'upper bound of its length', '{line}'),
  expectedOutputMaxTokens: int('expected_output.max_tokens', '000', 'upper bound in tokens', '{token}'),
  stageName: string('pipeline.stage.name', '001', 'the phase, without its ARTISAN_ prefix'),
  stageIndex: int('pipeline.stage.index', 'pipeline §1.2', 'order of the stages of this run, from 0'),
  stageKind: string('pipeline.stage.kind', 'design', 'work, or gate when only gates ran'),
  qualityCoveragePercent: double('quality.coverage_percent', '002', 'coverage when the stage ran', '%'),
  qualityGapCount: int('quality.gap_count', '002', 'gaps when the stage ran'),
  outputArtifactCount: int('output.artifact_count', '002', 'artifacts the stage produced'),
  outputPathCount: int('output.path_count', '002', 'files the stage wrote'),
  questionId: string('question.id', '001', 'id of the open question'),
  questionText: string('question.text', '001', 'what is asked'),
  questionStatus: string('question.status', '001', 'open; answered or deferred too where it is one of the Three Questions'),
  questionPriority: string('question.priority', '001', 'critical, high, medium, low'),
  questionAffected: int('question.affected_count', 'design', 'tasks the question affects; links stop at 100'),
  questionOpenCount: int('question.open_count', 'design', 'open questions of the manifest'),
  linkType: string('link.type', '001', 'depends_on, affects, validates, supersedes, ci_job, caller, part_of, has_part'),
  source: string('source', '000', 'who defined the task'),
  eventArtifactType: string('artifact_type', '000', 'kind of the artifact'),
  eventTarget: string('target', '000', 'service of the artifact'),
  eventPriority: string('priority', '000', 'priority of the artifact'),
  eventStatus: string('status', 'tasks §5', 'status of the artifact'),
  derivationRules: string('derivation_rules', '000', 'how its values follow from the manifest, JSON'),
  expectedOutputContract: string('expected_output_contract', '000', 'what a good one holds, JSON'),
  validationErrors: strings('validation_errors', 'design', 'what is wrong in the file found'),
  eventDependsOn: strings('depends_on', '000', 'ids it waits for'),
  eventDependencyCount: int('dependency_count', '000', 'how many'),
  cycle: strings('cycle', 'tasks §6', 'the ids that wait for each other, in order'),
  eventArtifactId: string('artifact_id', '000', 'the artifact'),
  intent: string('intent', '000', 'create, update, validate'),
  parameterSources: string('parameter_sources', '000', 'where each parameter comes from, JSON'),
  intentAction: string('artifact.intent.action', '000', 'create, update, validate'),
  intentArtifactType: string('artifact.intent.artifact_type', '000', 'kind of the artifact'),
  intentParameterSources: string('artifact.intent.parameter_sources', '000', 'where each parameter comes from, JSON'),
  intentOwner: string('artifact.intent.owner', 'gates §1.4', 'spec.business.owner, else unassigned'),
  blockedReason: string('reason', '002', 'why'),
  gateId: string('gate.id', 'gates §9', '{task id}-{gate}'),
  gateName: string('gate.name', '001', 'key of the gate'),
  gatePhase: string('gate.phase', 'gates §9', 'the domain it judges'),
  gateResult: string('gate.result', '001', 'passed, failed'),
  gateViolations: int('gate.violations', '001', 'findings that make it fail'),
  gateViolationsTruncated: boolean('gate.violations_truncated', 'gates §9', 'more than the twenty shown'),
  gateSeverity: string('gate.severity', 'gates §9', 'info, warning, error, critical'),
  gateBlocking: boolean('gate.blocking', 'gates §9', 'stops the pipeline'),
  gateReason: string('gate.reason', 'gates §9', 'the answer in a sentence'),
  gateNextAction: string('gate.next_action', 'gates §9', 'what to do'),
  gateEvidenceTotal: int('gate.evidence_total', 'gates §9', 'pieces of evidence'),
  gateSkipReason: string('gate.skip_reason', 'gates §9', 'why it could not look'),
  gateCrashed: boolean('gate.crashed', 'design', 'the gate itself broke'),
  gateIdPlain: string('gate_id', 'gates §9', 'as the reference spells it'),
  gateCount: int('gate.count', 'otel §1.3', 'gates of this stage'),
  gateFailedCount: int('gate.failed_count', 'otel §1.3', 'gates that failed or crashed'),
  gateTaskCount: int('gate.task_count', 'design', 'tasks that the gates of a check name; links stop at 100'),
  gateEventsTruncated: int('gate.events_truncated', 'design', 'checksum or calibration events left out beyond twenty a gate'),
  checksumName: string('checksum.name', 'gates §9', 'which checksum'),
  checksumExpected: string('checksum.expected', 'gates §9', 'the recorded one'),
  checksumActual: string('checksum.actual', 'gates §9', 'the one of the file'),
  checksumStatus: string('checksum.status', 'gates §9', 'match, mismatch, missing, unverified'),
  checksumAlgorithm: string('checksum.algorithm', 'gates §9', 'sha256'),
  calibrationKind: string('calibration.kind', 'gates §9', 'missing, invalid_depth, loc_mismatch, loc_violation, protocol, depth_mismatch'),
  calibrationExpectedDepth: string('calibration.expected_depth', 'gates §9', 'depth the type asks for'),
  calibrationActualDepth: string('calibration.actual_depth', 'gates §9', 'depth found'),
  calibrationExpectedLoc: string('calibration.expected_loc_range', 'gates §9', 'length the type asks for'),
  calibrationActualLoc: int('calibration.actual_loc', 'gates §9', 'length found', '{line}'),
  calibrationMismatch: boolean('calibration.mismatch', 'gates §9', 'they differ'),
  contractName: string('contract_name', 'gates §5', 'the contract a payload broke'),
  direction: string('direction', 'gates §5', 'outbound'),
  errorCount: int('error_count', 'gates §5', 'faults found'),
  metricStage: string('stage', 'tasks §14', 'on metrics: the phase, without its ARTISAN_ prefix'),
  metricPhase: string('phase', 'tasks §14', 'on metrics: pipeline phase of the stage, or the domain the gate judges'),
  metricSeverity: string('severity', 'tasks §14', 'on metrics: info, warning, error, critical'),
  metricBlocking: boolean('blocking', 'tasks §14', 'on metrics: it stops the pipeline'),
  metricLevel: string('level', 'design', 'on metrics: critical, error, warning'),
  metricOutcome: string('outcome', 'design', 'on metrics: pass, fail, skipped, crashed'),
  vcsChangeId: string('vcs.change.id', 'semconv', 'number of the pull request'),
  vcsChangeTitle: string('vcs.change.title', 'semconv', 'its title'),
  vcsChangeState: string('vcs.change.state', 'semconv', 'open, wip, closed, merged'),
  vcsRepositoryUrl: string('vcs.repository.url.full', 'semconv', 'URL of the repository'),
  vcsRepositoryName: string('vcs.repository.name', 'semconv', 'name of the repository'),
  vcsOwnerName: string('vcs.owner.name', 'semconv', 'its owner'),
  vcsProviderName: string('vcs.provider.name', 'semconv', 'github, …'),
  vcsRefHeadName: string('vcs.ref.head.name', 'semconv', 'branch or tag'),
  vcsRefHeadType: string('vcs.ref.head.type', 'semconv', 'branch, tag'),
  vcsRefHeadRevision: string('vcs.ref.head.revision', 'semconv', 'commit'),
  vcsRefBaseName: string('vcs.ref.base.name', 'semconv', 'branch it is compared with'),
  vcsRefBaseType: string('vcs.ref.base.type', 'semconv', 'branch, tag'),
  vcsRefBaseRevision: string('vcs.ref.base.revision', 'semconv', 'commit it is compared with'),
  cicdPipelineName: string('cicd.pipeline.name', 'semconv', 'workflow'),
  cicdPipelineRunId: string('cicd.pipeline.run.id', 'semconv', 'run'),
  cicdPipelineRunUrl: string('cicd.pipeline.run.url.full', 'semconv', 'URL of the run'),
  cicdPipelineTaskName: string('cicd.pipeline.task.name', 'semconv', 'job'),
  cicdPipelineTaskRunId: string('cicd.pipeline.task.run.id', 'semconv', 'check run of the job'),
  cicdPipelineTaskRunUrl: string('cicd.pipeline.task.run.url.full', 'semconv', 'URL of the job'),
  serviceInstanceId: string('service.instance.id', 'design', 'the run; first on the resource, so that no two spools look alike'),
  serviceName: string('service.name', '000', 'contextcore-export-tasks'),
  serviceNamespace: string('service.namespace', 'tasks §7', 'contextcore'),
  serviceVersion: string('service.version', 'semconv', 'version of Export Tasks'),
  sdkName: string('telemetry.sdk.name', 'semconv', 'who wrote the spans'),
  sdkLanguage: string('telemetry.sdk.language', 'semconv', 'nodejs'),
  sdkVersion: string('telemetry.sdk.version', 'semconv', 'version of the writer'),
  deploymentEnvironment: string(
    'deployment.environment.name',
    'semconv',
    'where the run took place, when OTEL_RESOURCE_ATTRIBUTES says so',
  ),
} as const satisfies Record<string, AttributeSpec>;

type AttributeName = keyof typeof attributes;

/** Families whose keys carry a name from the manifest or a number. */
export interface FamilySpec {
  readonly pattern: RegExp;
  readonly shown: string;
  /** `any` is a string, boolean, double or string[]: a number is always a double, so that 1 and 0.5 land in one column. */
  readonly type: AttributeType | 'any';
  readonly source: string;
  readonly brief: string;
}

export const FAMILIES: readonly FamilySpec[] = [
  {
    pattern: /^artifact\.parameters\../,
    shown: 'artifact.parameters.<key>',
    type: 'any',
    source: '000',
    brief: 'the derived value of a parameter',
  },
  {
    pattern: /^gate\.violation\.\d+\.(field|message)$/,
    shown: 'gate.violation.<N>.field, .message',
    type: 'string',
    source: '001',
    brief: 'one finding, N from 0 to 19',
  },
  {
    pattern: /^error\.[0-2]\.(code|path)$/,
    shown: 'error.<N>.code, .path',
    type: 'string',
    source: 'gates §5',
    brief: 'one fault of a contract',
  },
];

export const PARAMETER_PREFIX = 'artifact.parameters.';

/** Attribute keys by the name the code says: `A.taskId` is `task.id`. */
export const A = withFixedLayout(Object.fromEntries(Object.entries(attributes).map(([name, spec]) => [name, spec.key]))) as {
  readonly [Name in AttributeName]: (typeof attributes)[Name]['key'];
};

export const ATTRIBUTES: readonly AttributeSpec[] = Object.values(attributes);

const byKey: ReadonlyMap<string, AttributeSpec> = new Map(ATTRIBUTES.map((spec) => [spec.key, spec]));

/** The declared type of a key; undefined when the registry knows no such key. */
export function declaredType(key: string): AttributeType | 'any' | undefined {
  return byKey.get(key)?.type ?? FAMILIES.find((family) => family.pattern.test(key))?.type;
}

function declare<T extends AttributeType>(type: T) {
  return <K extends string>(key: K, source: string, brief: string, unit?: string) => ({
    key,
    type,
    source,
    brief,
    ...(unit ? { unit } : {}),
  });
}
