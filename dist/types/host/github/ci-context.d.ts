import { type JsonObject } from '../json.js';
/**
 * Where and for what this run happens. Everything but `scope` and `fork` may be missing, and all of it is strangers' text: ids are digits, commits hexadecimal,
 * names bounded and on one line, and nothing more is known of them.
 */
export interface CiContext {
    readonly event?: string;
    /** `owner/name` */
    readonly repository?: string;
    readonly runId?: string;
    readonly runAttempt?: string;
    readonly runNumber?: string;
    /** Key of the job in the workflow file. */
    readonly job?: string;
    readonly checkRunId?: string;
    /** Place of the job in its matrix, from 0. */
    readonly jobIndex?: string;
    /** The step's id, as the runner numbers it: `__self`, `export`. */
    readonly step?: string;
    /** The commit that is judged: the head of the pull request or of the merge group, not GitHub's test merge. */
    readonly sha?: string;
    readonly ref?: string;
    readonly pullRequest?: number;
    readonly baseSha?: string;
    /** Short name of the branch a change goes to. */
    readonly baseRef?: string;
    readonly headRef?: string;
    /** The change comes from another repository, or from one that is gone. */
    readonly fork: boolean;
    /** `accepted`: the default branch as it stands; `proposed`: everything else. */
    readonly scope: 'proposed' | 'accepted';
    /** `cicd.*` and `vcs.*` (spec/otel.md §1.1), those that are known. */
    readonly attributes: Readonly<Record<string, string>>;
    /** What could not be learned, one sentence each. */
    readonly losses: readonly string[];
}
type Env = Readonly<Record<string, string | undefined>>;
/** The context of a GitHub workflow run, from its environment and its event. */
export declare function readCiContext(env: Env, event: JsonObject, losses?: readonly string[]): CiContext;
export {};
