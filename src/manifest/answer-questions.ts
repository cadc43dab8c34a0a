import { isAlias, isMap, isSeq, type Node, type YAMLMap } from 'yaml';
import { isJsonObject, type JsonValue } from '../host/json.ts';
import { openYamlTree, pairOf, removeKey, setValue } from './yaml-rewrite.ts';

/** Who answered, and when. */
export interface Answering {
  readonly source: 'interactive' | 'answers-file';
  /** ISO 8601. */
  readonly at: string;
}

/** What was done about one question. */
export interface AnswerAction {
  readonly question_id: string;
  readonly action: 'answered';
  readonly old_status: string;
  readonly source: Answering['source'];
}

export interface Answered {
  readonly text: string;
  readonly actions: readonly AnswerAction[];
  /** Questions that are still open. */
  readonly skipped: number;
}

/** Answers open questions in the text of a v2 manifest (spec/manifest.md §14). Comments and everything else stay. Undefined for a text that is no mapping. */
export function answerQuestions(text: string, answers: ReadonlyMap<string, string>, { source, at }: Answering): Answered | undefined {
  const tree = openYamlTree(text);
  if (!tree) return undefined;
  const resolved = (node: unknown): unknown => (isAlias(node) ? node.resolve(tree.document) : node);
  const guidance = resolved(pairOf(tree.root, 'guidance')?.value);
  const questions = isMap(guidance) ? resolved(pairOf(guidance, 'questions')?.value) : undefined;
  const actions: AnswerAction[] = [];
  let skipped = 0;
  for (const node of isSeq(questions) ? questions.items : []) {
    const question = resolved(node);
    if (!isMap(question) || statusOf(question) !== 'open') continue;
    const id = textOf(question, 'id');
    const answer = answers.get(id);
    if (answer === undefined) {
      skipped += 1;
      continue;
    }
    actions.push({ question_id: id, action: 'answered', old_status: statusOf(question), source });
    for (const spelling of ['answered_by', 'answered_at']) removeKey(question, spelling);
    setValue(tree.document, question, 'status', 'answered');
    setValue(tree.document, question, 'answer', answer);
    setValue(tree.document, question, 'answeredBy', source);
    setValue(tree.document, question, 'answeredAt', at);
  }
  return { text: actions.length > 0 ? tree.text() : text, actions, skipped };
}

/** Answers by question id from a document: a mapping, a list of `{id, answer}`, or either under `questions`. Ids and answers become text. Undefined for anything else. */
export function readAnswers(document: JsonValue): ReadonlyMap<string, string> | undefined {
  const root =
    isJsonObject(document) && typeof document['questions'] === 'object' && document['questions'] !== null
      ? document['questions']
      : document;
  if (isJsonObject(root)) return answersOf(Object.entries(root));
  if (!Array.isArray(root)) return undefined;
  return root.every(isJsonObject) ? answersOf(root.map(({ id, answer }) => [textual(id), answer] as const)) : undefined;
}

/** An answer that is blank, or no single value, is none. */
function answersOf(entries: readonly (readonly [id: string | undefined, answer: JsonValue | undefined])[]): ReadonlyMap<string, string> {
  const answers = entries.map(([id, answer]) => [id, textual(answer)] as const);
  return new Map(answers.filter((entry): entry is [string, string] => entry[0] !== undefined && (entry[1] ?? '').trim() !== ''));
}

function textual(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

function statusOf(question: YAMLMap): string {
  return textOf(question, 'status') || 'open';
}

function textOf(map: YAMLMap, key: string): string {
  const value = (pairOf(map, key)?.value as Node | null | undefined)?.toJSON() as unknown;
  return typeof value === 'string' ? value : '';
}
