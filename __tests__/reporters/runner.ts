/** What the runner would do with a line of the log (actions/runner ActionCommand.cs and ActionCommandManager.cs, spec/github.md §3.2). */
export interface RunnerCommand {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

const KNOWN = new Set(
  [
    'error',
    'warning',
    'notice',
    'debug',
    'add-mask',
    'set-output',
    'save-state',
    'set-env',
    'add-path',
    'add-matcher',
    'remove-matcher',
  ].concat(['group', 'endgroup', 'echo', 'stop-commands', 'internal-set-repo-path']),
);

/** The commands in a log, line by line as the runner splits it. */
export function runnerCommands(log: string): readonly RunnerCommand[] {
  return log.split(/\r\n|\r|\n/).flatMap((line) => secondForm(line) ?? firstForm(line) ?? []);
}

/** `::name k=v,k=v::data` after any white space. */
function secondForm(line: string): RunnerCommand | undefined {
  const found = /^\s*::(.*?)::(.*)$/su.exec(line);
  return found ? known(found[1]!, ',', found[2]!, (text) => text.replaceAll('%3A', ':').replaceAll('%2C', ',')) : undefined;
}

/** `##[name k=v;k=v]data` anywhere in the line. */
function firstForm(line: string): RunnerCommand | undefined {
  const found = /##\[(.*?)\](.*)$/su.exec(line);
  return found ? known(found[1]!, ';', found[2]!, (text) => text) : undefined;
}

function known(header: string, separator: string, data: string, plain: (text: string) => string): RunnerCommand | undefined {
  const space = header.indexOf(' ');
  const name = (space < 0 ? header : header.slice(0, space)).toLowerCase();
  if (!KNOWN.has(name)) return undefined;
  const pairs = space < 0 ? [] : header.slice(space + 1).split(separator);
  const properties = pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), decode(plain(pair.slice(pair.indexOf('=') + 1)))]);
  return { name, properties: Object.fromEntries(properties), data: decode(data) };
}

function decode(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
}
