import type { ArtifactType } from '../contract/contract.ts';
import { agentCard } from './agent-card.ts';
import { alertTemplate } from './alert-template.ts';
import { capabilityIndex } from './capability-index.ts';
import { ciWorkflow } from './ci-workflow.ts';
import { dashboard } from './dashboard.ts';
import { dockerfile } from './dockerfile.ts';
import { editorconfig } from './editorconfig.ts';
import { ingestionTraceability } from './ingestion-traceability.ts';
import { lokiRule } from './loki-rule.ts';
import { mcpTools } from './mcp-tools.ts';
import { notificationPolicy } from './notification-policy.ts';
import { onboardingMetadata } from './onboarding-metadata.ts';
import { prometheusRule } from './prometheus-rule.ts';
import { protobufSchema } from './protobuf-schema.ts';
import { provenance } from './provenance.ts';
import { pythonRequirements } from './python-requirements.ts';
import { runbook } from './runbook.ts';
import { serviceMonitor } from './service-monitor.ts';
import { sloDefinition } from './slo-definition.ts';

/** Every artifact type, in the order of export.md §15.1; the generated ones thereby in the order of §8.1. */
export const artifactTypes: readonly ArtifactType[] = [
  dashboard,
  prometheusRule,
  sloDefinition,
  serviceMonitor,
  lokiRule,
  notificationPolicy,
  runbook,
  alertTemplate,
  capabilityIndex,
  agentCard,
  mcpTools,
  onboardingMetadata,
  provenance,
  ingestionTraceability,
  dockerfile,
  pythonRequirements,
  protobufSchema,
  editorconfig,
  ciWorkflow,
];
