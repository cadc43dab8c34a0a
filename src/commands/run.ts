import { resolve } from 'node:path';
import { isWithin } from '../host/within.ts';
import type { World } from '../host/world.ts';
import { visible } from '../report/escape-terminal.ts';
import { json } from '../reporters/json.ts';
import { terminalReporter } from '../reporters/terminal.ts';
import { type RunSettings, run as tellStory } from '../run.ts';
import type { Command, ExitCode, Terminal } from './command.ts';
import { runFlags, runSettings } from './run-flags.ts';

/** The action's whole flow on a terminal: export, gates, trace, report. */
export const run: Command = {
  name: 'run',
  summary: 'Export the contract, emit its work as a trace, run the gates and report: everything the action does.',
  args: [],
  flags: runFlags,
  act: async (call, world, terminal) => report(runSettings(call, world, 'run'), call.text('format'), world, terminal),
};

/** Runs and prints; the exit code is the run's. */
export async function report(settings: RunSettings, format: string | undefined, world: World, terminal: Terminal): Promise<ExitCode> {
  const { report, exitCode, exportDir } = await tellStory(settings, world);
  terminal.out(format === 'json' ? json.render(report) + '\n' : terminalReporter(terminal).render(report));
  // Where the output directory cannot be written, the export is in a temporary folder; the report, which is kept, names it by its last names only.
  if (exportDir !== undefined && !isWithin(resolve(world.root, settings.outputDir), exportDir))
    terminal.err(visible(`The export lies in ${exportDir}.`));
  return exitCode;
}
