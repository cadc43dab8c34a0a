import type { Artifact, Derivation } from '../contract/contract.ts';
import { semanticConventions } from '../contract/sections.ts';
import type { Document } from './document.ts';
import { CONTEXTCORE_VERSION, type ExportInput, fileNames } from './export-input.ts';
import { guidance, objectives, owners, shortCoverage } from './manifest-sections.ts';
import { portablePath } from './paths.ts';
import { zonelessStamp } from './timestamp.ts';

/** `{P}-artifact-manifest.yaml` or `.json`: what is to be made, why, and with what parameters (export.md §7). */
export function artifactManifest(input: ExportInput, provenance: Document | undefined): Document {
  const { contract, settings } = input;
  const { manifest } = contract;
  const { business, project } = manifest.spec;
  const rules = new Map<Artifact['derivedFrom'], readonly Document[]>();
  return {
    apiVersion: 'contextcore.io/v1',
    kind: 'ArtifactManifest',
    metadata: {
      schemaVersion: '1.0.0',
      generatedAt: zonelessStamp(input.now, input.zone),
      generatedFrom: portablePath(settings.root, settings.path),
      contextcoreVersion: CONTEXTCORE_VERSION,
      projectId: contract.projectId,
      provenance: settings.embedProvenance ? provenance : undefined,
    },
    artifacts: contract.artifacts.map((artifact) => artifactEntry(artifact, rules)),
    projectContext: {
      name: manifest.metadata.name,
      description: project.description,
      owner: business?.owner,
      costCenter: business?.costCenter,
      value: business?.value,
      links: manifest.metadata.links,
    },
    owners: owners(manifest),
    guidance: guidance(manifest.guidance),
    objectives: objectives(manifest.strategy),
    semanticConventions: semanticConventions(contract.capabilityIndex),
    coverage: shortCoverage(contract.coverage),
    crdReference: fileNames(input).projectContext,
  };
}

/** Artifacts that share their rules share them in the document too, where the writer sees it. */
function artifactEntry(artifact: Artifact, known: Map<Artifact['derivedFrom'], readonly Document[]>): Document {
  const rules = known.get(artifact.derivedFrom) ?? artifact.derivedFrom.map(ruleEntry);
  known.set(artifact.derivedFrom, rules);
  return {
    id: artifact.id,
    type: artifact.type,
    name: artifact.name,
    target: artifact.target,
    priority: artifact.priority,
    status: artifact.status,
    derivedFrom: rules,
    parameters: artifact.parameters,
    dependsOn: artifact.dependsOn,
    existingPath: artifact.existingPath,
    validationErrors: artifact.validationErrors.map(({ place, message }) => ({
      file: place.file,
      line: place.line,
      column: place.column,
      message,
    })),
  };
}

function ruleEntry({ property, sourceField, transformation, rationale }: Derivation): Document {
  return { property, sourceField, transformation, rationale };
}
