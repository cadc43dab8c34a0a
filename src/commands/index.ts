import type { Command } from './command.ts';

/** Every command by its name, in the order of the help. Each loads when it is asked for: what the others import costs a run nothing. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  run: async () => (await import(/* webpackChunkName: "run" */ './run.ts')).run,
  audit: async () => (await import(/* webpackChunkName: "run" */ './audit.ts')).audit,
  init: async () => (await import(/* webpackChunkName: "commands" */ './init.ts')).init,
  validate: async () => (await import(/* webpackChunkName: "commands" */ './validate.ts')).validate,
  fix: async () => (await import(/* webpackChunkName: "commands" */ './fix.ts')).fix,
  migrate: async () => (await import(/* webpackChunkName: "commands" */ './migrate.ts')).migrate,
  export: async () => (await import(/* webpackChunkName: "commands" */ './export.ts')).exportCommand,
  check: async () => (await import(/* webpackChunkName: "commands" */ './check.ts')).check,
  diagnose: async () => (await import(/* webpackChunkName: "commands" */ './diagnose.ts')).diagnose,
  explain: async () => (await import(/* webpackChunkName: "commands" */ './explain.ts')).explain,
  waive: async () => (await import(/* webpackChunkName: "commands" */ './waive.ts')).waive,
  emit: async () => (await import(/* webpackChunkName: "commands" */ './emit.ts')).emit,
  replay: async () => (await import(/* webpackChunkName: "commands" */ './replay.ts')).replay,
  view: async () => (await import(/* webpackChunkName: "commands" */ './view.ts')).view,
  'a2a-validate': async () => (await import(/* webpackChunkName: "commands" */ './a2a-validate.ts')).a2aValidate,
  'a2a-gate': async () => (await import(/* webpackChunkName: "commands" */ './a2a-gate.ts')).a2aGate,
};

/** The command of that name alone; all of them where the first word is none, for the help and for what was meant. */
export function loadCommands(name = ''): Promise<readonly Command[]> {
  const chosen = Object.hasOwn(commands, name) ? [commands[name]] : Object.values(commands);
  return Promise.all(chosen.map((load) => load?.()).filter((command) => command !== undefined));
}
