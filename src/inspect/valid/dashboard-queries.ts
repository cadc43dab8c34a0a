import type { DashboardSources } from './dashboard-sources.ts';
import { isBuiltIn, substitute } from './grafana-variables.ts';
import { loadLogql } from './logql.ts';
import { didYouMean } from './names.ts';
import { loadPromql } from './promql.ts';
import type { QueryReading, ReadQuery } from './query.ts';
import type { Book, Statement } from './reading.ts';
import { placeIn } from './rule-groups.ts';
import { after, type Soon } from './soon.ts';
import { type At, describe, has, isMapping, placeOf, shorten, step, textOf } from './tree.ts';

export interface Languages {
  readonly promql: ReadQuery;
  readonly logql: ReadQuery | undefined;
}

/** LogQL's parser loads only for a file that speaks of Loki. */
export function loadLanguages(text: string): Soon<Languages> {
  return after(loadPromql(), (promql) => after(/loki/i.test(text) ? loadLogql() : undefined, (logql) => ({ promql, logql })));
}

/** What the parts of a dashboard are judged by. */
export interface Context extends Languages {
  readonly sources: DashboardSources;
  readonly variables: ReadonlySet<string>;
  readonly book: Book;
  readonly ids: Map<number, At>;
  /** The first use of each kind of datasource. */
  readonly used: Map<string, Statement>;
}

/** Ids are one to a panel. */
export function checkPanelId(id: At, what: string, { ids, book }: Context): void {
  if (has(id) && !Number.isInteger(id.value))
    book.error(placeOf(id), `"id" of ${what} must be a whole number; here is ${describe(id.value)}.`);
  if (typeof id.value !== 'number') return;
  const earlier = ids.get(id.value);
  if (earlier === undefined) ids.set(id.value, id);
  else
    book.error(
      placeOf(id),
      `The panel id ${id.value} of ${what} stands in line ${placeOf(earlier).line} already; ids are unique in a dashboard.`,
    );
}

/** Names of queries are one to a query of a panel. */
export function checkRefId(ref: At, seen: Set<string>, what: string, { book }: Context): void {
  const name = textOf(ref);
  if (name === undefined) return;
  if (seen.has(name))
    book.error(placeOf(ref), `Two queries of ${what} are called "${shorten(name)}"; names of queries are unique in a panel.`);
  seen.add(name);
}

/** A datasource that a variable names must be a variable of the dashboard. */
export function checkReference(at: At, what: string, context: Context): void {
  const { book } = context;
  if (!has(at)) return;
  const uid = typeof at.value === 'string' ? at : step(at, 'uid');
  if (!isMapping(at) && typeof at.value !== 'string') {
    book.error(placeOf(at), `"datasource" of ${what} must be a reference with "type" and "uid"; here is ${describe(at.value)}.`);
    return;
  }
  checkSourceName(uid, what, context);
}

/** A datasource's name that is a variable must be one of the dashboard. */
export function checkSourceName(uid: At, what: string, { sources, variables, book }: Context): void {
  const variable = sources.variableIn(textOf(uid) ?? '');
  if (variable !== undefined && !variables.has(variable) && !isBuiltIn(variable))
    book.error(
      placeOf(uid),
      `The datasource of ${what} is the variable "${shorten(variable)}", which the dashboard does not declare.${didYouMean(variable, variables)}`,
    );
}

/** A query, by the language of its datasource. `isShown` is false for one that may be empty. */
export function checkExpression(expr: At, owner: At, type: string | undefined, what: string, isShown: boolean, context: Context): void {
  const { book } = context;
  if (type === 'grafana' || type === 'dashboard' || type === '__expr__') return;
  const text = textOf(expr);
  if (text === undefined || text.trim() === '') {
    if ((type === 'prometheus' || type === 'loki') && isShown) book.advise(placeOf(has(expr) ? expr : owner), `${what} has no "expr".`);
    return;
  }
  if (type === 'prometheus' || type === 'loki' || type === undefined)
    checkQuery(expr, text, type as 'prometheus' | 'loki' | undefined, what, context);
  else book.unread(placeOf(expr), `${what} goes to a datasource of type "${shorten(type)}", whose queries are not read here.`);
}

/** Notes which kind of datasource is used, where first. To find that line takes longer than to judge the panel, and few are asked for it. */
export function noteSource(type: string | undefined, source: At, field: string, { used }: Context): void {
  if (type === undefined || used.has(type)) return;
  const { place } = source.tree;
  const { path } = source;
  used.set(type, {
    property: 'datasource',
    value: type,
    get place() {
      return place(path, 'key');
    },
    field,
  });
}

export function checkQuery(
  at: At,
  text: string,
  type: 'prometheus' | 'loki' | undefined,
  what: string,
  { promql, logql, variables, book }: Context,
): void {
  const { candidates, uses, isOpen } = substitute(text);
  const undeclared = uses.find(({ name }) => !variables.has(name) && !isBuiltIn(name));
  if (undeclared) {
    // Grafana sends it as it stands, and published dashboards do live with that.
    book.advise(
      placeIn(at, undeclared.offset),
      `${what} uses the variable "${shorten(undeclared.name)}", which the dashboard does not declare.${didYouMean(undeclared.name, variables)}`,
    );
  }
  const read = type === 'loki' ? logql! : promql;
  let best: QueryReading | undefined;
  for (const candidate of candidates) {
    const query = read(candidate);
    if (best === undefined || query.faults.length === 0) best = query;
    if (query.faults.length === 0) break;
  }
  if (best === undefined) return;
  if (type === undefined && best.faults.length > 0) {
    book.unread(placeOf(at), `${what} names no datasource and is no PromQL; it was not judged.`);
    return;
  }
  if (isOpen && best.faults.length > 0 && !best.faults.some(({ isCertain }) => isCertain)) {
    book.unread(placeOf(at), `${what} depends on what its variables stand for; it was not judged.`);
    return;
  }
  const language = type === 'loki' ? 'LogQL' : 'PromQL';
  for (const { offset, message } of best.faults.slice(0, 3)) book.error(placeIn(at, offset), `${what} (${language}): ${message}`);
  for (const { offset, message } of best.advice.slice(0, 3)) book.advise(placeIn(at, offset), `${what} (${language}): ${message}`);
  if (best.unread !== undefined) book.unread(placeOf(at), `${what}: ${best.unread}`);
}

/** What of a variable's query is PromQL; empty when nothing is; undefined for one that is broken. */
export function innerQuery(text: string): string | undefined {
  const call = /^\s*(label_values|label_names|metrics|query_result)\s*\(/.exec(text);
  if (call === null) return /^[\w:]*$/.test(text.trim()) ? '' : text;
  const body = text.trimEnd();
  if (!body.endsWith(')')) return undefined;
  const inside = body.slice(call[0].length, -1);
  if (call[1] === 'query_result') return inside;
  if (call[1] !== 'label_values') return '';
  const comma = inside.lastIndexOf(',');
  const selector =
    comma > inside.lastIndexOf('}') && comma > inside.lastIndexOf(')')
      ? inside.slice(0, comma)
      : comma === -1 || inside.trim().endsWith('}')
        ? ''
        : inside;
  return selector.trim();
}
