import type { Place } from '../host/place.js';
import type { Notice, ValidationError } from './contract.js';
/** A file that stands for an artifact. */
export interface Found {
    /** Relative to the workspace, or as declared. */
    readonly path: string;
    /** The rule that found it: `--existing`, the path of a policy's rule, or the convention, e.g. `{target}-dashboard.json`. */
    readonly rule: string;
    /** The policy's line, when a rule of the policy found it. */
    readonly place?: Place;
    /** How the things in the file that are this artifact's are told from the others, when it holds several artifacts. */
    readonly match?: {
        readonly label?: string;
        readonly name?: string;
        readonly annotation?: string;
    };
    /** Why the file is not what it should be; with one, the artifact is needed again. */
    readonly validationErrors?: readonly ValidationError[];
    /** True when its values contradict the manifest. */
    readonly outdated?: boolean;
    /** Each of those values. */
    readonly contradictions?: readonly Contradiction[];
    /** What else there is to know of the file; none of it is a fault. */
    readonly remarks?: readonly Remark[];
}
/** `advice`: it works, and an author may want it otherwise. `unread`: a part that was not judged. `unknown`: a value that could not be compared with the manifest. */
export interface Remark {
    readonly kind: 'advice' | 'unread' | 'unknown';
    readonly message: string;
    readonly place?: Place;
}
/** A value of a file that is not what the contract derives from the manifest. */
export interface Contradiction {
    /** The contract's parameter, `alertSeverity`. */
    readonly property: string;
    /** What the contract makes of which field of the manifest, dotted. */
    readonly derived: {
        readonly value: string;
        readonly field: string;
    };
    readonly found: {
        readonly value: string;
        readonly place: Place;
    };
    /** What to write where, so that both say the same. */
    readonly edit: string;
}
/** A file that should tell whose artifacts it holds, and cannot be read. */
export interface ClosedFile {
    readonly type: string;
    readonly path: string;
    readonly place: Place;
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
    /** Absent where files were not looked into. */
    readonly closed?: readonly ClosedFile[];
    /** Where an artifact was looked for, in order. Made when asked. */
    readonly looksFor?: (artifactId: string) => readonly Look[];
}
