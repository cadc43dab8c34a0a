import type { Place } from '../host/place.ts';
import type { Notice, ValidationError } from './contract.ts';

/** A file that stands for an artifact. */
export interface Found {
  /** Relative to the workspace, or as declared. */
  readonly path: string;
  /** The rule that found it: `--existing`, the path of a policy's rule, or the convention, e.g. `{target}-dashboard.json`. */
  readonly rule: string;
  /** The policy's line, when a rule of the policy found it. */
  readonly place?: Place;
  /** How the things in the file that are this artifact's are told from the others, when it holds several artifacts. */
  readonly match?: { readonly label?: string; readonly name?: string; readonly annotation?: string };
  /** Why the file is not what it should be; with one, the artifact is needed again. */
  readonly validationErrors?: readonly ValidationError[];
  /** True when its values contradict the manifest. */
  readonly outdated?: boolean;
  /** Each of those values. */
  readonly contradictions?: readonly Contradiction[];
}

/** A value of a file that the contract has otherwise. */
export interface Contradiction {
  /** Of the contract: `severity`, `availability`, `interval` … Two of one property and field with the same values are one contradiction. */
  readonly property: string;
  /** As the file names it. */
  readonly field: string;
  /** What the manifest makes of it, and what the file says. */
  readonly expected: string;
  readonly actual: string;
  /** In the file. */
  readonly place: Place;
  /** One sentence with both values and the edit that settles it. */
  readonly message: string;
}

/** One rule that was asked about an artifact, and the files it names for it. */
export interface Look {
  readonly rule: string;
  /** Its line, when it is the policy's. */
  readonly place?: Place;
  readonly files: readonly string[];
}

/** What was found of a contract, by artifact id. */
export interface Inspection {
  readonly found: ReadonlyMap<string, Found>;
  readonly notices: readonly Notice[];
  /** Where an artifact was looked for, in order. Made when asked. */
  readonly looksFor?: (artifactId: string) => readonly Look[];
}
