import type { Artifact, ArtifactStatus, Contract, Derivation, Priority } from '../contract/contract.ts';
import { measureCoverage } from '../contract/coverage.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../host/json.ts';
import type { Manifest, Owner, Question } from '../manifest/manifest.ts';

/** The contract that an export tells of, or what is wrong with the export. */
export type ReadExport =
  | {
      readonly ok: true;
      readonly contract: Contract;
      readonly checksums: Readonly<Record<'source' | 'artifactManifest' | 'projectContext', string | undefined>>;
    }
  | { readonly ok: false; readonly message: string };

const PRIORITIES: ReadonlySet<JsonValue> = new Set(['required', 'recommended', 'optional']);
const STATUSES: ReadonlySet<JsonValue> = new Set(['needed', 'exists', 'outdated', 'skipped']);

/**
 * Reads a contract back from an artifact manifest and the onboarding metadata beside it, ours or the reference's (export.md §7, §14), as far as the plan and the
 * trace need it. The values are a stranger's: what has the wrong type is left out, an artifact without id or type is a refusal.
 */
export function readExport(artifactManifest: JsonValue, onboarding: JsonObject, file: string): ReadExport {
  const list = isJsonObject(artifactManifest) ? artifactManifest['artifacts'] : undefined;
  if (!isJsonObject(artifactManifest) || !Array.isArray(list))
    return { ok: false, message: `${file} has no list of artifacts; it is no artifact manifest.` };
  const projectId = text(onboarding['project_id']) ?? text(objectOf(artifactManifest['metadata'])['projectId']);
  if (projectId === undefined) return { ok: false, message: 'The export names no project: onboarding-metadata.json has no project_id.' };
  const artifacts: Artifact[] = [];
  for (const [index, value] of list.entries()) {
    const artifact = artifactOf(value, projectId, file);
    if (artifact === undefined) return { ok: false, message: `Artifact ${index + 1} of ${file} has no id, type or status that is known.` };
    artifacts.push(artifact);
  }
  const manifest = manifestOf(artifactManifest, projectId);
  const contract: Contract = {
    manifest,
    projectId,
    criticality: 'medium',
    profile: 'full',
    artifacts,
    coverage: measureCoverage(artifacts),
    notices: [],
  };
  const checksum = (key: string) => text(onboarding[key]);
  return {
    ok: true,
    contract,
    checksums: {
      source: checksum('source_checksum'),
      artifactManifest: checksum('artifact_manifest_checksum'),
      projectContext: checksum('project_context_checksum'),
    },
  };
}

function artifactOf(value: JsonValue, projectId: string, file: string): Artifact | undefined {
  if (!isJsonObject(value)) return undefined;
  const [id, type] = [text(value['id']), text(value['type'])];
  const { priority, status } = value;
  if (id === undefined || type === undefined || status === undefined || !STATUSES.has(status)) return undefined;
  const target = text(value['target']) ?? projectId;
  const existingPath = text(value['existingPath']);
  return {
    id,
    type,
    name: text(value['name']) ?? id,
    target,
    scope: type === 'capability_index' ? 'project' : 'target',
    priority: priority !== undefined && PRIORITIES.has(priority) ? (priority as Priority) : 'recommended',
    status: status as ArtifactStatus,
    derivedFrom: listOf(value['derivedFrom']).flatMap(derivationOf),
    parameters: objectOf(value['parameters']) as Artifact['parameters'],
    defaulted: [],
    dependsOn: listOf(value['dependsOn']).flatMap((one) => text(one) ?? []),
    ...(existingPath !== undefined && { existingPath }),
    validationErrors: [],
    place: { file, line: 1 },
  };
}

function derivationOf(value: JsonValue): readonly Derivation[] {
  if (!isJsonObject(value)) return [];
  const [property, sourceField, transformation] = ['property', 'sourceField', 'transformation'].map((key) => text(value[key]));
  if (property === undefined || sourceField === undefined || transformation === undefined) return [];
  const rationale = text(value['rationale']);
  return [{ property, sourceField, transformation, ...(rationale !== undefined && { rationale }) }];
}

/** No more of the manifest than an artifact manifest repeats. */
function manifestOf(artifactManifest: JsonObject, projectId: string): Manifest {
  const owner = text(objectOf(artifactManifest['projectContext'])['owner']);
  const guidance = objectOf(artifactManifest['guidance']);
  return {
    apiVersion: 'contextcore.io/v1alpha2',
    kind: 'ContextManifest',
    metadata: { name: projectId, owners: listOf(artifactManifest['owners']).flatMap(ownerOf), changelog: [], links: {} },
    spec: {
      project: { id: projectId, tasks: [] },
      risks: [],
      targets: [],
      ...(owner !== undefined && { business: { owner, stakeholders: [] } }),
    },
    strategy: { objectives: [], tactics: [], strategyGroups: [] },
    guidance: { constraints: [], preferences: [], questions: listOf(guidance['questions']).flatMap(questionOf) },
    insights: [],
  };
}

function ownerOf(value: JsonValue): readonly Owner[] {
  const team = isJsonObject(value) ? text(value['team']) : undefined;
  return team === undefined ? [] : [{ team }];
}

function questionOf(value: JsonValue): readonly Question[] {
  if (!isJsonObject(value)) return [];
  const [id, question] = [text(value['id']), text(value['question'])];
  const status = (['answered', 'deferred'] as const).find((one) => one === value['status']) ?? 'open';
  const priority = (['critical', 'high', 'low'] as const).find((one) => one === value['priority']) ?? 'medium';
  return id === undefined || question === undefined ? [] : [{ id, question, status, priority }];
}

function text(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}
