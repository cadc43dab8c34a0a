/** A workflow command as the runner understood it. */
export interface Command {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

const REGISTERED = [
  'internal-set-repo-path',
  'set-env',
  'set-output',
  'save-state',
  'add-mask',
  'add-path',
  'add-matcher',
  'remove-matcher',
  'debug',
  'warning',
  'error',
  'notice',
  'group',
  'endgroup',
  'echo',
  'stop-commands',
];

/**
 * The runner's two parsers, own words: V2 takes `::name k=v,k=v::data` after white space, V1 takes `##[name k=v;k=v]data` anywhere in a line. Names are
 * compared without case; while commands are stopped, the token is a name too.
 */
export function parseCommand(line: string, token?: string): Command | undefined {
  const known = new Set([...REGISTERED, ...(token === undefined ? [] : [token.toLowerCase()])]);
  return second(line, known) ?? first(line, known);
}

function second(line: string, known: ReadonlySet<string>): Command | undefined {
  // .NET's white space has the next-line control, JavaScript's has not.
  const text = line.replace(/^[\s\u0085]+/u, '');
  if (!text.startsWith('::')) return undefined;
  const end = text.indexOf('::', 2);
  return end < 0 ? undefined : command(text.slice(2, end), text.slice(end + 2), ',', known, SECOND);
}

function first(line: string, known: ReadonlySet<string>): Command | undefined {
  const start = line.indexOf('##[');
  const end = start < 0 ? -1 : line.indexOf(']', start);
  return end < 0 ? undefined : command(line.slice(start + 3, end), line.slice(end + 1), ';', known, FIRST);
}

interface Escapes {
  readonly property: Readonly<Record<string, string>>;
  readonly data: Readonly<Record<string, string>>;
}

const LINES = { '%0D': '\r', '%0A': '\n' };
const SECOND: Escapes = { property: { ...LINES, '%3A': ':', '%2C': ',', '%25': '%' }, data: { ...LINES, '%25': '%' } };
const FIRST: Escapes = {
  property: { '%3B': ';', ...LINES, '%5D': ']', '%25': '%' },
  data: { '%3B': ';', ...LINES, '%5D': ']', '%25': '%' },
};

function command(header: string, data: string, separator: string, known: ReadonlySet<string>, escapes: Escapes): Command | undefined {
  const space = header.indexOf(' ');
  const name = (space < 0 ? header : header.slice(0, space)).toLowerCase();
  if (!known.has(name)) return undefined;
  const properties: Record<string, string> = {};
  for (const part of space < 0
    ? []
    : header
        .slice(space + 1)
        .trim()
        .split(separator)) {
    const [key, value] = part.split(/=(.*)/s, 2);
    if (key && value) properties[key] = decoded(value, escapes.property);
  }
  return { name, properties, data: decoded(data, escapes.data) };
}

function decoded(text: string, escapes: Readonly<Record<string, string>>): string {
  return Object.entries(escapes).reduce((decodedSoFar, [code, meant]) => decodedSoFar.replaceAll(code, meant), text);
}
