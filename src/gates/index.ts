import type { Gate } from '../gatekeeper/gate.ts';
import { artifactInventory } from './artifact-inventory.ts';
import { artifactValidity } from './artifact-validity.ts';
import { checksumChain } from './checksum-chain.ts';
import { coverageRatchet } from './coverage-ratchet.ts';
import { dependencyCycles } from './dependency-cycles.ts';
import { designCalibration } from './design-calibration.ts';
import { editFirstCoverage } from './edit-first-coverage.ts';
import { gapParity } from './gap-parity.ts';
import { mappingCompleteness } from './mapping-completeness.ts';
import { minCoverage } from './min-coverage.ts';
import { parameterResolvability } from './parameter-resolvability.ts';
import { promises } from './promises.ts';
import { provenanceConsistency } from './provenance-consistency.ts';
import { question1 } from './question-1.ts';
import { question2 } from './question-2.ts';
import { question3 } from './question-3.ts';
import { requiredArtifacts } from './required-artifacts.ts';
import { serviceMetadata } from './service-metadata.ts';
import { structuralIntegrity } from './structural-integrity.ts';
import { waivers } from './waivers.ts';

/** Gate 1, pipeline integrity, in the order of its reports (gates.md §2.3). */
export const gate1: readonly Gate[] = [
  structuralIntegrity,
  checksumChain,
  provenanceConsistency,
  mappingCompleteness,
  gapParity,
  designCalibration,
  parameterResolvability,
  artifactInventory,
  serviceMetadata,
  editFirstCoverage,
  minCoverage,
];

/** The Three Questions; they refer to what Gate 1 answered and so come after it. */
export const questions: readonly Gate[] = [question1, question2, question3];

/** The gates that judge the user's work rather than the export's files. */
export const ours: readonly Gate[] = [requiredArtifacts, artifactValidity, coverageRatchet, promises, waivers, dependencyCycles];
