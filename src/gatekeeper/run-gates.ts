import type { World } from '../host/world.ts';
import type { Gate, GateResult } from './gate.ts';
import { crashOf, type GateLevel, resultOf } from './gate-result.ts';
import { type KnownManifest, placeResults } from './locate.ts';
import { taskIdOf } from './read-subject.ts';
import type { Subject } from './subject.ts';

export interface GateSettings {
  /** Levels of the policy file by gate key. A gate that is `off` is not asked. */
  readonly levels?: ReadonlyMap<string, GateLevel>;
  /** The manifest, where it was already read; else it is read again for the places of findings. */
  readonly manifest?: KnownManifest;
}

/**
 * Asks every gate about one subject, in order, whatever the ones before answered. Never throws: a gate that breaks is a blocking result. Gates of the group
 * `question` see what the gates of Gate 1 in the same list answered.
 */
export function runGates(
  gates: readonly Gate[],
  subject: Subject,
  world: Pick<World, 'clock'>,
  settings: GateSettings = {},
): readonly GateResult[] {
  const results: GateResult[] = [];
  let informed: Subject | undefined;
  for (const gate of gates) {
    if (gate.group === 'question')
      informed ??= { ...subject, gate1: subject.gate1 ?? results.filter((result) => result.group === 'gate-1') };
    results.push(ask(gate, informed ?? subject, world, settings));
  }
  return placeResults(results, subject, settings.manifest);
}

function ask(gate: Gate, subject: Subject, world: Pick<World, 'clock'>, settings: GateSettings): GateResult {
  const start = world.clock.elapsed();
  const occasion = () => ({
    taskId: taskIdOf(subject),
    ...(subject.traceId && { traceId: subject.traceId }),
    checkedAt: world.clock.now().toISOString(),
    durationMs: world.clock.elapsed() - start,
  });
  const level = settings.levels?.get(gate.key);
  if (level === 'off') {
    return resultOf(
      gate,
      { outcome: 'skipped', code: 'off', reason: `The policy file switches it off (gates: {${gate.key}: off}).` },
      occasion(),
    );
  }
  try {
    return resultOf(gate, gate.judge(subject), occasion(), level);
  } catch (thrown) {
    return crashOf(gate, thrown, occasion());
  }
}
