import { a2aGate } from './a2a-gate.ts';
import { a2aValidate } from './a2a-validate.ts';
import { audit } from './audit.ts';
import { check } from './check.ts';
import type { Command } from './command.ts';
import { diagnose } from './diagnose.ts';
import { emit } from './emit.ts';
import { explain } from './explain.ts';
import { exportCommand } from './export.ts';
import { fix } from './fix.ts';
import { init } from './init.ts';
import { migrate } from './migrate.ts';
import { replay } from './replay.ts';
import { run } from './run.ts';
import { validate } from './validate.ts';
import { view } from './view.ts';
import { waive } from './waive.ts';

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  run,
  audit,
  init,
  validate,
  fix,
  migrate,
  exportCommand,
  check,
  diagnose,
  explain,
  waive,
  emit,
  replay,
  view,
  a2aValidate,
  a2aGate,
];
