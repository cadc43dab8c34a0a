import type { SyntaxNode } from '@lezer/common';
import { didYouMean } from './names.ts';
import { AGGREGATIONS, EXPERIMENTAL_AGGREGATIONS, FUNCTIONS, METRICSQL, type ValueType } from './promql-functions.ts';
import { type Comparison, DEEPEST_QUERY, LONGEST_QUERY, type QueryFault, unreadQuery } from './query.ts';
import { matchesEmpty, whyNotRe2 } from './re2.ts';
import { loadOnce } from './remember-queries.ts';

/**
 * The judge of PromQL: the grammar that Prometheus' own editor uses, and above it the types, counts and bounds that `promtool check rules` asks for
 * (Prometheus, promql/parser, checkAST). The parser loads when first asked for.
 */
export const loadPromql = loadOnce(async () => {
  const { parser } = await import('@prometheus-io/lezer-promql');
  return (query) => {
    if (query.length > LONGEST_QUERY) return unreadQuery(`The query has ${query.length} characters; only up to ${LONGEST_QUERY} are read.`);
    const calls = callsOf(query);
    const foreign = calls.find(({ name }) => !FUNCTIONS.has(name) && (METRICSQL.has(name) || name === 'holt_winters'));
    if (foreign !== undefined) return unreadQuery(foreignMessage(foreign.name), true);
    const tree = parser.parse(query);
    const judge = new Judge(query);
    const broken = firstError(tree.cursor());
    const younger = broken === undefined ? undefined : calls.find(({ name }) => YOUNGER.has(name));
    if (younger !== undefined)
      return unreadQuery(`The query calls ${younger.name}, which Prometheus has and the grammar here has not yet; it was not judged.`);
    if (broken !== undefined) return { faults: [syntaxFault(query, broken, calls)], advice: [], comparisons: [] };
    const top = tree.topNode.firstChild ? expressions(tree.topNode)[0] : undefined;
    const yields = top && judge.type(top, 0);
    if (judge.tooDeep) return unreadQuery(`The query is nested more than ${DEEPEST_QUERY} deep and was not judged.`);
    return { faults: judge.faults, advice: judge.advice, ...(yields && { yields }), comparisons: top ? judge.comparisons(top) : [] };
  };
});

function foreignMessage(name: string): string {
  return name === 'holt_winters'
    ? 'The query calls holt_winters, which Prometheus 3 calls double_exponential_smoothing; it was not judged.'
    : `The query calls ${name}, a function of VictoriaMetrics' MetricsQL that Prometheus does not have; it was not judged.`;
}

/** Functions that the grammar does not know. */
const YOUNGER = new Set(['max_of', 'min_of']);

const KEYWORDS = new Set(
  'by without on ignoring group_left group_right bool and or unless offset atan2 fill fill_left fill_right inf nan'.split(' '),
);

interface Call {
  readonly name: string;
  readonly offset: number;
}

/** What stands before a parenthesis outside of texts and comments. */
function callsOf(query: string): readonly Call[] {
  const calls: Call[] = [];
  for (const match of query.matchAll(/"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|`[^`]*`?|#[^\n]*|([a-zA-Z_:][\w:]*)(\s*\()?/gs)) {
    const [, name, paren] = match;
    if (name !== undefined && paren !== undefined && !KEYWORDS.has(name.toLowerCase())) calls.push({ name, offset: match.index });
  }
  return calls;
}

interface Cursor {
  readonly from: number;
  readonly to: number;
  readonly type: { readonly isError: boolean };
  next(): boolean;
}

function firstError(cursor: Cursor): number | undefined {
  do if (cursor.type.isError) return cursor.from;
  while (cursor.next());
  return undefined;
}

function syntaxFault(query: string, offset: number, calls: readonly Call[]): QueryFault {
  const unknown = calls.find(({ name }) => !FUNCTIONS.has(name) && !AGGREGATIONS.has(name.toLowerCase()));
  if (unknown) {
    const known = [...FUNCTIONS.keys(), ...AGGREGATIONS.keys()];
    return {
      offset: unknown.offset,
      message: `PromQL has no function "${unknown.name}".${didYouMean(unknown.name, known)}`,
      isCertain: true,
    };
  }
  if (query.trim() === '') return { offset: 0, message: 'The query is empty.' };
  const bracket = unbalanced(query);
  if (bracket) return { ...bracket, isCertain: true };
  const rest = query.slice(offset).trim();
  const found = rest === '' ? 'the end of the query' : `"${rest.slice(0, 30).replace(/\s+/g, ' ')}"`;
  return { offset: Math.min(offset, query.trimEnd().length), message: `This is no PromQL: ${found} may not stand here.` };
}

/** The bracket or quote that has no partner. */
export function unbalanced(query: string): QueryFault | undefined {
  const open: { char: string; offset: number }[] = [];
  for (const { 0: token, index: offset } of query.matchAll(/"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?|`[^`]*`?|#[^\n]*|[()[\]{}]/gs)) {
    const char = token[0]!;
    if ('"\'`'.includes(char)) {
      if (token.length < 2 || !token.endsWith(char))
        return { offset, message: `A text in quotes is not closed: the second ${char} is missing.` };
    } else if ('([{'.includes(char)) open.push({ char, offset });
    else if (')]}'.includes(char)) {
      const last = open.pop();
      if (last === undefined) return { offset, message: `"${char}" closes nothing.` };
      if ('([{'.indexOf(last.char) !== ')]}'.indexOf(char))
        return { offset: last.offset, message: `"${last.char}" is closed by "${char}".` };
    }
  }
  const last = open.at(-1);
  return last && { offset: last.offset, message: `"${last.char}" is not closed.` };
}

const EXPRESSIONS = new Set(
  (
    'AggregateExpr BinaryExpr FunctionCall MatrixSelector NumberDurationLiteral OffsetExpr AnchoredExpr SmoothedExpr ParenExpr StringLiteral ' +
    'SubqueryExpr UnaryExpr VectorSelector StepInvariantExpr'
  ).split(' '),
);
const COMPARE = new Set(['Eql', 'Gte', 'Gtr', 'Lte', 'Lss', 'Neq']);
const SETS = new Set(['And', 'Or', 'Unless']);
const OPERATORS = new Set(['Pow', 'Mul', 'Div', 'Mod', 'Atan2', 'Add', 'Sub', 'TrimUpper', 'TrimLower', ...COMPARE, ...SETS]);

function children(node: SyntaxNode): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) found.push(child);
  return found;
}

function expressions(node: SyntaxNode): readonly SyntaxNode[] {
  return children(node).filter(({ name }) => EXPRESSIONS.has(name));
}

/** Types of one query, bottom up. A type that is unknown because of a fault below is not complained about again. */
class Judge {
  readonly faults: QueryFault[] = [];
  readonly advice: QueryFault[] = [];
  tooDeep = false;
  readonly #query: string;

  constructor(query: string) {
    this.#query = query;
  }

  type(node: SyntaxNode, depth: number): ValueType | undefined {
    if (depth > DEEPEST_QUERY) {
      this.tooDeep = true;
      return undefined;
    }
    switch (node.name) {
      case 'NumberDurationLiteral':
        return 'scalar';
      case 'StringLiteral':
        this.#string(node);
        return 'string';
      case 'VectorSelector':
        this.#selector(node);
        return 'vector';
      case 'ParenExpr':
        return this.#inner(node, depth);
      case 'AggregateExpr':
        return this.#aggregate(node, depth);
      case 'FunctionCall':
        return this.#call(node, depth);
      case 'BinaryExpr':
        return this.#binary(node, depth);
      case 'MatrixSelector':
        return this.#matrix(node, depth);
      case 'SubqueryExpr':
        return this.#subquery(node, depth);
      case 'UnaryExpr': {
        const type = this.#inner(node, depth);
        if (type === 'matrix' || type === 'string')
          this.#fault(node, `A sign needs a scalar or an instant vector; this is ${named(type)}.`);
        return type;
      }
      case 'OffsetExpr':
      case 'StepInvariantExpr':
        this.#modified(node);
        return this.#inner(node, depth);
      default: {
        this.#advise(node, `The modifier of "${this.#text(node)}" needs Prometheus' feature for extended range selectors.`);
        return this.#inner(node, depth);
      }
    }
  }

  /** Comparisons that decide together whether the query yields anything; those inside of functions do not. */
  comparisons(node: SyntaxNode): readonly Comparison[] {
    const found: Comparison[] = [];
    const queue = [node];
    for (let current = queue.pop(); current; current = queue.pop()) {
      if (current.name === 'ParenExpr' || current.name === 'OffsetExpr') queue.push(...expressions(current));
      if (current.name !== 'BinaryExpr') continue;
      const operator = children(current).find(({ name }) => OPERATORS.has(name));
      const [left, right] = expressions(current);
      if (!operator || !left || !right) continue;
      if (SETS.has(operator.name)) queue.push(right, left);
      if (!COMPARE.has(operator.name)) continue;
      const [onLeft, onRight] = [this.#constant(left, 0), this.#constant(right, 0)];
      const sign = this.#text(operator);
      if (onRight !== undefined && onLeft === undefined)
        found.push({
          operator: sign,
          measured: this.#text(left),
          measuredAt: left.from,
          constant: onRight,
          bound: this.#text(right),
          offset: right.from,
        });
      if (onLeft !== undefined && onRight === undefined)
        found.push({
          operator: MIRRORED[sign] ?? sign,
          measured: this.#text(right),
          measuredAt: right.from,
          constant: onLeft,
          bound: this.#text(left),
          offset: left.from,
        });
    }
    return found;
  }

  #constant(node: SyntaxNode, depth: number): number | undefined {
    if (depth > 40) return undefined;
    const inside = expressions(node);
    if (node.name === 'NumberDurationLiteral') return literal(this.#text(node));
    if (node.name === 'ParenExpr') return inside[0] && this.#constant(inside[0], depth + 1);
    if (node.name === 'UnaryExpr') {
      const value = inside[0] && this.#constant(inside[0], depth + 1);
      return value === undefined ? undefined : this.#text(node).startsWith('-') ? -value : value;
    }
    if (node.name !== 'BinaryExpr' || !inside[0] || !inside[1]) return undefined;
    const [left, right] = [this.#constant(inside[0], depth + 1), this.#constant(inside[1], depth + 1)];
    const operator = children(node).find(({ name }) => OPERATORS.has(name))?.name;
    const calculate = operator === undefined ? undefined : ARITHMETIC[operator];
    return left === undefined || right === undefined ? undefined : calculate?.(left, right);
  }

  #inner(node: SyntaxNode, depth: number): ValueType | undefined {
    const [inside] = expressions(node);
    return inside && this.type(inside, depth + 1);
  }

  #aggregate(node: SyntaxNode, depth: number): ValueType {
    const name = this.#text(children(node)[0]!).toLowerCase();
    const body = node.getChild('FunctionCallBody');
    const args = body ? expressions(body) : [];
    const parameter = AGGREGATIONS.get(name);
    const wanted = parameter === undefined ? 1 : 2;
    if (EXPERIMENTAL_AGGREGATIONS.has(name)) this.#advise(node, experimental(name));
    if (args.length !== wanted) {
      this.#fault(node, `"${name}" takes ${count(wanted, 'argument')}, here it is given ${args.length}.`);
      for (const arg of args) this.type(arg, depth + 1);
      return 'vector';
    }
    if (parameter !== undefined) this.#expect(args[0]!, parameter, `The first argument of "${name}"`, depth);
    this.#expect(args[wanted - 1]!, 'vector', `"${name}"`, depth);
    return 'vector';
  }

  #call(node: SyntaxNode, depth: number): ValueType | undefined {
    const name = this.#text(node.getChild('FunctionIdentifier')!);
    const body = node.getChild('FunctionCallBody');
    const args = body ? expressions(body) : [];
    const signature = FUNCTIONS.get(name);
    if (signature === undefined) {
      this.#fault(node, `PromQL has no function "${name}".${didYouMean(name, FUNCTIONS.keys())}`);
      return undefined;
    }
    if (signature.experimental) this.#advise(node, experimental(name));
    const { args: wanted, variadic } = signature;
    const least = variadic === 0 ? wanted.length : wanted.length - 1;
    const most = variadic === 0 ? wanted.length : variadic < 0 ? Number.POSITIVE_INFINITY : least + variadic;
    if (args.length < least || args.length > most)
      this.#fault(node, `"${name}" takes ${range(least, most)}, here it is given ${args.length}.`);
    if (name === 'info' && args[1] && (args[1].name !== 'VectorSelector' || args[1].getChild('Identifier')))
      this.#fault(args[1], 'The second argument of "info" is label matchers in braces, without a metric.');
    args.forEach((arg, index) => {
      const type = wanted[Math.min(index, wanted.length - 1)];
      if (type === undefined || (index >= wanted.length && variadic === 0)) this.type(arg, depth + 1);
      else this.#expect(arg, type, `Argument ${index + 1} of "${name}"`, depth);
    });
    return signature.returns;
  }

  #expect(node: SyntaxNode, wanted: ValueType, what: string, depth: number): void {
    const type = this.type(node, depth + 1);
    if (type === undefined || type === wanted) return;
    const hint =
      wanted === 'matrix' && type === 'vector'
        ? `; give it a range, "${this.#text(node).slice(0, 40)}[5m]"`
        : wanted === 'vector' && type === 'matrix'
          ? '; a function such as rate() must stand between, or the range is too much'
          : '';
    this.#fault(node, `${what} must be ${named(wanted)}, here it is ${named(type)}${hint}.`);
  }

  #binary(node: SyntaxNode, depth: number): ValueType | undefined {
    const operator = children(node).find(({ name }) => OPERATORS.has(name));
    const [left, right] = expressions(node);
    if (!operator || !left || !right) return undefined;
    const types = [this.type(left, depth + 1), this.type(right, depth + 1)] as const;
    const sign = this.#text(operator);
    const bool = node.getChild('BoolModifier');
    const matching = node.getChild('MatchingModifierClause');
    const grouping = matching?.getChild('GroupLeft') ?? matching?.getChild('GroupRight');
    if (bool && !COMPARE.has(operator.name)) this.#fault(bool, `"bool" fits a comparison, and "${sign}" is none.`);
    [left, right].forEach((side, index) => {
      const type = types[index];
      if (type === 'matrix' || type === 'string') this.#fault(side, `"${sign}" takes scalars and instant vectors; this is ${named(type)}.`);
    });
    const scalars = types.filter((type) => type === 'scalar').length;
    if (scalars === 2 && COMPARE.has(operator.name) && !bool)
      this.#fault(operator, `Two scalars can only be compared with "${sign} bool".`);
    if (SETS.has(operator.name) && scalars > 0) this.#fault(node, `"${sign}" takes two instant vectors; a side of it is a scalar.`);
    if (SETS.has(operator.name) && grouping) this.#fault(grouping, `"${sign}" takes no ${this.#text(grouping)}.`);
    if (matching) this.#matching(node, matching, scalars);
    return scalars === 2 ? 'scalar' : types.includes(undefined) && scalars > 0 ? undefined : 'vector';
  }

  #matching(node: SyntaxNode, matching: SyntaxNode, scalars: number): void {
    const [labels, included] = matching
      .getChildren('GroupingLabels')
      .map((list) => list.getChildren('LabelName').map((label) => this.#text(label)));
    if (scalars > 0 && (labels?.length ?? 0) > 0)
      this.#fault(node, 'Labels are only matched between two instant vectors; a side of it is a scalar.');
    const twice = matching.getChild('On') && labels?.find((label) => included?.includes(label));
    if (twice) this.#fault(matching, `The label "${twice}" stands in on() and in the group; it belongs in one of the two.`);
  }

  #matrix(node: SyntaxNode, depth: number): ValueType {
    const [inside] = expressions(node);
    if (inside && inside.name !== 'VectorSelector') {
      const late = inside.name === 'OffsetExpr' || inside.name === 'StepInvariantExpr';
      this.#fault(
        inside,
        late
          ? 'The range must stand before offset and @.'
          : `A range needs a selector before it; of an expression it is a subquery, "${this.#text(inside).slice(0, 40)}[5m:]".`,
      );
    }
    if (inside) this.type(inside, depth + 1);
    this.#duration(node.getChild('DurationExpr'));
    return 'matrix';
  }

  #subquery(node: SyntaxNode, depth: number): ValueType {
    const [inside] = expressions(node);
    const type = inside && this.type(inside, depth + 1);
    if (inside?.name === 'BinaryExpr' || inside?.name === 'UnaryExpr')
      this.#fault(inside, 'The range binds to the last operand only; put what it is meant for in parentheses.');
    else if (type !== undefined && type !== 'vector') this.#fault(node, `A subquery needs an instant vector; this is ${named(type)}.`);
    for (const duration of node.getChildren('DurationExpr')) this.#duration(duration);
    return 'matrix';
  }

  #duration(node: SyntaxNode | null): void {
    if (node === null) return;
    const text = this.#text(node);
    if (/^[\d.]+$/.test(text) && Number(text) !== 0)
      this.#advise(node, `"${text}" is a range in seconds to Prometheus 3, and no range to Prometheus 2; write a unit.`);
    else if (!/^[\w.]+$/.test(text))
      this.#advise(node, `"${text}" is calculated; Prometheus takes that only with its feature for duration expressions.`);
    const zero = /^0+(?:y|w|d|h|m|s|ms)?$/.test(text) || /^(?:0+(?:y|w|d|h|m|s|ms))+$/.test(text);
    if (zero) this.#fault(node, 'A range must be longer than nothing.');
  }

  /**
   * `offset` and `@` belong to a selector, a range or a subquery, and once each. The grammar hangs a sign or a whole `a - b` below them, where Prometheus
   * binds them to the nearest operand, which is the rightmost.
   */
  #modified(node: SyntaxNode): void {
    const offset = node.name === 'OffsetExpr';
    let [inside] = expressions(node);
    while (inside && ['UnaryExpr', 'BinaryExpr', 'OffsetExpr', 'StepInvariantExpr'].includes(inside.name)) {
      if (inside.name === node.name) this.#fault(node, `${offset ? '"offset"' : '"@"'} stands twice.`);
      inside = expressions(inside).at(-1);
    }
    if (inside && !['VectorSelector', 'MatrixSelector', 'SubqueryExpr', 'AnchoredExpr', 'SmoothedExpr'].includes(inside.name))
      this.#fault(
        node,
        `${offset ? '"offset"' : '"@"'} must follow a selector or a range; here it follows "${this.#text(inside).slice(0, 40)}".`,
      );
  }

  #selector(node: SyntaxNode): void {
    const name = node.getChild('Identifier');
    const list = node.getChild('LabelMatchers');
    let named = name !== null || list?.getChild('QuotedLabelName') !== null;
    if (name && list?.getChild('QuotedLabelName')) this.#fault(node, 'The metric is named twice.');
    if (list === null) return;
    for (const matcher of children(list)) {
      if (matcher.name !== 'UnquotedLabelMatcher' && matcher.name !== 'QuotedLabelMatcher') {
        if (matcher.name === 'QuotedLabelName') this.#string(matcher);
        continue;
      }
      const [label, operator, text] = children(matcher);
      if (!label || !operator || !text) continue;
      const value = this.#string(text);
      const sign = this.#text(operator);
      if (name && this.#text(label) === '__name__') this.#fault(matcher, 'The metric is named twice, before the braces and by __name__.');
      const why = value !== undefined && (sign === '=~' || sign === '!~') ? whyNotRe2(value) : undefined;
      if (why) this.#fault(text, `The regular expression ${this.#text(text)} does not compile: ${why}.`);
      if (value !== undefined && !why) named ||= !letsEmptyPass(sign, value);
    }
    if (!named) this.#fault(node, 'The selector would take every metric there is: at least one matcher must not match the empty text.');
  }

  /** The value of a text, escapes resolved as far as they matter here; a fault where Go could not read it. */
  #string(node: SyntaxNode): string | undefined {
    const text = this.#text(node);
    const quote = text[0]!;
    if (text.length < 2 || !text.endsWith(quote)) {
      this.#fault(node, `A text in quotes is not closed: the second ${quote} is missing.`);
      return undefined;
    }
    const body = text.slice(1, -1);
    if (quote === '`') return body;
    for (const { 0: sequence, index } of body.matchAll(/\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|[0-7]{3}|.|$)/gs)) {
      if (sequence.length > 2 || 'abfnrtv\\'.includes(sequence[1] ?? ' ') || sequence[1] === quote) continue;
      const advice = sequence[1] === undefined || 'xuU'.includes(sequence[1]) ? 'complete it' : `write "\\${sequence}"`;
      this.faults.push({ offset: node.from + 1 + index, message: `"${sequence}" is no escape in a text; ${advice}.` });
      return undefined;
    }
    return body.replace(/\\(.)/gs, (whole, char: string) => (char === '\\' || char === quote ? char : whole));
  }

  #text(node: SyntaxNode): string {
    return this.#query.slice(node.from, node.to);
  }

  #fault(node: SyntaxNode, message: string): void {
    if (this.faults.length < 10) this.faults.push({ offset: node.from, message });
  }

  #advise(node: SyntaxNode, message: string): void {
    if (this.advice.length < 10) this.advice.push({ offset: node.from, message });
  }
}

const MIRRORED: Readonly<Record<string, string>> = { '>': '<', '<': '>', '>=': '<=', '<=': '>=' };

const ARITHMETIC: Readonly<Record<string, (a: number, b: number) => number>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
};

function letsEmptyPass(sign: string, value: string): boolean {
  if (sign === '=') return value === '';
  if (sign === '!=') return value !== '';
  return sign === '=~' ? matchesEmpty(value) : !matchesEmpty(value);
}

/** A number, or a duration in seconds. */
function literal(text: string): number | undefined {
  const plain = text.replaceAll('_', '').replace(/\s/g, '');
  if (/^[+-]?(?:0x[0-9a-f]+|\d*\.?\d+(?:e[+-]?\d+)?|\d+\.)$/i.test(plain)) return Number(plain);
  const sign = plain.startsWith('-') ? -1 : 1;
  const parts = [...plain.matchAll(/(\d+)(ms|[ywdhms])/g)];
  const units: Readonly<Record<string, number>> = { y: 31_536_000, w: 604_800, d: 86_400, h: 3600, m: 60, s: 1, ms: 0.001 };
  return parts.length === 0 ? undefined : sign * parts.reduce((sum, [, number, unit]) => sum + Number(number) * units[unit!]!, 0);
}

const NAMES: Readonly<Record<ValueType, string>> = {
  scalar: 'a scalar',
  vector: 'an instant vector',
  matrix: 'a range vector',
  string: 'a text',
};

function named(type: ValueType): string {
  return NAMES[type];
}

function experimental(name: string): string {
  return `"${name}" is experimental; Prometheus takes it only with --enable-feature=promql-experimental-functions.`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function range(least: number, most: number): string {
  if (least === most) return count(least, 'argument');
  return most === Number.POSITIVE_INFINITY ? `at least ${count(least, 'argument')}` : `${least} to ${count(most, 'argument')}`;
}
