import { Composer, type CST, type Document, Lexer, type ParsedNode, Parser, type YAMLError } from 'yaml';
import { quoted } from './fault.ts';
import type { Problem, Range } from './source-text.ts';

/** The syntax tree of the one document in a text, or why there is none. */
export type ComposedYaml = { readonly contents: ParsedNode } | { readonly problems: readonly [Problem, ...Problem[]] };

/** Collections may be nested this deep. */
export const DEEPEST = 64;
/** The parser opens up to three tokens for a level of nesting. Beyond this the composer's recursion would be at risk; the exact depth is judged when values are read. */
const DEEPEST_STACK = 3 * DEEPEST + 8;

/**
 * Composes a text that must hold exactly one YAML 1.2 document.
 * The core schema holds even after a `%YAML 1.1` line, so that a file means the same wherever it stands.
 */
export function composeYaml(text: string): ComposedYaml {
  // `uniqueKeys` would compare every key of a mapping with every other; repeated keys are found when values are read.
  const composer = new Composer({ schema: 'core', uniqueKeys: false, resolveKnownTags: false, prettyErrors: false });
  const parser = new Parser();
  const documents: Document.Parsed[] = [];
  let started = 0;
  const compose = (tokens: Iterable<CST.Token>): Problem | undefined => {
    for (const token of tokens) {
      if (token.type === 'document' && ++started > 1) return severalDocuments(token.offset);
      documents.push(...composer.next(token));
    }
    return parser.stack.length > DEEPEST_STACK ? tooDeep([parser.offset, parser.offset + 1]) : undefined;
  };
  for (const lexeme of new Lexer().lex(text)) {
    const problem = compose(parser.next(lexeme));
    if (problem) return { problems: [problem] };
  }
  const problem = compose(parser.end());
  if (problem) return { problems: [problem] };
  documents.push(...composer.end(true, text.length));
  return settle(documents[0]!, text);
}

function settle(document: Document.Parsed, text: string): ComposedYaml {
  const tags = document.warnings.filter((warning) => warning.code === 'TAG_RESOLVE_FAILED').map(unknownTag);
  const [first, ...rest] = [...withoutEchoes(document.errors, text).map(syntaxProblem), ...tags];
  if (first) return { problems: [first, ...rest.slice(0, MOST_PROBLEMS - 1)] };
  if (document.contents === null || isBlank(document)) return { problems: [emptyDocument(document)] };
  return { contents: document.contents };
}

const MOST_PROBLEMS = 20;

/** Where the parser has lost its footing it reports the same mistake again, on the same line and the next. */
function withoutEchoes(errors: readonly YAMLError[], text: string): readonly YAMLError[] {
  let last = -1;
  return errors.filter(({ pos: [at] }) => {
    const isEcho = last >= 0 && text.slice(last, Math.max(last, at)).split('\n', 3).length < 3;
    last = Math.max(last, at);
    return !isEcho;
  });
}

function isBlank(document: Document.Parsed): boolean {
  return (
    document.contents !== null && 'source' in document.contents && document.contents.source === '' && document.contents.tag === undefined
  );
}

function emptyDocument(document: Document.Parsed): Problem {
  const comments = document.commentBefore || document.comment || document.contents?.commentBefore || document.contents?.comment;
  const found = comments ? 'The file holds nothing but comments' : 'The file is empty';
  return { code: 'empty-document', message: `${found}; it must hold one mapping.`, range: [0, 0] };
}

function severalDocuments(offset: number): Problem {
  return {
    code: 'several-documents',
    message: 'A second YAML document starts here, and only one is read; move it to a file of its own.',
    range: [offset, offset + 3],
  };
}

export function tooDeep(range: Range): Problem {
  return {
    code: 'too-deep',
    message: `Lists and mappings are nested more than ${DEEPEST} deep here; nothing that is read needs so many levels.`,
    range,
  };
}

function syntaxProblem(error: YAMLError): Problem {
  if (error.code === 'TAG_RESOLVE_FAILED')
    return { code: 'yaml-syntax', message: `This value does not fit its tag: ${quoted(error.message, 200)}.`, range: error.pos };
  const quote = /^Missing closing (['"])quote/.exec(error.message)?.[1];
  // "Not a YAML token: x" would be masked, since secrets are introduced like that.
  const said = error.message.replace(/^Not a YAML token: /, 'this cannot stand here: ');
  const found = quote ? `a text in quotes is not closed, the second ${quote} is missing` : quoted(said, 200);
  const advice = SYNTAX_ADVICE[error.code];
  return { code: 'yaml-syntax', message: `This is not valid YAML: ${found}${advice ? ` (${advice})` : ''}.`, range: error.pos };
}

const SYNTAX_ADVICE: Readonly<Partial<Record<YAMLError['code'], string>>> = {
  TAB_AS_INDENT: 'indent with blanks',
  BAD_INDENT: 'give entries of one collection the same indentation, and close every bracket',
  BLOCK_AS_IMPLICIT_KEY: 'put text that holds ": " in quotes',
  MULTILINE_IMPLICIT_KEY: 'a colon may be missing after a key, or a quote around a text',
  BAD_SCALAR_START: 'put text that starts with this character in quotes',
};

function unknownTag(error: YAMLError): Problem {
  return {
    code: 'unknown-tag',
    message:
      'This tag is not read here: only !!str, !!int, !!float, !!bool, !!null, !!map and !!seq are. Remove it, or quote a text that starts with "!".',
    range: error.pos,
  };
}
