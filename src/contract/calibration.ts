import { isJsonObject, type JsonObject } from '../host/json.ts';
import type { ArtifactType, Contract } from './contract.ts';
import { includesSection } from './profiles.ts';
import { occurringTypes } from './type-sections.ts';

/** Onboarding `design_calibration_hints`: the size and depth to expect of each occurring type, then of each service's image and client. */
export function designCalibrationHints(
  contract: Contract,
  types: readonly ArtifactType[],
  services: JsonObject | undefined,
): JsonObject | undefined {
  if (!includesSection(contract.profile, 'design_calibration_hints')) return undefined;
  const ofTypes = occurringTypes(contract, types).map((type) => [type.type, typeHint(type)] as const);
  const ofServices = Object.entries(services ?? {}).flatMap(([name, entry]) => (isJsonObject(entry) ? serviceHints(name, entry) : []));
  const hints = [...ofTypes, ...ofServices];
  return hints.length === 0 ? undefined : Object.fromEntries(hints);
}

/** The range of lines that a limit stands for (export.md §14). */
export function locRange(maxLines: number): string {
  return LOC_RANGES.find(([limit]) => maxLines <= limit)?.[1] ?? '>150';
}

const LOC_RANGES: readonly (readonly [number, string])[] = [
  [50, '<=50'],
  [150, '51-150'],
  [300, '51-300'],
];

function typeHint({ expected }: ArtifactType): JsonObject {
  return {
    expected_depth: expected.depth,
    expected_loc_range: locRange(expected.maxLines),
    red_flag: expected.redFlag,
    edit_min_pct: expected.editMinPct,
  };
}

function serviceHints(name: string, entry: JsonObject): readonly (readonly [string, JsonObject])[] {
  const protocol = entry['transport_protocol'] ?? 'unknown';
  return [
    [
      `dockerfile_${name}`,
      {
        expected_depth: 'standard',
        expected_loc_range: locRange(50),
        red_flag: IMAGE_RED_FLAGS.get(protocol) ?? '',
        transport_protocol: protocol,
      },
    ],
    [
      `client_${name}`,
      {
        expected_depth: 'standard',
        expected_loc_range: locRange(300),
        red_flag: `The client speaks something other than ${protocol}, which ${name} expects`,
        transport_protocol: protocol,
      },
    ],
  ];
}

const IMAGE_RED_FLAGS: ReadonlyMap<unknown, string> = new Map([
  ['grpc', 'The image probes its health over HTTP, although the service speaks gRPC'],
  ['http', 'The image carries a gRPC health probe, although the service speaks HTTP'],
]);
