import { createHash } from 'node:crypto';
import type { JsonObject } from '../host/json.ts';
import { isJsonObject } from '../host/json.ts';
import { nearest } from '../host/nearest.ts';
import type { Place } from '../host/place.ts';
import { type FaultBook, type Path, pathOf, shown } from './fault.ts';
import type { Fault, Locate, ManifestSource } from './manifest.ts';
import { policyFields } from './policy-schema.ts';
import { readFields, unknownKey } from './read-fields.ts';
import { readYaml, type YamlDocument } from './yaml-document.ts';

/** How a failed gate counts: not at all, or at this level whatever the gate says itself. */
export type GateLevel = 'off' | 'warning' | 'error' | 'critical';

/** A finding that is accepted until a day. It counts as shown and never as hidden; the gate `waivers` judges whether it is alive. */
export interface Waiver {
  readonly gate: string;
  readonly artifact: string;
  readonly reason: string;
  readonly owner: string;
  /** Last day on which it holds, `YYYY-MM-DD`. */
  readonly expires: string;
  readonly place: Place;
}

/** Where artifacts of a type are found, and for which target: `{target}` in the path, the target or a label of each rule in the file. */
export interface ArtifactRule {
  readonly type: string;
  /** Glob relative to the scanned tree, `/` separators, never out of it. */
  readonly path: string;
  readonly target?: string;
  /** For a file that holds several: whose value is the target, or the name around `{target}`. Exactly one is given. */
  readonly match?: { readonly label?: string; readonly name?: string; readonly annotation?: string };
  readonly place: Place;
}

/** A gate of the user's own, without code. */
export interface CustomGate {
  /** The gate's key; none of ours. */
  readonly name: string;
  readonly level: 'warning' | 'error' | 'critical';
  /** CEL over the subject; true where all is well. */
  readonly expr: string;
  readonly message: string;
  /** Of the expression. */
  readonly place: Place;
}

/** The quality policy of a repository (spec/manifest.md §15, grown by design.md "Policy"). Every key that has a default is there. */
export interface Policy {
  /** Absent when the file does not say; strict quality is off then. */
  readonly strictQualityDefault?: boolean;
  readonly deterministicOutputDefault: boolean;
  readonly emitQualityReportDefault: boolean;
  readonly emitRunProvenanceDefault: boolean;
  readonly documentWriteStrategyDefault: 'update_existing' | 'new_output';
  /** The CI rule holds only when the file asks for it. */
  readonly forbidNoStrictQualityInCi: boolean;
  readonly ciBootstrapEnvVar: string;
  /** Percent by environment. */
  readonly coverageThresholdsByEnv: ReadonlyMap<string, number>;
  readonly defaultEnvironment: string;
  readonly scanPathAllowlist: readonly string[];
  /** A pin that is absent pins nothing. */
  readonly schemaPins: {
    readonly manifestApiVersion?: string;
    readonly onboardingSchema?: string;
    readonly validationSchema?: string;
    readonly schemaVersion?: string;
  };
  readonly gates: ReadonlyMap<string, GateLevel>;
  readonly waivers: readonly Waiver[];
  readonly artifacts: readonly ArtifactRule[];
  readonly customGates: readonly CustomGate[];
  readonly coveragePolicy?: 'ratchet' | 'absolute' | 'off';
  /** Percent, 0 to 100. */
  readonly minCoverage?: number;
}

/** The outcome of reading a policy: the value, or every fault at once. */
export type ParsedPolicy =
  | {
      readonly ok: true;
      readonly policy: Policy;
      readonly locate: Locate;
      readonly warnings: readonly Fault[];
      readonly source: ManifestSource;
    }
  | { readonly ok: false; readonly faults: readonly Fault[]; readonly warnings: readonly Fault[]; readonly source: ManifestSource };

/** Names that a policy may use, where the caller knows them; a name outside the list is a fault with a suggestion. */
export interface KnownNames {
  readonly gates?: readonly string[];
  readonly artifactTypes?: readonly string[];
}

/** What holds where no policy file says otherwise. */
export const DEFAULT_POLICY: Policy = {
  deterministicOutputDefault: true,
  emitQualityReportDefault: true,
  emitRunProvenanceDefault: true,
  documentWriteStrategyDefault: 'update_existing',
  forbidNoStrictQualityInCi: false,
  ciBootstrapEnvVar: 'CONTEXTCORE_BOOTSTRAP_JOB',
  coverageThresholdsByEnv: new Map([
    ['dev', 60],
    ['staging', 80],
    ['prod', 90],
  ]),
  defaultEnvironment: 'dev',
  scanPathAllowlist: [
    'grafana/dashboards',
    'prometheus/rules',
    'k8s/observability',
    'loki/rules',
    'runbooks',
    'alertmanager',
    'src',
    'proto',
    '.github',
  ],
  schemaPins: {
    manifestApiVersion: 'contextcore.io/v1alpha2',
    onboardingSchema: 'contextcore.io/onboarding-metadata/v1',
    validationSchema: 'contextcore.io/validation-report/v1',
    schemaVersion: '1.0.0',
  },
  gates: new Map(),
  waivers: [],
  artifacts: [],
  customGates: [],
};

/**
 * Reads a quality policy, `.contextcore-quality.yaml`. A key it does not know, a wrong type and a file that is no YAML are faults, since a misspelt level must not be
 * a silent default. An empty file is the default policy. Bounded like a manifest; never throws. `path` names the file in places.
 */
export function parsePolicy(bytes: Uint8Array, path: string, known: KnownNames = {}): ParsedPolicy {
  const source: ManifestSource = { path, sha256: createHash('sha256').update(bytes).digest('hex') };
  const yaml = readYaml(bytes, path);
  if (!yaml.ok) {
    const isEmpty = yaml.faults.every((fault) => fault.code === 'empty-document');
    if (!isEmpty) return { ok: false, faults: yaml.faults, warnings: [], source };
    return { ok: true, policy: DEFAULT_POLICY, locate: () => ({ file: path, line: 1 }), warnings: [], source };
  }
  const { document } = yaml;
  const book = document.openBook();
  const policy = readPolicy(document, book, known);
  const faults = book.faults();
  if (!policy || faults.length > 0) return { ok: false, faults, warnings: book.warnings(), source };
  return { ok: true, policy, locate: (dotted) => document.find(pathOf(dotted), 'value').place, warnings: book.warnings(), source };
}

function readPolicy(document: YamlDocument, book: FaultBook, known: KnownNames): Policy | undefined {
  const { root, written } = document;
  if (!isJsonObject(root)) {
    book.error(
      'not-a-mapping',
      [],
      `The document is ${shown(root)}; a quality policy is a mapping with keys such as gates, waivers and artifacts.`,
    );
    return undefined;
  }
  const faultUnknownKey = (path: Path, keys: readonly string[], spelt: string | undefined): void => {
    const { code, sentence, suggestion } = unknownKey(path, keys, spelt);
    book.error(code, path, sentence, { side: 'key', suggestion });
  };
  const read = readFields({ root, book, written, unknownKey: faultUnknownKey }, policyFields);
  checkNames(root, known, book);
  return read && toPolicy(read, (path) => document.find(path, 'value').place);
}

/** Judged on the document as written, so that a wrong name is told together with all other faults. */
function checkNames(root: JsonObject, known: KnownNames, book: FaultBook): void {
  const own = fieldOfEach(root['custom-gates'], 'name');
  const gates = known.gates && [...known.gates, ...own.map(([, name]) => String(name))];
  for (const gate of isJsonObject(root['gates']) ? Object.keys(root['gates']) : []) checkName(gate, 'gate', gates, ['gates', gate], book);
  for (const [i, gate] of fieldOfEach(root['waivers'], 'gate')) checkName(gate, 'gate', gates, ['waivers', i, 'gate'], book);
  for (const [i, name] of own) checkOwnGate(i, name, own, known.gates ?? [], book);
  for (const [i, type] of fieldOfEach(root['artifacts'], 'type'))
    checkName(type, 'artifact type', known.artifactTypes, ['artifacts', i, 'type'], book);
}

/** A gate of the user's own has a name that no other gate has. */
function checkOwnGate(
  i: number,
  name: unknown,
  own: readonly (readonly [number, unknown])[],
  known: readonly string[],
  book: FaultBook,
): void {
  const path = ['custom-gates', i, 'name'];
  if (typeof name === 'string' && known.includes(name))
    book.error('conflicting-keys', path, (at) => `${at}: ${shown(name)} is a gate that is built in; give this one another name.`);
  else if (own.some(([other, said]) => other < i && said === name))
    book.error('conflicting-keys', path, (at) => `${at}: ${shown(name)} is the name of an earlier custom gate; give each its own.`);
}

function fieldOfEach(list: unknown, field: string): readonly (readonly [number, unknown])[] {
  return Array.isArray(list) ? list.map((item, i) => [i, isJsonObject(item) ? item[field] : undefined] as const) : [];
}

function checkName(name: unknown, noun: string, known: readonly string[] | undefined, path: Path, book: FaultBook): void {
  if (!known || typeof name !== 'string' || known.includes(name)) return;
  const suggestion = nearest(name, known);
  const right = suggestion === undefined ? `there are ${known.join(', ')}` : `${suggestion} is`;
  const sentence = (at: string): string => `${at}: ${shown(name)} is the name of no ${noun}; ${right}.`;
  book.error('unknown-name', path, sentence, { side: path[0] === 'gates' ? 'key' : 'value', suggestion });
}

type PolicyFields = NonNullable<ReturnType<typeof readFields<typeof policyFields>>>;

function toPolicy(read: PolicyFields, placeOf: (path: Path) => Place): Policy {
  const base = DEFAULT_POLICY;
  return {
    ...(read.strict_quality_default !== undefined && { strictQualityDefault: read.strict_quality_default }),
    deterministicOutputDefault: read.deterministic_output_default ?? base.deterministicOutputDefault,
    emitQualityReportDefault: read.emit_quality_report_default ?? base.emitQualityReportDefault,
    emitRunProvenanceDefault: read.emit_run_provenance_default ?? base.emitRunProvenanceDefault,
    documentWriteStrategyDefault: read.document_write_strategy_default ?? base.documentWriteStrategyDefault,
    forbidNoStrictQualityInCi: read.forbid_no_strict_quality_in_ci ?? base.forbidNoStrictQualityInCi,
    ciBootstrapEnvVar: read.ci_bootstrap_env_var ?? base.ciBootstrapEnvVar,
    coverageThresholdsByEnv: new Map([...base.coverageThresholdsByEnv, ...Object.entries(read.coverage_thresholds_by_env ?? {})]),
    defaultEnvironment: read.default_environment ?? base.defaultEnvironment,
    scanPathAllowlist: read.scan_path_allowlist ?? base.scanPathAllowlist,
    schemaPins: mergePins(read.schema_pins ?? {}),
    gates: new Map(Object.entries(read.gates ?? {})),
    waivers: (read.waivers ?? []).map((waiver, i) => ({ ...waiver, place: placeOf(['waivers', i]) })),
    artifacts: (read.artifacts ?? []).map((rule, i) => ({ ...rule, place: placeOf(['artifacts', i]) })),
    customGates: (read['custom-gates'] ?? []).map((gate, i) => ({ ...gate, place: placeOf(['custom-gates', i, 'expr']) })),
    ...(read['coverage-policy'] !== undefined && { coveragePolicy: read['coverage-policy'] }),
    ...(read['min-coverage'] !== undefined && { minCoverage: read['min-coverage'] }),
  };
}

const PIN_KEYS = {
  manifest_api_version: 'manifestApiVersion',
  onboarding_schema: 'onboardingSchema',
  validation_schema: 'validationSchema',
  schema_version: 'schemaVersion',
} as const;

/** An empty pin takes the default's away. */
function mergePins(pins: NonNullable<PolicyFields['schema_pins']>): Policy['schemaPins'] {
  const merged: { -readonly [Key in keyof Policy['schemaPins']]: string } = { ...DEFAULT_POLICY.schemaPins };
  for (const [written, key] of Object.entries(PIN_KEYS)) {
    const pin = pins[written as keyof typeof PIN_KEYS];
    if (pin === '') delete merged[key];
    else if (pin !== undefined) merged[key] = pin;
  }
  return merged;
}
