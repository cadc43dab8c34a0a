import { audit } from './audit.ts';
import { check } from './check.ts';
import type { Command } from './command.ts';
import { diagnose } from './diagnose.ts';
import { emit } from './emit.ts';
import { exportCommand } from './export.ts';
import { replay } from './replay.ts';
import { run } from './run.ts';
import { validate } from './validate.ts';
import { view } from './view.ts';

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [run, audit, exportCommand, check, diagnose, validate, emit, replay, view];
