import { onboardingSchemaVersion } from '../contract/profiles.ts';
import {
  artifactDependencyGraph,
  artifactTypesSection,
  CAPABILITIES,
  capabilityContext,
  derivationRules,
  designCalibrationHints,
  designPrinciples,
  expectedOutputContracts,
  fileOwnership,
  instrumentationHints,
  outputPathConventions,
  parameterResolvability,
  parameterSchema,
  requirementsHints,
  resolvedArtifactParameters,
  resolveServices,
  securityContract,
  semanticConventions,
  serviceCommunicationGraph,
} from '../contract/sections.ts';
import type { Document } from './document.ts';
import { type ExportInput, fileNames } from './export-input.ts';
import { fullCoverage, guidance, objectives, openQuestions } from './manifest-sections.ts';
import { sourcePathRelative } from './paths.ts';
import { zonelessStamp } from './timestamp.ts';

/** SHA-256 of the two files that onboarding metadata vouches for. */
export interface Checksums {
  readonly artifactManifest: string;
  readonly projectContext: string;
}

export const ONBOARDING_SCHEMA = 'contextcore.io/onboarding-metadata/v1';

/** `onboarding-metadata.json`: what a consumer needs to begin, keys in the order of export.md §14. A section that is empty or that the profile leaves out is absent. */
export function onboardingMetadata(input: ExportInput, checksums: Checksums, provenance: Document | undefined): Document {
  const { auxiliary, contract, parsed, settings, types } = input;
  const { manifest, profile } = contract;
  const names = fileNames(input);
  const version = onboardingSchemaVersion(profile);
  const { services, enrichedFrom } = resolveServices(contract, {
    raw: parsed.raw,
    ...(auxiliary.serviceMetadata && { serviceMetadata: auxiliary.serviceMetadata }),
    ...(input.previous.onboarding !== undefined && { prior: input.previous.onboarding }),
  });
  const resolvability = parameterResolvability(contract, types);
  const questions = openQuestions(manifest.guidance);
  return {
    version,
    schema_version: version,
    generation_profile: profile,
    schema: ONBOARDING_SCHEMA,
    project_id: contract.projectId,
    artifact_manifest_path: names.artifactManifest,
    project_context_path: names.projectContext,
    crd_reference: names.projectContext,
    generated_at: zonelessStamp(input.now, input.zone),
    artifact_types: artifactTypesSection(contract, types),
    output_path_conventions: outputPathConventions(types),
    parameter_schema: parameterSchema(types),
    coverage: fullCoverage(contract.coverage),
    semantic_conventions: semanticConventions(contract.capabilityIndex),
    provenance: provenance ?? null,
    guidance: { ...guidance(manifest.guidance), design_principles: designPrinciples(contract) },
    capabilities: CAPABILITIES,
    derivation_rules: derivationRules(contract),
    artifact_dependency_graph: artifactDependencyGraph(contract),
    expected_output_contracts: expectedOutputContracts(contract, types),
    design_calibration_hints: designCalibrationHints(contract, types, services),
    objectives: manifest.strategy.objectives.length > 0 ? objectives(manifest.strategy) : undefined,
    resolved_artifact_parameters: resolvedArtifactParameters(contract),
    parameter_resolvability: resolvability?.parameters,
    parameter_resolvability_summary: resolvability?.summary,
    open_questions: questions.length > 0 ? questions : undefined,
    requirements_hints: requirementsHints(contract, types),
    service_metadata: services,
    service_communication_graph: serviceCommunicationGraph(parsed.raw),
    instrumentation_hints: instrumentationHints(contract, parsed.raw, services),
    security_contract: securityContract(parsed.raw),
    artifact_manifest_checksum: checksums.artifactManifest,
    project_context_checksum: checksums.projectContext,
    source_checksum: parsed.source.sha256,
    artifact_task_mapping: hasKeys(auxiliary.taskMapping) ? auxiliary.taskMapping : undefined,
    file_ownership: fileOwnership(contract, types, auxiliary.taskMapping),
    capability_context: capabilityContext(contract),
    _enriched_from: enrichedFrom,
    source_path_relative: sourcePathRelative(settings.root, settings.outputDir, settings.path),
  };
}

function hasKeys(value: object | undefined): boolean {
  return value !== undefined && Object.keys(value).length > 0;
}
