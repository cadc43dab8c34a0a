import type { SyntaxNode } from '@lezer/common';
import { unbalanced } from './promql.ts';
import { LONGEST_QUERY, type QueryFault, unreadQuery } from './query.ts';
import { matchesEmpty, whyNotRe2 } from './re2.ts';
import { loadOnce } from './remember-queries.ts';

/** The judge of LogQL: the grammar of Grafana's editor, and what Loki asks for beyond it. The parser loads when first asked for. */
export const loadLogql = loadOnce(async () => {
  const { parser } = await import('@grafana/lezer-logql');
  return (query) => {
    if (query.length > LONGEST_QUERY) return unreadQuery(`The query has ${query.length} characters; only up to ${LONGEST_QUERY} are read.`);
    const tree = parser.parse(query);
    const faults: QueryFault[] = [];
    let broken: number | undefined;
    let yields: 'vector' | 'log' | 'scalar' | undefined;
    tree.iterate({
      enter: ({ node, type, from, name }) => {
        if (type.isError) broken ??= from;
        if (faults.length < 10) RULES[name]?.(node, query, faults);
        if (yields === undefined && name === 'LogExpr') yields = 'log';
        if (yields === undefined && name === 'MetricExpr') yields = node.firstChild?.name === 'LiteralExpr' ? 'scalar' : 'vector';
      },
    });
    const younger = broken === undefined ? undefined : YOUNGER.exec(withoutTexts(query))?.[1];
    if (younger !== undefined)
      return unreadQuery(`The query calls ${younger}, which Loki has and the grammar here has not yet; it was not judged.`);
    if (broken !== undefined) return { faults: [syntaxFault(query, broken)], advice: [], comparisons: [] };
    return { faults, advice: [], comparisons: [], ...(yields && { yields }) };
  };
});

/** What the grammar does not know. */
const YOUNGER = /\b(approx_topk|variants)\s*\(/;

function syntaxFault(query: string, offset: number): QueryFault {
  if (query.trim() === '') return { offset: 0, message: 'The query is empty.' };
  const bracket = unbalanced(query);
  if (bracket) return { ...bracket, isCertain: true };
  const rest = query.slice(offset).trim().replace(/\s+/g, ' ');
  return {
    offset: Math.min(offset, query.trimEnd().length),
    message: `This is no LogQL: ${rest === '' ? 'the end of the query' : `"${rest.slice(0, 30)}"`} may not stand here.`,
  };
}

type Rule = (node: SyntaxNode, query: string, faults: QueryFault[]) => void;

const UNWRAPPED = /^(?:sum|avg|max|min|stddev|stdvar|quantile|first|last)_over_time$|^rate_counter$/;
const COUNTED = /^(?:count_over_time|bytes_rate|bytes_over_time|absent_over_time)$/;

const RULES: Readonly<Record<string, Rule>> = {
  Selector: checkSelector,
  Matcher: (node, query, faults) => checkPattern(node, query, faults, /=~|!~/),
  LineFilter: (node, query, faults) => checkPattern(node, query, faults, /^(?:\|~|!~)/),
  RangeAggregationExpr: (node, query, faults) => {
    const operation = node.getChild('RangeOp');
    const range = node.getChild('LogRangeExpr');
    if (!operation || !range) return;
    const name = text(operation, query);
    const unwraps = /\|\s*unwrap\b/.test(withoutTexts(text(range, query)));
    if (UNWRAPPED.test(name) && !unwraps)
      faults.push({ offset: operation.from, message: `"${name}" needs numbers: put "| unwrap LABEL" before the range.` });
    if (COUNTED.test(name) && name !== 'absent_over_time' && unwraps)
      faults.push({ offset: operation.from, message: `"${name}" counts lines and takes no "| unwrap".` });
    if (name === 'quantile_over_time' && !node.getChild('Number'))
      faults.push({ offset: operation.from, message: '"quantile_over_time" needs the quantile first, such as 0.99.' });
  },
  VectorAggregationExpr: (node, query, faults) => {
    const operation = node.getChild('VectorOp');
    if (!operation) return;
    const name = text(operation, query);
    const ranks = /^(?:topk|bottomk|approx_topk)$/i.test(name);
    if (ranks !== (node.getChild('Number') !== null))
      faults.push({ offset: operation.from, message: ranks ? `"${name}" needs a number first, such as 5.` : `"${name}" takes no number.` });
  },
  String: (node, query, faults) => {
    const written = text(node, query);
    const quote = written[0]!;
    if (written.length < 2 || !written.endsWith(quote))
      faults.push({ offset: node.from, message: `A text in quotes is not closed: the second ${quote} is missing.` });
    const stray = quote === '`' ? null : /(?:^|[^\\])(?:\\\\)*\\([^abfnrtv\\"'xuU0-7])/.exec(written.slice(1, -1));
    if (stray)
      faults.push({
        offset: node.from,
        message: `"\\${stray[1]}" is no escape in a text; write "\\\\${stray[1]}", or put the text in backquotes.`,
      });
  },
};

/** Loki: "queries require at least one regexp or equality matcher that does not have an empty-compatible value". */
function checkSelector(node: SyntaxNode, query: string, faults: QueryFault[]): void {
  const matchers: SyntaxNode[] = [];
  node.cursor().iterate((inner) => {
    if (inner.name === 'Matcher') matchers.push(inner.node);
  });
  const narrow = matchers.some((matcher) => {
    const value = textValue(matcher, query);
    const sign = /^\w+\s*(=~|!~|!=|=)/.exec(text(matcher, query))?.[1];
    if (value === undefined) return true;
    return sign === '=' ? value !== '' : sign === '=~' ? !matchesEmpty(value) : false;
  });
  if (!narrow)
    faults.push({
      offset: node.from,
      message: 'The selector would read every stream: at least one matcher with = or =~ must not match the empty text.',
    });
}

function checkPattern(node: SyntaxNode, query: string, faults: QueryFault[], sign: RegExp): void {
  if (!sign.test(withoutTexts(text(node, query)))) return;
  const pattern = textValue(node, query);
  const why = pattern === undefined ? undefined : whyNotRe2(pattern);
  if (why) faults.push({ offset: node.from, message: `The regular expression ${JSON.stringify(pattern)} does not compile: ${why}.` });
}

function textValue(node: SyntaxNode, query: string): string | undefined {
  const written = node.getChild('String');
  if (!written) return undefined;
  const inside = text(written, query);
  return inside.startsWith('`') ? inside.slice(1, -1) : inside.slice(1, -1).replace(/\\(["\\])/g, '$1');
}

function withoutTexts(query: string): string {
  return query.replace(/"(?:[^"\\]|\\.)*"|`[^`]*`/gs, '""');
}

function text(node: SyntaxNode, query: string): string {
  return query.slice(node.from, node.to);
}
