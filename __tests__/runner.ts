import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import { type Command, parseCommand } from './runner-commands.ts';

const ROOT = path.resolve(import.meta.dirname, '..');

/** One step as a workflow would state it, and the machine it lands on. */
export interface Step {
  /** The door, relative to the repository; the bundle or its source. */
  readonly entry?: string;
  readonly workspace: string;
  readonly event?: string;
  /** Written to the event file; `undefined` leaves GITHUB_EVENT_PATH unset, a string is written as it is. */
  readonly payload?: unknown;
  readonly with?: Readonly<Record<string, string>>;
  /** On top of what a runner sets; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** What GitHub would know after the step. */
export interface StepResult {
  readonly code: number | null;
  /** The log as people see it: commands executed, secrets masked. */
  readonly log: string;
  /** Every byte the process wrote, unmasked. */
  readonly raw: string;
  /** Commands in order, those that the runner executed. */
  readonly commands: readonly Command[];
  /** What is kept beside the run: ten of each kind, 4,096 characters each. */
  readonly annotations: readonly Command[];
  readonly masks: readonly string[];
  readonly outputs: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  /** Undefined when the runner would drop it: larger than 1 MiB. */
  readonly summary: string | undefined;
  readonly temp: string;
  readonly milliseconds: number;
}

/** Runs one step as actions/runner does: variables, files, command parser, caps (spec: github.md §3.2, §3.3, §3.5). */
export async function runStep(step: Step): Promise<StepResult> {
  const temp = await mkdtemp(path.join(tmpdir(), 'runner-temp-'));
  const files = await commandFiles(temp);
  const env = { ...(await machine(step, temp)), ...files, ...inputVariables(step.with ?? {}), ...step.env };
  const started = performance.now();
  const { code, raw } = await execute(path.resolve(ROOT, step.entry ?? 'src/action.ts'), step.workspace, defined(env));
  const milliseconds = performance.now() - started;
  const { commands, log, masks } = scan(raw);
  const mask = (text: string) => masks.reduce((masked, secret) => masked.replaceAll(secret, '***'), text);
  const summary = await readFile(files.GITHUB_STEP_SUMMARY);
  return {
    code,
    raw,
    log: mask(log),
    commands,
    annotations: capped(commands).map((one) => ({ ...one, data: mask(one.data) })),
    masks,
    outputs: await pairs(files.GITHUB_OUTPUT),
    env: await pairs(files.GITHUB_ENV),
    summary: summary.length > 1024 * 1024 ? undefined : mask(summary.toString('utf8')),
    temp,
    milliseconds,
  };
}

/** action.yml as the runner reads it. */
export async function readAction(): Promise<ActionFile> {
  return parse(await readFile(path.join(ROOT, 'action.yml'), 'utf8')) as ActionFile;
}

export interface ActionFile {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly description: string }>>;
  readonly runs: { readonly using: string; readonly main: string };
}

const CONTEXTS: Readonly<Record<string, string>> = {
  'github.token': 'ghs_harnessTokenOfThisJob0000',
  'job.check_run_id': '67890',
  'strategy.job-index': '0',
};
const { inputs: DECLARED } = await readAction();

/** Every declared input, its default evaluated; upper case, hyphens kept; an empty one is one not given. */
function inputVariables(given: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const values = new Map(Object.entries(DECLARED).map(([name, { default: standard = '' }]) => [name, evaluate(standard)]));
  for (const [name, value] of Object.entries(given)) values.set(name, value);
  return Object.fromEntries([...values].map(([name, value]) => [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value]));
}

function evaluate(text: string): string {
  return text.replaceAll(/\$\{\{\s*(.+?)\s*\}\}/g, (_, expression: string) => {
    const value = CONTEXTS[expression];
    if (value === undefined) throw new Error(`the harness does not know \${{ ${expression} }}`);
    return value;
  });
}

async function commandFiles(temp: string) {
  const folder = path.join(temp, '_runner_file_commands');
  await mkdir(folder);
  const file = (name: string) => path.join(folder, name);
  const files = {
    GITHUB_OUTPUT: file('set_output'),
    GITHUB_ENV: file('set_env'),
    GITHUB_STATE: file('save_state'),
    GITHUB_PATH: file('add_path'),
    GITHUB_STEP_SUMMARY: file('step_summary'),
  };
  for (const name of Object.values(files)) await writeFile(name, '');
  return files;
}

async function machine(step: Step, temp: string): Promise<Record<string, string | undefined>> {
  const event = path.join(temp, 'event.json');
  if (step.payload !== undefined) await writeFile(event, typeof step.payload === 'string' ? step.payload : JSON.stringify(step.payload));
  return {
    PATH: process.env['PATH'],
    HOME: temp,
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTION: '__self',
    GITHUB_API_URL: 'http://127.0.0.1:9',
    GITHUB_EVENT_NAME: step.event ?? 'push',
    GITHUB_EVENT_PATH: step.payload === undefined ? undefined : event,
    GITHUB_JOB: 'gate',
    GITHUB_REF: 'refs/heads/main',
    GITHUB_REF_NAME: 'main',
    GITHUB_REF_TYPE: 'branch',
    GITHUB_REPOSITORY: 'octo-org/shop',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_RUN_ID: '12345',
    GITHUB_RUN_NUMBER: '7',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_SHA: 'a'.repeat(40),
    GITHUB_WORKFLOW: 'Observability',
    GITHUB_WORKSPACE: step.workspace,
    RUNNER_OS: 'Linux',
    RUNNER_TEMP: temp,
  };
}

function defined(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function execute(entry: string, cwd: string, env: Record<string, string>): Promise<{ readonly code: number | null; readonly raw: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [entry], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let raw = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (raw += text));
    child.once('error', reject).once('close', (code) => resolve({ code, raw }));
  });
}

/** What the runner makes of the lines, in order; `stop-commands` included, so that a stranger's would be seen here. */
function scan(raw: string): { readonly commands: readonly Command[]; readonly log: string; readonly masks: readonly string[] } {
  const commands: Command[] = [];
  const log: string[] = [];
  let stopped: string | undefined;
  for (const line of raw.split(/\r\n|[\r\n]/)) {
    const command = parseCommand(line, stopped);
    if (stopped !== undefined) {
      if (command?.name === stopped) stopped = undefined;
      else log.push(line);
    } else if (command === undefined) log.push(line);
    else {
      commands.push(command);
      if (command.name === 'stop-commands') stopped = command.data;
      if (['error', 'warning', 'notice'].includes(command.name)) log.push(`${command.name}: ${command.data}`);
    }
  }
  return { commands, log: log.join('\n'), masks: commands.filter(({ name }) => name === 'add-mask').map(({ data }) => data) };
}

function capped(commands: readonly Command[]): readonly Command[] {
  return ['error', 'warning', 'notice'].flatMap((kind) =>
    commands
      .filter(({ name }) => name === kind)
      .slice(0, 10)
      .map((one) => ({ ...one, data: one.data.slice(0, 4096) })),
  );
}

/** `KEY=value` and `KEY<<DELIMITER` blocks, as the runner's EnvFileKeyValuePairs reads them; what it refuses throws here, where it would fail the step. */
async function pairs(file: string): Promise<Readonly<Record<string, string>>> {
  const text = await readFile(file, 'utf8');
  if (text !== '' && !text.endsWith('\n')) throw new Error(`${file} does not end with a line break`);
  const lines = text.split('\n').slice(0, -1);
  const found: Record<string, string> = {};
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    if (line === '') continue;
    const [equals, heredoc] = [line.indexOf('='), line.indexOf('<<')];
    if (equals < 0 && heredoc < 0) throw new Error(`invalid format '${line}'`);
    if (equals >= 0 && (heredoc < 0 || equals < heredoc)) {
      found[line.slice(0, equals)] = line.slice(equals + 1);
      continue;
    }
    const [name, delimiter] = [line.slice(0, heredoc), line.slice(heredoc + 2)];
    const end = lines.indexOf(delimiter, i + 1);
    if (name === '' || delimiter === '' || end < 0) throw new Error(`invalid block '${line}'`);
    found[name] = lines.slice(i + 1, end).join('\n');
    i = end;
  }
  return found;
}

/** Takes away what a step left in its temporary directory. */
export async function tidy(result: StepResult): Promise<void> {
  await rm(result.temp, { recursive: true, force: true });
}
