import type { RunSettings } from '../run.js';
/** What a run is told when nobody says otherwise, as on the terminal: `run({ ...RUN_DEFAULTS, failOn: 'error' }, world)`. */
export declare const RUN_DEFAULTS: RunSettings;
