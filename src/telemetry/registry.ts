import { A, ATTRIBUTES } from './attributes.ts';

export {
  ATTRIBUTES,
  type AttributeSpec,
  type AttributeType,
  declaredType,
  FAMILIES,
  type FamilySpec,
  PARAMETER_PREFIX,
} from './attributes.ts';

export interface EventSpec {
  readonly name: string;
  readonly source: string;
  readonly brief: string;
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

const gateHead = [A.gateName, A.gateId, A.gatePhase];
const violations = ['gate.violation.<N>'];

const events = {
  taskCreated: {
    name: 'task.created',
    source: '000',
    brief: 'the task is defined',
    required: [A.taskTitle, A.taskType, A.source],
    optional: [A.eventArtifactType, A.eventTarget, A.eventPriority, A.eventStatus],
  },
  taskContract: {
    name: 'task.contract',
    source: '000',
    brief: 'what the artifact must hold',
    required: [],
    optional: [A.derivationRules, A.expectedOutputContract],
  },
  taskDependencies: {
    name: 'task.dependencies',
    source: '000',
    brief: 'what it waits for',
    required: [A.eventDependsOn, A.eventDependencyCount],
    optional: [],
  },
  taskDependencyCycle: {
    name: 'task.dependency_cycle',
    source: 'tasks §6',
    brief: 'it waits for itself',
    required: [A.cycle],
    optional: [],
  },
  taskCompleted: { name: 'task.completed', source: 'tasks §5', brief: 'the artifact exists', required: [], optional: [] },
  taskBlocked: {
    name: 'task.blocked',
    source: '002',
    brief: 'a gate stops the work',
    required: [A.blockedReason],
    optional: [A.gateName, A.taskNextAction],
  },
  artifactIntent: {
    name: 'artifact.intent',
    source: '000',
    brief: 'what is to be done with the artifact',
    required: [A.eventArtifactId, A.intent, A.parameterSources, A.intentAction, A.intentArtifactType, A.intentParameterSources],
    optional: [A.intentOwner],
  },
  artifactInvalid: {
    name: 'artifact.validation',
    source: 'design',
    brief: 'a file was found, and is broken or outdated',
    required: [A.validationErrors],
    optional: [A.artifactPath],
  },
  gateStarted: { name: 'gate.check.started', source: '002', brief: 'a gate begins', required: gateHead, optional: [] },
  gatePassed: { name: 'gate.check.passed', source: '002', brief: 'it passed', required: [A.gateIdPlain, A.gateName], optional: [] },
  gateFailed: {
    name: 'gate.check.failed',
    source: '002',
    brief: 'it failed',
    required: [A.gateIdPlain, A.gateName, A.blockedReason, A.gateBlocking],
    optional: [A.gateCrashed],
  },
  gateSkipped: {
    name: 'gate.check.skipped',
    source: 'gates §9',
    brief: 'it could not look',
    required: [A.gateName, A.gateSkipReason],
    optional: [A.gateId],
  },
  gateValidation: {
    name: 'gate.validation',
    source: '001',
    brief: 'the answer of a gate, on its stage and on the task it speaks of',
    required: [
      ...gateHead,
      A.gateResult,
      A.gateViolations,
      A.gateSeverity,
      A.gateBlocking,
      A.gateReason,
      A.gateEvidenceTotal,
      A.gateViolationsTruncated,
    ],
    optional: [A.gateNextAction, ...violations],
  },
  gateChecksum: {
    name: 'gate.checksum',
    source: '001',
    brief: 'one checksum compared',
    required: [A.checksumName, A.checksumStatus, A.checksumAlgorithm],
    optional: [A.checksumExpected, A.checksumActual],
  },
  gateCalibration: {
    name: 'gate.calibration',
    source: '001',
    brief: 'an expectation and what was found',
    required: [A.calibrationKind, A.calibrationMismatch],
    optional: [
      A.artifactType,
      A.artifactId,
      A.calibrationExpectedDepth,
      A.calibrationActualDepth,
      A.calibrationExpectedLoc,
      A.calibrationActualLoc,
    ],
  },
  questionOpen: {
    name: 'question.open',
    source: 'gates §9',
    brief: 'a question nobody answered yet',
    required: [A.questionId, A.questionText, A.questionPriority],
    optional: [],
  },
  outboundFailed: {
    name: 'handoff.validation.outbound.failed',
    source: 'gates §5',
    brief: 'a contract of ours does not hold',
    required: [A.contractName, A.direction, A.errorCount],
    optional: ['error.<N>'],
  },
} as const satisfies Record<string, EventSpec>;

/** Event names by the name the code says. */
export const EVENT = Object.fromEntries(Object.entries(events).map(([name, spec]) => [name, spec.name])) as {
  readonly [Name in keyof typeof events]: (typeof events)[Name]['name'];
};

export const EVENTS: readonly EventSpec[] = Object.values(events);

export interface SpanSpec {
  readonly name: string;
  readonly source: string;
  readonly brief: string;
  readonly required: readonly string[];
  readonly optional: readonly string[];
  readonly events: readonly string[];
  readonly links: readonly string[];
}

const everySpan = [A.projectId, A.taskId, A.taskType, A.taskTitle, A.taskStatus, A.taskPhase, A.taskSource, A.exportScope];
const progress = [A.taskPercentComplete, A.taskSubtaskCount, A.taskSubtaskCompleted];
const checksums = [A.inputSourceChecksum, A.inputArtifactManifestChecksum, A.inputProjectContextChecksum];
const blocked = [A.taskBlockedReason, A.taskNextAction, A.taskBlockedOnSpanId];
const expected = [A.expectedOutputDepth, A.expectedOutputMaxLines];
const anySpan = [A.vcsChangeId];

const spans = {
  epic: {
    name: 'contextcore.task.epic',
    source: '000',
    brief: 'all the work a manifest implies',
    required: [
      ...everySpan,
      ...progress,
      A.coverageTotalRequired,
      A.coverageTotalExisting,
      A.coverageTotalGaps,
      A.coveragePercent,
      A.exportSource,
    ],
    optional: [
      ...anySpan,
      ...checksums,
      ...blocked,
      A.exportSourceChecksum,
      A.coverageTotalOutdated,
      A.coverageRequiredGaps,
      A.questionOpenCount,
      A.exportTraceCount,
    ],
    events: [EVENT.taskCreated, EVENT.questionOpen, EVENT.taskBlocked, EVENT.taskCompleted, EVENT.outboundFailed],
    links: ['ci_job', 'supersedes', 'has_part'],
  },
  stage: {
    name: 'contextcore.pipeline.stage',
    source: '001',
    brief: 'one phase of the run, with its gates',
    required: [...everySpan, A.taskParentId, A.taskPercentComplete, A.stageName, A.stageIndex, A.stageKind],
    optional: [
      ...anySpan,
      ...checksums,
      ...blocked,
      A.qualityCoveragePercent,
      A.qualityGapCount,
      A.outputArtifactCount,
      A.outputPathCount,
      A.gateCount,
      A.gateFailedCount,
      A.gateTaskCount,
      A.gateEventsTruncated,
    ],
    events: [
      EVENT.gateStarted,
      EVENT.gatePassed,
      EVENT.gateFailed,
      EVENT.gateSkipped,
      EVENT.gateValidation,
      EVENT.gateChecksum,
      EVENT.gateCalibration,
      EVENT.taskBlocked,
      EVENT.outboundFailed,
    ],
    links: ['validates', 'ci_job', 'caller'],
  },
  run: {
    name: 'contextcore.pipeline.run',
    source: 'pipeline §1.2',
    brief: 'root of a check whose export names no trace that could be joined',
    required: [...everySpan, A.taskPercentComplete],
    optional: [...anySpan, ...checksums, ...blocked, A.gateCount, A.gateFailedCount, A.exportEpicTraceId],
    events: [EVENT.taskBlocked, EVENT.outboundFailed],
    links: ['ci_job'],
  },
  story: {
    name: 'contextcore.task.story',
    source: '000',
    brief: 'one kind of artifact',
    required: [...everySpan, ...progress, A.taskParentId, A.artifactType, A.artifactGapCount, A.artifactTotalCount],
    optional: [...anySpan, ...expected, A.exportParts, A.exportEpicTraceId],
    events: [EVENT.taskCreated, EVENT.taskCompleted, EVENT.outboundFailed],
    links: ['part_of', 'has_part'],
  },
  task: {
    name: 'contextcore.task.task',
    source: '000',
    brief: 'one artifact',
    required: [
      ...everySpan,
      ...progress,
      A.taskParentId,
      A.artifactId,
      A.artifactType,
      A.artifactTarget,
      A.artifactPriority,
      A.artifactStatus,
      A.taskPriority,
    ],
    optional: [
      ...anySpan,
      ...checksums,
      ...expected,
      A.expectedOutputMaxTokens,
      A.artifactNamespace,
      A.artifactPath,
      A.artifactDependsOn,
      A.artifactDependencyCount,
      'artifact.parameters.<key>',
      A.artifactParametersTruncated,
    ],
    events: [
      EVENT.taskCreated,
      EVENT.taskContract,
      EVENT.taskDependencies,
      EVENT.taskDependencyCycle,
      EVENT.artifactIntent,
      EVENT.artifactInvalid,
      EVENT.gateValidation,
      EVENT.taskCompleted,
      EVENT.outboundFailed,
    ],
    links: ['depends_on'],
  },
  question: {
    name: 'contextcore.question',
    source: '001',
    brief: 'an open question of the manifest, or one of the Three Questions that a check asked',
    required: [...everySpan, A.taskParentId, A.questionId, A.questionText, A.questionStatus, A.questionPriority, A.questionAffected],
    optional: [...anySpan, ...checksums],
    events: [EVENT.outboundFailed],
    links: ['affects'],
  },
  part: {
    name: 'contextcore.export.part',
    source: 'design',
    brief: 'root of a further trace of a story that is too large for one',
    required: [...everySpan, A.taskParentId, A.artifactType, A.exportPart, A.exportParts, A.exportEpicTraceId],
    optional: [...anySpan],
    events: [],
    links: ['part_of'],
  },
} as const satisfies Record<string, SpanSpec>;

/** Span names by the name the code says. */
export const SPAN = Object.fromEntries(Object.entries(spans).map(([name, spec]) => [name, spec.name])) as {
  readonly [Name in keyof typeof spans]: (typeof spans)[Name]['name'];
};

export const SPANS: readonly SpanSpec[] = Object.values(spans);

/** What the resource may carry. Nothing that names a machine or a person. */
export const RESOURCE = {
  required: [A.serviceInstanceId, A.serviceName, A.serviceNamespace, A.serviceVersion, A.projectId, A.projectName],
  optional: [
    A.sdkName,
    A.sdkLanguage,
    A.sdkVersion,
    A.deploymentEnvironment,
    ...ATTRIBUTES.map((spec) => spec.key).filter((key) => key.startsWith('vcs.') || key.startsWith('cicd.')),
  ],
} as const;

export const SERVICE_NAME = 'contextcore-export-tasks';
export const SERVICE_NAMESPACE = 'contextcore';
export const EXPORT_SOURCE = 'contextcore.manifest.export';
