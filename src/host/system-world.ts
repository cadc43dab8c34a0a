import { systemClock } from './clock.ts';
import { systemIds } from './ids.ts';
import type { World } from './world.ts';

/** The real outside: the system's clock and ids, this environment, this directory. @throws EnvironmentError for a SOURCE_DATE_EPOCH that is no number. */
export function systemWorld(env: World['env'], root: string, tell: World['tell']): World {
  return { clock: systemClock(env), ids: systemIds(env, 'export-tasks'), env, root, tell };
}
