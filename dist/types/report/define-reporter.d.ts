import type { Reporter } from './report.js';
/** Declares a reporter: checked when it is made, so that a slip is told where it stands and not in the middle of a run. */
export declare function defineReporter(reporter: Reporter): Reporter;
