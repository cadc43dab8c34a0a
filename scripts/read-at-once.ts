import { parseSync, type Span } from '@swc/core';
// magic-string: cuts, moves and adds to a text without printing it anew; bundlers of the field are built on it.
import MagicString from 'magic-string';

/** A node of the parser's tree, as far as it is looked at. */
interface Node {
  readonly type: string;
  readonly span: Span;
  readonly [part: string]: unknown;
}

/**
 * The same program in other words, of which the engine compiles every function while it reads the file. By itself it reads a function twice, once to see where it ends and
 * again when it is called, and the second reading is in no compile cache. Brackets around a function ask for it. A function that is declared becomes a variable at
 * the head of its scope, for nothing declared can stand in brackets. Methods and asynchronous arrows cannot be asked for.
 *
 * Of the modules that are `spared`, by their numbers in a bundle's table, only the outermost function is compiled.
 */
export function readAtOnce(code: string, spared: ReadonlySet<number> = new Set()): string {
  const text = new MagicString(code);
  const { body, span: all } = parseSync(code, { syntax: 'ecmascript', target: 'es2024' });
  // The text is ASCII, so that the parser's bytes are our characters.
  const ends = ({ span }: Node) => [span.start - all.start, span.end - all.start] as const;

  const wrap = (node: Node, before: string, after: string): void => {
    const [start, end] = ends(node);
    text.appendRight(start, before).prependLeft(end, after);
  };
  const raise = (scope: readonly unknown[]): void => {
    const statements = scope.filter(isNode).filter((statement) => !isDirective(statement));
    const other = statements.find(({ type }) => type !== 'FunctionDeclaration');
    for (const statement of statements) {
      const { type, identifier } = statement;
      if (type !== 'FunctionDeclaration' || !isNode(identifier)) continue;
      // No name of its own: the program may give the variable another value, from inside the function too.
      const name = ends(identifier);
      wrap(statement, `var ${code.slice(...name)}=(`, ');');
      text.remove(...name);
      if (other && other.span.start < statement.span.start) text.move(...ends(statement), ends(other)[0]);
    }
  };
  const bracket = (value: unknown): void => {
    if (isNode(value) && isBracketable(value)) wrap(value, '(', ')');
  };
  const visit = (value: unknown, inBrackets = false): void => {
    if (typeof value !== 'object' || value === null) return;
    if (!inBrackets) bracket(value);
    const { type, key, value: entry, stmts } = value as Partial<Node>;
    if (type === 'FunctionBody') raise(stmts as readonly unknown[]);
    if (type === 'KeyValueProperty' && isNode(key) && spared.has(key['value'] as number)) bracket(entry);
    else for (const part of Object.values(value)) visit(part, type === 'ParenthesisExpression');
  };
  raise(body);
  visit(body);
  return text.toString();
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'span' in value;
}

function isBracketable({ type, async }: Node): boolean {
  return type === 'FunctionExpression' || (type === 'ArrowFunctionExpression' && async !== true);
}

function isDirective({ type, expression }: Node): boolean {
  return type === 'ExpressionStatement' && isNode(expression) && expression.type === 'StringLiteral';
}
