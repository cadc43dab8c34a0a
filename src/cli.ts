#!/usr/bin/env node
// commander: the field's own parser of command lines, without dependencies and kept well for a decade.
import { CommanderError, Option, Command as Program } from 'commander';
import { type Call, type Command, type ExitCode, type Flag, type Terminal, UsageError } from './commands/command.ts';
import { loadCommands } from './commands/index.ts';
import { EnvironmentError } from './host/clock.ts';
import { keepCompiled } from './host/compile-cache.ts';
import { suitEngine } from './host/engine.ts';
import { ExportDirectoryError } from './host/export-directory-error.ts';
import { systemWorld } from './host/system-world.ts';
import { safeLogLine } from './report/escape-command.ts';
import { visible, visibleLines } from './report/escape-terminal.ts';
import { oldestNode, version } from './version.ts';

// No waiting at the top level: the engine reads a module that does so twice.
void end(process.argv.slice(2));

async function end(argv: readonly string[]): Promise<void> {
  const code = await main(argv);
  await drained(process.stdout);
  process.exit(code);
}

async function main(argv: readonly string[]): Promise<ExitCode> {
  keepCompiled(process.env);
  const terminal = processTerminal();
  let code: ExitCode = 0;
  const program = new Program('export-tasks')
    .description('Export the observability contract a manifest implies, emit it as a trace, and judge it.')
    .version(version, '-V, --version')
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ writeErr: (text) => terminal.err(visibleLines(text.trimEnd())) });
  for (const command of asksVersion(argv) ? [] : await loadCommands(argv[0])) {
    program.addCommand(
      declare(program, command, argv, async (call) => {
        const world = { ...systemWorld(process.env, process.cwd(), (line) => terminal.err(visible(line))), expect: suitEngine };
        code = await command.act(call, world, terminal);
      }),
    );
  }
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    return failed(error, terminal);
  }
  return code;
}

function asksVersion([first]: readonly string[]): boolean {
  return first === '-V' || first === '--version';
}

function declare(parent: Program, command: Command, argv: readonly string[], act: (call: Call) => Promise<void>): Program {
  const program = new Program(command.name).description(command.summary).copyInheritedSettings(parent);
  for (const arg of command.args) program.argument(arg.required ? `<${arg.name}>` : `[${arg.name}]`, arg.describes);
  for (const flag of command.flags) program.addOption(option(flag));
  program.action(async () => act(callOf(program, command.flags, argv)));
  return program;
}

function option(flag: Flag): Option {
  const made = new Option(flag.flags, flag.describes);
  if (flag.choices) made.choices([...flag.choices]);
  if (flag.default !== undefined) made.default(flag.default);
  if (flag.aliasOf) made.hideHelp();
  if (flag.repeat) made.argParser((value, before: unknown) => [...(Array.isArray(before) ? before : []), value]);
  return made;
}

function callOf(program: Program, flags: readonly Flag[], argv: readonly string[]): Call {
  const aliases = new Map<string, string[]>();
  for (const flag of flags)
    if (flag.aliasOf) aliases.set(flag.aliasOf, [...(aliases.get(flag.aliasOf) ?? []), option(flag).attributeName()]);
  const options: Record<string, unknown> = program.opts();
  const value = (name: string): unknown =>
    [...(aliases.get(name) ?? []), name].map((key) => options[key]).find((found) => found !== undefined);
  return {
    args: program.args,
    argv,
    text: (name) => {
      const found = value(name);
      return typeof found === 'string' ? found : undefined;
    },
    list: (name) => {
      const found = value(name);
      return Array.isArray(found) ? found.map(String) : [];
    },
    flag: (name) => {
      const found = value(name);
      return typeof found === 'boolean' ? found : undefined;
    },
  };
}

function processTerminal(): Terminal {
  const said = process.env['GITHUB_ACTIONS'] === 'true' ? commandless : (text: string) => text;
  return {
    out: (text) => void process.stdout.write(said(text)),
    err: (line) => void process.stderr.write(said(line) + '\n'),
    colour: process.stdout.isTTY === true && !process.env['NO_COLOR'],
    width: process.stdout.columns ?? 100,
  };
}

/** For a log that a runner reads, which obeys whatever looks like a command. A JSON document keeps its meaning, and no line of it begins with `::`. */
function commandless(text: string): string {
  if (text.startsWith('{')) return text.replaceAll('##[', '#\\u0023[');
  return text.split('\n').map(safeLogLine).join('\n');
}

function failed(error: unknown, terminal: Terminal): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof UsageError || error instanceof EnvironmentError || error instanceof ExportDirectoryError) {
    terminal.err(visibleLines(`export-tasks: ${error.message}`));
    return 2;
  }
  if (Number.parseInt(process.versions.node, 10) < oldestNode) {
    terminal.err(`export-tasks: Node.js ${oldestNode} or later is needed; this is ${process.versions.node}.`);
    return 2;
  }
  const said = error instanceof Error ? error.message : String(error);
  terminal.err(visible(`export-tasks: something is wrong on our side, not on yours: ${said}`));
  if (process.env['EXPORT_TASKS_DEBUG'] && error instanceof Error) terminal.err(error.stack ?? '');
  return 2;
}

function drained(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((done) => {
    if (stream.writableLength === 0) done();
    else stream.once('drain', done);
  });
}
