import type { Notice, ValidationError } from './contract.ts';

/** A file that stands for an artifact. */
export interface Found {
  /** Relative to the workspace, or as declared. */
  readonly path: string;
  /** The rule that found it: `--existing`, or the convention, e.g. `{target}-dashboard.json`. */
  readonly rule: string;
  /** Why the file is not what it should be; with one, the artifact is needed again. */
  readonly validationErrors?: readonly ValidationError[];
  /** True when its values contradict the manifest. */
  readonly outdated?: boolean;
}

/** What was found of a contract, by artifact id. */
export interface Inspection {
  readonly found: ReadonlyMap<string, Found>;
  readonly notices: readonly Notice[];
}
