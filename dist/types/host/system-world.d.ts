import type { World } from './world.js';
/** The real outside: the system's clock and ids, this environment, this directory. @throws EnvironmentError for a SOURCE_DATE_EPOCH that is no number. */
export declare function systemWorld(env: World['env'], root: string, tell: World['tell']): World;
