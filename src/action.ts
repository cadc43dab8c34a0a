import { deliver, setOutputs } from './action-delivery.ts';
import { readInputs } from './action-inputs.ts';
import { UNKNOWN } from './action-outputs.ts';
import { EnvironmentError } from './host/clock.ts';
import { suitEngine } from './host/engine.ts';
import { readCiContext } from './host/github/ci-context.ts';
import { readEvent } from './host/github/event.ts';
import { secretsOf } from './host/github/secrets.ts';
import { error, isDebug, setSecret, warning } from './host/github/toolkit.ts';
import { systemWorld } from './host/system-world.ts';
import type { World } from './host/world.ts';
import { safeLogLine } from './report/escape-command.ts';
import { visible } from './report/escape-terminal.ts';
import { type RunOutcome, run } from './run.ts';

type ExitCode = RunOutcome['exitCode'];

/** Once a run has come to its end, nothing after it changes the code. */
let judged: ExitCode | undefined;
process.once('uncaughtException', (bug) => process.exit(broken(bug)));
void end();

/** Explicitly, and only when everything is written: a socket that a server holds open would otherwise hold the step too. */
async function end(): Promise<void> {
  const code = await act(process.env).catch(broken);
  process.stdout.write('', () => process.exit(code));
}

/** The step: what it is told, what came of it, and the code it ends with. */
async function act(env: World['env']): Promise<ExitCode> {
  for (const secret of secretsOf(env)) setSecret(secret);
  const event = await readEvent(env['GITHUB_EVENT_PATH']);
  const ci = readCiContext(env, event.payload, event.loss === undefined ? [] : [event.loss]);
  const inputs = readInputs(env, ci);
  for (const line of inputs.notices) warning(visible(line));
  if (!inputs.ok) {
    for (const { input, message } of inputs.faults) error(visible(message), `Export Tasks: input ${input}`);
    return unjudged();
  }
  const root = env['GITHUB_WORKSPACE'] || process.cwd();
  const world = { ...systemWorld(env, root, (line) => console.log(safeLogLine(line))), expect: suitEngine };
  const outcome = await run(inputs.settings.run, world);
  judged = outcome.exitCode;
  await deliver(outcome, inputs.settings, env);
  return judged;
}

/** The steps after this one find every output set, and no number invented. */
function unjudged(): ExitCode {
  setOutputs(UNKNOWN);
  return 2;
}

/** What nobody foresaw: a sentence instead of a stack. */
function broken(bug: unknown): ExitCode {
  const said = visible(bug instanceof Error ? bug.message : String(bug));
  if (bug instanceof EnvironmentError) {
    error(said);
    return unjudged();
  }
  const ours = `Something is wrong on our side, not on yours: ${said}. Please run the job again with debug logging and report what it says.`;
  if (isDebug() && bug instanceof Error) for (const line of bug.stack?.split('\n') ?? []) console.log(safeLogLine(line));
  if (judged === undefined) {
    error(`${ours} Nothing was judged.`);
    return unjudged();
  }
  warning(`${ours} The verdict stands; a part of the report may be missing.`);
  return judged;
}
