import type { Notice, ValidationError } from '../../contract/contract.ts';
import { withoutSecrets } from '../../host/secret-shapes.ts';
import { type ProgramVerdict, verdictsOf } from './program-answers.ts';
import type { FieldProgram, FileReading, ProgramQuestion } from './reading.ts';

/** What a program printed of files that it was shown, or why it printed nothing. */
export type Said =
  | {
      readonly state: 'answered';
      /** As it calls itself, `promtool 3.5.0`. */
      readonly name: string;
      /** The files' names, in the order of the texts. */
      readonly files: readonly string[];
      readonly output: string;
    }
  | { readonly state: 'silent'; readonly name: string; readonly why: string };

/** The programs of the field that the machine has. */
export interface Programs {
  /** Whether there is such a program; absent where only asking it tells. */
  readonly has?: (program: FieldProgram) => Promise<boolean>;
  /** Shows a program a file for each text; undefined where there is no such program, and then no text is made. */
  readonly ask: (program: FieldProgram, texts: () => readonly string[]) => Promise<Said | undefined>;
}

/** A file's reading, by the path that a person knows it by. */
export interface Read {
  readonly path: string;
  readonly reading: FileReading;
}

export interface Opinions<R extends Read> {
  /** Of the same order as what was handed in; their questions are answered. */
  readonly read: readonly R[];
  readonly notices: readonly Notice[];
}

/**
 * Asks the programs of the field about files that were read here. What one of them refuses and we did not see is a fault of the file; where we refuse and it does
 * not, ours stands and both are named. A program that is older than the checks here is no judge of a file that is good to them: that is told.
 */
export async function askPrograms<R extends Read>(read: readonly R[], programs: Programs): Promise<Opinions<R>> {
  let settled = read;
  const notices: Notice[] = [];
  for (const program of FIELD_PROGRAMS) {
    const asked = settled.flatMap(({ reading }) => (reading.questions ?? []).filter((question) => question.program === program));
    if (asked.length === 0) continue;
    const said = await programs.ask(program, () => [PROBES[program], ...asked.map(({ text }) => text())]);
    if (said === undefined) continue;
    if (said.state === 'silent') {
      notices.push(silence(said.name, said.why, asked.length));
      continue;
    }
    const answers = understand(program, said, asked);
    const weighed = settled.map((one) => weigh(one, answers));
    settled = weighed.map(({ one }) => one);
    notices.push(...weighed.flatMap((one) => one.notices));
    const unclear = asked.length - answers.verdicts.size;
    if (unclear > 0) notices.push(silence(answers.name, 'its answer is not of the kind that is understood here', unclear));
  }
  return { read: settled.map((one) => ({ ...one, reading: withoutQuestions(one.reading) })), notices };
}

/** The programs that can be asked: none without any at all, and each of which nobody knows. */
export async function askable(programs: Programs | undefined): Promise<ReadonlySet<FieldProgram>> {
  const there = await Promise.all(FIELD_PROGRAMS.map((program) => (programs?.has ? programs.has(program) : programs !== undefined)));
  return new Set(FIELD_PROGRAMS.filter((_, index) => there[index]));
}

const FIELD_PROGRAMS: readonly FieldProgram[] = ['promtool', 'amtool'];

/** Good to those versions whose rules are ours: names may hold any character (Prometheus 3, Alertmanager 0.27). */
const PROBES: Readonly<Record<FieldProgram, string>> = {
  promtool: 'groups:\n- name: probe\n  rules:\n  - record: probe\n    expr: \'{"a.b"}\'\n',
  amtool: 'route: {receiver: probe, routes: [{receiver: probe, matchers: [\'a.b="c"\']}]}\nreceivers: [{name: probe}]\n',
};

interface Answers {
  readonly name: string;
  readonly isOlder: boolean;
  readonly verdicts: ReadonlyMap<ProgramQuestion, Exclude<ProgramVerdict, 'unknown'>>;
}

/** Nothing is understood of a program that does not speak of its probe. */
function understand(
  program: FieldProgram,
  { name, files, output }: Extract<Said, { state: 'answered' }>,
  asked: readonly ProgramQuestion[],
): Answers {
  const [probe = 'unknown', ...told] = verdictsOf(program, output, files);
  const verdicts = asked.flatMap((question, index) => {
    const verdict = probe === 'unknown' ? 'unknown' : told[index]!;
    return verdict === 'unknown' ? [] : [[question, verdict] as const];
  });
  return { name, isOlder: probe !== 'accepted', verdicts: new Map(verdicts) };
}

function silence(name: string, why: string, files: number): Notice {
  const what = files === 1 ? 'a file' : `${files} files`;
  return {
    code: 'second-opinion',
    message: `${name} was asked about ${what} and had no say: ${why}. They are judged by the checks here alone.`,
  };
}

function weigh<R extends Read>(one: R, { name, isOlder, verdicts }: Answers): { readonly one: R; readonly notices: readonly Notice[] } {
  const { path, reading } = one;
  const own = (reading.questions ?? []).filter((question) => verdicts.has(question));
  if (own.length === 0) return { one, notices: [] };
  const refused = own.flatMap((question) => faultsOf(question, verdicts.get(question)!));
  if (refused.length === 0) return { one, notices: stands(name, path, reading, own) };
  const unseen = refused.filter((fault) => !isSeen(fault, reading));
  if (unseen.length === 0) return { one, notices: [] };
  const counting = unseen.filter(({ message }) => !isOlder && !NEWER.test(message));
  if (counting.length === 0) return { one, notices: reading.ok ? [older(name, path, unseen[0]!)] : [] };
  const parts = new Map(reading.parts);
  const errors = counting.slice(0, MOST).map(({ place, message, of }) => {
    const error = { place, message: `${name} refuses this: ${message}.` };
    const part = parts.get(of);
    if (part !== undefined) parts.set(error, part);
    return error;
  });
  return { one: { ...one, reading: { ...reading, ok: false, errors: [...reading.errors, ...errors], parts } }, notices: [] };
}

/** What a program does not know and the checks here do came with a later version of it. */
const NEWER = /\bfield \S+ not found in type\b|\bunknown function with name\b/;

const MOST = 20;

/** What is wrong before the part that was asked about, such as an object's name, is nothing that the program could see. */
function stands(name: string, path: string, { errors }: FileReading, asked: readonly ProgramQuestion[]): readonly Notice[] {
  const start = Math.min(...asked.map(({ place }) => place(1).line));
  const [first, ...others] = errors.filter(({ place }) => place.line >= start);
  if (first === undefined) return [];
  const rest = others.length > 0 ? ` (the first of ${others.length + 1})` : '';
  const message = `${name} accepts ${path}, and the checks here do not${rest}: ${first.message} The finding stands; where it is wrong, waive it and tell us.`;
  return [{ code: 'second-opinion', place: first.place, message }];
}

function older(name: string, path: string, { place, message }: ValidationError): Notice {
  const text = `${name} refuses ${path}: ${message}. The checks here know later versions, to which the file is good, and so it counts as valid; keep to what ${name} takes, or move to a later one.`;
  return { code: 'second-opinion', place, message: text };
}

interface Told extends ValidationError {
  /** The place is a guess by the words of the message. */
  readonly isGuess: boolean;
  readonly of: ProgramQuestion;
}

function faultsOf(of: ProgramQuestion, verdict: Exclude<ProgramVerdict, 'unknown'>): readonly Told[] {
  const { text, place, ruleAt } = of;
  if (typeof verdict === 'string') return [];
  return verdict.map(({ message, line, rule }) => {
    const told = line === undefined ? rule && ruleAt?.(rule.group, rule.number) : place(line);
    return { message: withoutSecrets(message), place: told ?? place(lineNaming(message, text())), isGuess: told === undefined, of };
  });
}

/** The first line that has what a message quotes: `undefined receiver "b" used in route`. */
function lineNaming(message: string, text: string): number {
  const quoted = [...message.matchAll(/"((?:[^"\\]|\\.)+)"/g)].map(([, word]) => word!).toSorted((a, b) => b.length - a.length);
  const at = quoted.map((word) => text.indexOf(word)).find((offset) => offset !== -1) ?? 0;
  return text.slice(0, at).split('\n').length;
}

/** Whether a fault of ours lies in the same rule; anywhere, where there are no rules, since programs of the field often tell but the first fault of a file. */
function isSeen({ place: { line }, isGuess }: Told, { errors, objects }: FileReading): boolean {
  if (errors.length === 0 || isGuess) return errors.length > 0;
  const starts = objects.map((object) => object.line).toSorted((a, b) => a - b);
  const from = starts.findLast((start) => start <= line);
  const to = starts.find((start) => start > line) ?? Number.POSITIVE_INFINITY;
  return starts.length < 2 || from === undefined || errors.some(({ place }) => place.line >= from && place.line < to);
}

function withoutQuestions({ questions: _, ...reading }: FileReading): FileReading {
  return reading;
}
