import type { JsonObject } from '../host/json.ts';
import type { ArtifactType, Contract } from './contract.ts';
import { includesSection } from './profiles.ts';

/** The types that occur in the contract, in order of first appearance. */
export function occurringTypes(contract: Contract, types: readonly ArtifactType[]): readonly ArtifactType[] {
  const byName = new Map(types.map((type) => [type.type, type]));
  return [...new Set(contract.artifacts.map((artifact) => artifact.type))]
    .map((name) => byName.get(name))
    .filter((type) => type !== undefined);
}

/** Onboarding `artifact_types`: how each occurring type is written and parameterised. */
export function artifactTypesSection(contract: Contract, types: readonly ArtifactType[]): JsonObject {
  return keyedByType(occurringTypes(contract, types), (type) => ({
    ...outputConvention(type),
    parameter_keys: parameterKeys(type),
    parameter_sources: Object.fromEntries(type.parameters.map(({ key, source }) => [key, source])),
    example_output_path: type.output.examplePath,
    example_snippet: type.output.exampleSnippet,
  }));
}

/** Onboarding `output_path_conventions`: where each type is written, occurring or not. */
export function outputPathConventions(types: readonly ArtifactType[]): JsonObject {
  return keyedByType(types, outputConvention);
}

/** Onboarding `parameter_schema`: the parameter keys of each type, occurring or not. */
export function parameterSchema(types: readonly ArtifactType[]): JsonObject {
  return Object.fromEntries(types.map((type) => [type.type, parameterKeys(type)]));
}

/** Onboarding `expected_output_contracts`: what a good artifact of each occurring type looks like. */
export function expectedOutputContracts(contract: Contract, types: readonly ArtifactType[]): JsonObject | undefined {
  const occurring = occurringTypes(contract, types);
  if (occurring.length === 0 || !includesSection(contract.profile, 'expected_output_contracts')) return undefined;
  return keyedByType(occurring, (type) => ({
    expected_depth: type.expected.depth,
    max_lines: type.expected.maxLines,
    max_tokens: type.expected.maxTokens,
    completeness_markers: type.expected.markers,
    red_flag: type.expected.redFlag,
    edit_min_pct: type.expected.editMinPct,
    fields: parameterKeys(type),
  }));
}

function keyedByType(types: readonly ArtifactType[], describe: (type: ArtifactType) => JsonObject): JsonObject {
  return Object.fromEntries(types.map((type) => [type.type, describe(type)]));
}

function outputConvention({ output }: ArtifactType): JsonObject {
  return { output_ext: output.ext, output_path: output.path, description: output.description, schema_url: output.schemaUrl };
}

function parameterKeys(type: ArtifactType): readonly string[] {
  return type.parameters.map((parameter) => parameter.key);
}
