import type { Place } from '../host/place.ts';
import type { Subject } from './subject.ts';
import type { FindingState } from './work.ts';

export const PHASES = [
  'INIT_BASELINE',
  'EXPORT_CONTRACT',
  'CONTRACT_INTEGRITY',
  'INGEST_PARSE_ASSESS',
  'ROUTING_DECISION',
  'ARTISAN_DESIGN',
  'ARTISAN_IMPLEMENT',
  'TEST_VALIDATE',
  'REVIEW_CALIBRATE',
  'FINALIZE_VERIFY',
  'OTHER',
] as const;
export type Phase = (typeof PHASES)[number];

export type Severity = 'info' | 'warning' | 'error' | 'critical';
export type Level = 'critical' | 'error' | 'warning';

/** What a reader can check. `type` and `ref` are exact vocabulary (gates.md §2.4); `description` is prose. */
export interface Evidence {
  readonly type: string;
  readonly ref: string;
  readonly description: string;
  /** True when this item is why the gate fails or warns; false for confirmation and advice. */
  readonly finding: boolean;
  /** Worth showing although nothing fails by it; becomes a notice. Never together with `finding`. */
  readonly advice?: boolean;
  /** Where one gate holds findings of different weight (the Three Questions): this one's own level. */
  readonly level?: Level;
  /** The artifact it speaks of, when it speaks of one. */
  readonly artifact?: string;
  /** Whether this change made it; absent where that is not known. What is `mended` is no finding any more. */
  readonly state?: FindingState;
  /** What to do about this item, where that is not what the gate says of all. */
  readonly nextAction?: string;
  /** Set by the engine: accepted until a day, and so not counted. */
  readonly waived?: Waived;
  /** A reader should see it before anything else. */
  readonly first?: boolean;
  /** Where, in terms of the subject's files: candidates in order (gates.md §8); the engine resolves the first that can be opened. */
  readonly at?: readonly Spot[];
  /** Resolved by the engine. */
  readonly place?: Place;
  /** Values behind the sentence, e.g. `{ expected, actual }` of a checksum; also what span events carry. */
  readonly values?: Readonly<Record<string, string | number | boolean>>;
}

/** Who accepted a finding, why, and until when. */
export interface Waived {
  readonly reason: string;
  readonly owner: string;
  /** Last day, `YYYY-MM-DD`. */
  readonly expires: string;
}

/** A candidate location: a file by its role and a pointer into it. */
export interface Spot {
  readonly file:
    | 'manifest'
    | 'artifact-manifest'
    | 'project-context'
    | 'onboarding'
    | 'provenance'
    | 'run-provenance'
    | 'service-metadata'
    | 'task-mapping'
    | 'generated'
    | 'result';
  /**
   * In the manifest and the project context a dotted path (`spec.requirements`) or a target by name (`spec.targets[name=checkout-api]`); in the artifact manifest an entry
   * (`#checkout_api-slo`) or one of its parameters (`#checkout_api-slo/parameters/availability`), id and key escaped as in a JSON pointer; in JSON files
   * a pointer (`/coverage/gaps/0`); anywhere a line (`:12`). Empty: line 1.
   */
  readonly path: string;
  /** For `generated` and `result`: the file. */
  readonly name?: string;
}

/** What a gate answers. It names what and where; the engine says who, how grave, which line. */
export type Judgement =
  | {
      readonly outcome: 'pass';
      /** The gate passes with a warning: there is something a person should look at. */
      readonly advisory?: boolean;
      readonly reason: string;
      readonly nextAction?: string;
      readonly evidence: readonly Evidence[];
    }
  | {
      readonly outcome: 'fail';
      readonly reason: string;
      readonly nextAction: string;
      readonly evidence: readonly Evidence[];
      /** Lowers or raises this failure from the gate's own severity. */
      readonly severity?: Severity;
      readonly blocking?: boolean;
    }
  | { readonly outcome: 'skipped'; readonly code: SkipCode; readonly reason: string };

export type SkipCode =
  | 'input_absent'
  | 'no_gaps'
  | 'no_features'
  | 'v1_provenance'
  | 'option_absent'
  | 'not_reached'
  | 'not_verifiable'
  | 'off';

/** One question, no side effects. A member of the shelf `gates/`. */
export interface Gate {
  /** Kebab-case key, e.g. `checksum-chain`. */
  readonly key: string;
  readonly title: string;
  /** Domain judged (gates.md §2.3). */
  readonly phase: Phase;
  /** Run stage whose span carries the events (gates.md §9.3). */
  readonly stage: Phase;
  readonly group: 'gate-1' | 'question' | 'ours';
  /** Severity and blocking of an ordinary failure. */
  readonly fails: { readonly severity: Severity; readonly blocking: boolean };
  /** One sentence each, for `explain`, the README table and a reviewer. */
  readonly asks: string;
  readonly why: string;
  readonly reads: readonly string[];
  readonly judge: (subject: Subject) => Judgement;
}

/** A gate's answer with who, when, where and how grave. `crashed` blocks; `skipped` is never a pass. */
export interface GateResult {
  readonly gate: string;
  /** `{task id}-{gate key}` */
  readonly gateId: string;
  readonly phase: Phase;
  readonly stage: Phase;
  readonly group: Gate['group'];
  readonly outcome: 'pass' | 'fail' | 'skipped' | 'crashed';
  readonly severity: Severity;
  readonly blocking: boolean;
  readonly reason: string;
  readonly nextAction?: string;
  readonly evidence: readonly Evidence[];
  readonly skipCode?: SkipCode;
  readonly taskId: string;
  readonly traceId?: string;
  /** UTC, RFC 3339. */
  readonly checkedAt: string;
  /** Milliseconds, 0 under a fixed clock. */
  readonly durationMs: number;
}
