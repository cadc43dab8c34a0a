// The sections of onboarding-metadata.json that follow from the contract (export.md §14), each a pure function. A section that is empty or that the
// profile leaves out is undefined: the key is then absent.

export {
  artifactDependencyGraph,
  coverageSection,
  coverageSummary,
  derivationRules,
  resolvedArtifactParameters,
} from './artifact-sections.ts';
export { designCalibrationHints } from './calibration.ts';
export { capabilityContext, designPrinciples, readCapabilityIndex } from './capability-index.ts';
export { serviceCommunicationGraph } from './communication-graph.ts';
export { fileOwnership } from './file-ownership.ts';
export { instrumentationHints } from './instrumentation.ts';
export { requirementsHints } from './requirements.ts';
export { parameterResolvability } from './resolvability.ts';
export { securityContract } from './security-contract.ts';
export { CAPABILITIES, semanticConventions } from './semantic-conventions.ts';
export { resolveServices, serviceMetadataFaults } from './services.ts';
export { artifactTypesSection, expectedOutputContracts, outputPathConventions, parameterSchema } from './type-sections.ts';
