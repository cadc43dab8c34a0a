import * as z from 'zod/mini';
import {
  anything,
  byName,
  count,
  criticality,
  emissionState,
  nullable,
  percent,
  profile,
  sha256,
  text,
  texts,
  traceId,
  utcTime,
  zonelessTime,
} from './words.ts';

/* `onboarding-metadata.json` as an export writes it (spec/export.md §14, design.md). Sections whose keys are the user's are open; all others are closed. */

const depth = z.enum(['brief', 'standard', 'comprehensive', 'standard-comprehensive']);
const lineRange = z.enum(['<=50', '51-150', '51-300', '>150']);

const output = { output_ext: text, output_path: text, description: text, schema_url: text };
const artifactType = z.strictObject({
  ...output,
  parameter_keys: texts,
  parameter_sources: byName(text),
  example_output_path: text,
  example_snippet: text,
});

const targetCoverage = z.strictObject({
  target: text,
  namespace: text,
  requiredCount: count,
  existingCount: count,
  coveragePercent: percent,
  gaps: texts,
});
const coverage = z.strictObject({
  totalRequired: count,
  totalExisting: count,
  totalOutdated: count,
  overallCoverage: percent,
  byTarget: z.array(targetCoverage),
  byType: byName(count),
  gaps: texts,
  requiredGaps: texts,
});

const semanticConventions = z.strictObject({
  attributeNamespaces: texts,
  metrics: byName(texts),
  queryTemplates: byName(text),
  logFormat: text,
});

const git = z.strictObject({
  commitSha: z.optional(nullable(text)),
  branch: z.optional(nullable(text)),
  isDirty: z.optional(z.boolean()),
  remoteUrl: z.optional(nullable(text)),
});
const provenance = z.strictObject({
  generatedAt: zonelessTime,
  durationMs: z.number().check(z.gte(0)),
  sourcePath: text,
  sourceChecksum: sha256,
  contextcoreVersion: text,
  exporter: text,
  nodeVersion: text,
  git: z.optional(git),
  cliArgs: texts,
  cliOptions: byName(anything),
  outputDirectory: text,
  outputFiles: texts,
  generationProfile: profile,
});

const question = z.strictObject({
  id: text,
  question: text,
  status: z.enum(['open', 'answered', 'deferred']),
  priority: criticality,
  answer: z.optional(text),
  answeredBy: z.optional(text),
});
const constraint = z.strictObject({
  id: text,
  rule: text,
  severity: z.enum(['blocking', 'warning', 'advisory']),
  rationale: z.optional(text),
  appliesTo: texts,
});
const guidance = z.strictObject({
  focus: z.optional(z.strictObject({ areas: texts, reason: z.optional(text) })),
  constraints: z.array(constraint),
  preferences: z.array(z.strictObject({ id: text, description: text, example: z.optional(text) })),
  questions: z.array(question),
  design_principles: z.optional(z.array(z.strictObject({ id: text, principle: text, anti_patterns: texts }))),
});

const derivation = z.strictObject({ property: text, sourceField: text, transformation: text, rationale: z.optional(text) });
const outputContract = z.strictObject({
  expected_depth: depth,
  max_lines: count,
  max_tokens: count,
  completeness_markers: texts,
  red_flag: text,
  edit_min_pct: percent,
  fields: texts,
});
/** Of a type, or of a service's image or client, which says over what it speaks. */
const calibrationHint = z.strictObject({
  expected_depth: depth,
  expected_loc_range: lineRange,
  red_flag: text,
  edit_min_pct: z.optional(percent),
  transport_protocol: z.optional(anything),
});

const keyResult = z.strictObject({
  metricKey: text,
  unit: text,
  target: nullable(z.number()),
  targetOperator: z.optional(text),
  baseline: z.optional(nullable(z.number())),
  window: z.optional(text),
  dataSource: z.optional(text),
});
const objective = z.strictObject({ id: text, description: text, keyResults: z.array(keyResult) });

const resolvability = z.strictObject({
  status: z.enum(['resolved', 'defaulted', 'unresolved']),
  source_path: text,
  reason_code: z.optional(text),
  reason: z.optional(text),
});
const requirementHint = z.strictObject({
  id: text,
  labels: texts,
  priority: text,
  acceptance_anchors: texts,
  satisfied_by_artifact: z.optional(text),
});

const sdk = z.strictObject({ package: text, interceptor: text, exporter: text });
const metric = z.strictObject({ name: text, type: z.optional(text), source: text });
const instrumentationHint = z.strictObject({
  service_id: text,
  transport: text,
  detected_databases: texts,
  metrics: z.strictObject({ convention_based: z.array(metric), manifest_declared: z.array(metric), sdk: z.optional(sdk) }),
  traces: z.strictObject({
    required: z.array(z.strictObject({ span_name: text, attributes: texts, source: text })),
    propagation: text,
    sdk: z.optional(sdk),
  }),
  logging: z.strictObject({ trace_context_fields: texts, _note: text }),
  dependencies: z.strictObject({ add: z.array(z.strictObject({ package: text, version: text })) }),
  language: z.optional(text),
});

/** Values as the manifest has them, null among them (E37). */
const database = z.strictObject({
  type: anything,
  client_library: anything,
  credential_source: anything,
  sensitivity: anything,
  access_policy: z.optional(
    z.strictObject({
      allowed_principals: z.optional(anything),
      required_role: z.optional(anything),
      audit_access: z.optional(z.literal(true)),
    }),
  ),
});

const fileOwner = z.strictObject({
  artifact_ids: texts,
  artifact_types: texts,
  scope: z.enum(['primary', 'shared']),
  task_ids: z.array(anything),
});

const capabilityContext = z.strictObject({
  index_version: text,
  applicable_principles: z.array(z.strictObject({ id: text, principle: text })),
  applicable_patterns: z.array(z.strictObject({ pattern_id: text, name: text, capabilities: texts })),
  matched_capabilities: texts,
  governance_gates: texts,
});

const emission = z.strictObject({
  state: emissionState,
  reason: text,
  trace_id: nullable(traceId),
  spool: nullable(text),
  drafted: count,
  sent: count,
  spooled: count,
  lost: count,
});

export const onboardingMetadata = z.strictObject({
  version: z.enum(['1.0.0', '1.1.0']),
  schema_version: z.enum(['1.0.0', '1.1.0']),
  generation_profile: profile,
  schema: z.literal('contextcore.io/onboarding-metadata/v1'),
  project_id: text,
  artifact_manifest_path: text,
  project_context_path: text,
  crd_reference: text,
  generated_at: zonelessTime,
  artifact_types: byName(artifactType),
  output_path_conventions: byName(z.strictObject(output)),
  parameter_schema: byName(texts),
  coverage,
  semantic_conventions: semanticConventions,
  provenance: nullable(provenance),
  guidance,
  capabilities: z.strictObject({ schema_features: texts, optional_sections: texts }),
  derivation_rules: z.optional(byName(z.array(derivation))),
  artifact_dependency_graph: z.optional(byName(texts)),
  expected_output_contracts: z.optional(byName(outputContract)),
  design_calibration_hints: z.optional(byName(calibrationHint)),
  objectives: z.optional(z.array(objective)),
  resolved_artifact_parameters: z.optional(byName(byName(anything))),
  parameter_resolvability: z.optional(byName(byName(resolvability))),
  parameter_resolvability_summary: z.optional(z.strictObject({ resolved: count, unresolved: count, total: count, defaulted: count })),
  open_questions: z.optional(z.array(question)),
  requirements_hints: z.array(requirementHint),
  service_metadata: z.optional(byName(byName(anything))),
  service_communication_graph: z.optional(byName(anything)),
  instrumentation_hints: z.optional(byName(instrumentationHint)),
  security_contract: z.optional(z.strictObject({ databases: byName(database), sensitivity: anything, source: text })),
  artifact_manifest_checksum: sha256,
  project_context_checksum: sha256,
  source_checksum: sha256,
  artifact_task_mapping: z.optional(byName(anything)),
  file_ownership: z.optional(byName(fileOwner)),
  capability_context: z.optional(capabilityContext),
  _enriched_from: z.optional(z.strictObject({ profile: text, project_id: anything, schema_version: anything })),
  source_path_relative: text,
  task_trace_id: z.optional(traceId),
  task_emission_timestamp: z.optional(utcTime),
  task_emission: z.optional(emission),
});
