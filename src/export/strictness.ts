import type { Contract } from '../contract/contract.ts';
import { onboardingSchemaVersion } from '../contract/profiles.ts';
import type { JsonObject } from '../host/json.ts';
import type { ExportSettings } from './export-input.ts';
import { ONBOARDING_SCHEMA } from './onboarding-metadata.ts';
import { VALIDATION_SCHEMA } from './validation-report.ts';

/** What the quality policy says of strict exports (spec/manifest.md §15.2). */
export interface StrictRules {
  readonly environment: string;
  /** Environment → percent. */
  readonly thresholds: Readonly<Record<string, number>>;
  readonly scanPathAllowlist: readonly string[];
  /** The whole workspace may be looked through: nobody picked it, and what is found must be valid and true as well (`run`, whose default it is). */
  readonly workspaceAllowed: boolean;
  /** A pin that is empty or absent is not asked about. */
  readonly pins: {
    readonly manifestApiVersion?: string;
    readonly onboardingSchema?: string;
    readonly validationSchema?: string;
    readonly schemaVersion?: string;
  };
}

export type RefusalCode =
  | 'minimum-too-low'
  | 'task-mapping-missing'
  | 'task-mapping-incomplete'
  | 'scan-missing'
  | 'scan-not-allowed'
  | 'scan-docs'
  | 'schema-pin'
  | 'relaxed-in-ci';

/** One reason why strict quality will not have this export. */
export interface Refusal {
  readonly code: RefusalCode;
  readonly message: string;
}

export type ForcedSetting = (typeof FORCED)[number];

/** The least coverage that strict quality asks for in an environment; 80 for one that the policy does not know. */
export function strictMinimum({ environment, thresholds }: StrictRules): number {
  return (Object.hasOwn(thresholds, environment) ? thresholds[environment] : undefined) ?? UNKNOWN_ENVIRONMENT;
}

/** The settings under strict quality: the environment's minimum where none was given, and provenance always. `forced` names what was off. */
export function strictSettings(
  settings: ExportSettings,
  rules: StrictRules,
): { readonly settings: ExportSettings; readonly forced: readonly ForcedSetting[] } {
  const forced = FORCED.filter((key) => !settings[key]);
  return {
    settings: {
      ...settings,
      minCoverage: settings.minCoverage ?? strictMinimum(rules),
      emitProvenance: true,
      embedProvenance: true,
      emitRunProvenance: true,
    },
    forced,
  };
}

/** Everything for which strict quality refuses the export, in the order of spec/manifest.md §15.5; empty when it is content. */
export function judgeStrictness(
  settings: ExportSettings,
  rules: StrictRules,
  contract: Contract,
  taskMapping: JsonObject | undefined,
): readonly Refusal[] {
  return [
    ...judgeMinimum(settings, rules),
    ...judgeMapping(settings, contract, taskMapping),
    ...judgeScan(settings, rules),
    ...judgePins(rules, contract),
  ];
}

const UNKNOWN_ENVIRONMENT = 80;
const FORCED = ['emitProvenance', 'embedProvenance', 'emitRunProvenance'] as const;

function judgeMinimum({ minCoverage }: ExportSettings, rules: StrictRules): readonly Refusal[] {
  const least = strictMinimum(rules);
  if (minCoverage === undefined || minCoverage >= least) return [];
  return [
    refusal(
      'minimum-too-low',
      `Strict quality asks for at least ${least} % coverage in the environment "${rules.environment}", and --min-coverage is ${minCoverage}; raise it or leave it out.`,
    ),
  ];
}

function judgeMapping({ taskMapping: path }: ExportSettings, { artifacts }: Contract, mapping: JsonObject | undefined): readonly Refusal[] {
  if (mapping === undefined) {
    return [
      refusal(
        'task-mapping-missing',
        'Strict quality wants every artifact that is required or missing traced to a task, and no task mapping was given; add --task-mapping FILE.',
      ),
    ];
  }
  // What is missing too, whatever its priority: the gate mapping-completeness asks for it (spec/export.md §24 E18).
  const wanted = artifacts.filter(({ priority, status }) => priority === 'required' || status === 'needed');
  const missing = wanted.filter(({ id }) => !Object.hasOwn(mapping, id)).map(({ id }) => id);
  if (missing.length === 0) return [];
  const shown = missing.slice(0, SHOWN).join(', ') + (missing.length > SHOWN ? ` and ${missing.length - SHOWN} more` : '');
  return [
    refusal(
      'task-mapping-incomplete',
      `The task mapping ${path ?? ''} has no task for ${shown}; strict quality wants one for each artifact that is required or does not exist yet.`,
    ),
  ];
}

const SHOWN = 5;

function judgeScan({ scanExisting }: ExportSettings, { scanPathAllowlist, workspaceAllowed }: StrictRules): readonly Refusal[] {
  if (scanExisting === undefined) {
    return [
      refusal(
        'scan-missing',
        'Strict quality measures coverage against what exists, and nothing was looked through; add --scan-existing DIR.',
      ),
    ];
  }
  const scanned = segments(scanExisting);
  if (scanned.at(-1) === 'docs') {
    return [
      refusal(
        'scan-docs',
        `Strict quality does not count documentation as artifacts, and --scan-existing is ${scanExisting}; give the directory that holds the artifacts.`,
      ),
    ];
  }
  if (workspaceAllowed && scanned.length === 0) return [];
  if (scanPathAllowlist.some((entry) => holds(scanned, segments(entry)))) return [];
  return [
    refusal(
      'scan-not-allowed',
      `--scan-existing is ${scanExisting}, and the policy's scan_path_allowlist knows only ${scanPathAllowlist.join(', ') || 'nothing'}; scan one of these, or add it there.`,
    ),
  ];
}

/** Whole segments in a row, so that `mysrc` is not `src`. */
function holds(path: readonly string[], wanted: readonly string[]): boolean {
  return wanted.length > 0 && path.some((_, start) => wanted.every((segment, index) => path[start + index] === segment));
}

function segments(path: string): readonly string[] {
  return path
    .replaceAll('\\', '/')
    .toLowerCase()
    .split('/')
    .filter((segment) => segment !== '' && segment !== '.');
}

function judgePins({ pins }: StrictRules, { manifest, profile }: Contract): readonly Refusal[] {
  return [
    ...pin('manifest_api_version', pins.manifestApiVersion, 'the manifest’s apiVersion', manifest.apiVersion),
    ...pin('onboarding_schema', pins.onboardingSchema, 'the onboarding metadata’s schema', ONBOARDING_SCHEMA),
    ...pin('validation_schema', pins.validationSchema, 'the validation report’s schema', VALIDATION_SCHEMA),
    ...pin(
      'schema_version',
      pins.schemaVersion,
      `the onboarding metadata’s schema_version with profile ${profile}`,
      onboardingSchemaVersion(profile),
    ),
    ...pin('schema_version', pins.schemaVersion, 'the validation report’s schema_version', '1.0.0'),
  ];
}

function pin(name: string, pinned: string | undefined, what: string, found: string): readonly Refusal[] {
  if (pinned === undefined || pinned === '' || pinned === found) return [];
  return [refusal('schema-pin', `The policy pins ${name} to ${pinned}, and ${what} is ${found}; change schema_pins.${name}, or empty it.`)];
}

function refusal(code: RefusalCode, message: string): Refusal {
  return { code, message };
}
