import { basename, resolve } from 'node:path';
import { zonelessStamp } from '../export/timestamp.ts';
import { type Person, personAtTerminal } from '../host/ask-person.ts';
import { sourceDateEpoch } from '../host/clock.ts';
import { readBounded } from '../host/files.ts';
import { ReplaceFileError, replaceFile } from '../host/replace-file.ts';
import { withoutSecrets } from '../host/secret-shapes.ts';
import type { World } from '../host/world.ts';
import { type Answered, type Answering, answerQuestions, readAnswers } from '../manifest/answer-questions.ts';
import type { ParsedManifest, Question } from '../manifest/manifest.ts';
import { parseManifest } from '../manifest/parse-manifest.ts';
import { readYaml } from '../manifest/yaml-document.ts';
import { visible } from '../report/escape-terminal.ts';
import { faultLines } from '../reporters/fault-text.ts';
import { type Call, type Command, type ExitCode, type Terminal, UsageError } from './command.ts';
import { pathFlags } from './flags.ts';

/** Answers the open questions of a manifest, which keeps its comments (spec/manifest.md §14). */
export const fix: Command = fixBy(personAtTerminal);

/** The same with anybody to ask. */
export function fixBy(person: () => Person): Command {
  return {
    name: 'fix',
    summary: 'Answer the open questions of a manifest.',
    args: [],
    flags: [
      ...pathFlags,
      { flags: '--interactive', describes: 'ask for each answer' },
      { flags: '--answers <file>', describes: 'answers by question id, YAML or JSON' },
      { flags: '--dry-run', describes: 'tell what would be answered, write nothing' },
      { flags: '-f, --format <format>', describes: 'how to answer', choices: ['text', 'json'], default: 'text' },
    ],
    act: async (call, world, terminal) => {
      const path = call.text('path');
      if (path === undefined) throw new UsageError('fix needs the manifest: --path .contextcore.yaml');
      const read = await readBounded(world.root, path, MANIFEST_BYTES);
      if (!read.ok) throw new UsageError(read.message);
      const parsed = parseManifest(read.bytes, path);
      if (!parsed.ok) return tellFaults(parsed, terminal);
      const open = parsed.manifest.guidance.questions.filter(({ status }) => status === 'open');
      if (open.length === 0)
        return tell(call, terminal, { status: 'nothing_to_fix', path, issues: 0 }, [`${path} has no open question.`], 0);
      const answers = await answersFor(call, open, world, person);
      if (!answers) return tellOpen(call, path, open, terminal);
      const answering: Answering = {
        source: answers.source,
        at: zonelessStamp(world.clock.now(), sourceDateEpoch(world.env) === undefined ? 'local' : 'utc'),
      };
      const answered = answerQuestions(new TextDecoder().decode(read.bytes), answers.byId, answering);
      if (!answered) throw new Error(`${path} was valid and could not be read again`);
      return apply(call, path, answered, world, terminal);
    },
  };
}

const MANIFEST_BYTES = 256 * 1024 * 1024;

function tellFaults(parsed: Extract<ParsedManifest, { ok: false }>, terminal: Terminal): ExitCode {
  for (const fault of parsed.faults) terminal.err(faultLines(fault, { colour: false }).trimEnd());
  return 1;
}

interface Answers {
  readonly source: Answering['source'];
  readonly byId: ReadonlyMap<string, string>;
}

/** Nobody's when neither way was asked for. */
async function answersFor(call: Call, open: readonly Question[], world: World, person: () => Person): Promise<Answers | undefined> {
  if (call.flag('interactive') === true) return { source: 'interactive', byId: await askAll(open, person) };
  const file = call.text('answers');
  if (file === undefined) return undefined;
  const read = await readBounded(world.root, file, MANIFEST_BYTES);
  if (!read.ok) throw new UsageError(read.message);
  const yaml = readYaml(read.bytes, file);
  const byId = yaml.ok ? readAnswers(yaml.document.root) : undefined;
  if (byId) return { source: 'answers-file', byId };
  const why = yaml.ok
    ? 'it is neither a mapping of answers by question id nor a list of {id, answer}'
    : (yaml.faults[0]?.message ?? 'it is no YAML');
  throw new UsageError(`${file} gives no answers: ${why}`);
}

async function askAll(open: readonly Question[], person: () => Person): Promise<ReadonlyMap<string, string>> {
  using someone = person();
  const answers = new Map<string, string>();
  for (const { id, question, priority } of open) {
    const answer = (await someone.ask(`${visible(`${id} (${priority}): ${question}`)}\n> `)).trim();
    if (answer !== '') answers.set(id, answer);
  }
  return answers;
}

function tellOpen(call: Call, path: string, open: readonly Question[], terminal: Terminal): ExitCode {
  const questions = open.map(({ id, question, status, priority }) => ({ id, question: withoutSecrets(question), status, priority }));
  const report = { status: 'report_only', path, open_questions: questions, total_issues: open.length };
  const lines = questions.map(({ id, question, priority }) => `  ${id} (${priority}): ${question}`);
  return tell(call, terminal, report, [`${path}: ${open.length} open`, ...lines, 'Answer them with --interactive or --answers FILE.'], 2);
}

async function apply(call: Call, path: string, { text, actions, skipped }: Answered, world: World, terminal: Terminal): Promise<ExitCode> {
  const isDry = call.flag('dryRun') === true;
  const result = { path, fixed: actions.length, skipped, actions };
  if (actions.length === 0)
    return tell(call, terminal, { status: 'unchanged', ...result }, [`${path} is unchanged: no answer belongs to an open question.`], 2);
  const said = actions.map(({ question_id }) => `  ${question_id}: answered`);
  const told = [`${path}: ${isDry ? 'would be' : 'was'} changed, ${actions.length} answered, ${skipped} still open`, ...said];
  if (!isDry) {
    await write(world, path, text);
    tellState(path, text, terminal);
  }
  return tell(call, terminal, { status: isDry ? 'dry_run' : 'applied', ...result }, told, 2);
}

async function write(world: World, path: string, text: string): Promise<void> {
  try {
    await replaceFile(resolve(world.root, path), path, Buffer.from(text), { backup: `${basename(path)}.bak` });
  } catch (error) {
    throw error instanceof ReplaceFileError ? new UsageError(error.message) : error;
  }
}

/** How the file stands now; it decides nothing. */
function tellState(path: string, text: string, terminal: Terminal): void {
  const parsed = parseManifest(Buffer.from(text), path);
  const told = parsed.ok ? parsed.warnings : parsed.faults;
  for (const fault of told) terminal.err(faultLines(fault, { colour: false }).trimEnd());
  terminal.err(visible(`${path}: ${parsed.ok ? 'valid' : 'not valid'}, ${told.length} ${parsed.ok ? 'warnings' : 'errors'}`));
}

function tell(call: Call, terminal: Terminal, report: object, lines: readonly string[], indent: number): ExitCode {
  terminal.out(call.text('format') === 'json' ? JSON.stringify(report, null, indent) + '\n' : lines.map(visible).join('\n') + '\n');
  return 0;
}
