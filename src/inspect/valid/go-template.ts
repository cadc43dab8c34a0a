import { didYouMean } from './names.ts';
import type { QueryFault } from './query.ts';

const BUILT_IN = 'and or not len index slice print printf println html js urlquery call eq ne lt le gt ge';
const PROMETHEUS =
  'query first label value sortByLabel strvalue args reReplaceAll safeHtml match title toUpper toLower graphLink tableLink stripPort stripDomain humanize ' +
  'humanize1024 humanizeDuration humanizePercentage humanizeTimestamp toTime toDuration now pathPrefix externalURL parseDuration urlQueryEscape';

/** What every template of Go has. */
export const PLAIN_FUNCTIONS: ReadonlySet<string> = new Set(BUILT_IN.split(' '));
/** What Prometheus and Loki offer in the templates of an alert (Prometheus, template/template.go). */
export const ALERT_FUNCTIONS: ReadonlySet<string> = new Set(`${BUILT_IN} ${PROMETHEUS}`.split(' '));
export const ALERT_VARIABLES: ReadonlySet<string> = new Set(['$', '$labels', '$externalLabels', '$externalURL', '$value']);

const BLOCKS = new Set(['if', 'range', 'with', 'define', 'block']);
const KEYWORDS = new Set([...BLOCKS, 'else', 'end', 'template', 'break', 'continue', 'nil', 'true', 'false']);
const TOKEN =
  /\s+|"(?:[^"\\\n]|\\.)*"|`[^`]*`|'(?:[^'\\\n]|\\.)+'|\$\w*|\.\w[\w.]*|\.|:=|[|=(),]|[+-]?(?:0x[\da-fA-F]+|\d[\d_]*\.?\d*(?:[eE][+-]?\d+)?)i?|[\p{L}_][\p{L}\p{N}_.]*/uy;

/** What Go's text/template would not parse, the first fault only, as `promtool check rules` tells it; undefined for a good template. */
export function checkTemplate(text: string, functions = ALERT_FUNCTIONS, variables = ALERT_VARIABLES): QueryFault | undefined {
  const open: { word: string; offset: number }[] = [];
  const known = new Set(variables);
  for (let at = text.indexOf('{{'); at !== -1; ) {
    const comment = /^\{\{(?:- )?\/\*[\s\S]*?\*\/(?: -)?\}\}/.exec(text.slice(at, at + 20_000))?.[0];
    const end = comment === undefined ? endOfAction(text, at + 2) : at + comment.length;
    if (end === undefined) return { offset: at, message: 'The template\'s "{{" is not closed by "}}".' };
    const fault = comment === undefined ? checkAction(text, at + 2, end - 2, open, functions, known) : undefined;
    if (fault) return fault;
    at = text.indexOf('{{', end);
  }
  const last = open.at(-1);
  return last && { offset: last.offset, message: `The template's "${last.word}" has no "{{ end }}".` };
}

/** The offset after the `}}` of an action; texts in it may hold braces. */
function endOfAction(text: string, from: number): number | undefined {
  const scan = /"(?:[^"\\\n]|\\.)*"|`[^`]*`|\}\}|\n/g;
  scan.lastIndex = from;
  for (let match = scan.exec(text); match; match = scan.exec(text)) if (match[0] === '}}') return match.index + 2;
  return undefined;
}

function checkAction(
  text: string,
  start: number,
  end: number,
  open: { word: string; offset: number }[],
  functions: ReadonlySet<string>,
  known: Set<string>,
): QueryFault | undefined {
  const tokens = tokenize(text, text.startsWith('- ', start) ? start + 1 : start, text.slice(end - 2, end) === ' -' ? end - 1 : end);
  if (!Array.isArray(tokens)) return tokens as QueryFault;
  const [first] = tokens;
  if (first === undefined) return { offset: start, message: 'The template has an empty "{{ }}".' };
  const word = first.text;
  if (BLOCKS.has(word)) {
    open.push({ word, offset: first.offset });
    if (tokens.length === 1) return { offset: first.offset, message: `The template's "${word}" says nothing of what.` };
  }
  if (word === 'end' && open.pop() === undefined) return { offset: first.offset, message: 'The template\'s "{{ end }}" ends nothing.' };
  if ((word === 'break' || word === 'continue') && !open.some((block) => block.word === 'range'))
    return { offset: first.offset, message: `The template's "{{ ${word} }}" stands in no "range".` };
  if (word === 'else' && open.length === 0)
    return { offset: first.offset, message: 'The template\'s "{{ else }}" belongs to no "if", "range" or "with".' };
  return checkWords(tokens, functions, known);
}

interface Token {
  readonly text: string;
  readonly offset: number;
}

function tokenize(text: string, start: number, end: number): Token[] | QueryFault {
  const tokens: Token[] = [];
  for (let at = start; at < end; ) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text)?.[0];
    const joined = /^[+-]/.test(token ?? '') && /[\w)"'`]/.test(text[at - 1] ?? '');
    if (token === undefined || joined || at + token.length > end) {
      const found = text[at] ?? '';
      return {
        offset: at,
        message: '"\'`'.includes(found)
          ? `A text in the template is not closed: the second ${found} is missing.`
          : `The template may not have ${JSON.stringify(found)} here.`,
      };
    }
    if (token.trim() !== '') tokens.push({ text: token, offset: at });
    at += token.length;
  }
  return tokens;
}

function checkWords(tokens: readonly Token[], functions: ReadonlySet<string>, known: Set<string>): QueryFault | undefined {
  let depth = 0;
  for (const [index, { text, offset }] of tokens.entries()) {
    if (text === '(') depth++;
    if (text === ')' && --depth < 0) return { offset, message: 'A ")" of the template closes nothing.' };
    if (text === '|' && (index === 0 || tokens[index + 1]?.text === '|'))
      return { offset, message: 'A "|" of the template has a side with nothing in it.' };
    if (text.startsWith('$') && !known.has(text)) {
      if (tokens[index + 1]?.text !== ':=' && !declaredLater(tokens, index))
        return { offset, message: `The template knows no variable "${text}".${didYouMean(text, known)}` };
      known.add(text);
    }
    if (!/^[\p{L}_]/u.test(text) || KEYWORDS.has(text)) continue;
    const name = text.split('.')[0]!;
    if (!functions.has(name)) return { offset, message: `The template knows no function "${name}".${didYouMean(name, functions)}` };
  }
  return depth > 0 ? { offset: tokens[0]!.offset, message: 'A "(" of the template is not closed.' } : undefined;
}

/** `range $key, $value := …` */
function declaredLater(tokens: readonly Token[], index: number): boolean {
  return tokens[index + 1]?.text === ',' && tokens[index + 2]?.text.startsWith('$') === true && tokens[index + 3]?.text === ':=';
}
