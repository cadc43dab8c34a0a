import type { JsonObject } from '../host/json.ts';
import { type CapabilityIndex, discoveredMetrics } from './capability-index.ts';

/** `semanticConventions` of the artifact manifest and `semantic_conventions` of the onboarding metadata (export.md §7, §18). */
export function semanticConventions(capabilityIndex?: CapabilityIndex): JsonObject {
  return { ...CONVENTIONS, metrics: Object.fromEntries(declaredMetrics(capabilityIndex)) };
}

/** Metric names by group. What a capability index promises replaces the stock list of its group. */
export function declaredMetrics(capabilityIndex?: CapabilityIndex): ReadonlyMap<string, readonly string[]> {
  const discovered = capabilityIndex ? discoveredMetrics(capabilityIndex) : [];
  return new Map([
    ['contextcore', CONTEXTCORE_METRICS],
    ['beaver', discovered.length > 0 ? discovered : BEAVER_METRICS],
  ]);
}

/** Onboarding `capabilities`: what consumers may expect of this file. */
export const CAPABILITIES: JsonObject = {
  schema_features: [
    'integrity_checksums',
    'parameter_resolvability',
    'output_contracts',
    'design_calibration_hints',
    'file_ownership',
    'requirements_hints',
    'edit_first_enforcement',
  ],
  optional_sections: [
    'artifact_task_mapping',
    'open_questions',
    'objectives',
    'derivation_rules',
    'provenance',
    'requirements_hints',
    'service_metadata',
  ],
};

const CONTEXTCORE_METRICS = ['contextcore_task_progress', 'contextcore_task_status', 'contextcore_install_completeness_percent'];

const BEAVER_METRICS = [
  'startd8_active_sessions',
  'startd8_requests_total',
  'startd8_tokens_total',
  'startd8_response_time_ms',
  'startd8_context_usage_ratio',
  'startd8_truncations_total',
  'startd8_cost_total',
];

// `metrics` holds its place here; the function above fills it.
const CONVENTIONS: JsonObject = {
  attributeNamespaces: ['gen_ai.*', 'agent.*', 'io.contextcore.*'],
  metrics: {},
  queryTemplates: {
    task_by_project: '{ span.io.contextcore.project.id = "$project" }',
    agent_insights: '{ span.agent.insight.type = "$type" }',
    gen_ai_operations: '{ span.gen_ai.operation.name = "$operation" }',
    task_logs: '{job="contextcore"} | json | project_id="$project"',
    task_metrics: 'contextcore_task_progress{project="$project"}',
  },
  logFormat: 'otel',
};
