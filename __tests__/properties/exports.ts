import fc from 'fast-check';
import { artifactTypes } from '../../src/artifacts/index.ts';
import { type Contract, PROFILES, type Profile } from '../../src/contract/contract.ts';
import { deriveContract } from '../../src/contract/derive-contract.ts';
import type { Found } from '../../src/contract/inspection.ts';
import { settleContract } from '../../src/contract/settle-contract.ts';
import { draftExport } from '../../src/export/draft-export.ts';
import type { ExportInput } from '../../src/export/export-input.ts';
import type { ParsedManifest } from '../../src/manifest/manifest.ts';
import { parseManifest } from '../../src/manifest/parse-manifest.ts';
import { NOW, SETTINGS } from '../export/inputs.ts';
import type { Doc } from '../manifest/samples.ts';

export type Read = Extract<ParsedManifest, { ok: true }>;

/** What is asked of one export. */
export interface Asked {
  readonly profile: Profile;
  readonly format: 'yaml' | 'json';
  /** What is found of the artifacts, in turn. */
  readonly found: readonly ('nothing' | 'file' | 'broken' | 'outdated')[];
  readonly mapped: boolean;
  readonly services: boolean;
  readonly emitProvenance: boolean;
  readonly embedProvenance: boolean;
  readonly deterministic: boolean;
  readonly minCoverage?: number | undefined;
}

export const asked: fc.Arbitrary<Asked> = fc.record({
  profile: fc.oneof({ weight: 2, arbitrary: fc.constant('full' as const) }, { weight: 1, arbitrary: fc.constantFrom(...PROFILES) }),
  format: fc.constantFrom('yaml', 'json'),
  found: fc.array(fc.constantFrom('nothing', 'file', 'broken', 'outdated'), { minLength: 1, maxLength: 9 }),
  mapped: fc.boolean(),
  services: fc.boolean(),
  emitProvenance: fc.boolean(),
  embedProvenance: fc.boolean(),
  deterministic: fc.boolean(),
  minCoverage: fc.option(fc.constantFrom(0, 60, 100), { nil: undefined }),
});

/** The document as text: JSON is YAML, and says every text as it is meant. */
export function manifestBytes(document: Doc): Uint8Array {
  return Buffer.from(JSON.stringify(document));
}

export function readManifest(document: Doc): Read {
  const parsed = parseManifest(manifestBytes(document), '.contextcore.yaml');
  if (!parsed.ok) throw new Error(`not accepted: ${parsed.faults.map(({ path, message }) => `${path}: ${message}`).join('\n')}`);
  return parsed;
}

/** The settled contract of a manifest. */
export function contractOf(parsed: Read, { profile, deterministic, found }: Asked): Contract {
  const contract = deriveContract(parsed, artifactTypes, { profile, deterministic });
  const entries = contract.artifacts.flatMap(({ id }, index) => {
    const state = found[index % found.length]!;
    return state === 'nothing' ? [] : [[id, FOUND[state]] as const];
  });
  return settleContract(contract, { found: new Map(entries), notices: [] });
}

const PATH = { path: 'monitoring/some file.json', rule: '--existing' };
const FOUND: Readonly<Record<'file' | 'broken' | 'outdated', Found>> = {
  file: PATH,
  broken: { ...PATH, validationErrors: [{ place: { file: PATH.path, line: 3 }, message: 'No panels.' }] },
  outdated: { ...PATH, outdated: true },
};

export function inputOf(
  parsed: Read,
  asked: Asked,
  more: Partial<ExportInput> = {},
  settings: Partial<ExportInput['settings']> = {},
): ExportInput {
  const contract = contractOf(parsed, asked);
  const { format, emitProvenance, embedProvenance, deterministic, minCoverage } = asked;
  return {
    contract,
    parsed,
    types: artifactTypes,
    auxiliary: {
      ...(asked.mapped && { taskMapping: Object.fromEntries(contract.artifacts.map(({ id }) => [id, `T-${id}`])) }),
      ...(asked.services && {
        serviceMetadata: Object.fromEntries(
          parsed.manifest.spec.targets.map(({ name }) => [name, { transport_protocol: 'grpc', schema_contract: 'a.proto' }]),
        ),
      }),
    },
    settings: {
      ...SETTINGS,
      format,
      emitProvenance,
      embedProvenance,
      deterministic,
      ...(minCoverage !== undefined && { minCoverage }),
      ...settings,
    },
    previous: {},
    inputs: [{ path: '/w/.contextcore.yaml', exists: true, mtime: NOW, sha256: parsed.source.sha256 }],
    startedAt: NOW,
    now: NOW,
    zone: 'utc',
    runId: '00000000-0000-4000-8000-000000000001',
    nodeVersion: '24.0.0',
    ...more,
  };
}

/** Text of every file by its name. */
export function filesOf(input: ExportInput): ReadonlyMap<string, string> {
  return new Map(draftExport(input).files.map(({ name, bytes }) => [name, Buffer.from(bytes).toString('utf8')]));
}
