import { createSources, type DashboardSources } from './dashboard-sources.ts';
import { metadataOf, unitsOf } from './documents.ts';
import { isBuiltIn, substitute } from './grafana-variables.ts';
import type { Kind } from './kind.ts';
import { loadLogql } from './logql.ts';
import { didYouMean } from './names.ts';
import { loadPromql } from './promql.ts';
import type { QueryReading, ReadQuery } from './query.ts';
import type { Book, Statement } from './reading.ts';
import { placeIn } from './rule-groups.ts';
import { expectList, expectMapping } from './structure.ts';
import { type At, describe, has, isMapping, items, placeOf, shorten, step, textOf, walk } from './tree.ts';

/** Grafana's dashboards: files as exported or provisioned, wrapped as the API takes them, in ConfigMaps, or as objects of Grafana's operator. */
export const dashboard: Kind = {
  type: 'dashboard',
  check: async (source, book) => {
    const units = unitsOf(source, book, /\.json$/).map(({ at, kind }) => ({ at: unwrap(at, kind), kind }));
    const dashboards = units.filter(({ at, kind }) => kind === undefined || isDashboard(at));
    const languages = await loadLanguages(source.text);
    for (const { at } of dashboards) checkDashboard(at, languages, book);
    if (dashboards.length === 0 && book.close().ok)
      book.error(
        { file: source.path, line: 1, column: 1 },
        'The file holds no dashboard: neither a JSON model with "panels" nor a ConfigMap with one.',
      );
  },
};

interface Languages {
  readonly promql: ReadQuery;
  readonly logql: ReadQuery | undefined;
}

/** LogQL's parser loads only for a file that speaks of Loki. */
async function loadLanguages(text: string): Promise<Languages> {
  return { promql: await loadPromql(), logql: /loki/i.test(text) ? await loadLogql() : undefined };
}

function isDashboard(at: At): boolean {
  return has(step(at, 'panels')) || has(step(at, 'rows')) || has(step(at, 'elements'));
}

/** `{"dashboard": …}` is the API's envelope, `spec` that of Grafana's own Kubernetes objects. */
function unwrap(at: At, kind: string | undefined): At {
  for (const key of kind === undefined ? ['dashboard'] : ['spec']) {
    const inside = step(at, key);
    if (isMapping(inside) && !isDashboard(at)) return inside;
  }
  return at;
}

interface Context extends Languages {
  readonly sources: DashboardSources;
  readonly variables: ReadonlySet<string>;
  readonly book: Book;
  readonly ids: Map<number, At>;
}

/** Grafana puts panels into rows, and no deeper. */
const DEEPEST = 3;

function checkDashboard(at: At, languages: Languages, book: Book): void {
  if (!expectMapping(at, 'A dashboard', book)) return;
  if (has(step(at, 'elements'))) {
    book.unread(placeOf(step(at, 'elements'), 'key'), 'The dashboard is of Grafana\'s schema v2, whose "elements" are not looked into.');
    return;
  }
  const title = textOf(step(at, 'title'));
  if (!title?.trim())
    book.error(
      placeOf(step(at, 'title'), has(step(at, 'title')) ? 'value' : 'key'),
      'The dashboard has no "title"; Grafana provisions none without.',
    );
  const variables = checkVariables(at, book);
  const context: Context = { ...languages, variables, sources: createSources(at), book, ids: new Map() };
  const used = new Map<string, Statement>();
  const panels = panelsOf(at, book);
  for (const panel of panels) checkPanel(panel, context, used, 0);
  checkVariableQueries(at, context);
  for (const annotation of items(walk(at, 'annotations', 'list'))) checkTarget(annotation, annotation, 'An annotation', context, used);
  book.add({ ...metadataOf(at), kind: 'Dashboard', name: title ?? '', labels: labelsOf(at), says: [...used.values()] });
}

function labelsOf(at: At): ReadonlyMap<string, string> {
  const tags = items(step(at, 'tags')).flatMap((tag) => (textOf(tag) === undefined ? [] : [[textOf(tag)!, 'true'] as const]));
  const uid = textOf(step(at, 'uid'));
  return new Map([...tags, ...(uid ? [['uid', uid] as const] : [])]);
}

function panelsOf(at: At, book: Book): readonly At[] {
  const panels = step(at, 'panels');
  const rows = step(at, 'rows');
  if (!has(panels) && !has(rows)) {
    book.error(placeOf(panels), 'The dashboard has no "panels".');
    return [];
  }
  const lists = has(panels) ? [panels] : items(rows).map((row) => step(row, 'panels'));
  const all = lists.filter((list) => expectList(list, '"panels"', book)).flatMap(items);
  if (all.length === 0) book.error(placeOf(has(panels) ? panels : rows, 'key'), 'The dashboard has no panel.');
  return all;
}

function checkVariables(at: At, book: Book): ReadonlySet<string> {
  const list = walk(at, 'templating', 'list');
  const names = new Set<string>();
  if (expectList(list, '"templating.list"', book))
    for (const variable of items(list)) {
      if (!expectMapping(variable, 'A variable', book)) continue;
      const name = textOf(step(variable, 'name')) ?? '';
      if (!/^\w+$/.test(name))
        book.error(
          placeOf(step(variable, 'name')),
          name === ''
            ? 'A variable of the dashboard has no "name".'
            : `"${shorten(name)}" is no name for a variable: letters, digits and "_" only.`,
        );
      if (names.has(name)) book.error(placeOf(step(variable, 'name')), `The variable "${shorten(name)}" is declared twice.`);
      if (!has(step(variable, 'type'))) book.error(placeOf(variable), `The variable "${shorten(name)}" has no "type".`);
      names.add(name);
    }
  for (const input of items(step(at, '__inputs'))) names.add(textOf(step(input, 'name')) ?? '');
  return names;
}

function checkPanel(panel: At, context: Context, used: Map<string, Statement>, depth: number): void {
  const { book, ids } = context;
  if (!expectMapping(panel, 'A panel', book)) return;
  if (depth > DEEPEST) {
    book.error(placeOf(panel), 'Panels are nested here deeper than rows can be.');
    return;
  }
  const what = nameOf(panel);
  const id = step(panel, 'id');
  if (has(id) && !Number.isInteger(id.value))
    book.error(placeOf(id), `"id" of ${what} must be a whole number; here is ${describe(id.value)}.`);
  if (typeof id.value === 'number') {
    const earlier = ids.get(id.value);
    if (earlier !== undefined)
      book.error(
        placeOf(id),
        `The panel id ${id.value} of ${what} stands in line ${placeOf(earlier).line} already; ids are unique in a dashboard.`,
      );
    else ids.set(id.value, id);
  }
  const type = textOf(step(panel, 'type'));
  const library = has(step(panel, 'libraryPanel'));
  if (!type && !library) book.error(placeOf(panel), `${capital(what)} has no "type".`);
  if (library && !textOf(walk(panel, 'libraryPanel', 'uid')))
    book.error(placeOf(step(panel, 'libraryPanel'), 'key'), `The library panel ${what} has no "uid".`);
  checkGrid(step(panel, 'gridPos'), what, book);
  checkTargets(panel, what, context, used);
  const inside = step(panel, 'panels');
  if (expectList(inside, '"panels" of a row', book)) for (const child of items(inside)) checkPanel(child, context, used, depth + 1);
}

function nameOf(panel: At): string {
  const title = textOf(step(panel, 'title'));
  return title?.trim() ? `the panel "${shorten(title)}"` : `the panel without title (id ${textOf(step(panel, 'id')) ?? 'none'})`;
}

function checkGrid(at: At, what: string, book: Book): void {
  if (!has(at) || !expectMapping(at, '"gridPos"', book)) return;
  for (const key of ['h', 'w', 'x', 'y']) {
    const value = step(at, key);
    if (has(value) && (typeof value.value !== 'number' || value.value < 0))
      book.error(placeOf(value), `"gridPos.${key}" of ${what} must be a number; here is ${describe(value.value)}.`);
  }
  const [x = 0, w = 0] = ['x', 'w'].map((key) => step(at, key).value).map((value) => (typeof value === 'number' ? value : 0));
  if (x + w > 24) book.advise(placeOf(at), `${capital(what)} reaches beyond the 24 columns of the grid.`);
}

function checkTargets(panel: At, what: string, context: Context, used: Map<string, Statement>): void {
  const { book } = context;
  const targets = step(panel, 'targets');
  checkReference(step(panel, 'datasource'), what, context);
  if (!expectList(targets, `"targets" of ${what}`, book)) return;
  const refs = new Map<string, true>();
  for (const target of items(targets)) {
    if (!expectMapping(target, `A target of ${what}`, book)) continue;
    const ref = textOf(step(target, 'refId'));
    if (ref !== undefined && refs.has(ref))
      book.error(
        placeOf(step(target, 'refId')),
        `Two queries of ${what} are called "${shorten(ref)}"; names of queries are unique in a panel.`,
      );
    if (ref !== undefined) refs.set(ref, true);
    checkReference(step(target, 'datasource'), what, context);
    checkTarget(target, panel, `A query of ${what}`, context, used);
  }
}

/** A datasource that a variable names must be a variable of the dashboard. */
function checkReference(at: At, what: string, { sources, variables, book }: Context): void {
  if (!has(at)) return;
  const uid = typeof at.value === 'string' ? at : step(at, 'uid');
  if (!isMapping(at) && typeof at.value !== 'string') {
    book.error(placeOf(at), `"datasource" of ${what} must be a reference with "type" and "uid"; here is ${describe(at.value)}.`);
    return;
  }
  const variable = sources.variableIn(textOf(uid) ?? '');
  if (variable !== undefined && !variables.has(variable) && !isBuiltIn(variable))
    book.error(
      placeOf(uid),
      `The datasource of ${what} is the variable "${shorten(variable)}", which the dashboard does not declare.${didYouMean(variable, variables)}`,
    );
}

function checkTarget(target: At, panel: At, what: string, context: Context, used: Map<string, Statement>): void {
  const { book, sources } = context;
  const source = has(step(target, 'datasource')) ? step(target, 'datasource') : step(panel, 'datasource');
  const type = sources.typeOf(source);
  if (type !== undefined && !used.has(type))
    used.set(type, { property: 'datasource', value: type, place: placeOf(source, 'key'), field: 'datasource' });
  const expr = step(target, 'expr');
  const text = textOf(expr);
  if (type === 'grafana' || type === 'dashboard' || type === '__expr__') return;
  if (text === undefined || text.trim() === '') {
    const asks = type === 'prometheus' || type === 'loki';
    if (asks && target !== panel && step(target, 'hide').value !== true)
      book.advise(placeOf(has(expr) ? expr : target), `${what} has no "expr".`);
    return;
  }
  if (type === 'prometheus' || type === 'loki' || type === undefined) {
    checkQuery(expr, text, type as 'prometheus' | 'loki' | undefined, what, context);
    return;
  }
  book.unread(placeOf(expr), `${what} goes to a datasource of type "${shorten(type)}", whose queries are not read here.`);
}

function checkQuery(
  at: At,
  text: string,
  type: 'prometheus' | 'loki' | undefined,
  what: string,
  { promql, logql, variables, book }: Context,
): void {
  const { candidates, uses } = substitute(text);
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
  const language = type === 'loki' ? 'LogQL' : 'PromQL';
  for (const { offset, message } of best.faults.slice(0, 3)) book.error(placeIn(at, offset), `${what} (${language}): ${message}`);
  for (const { offset, message } of best.advice.slice(0, 3)) book.advise(placeIn(at, offset), `${what} (${language}): ${message}`);
  if (best.unread !== undefined) book.unread(placeOf(at), `${what}: ${best.unread}`);
}

/** The queries of variables have functions of Grafana's around selectors and expressions. */
function checkVariableQueries(at: At, context: Context): void {
  for (const variable of items(walk(at, 'templating', 'list'))) {
    if (textOf(step(variable, 'type')) !== 'query') continue;
    const what = `The variable "${shorten(textOf(step(variable, 'name')) ?? '')}"`;
    checkReference(step(variable, 'datasource'), what, context);
    const query = step(variable, 'query');
    const text = typeof query.value === 'string' ? query : step(query, 'query');
    if (context.sources.typeOf(step(variable, 'datasource')) !== 'prometheus' || typeof text.value !== 'string') continue;
    const inner = innerQuery(text.value);
    if (inner === undefined)
      context.book.error(placeOf(text), `${what} asks for "${shorten(text.value)}", whose parentheses do not close.`);
    else if (inner !== '') checkQuery(text, inner, 'prometheus', what, context);
  }
}

/** What of a variable's query is PromQL; empty when nothing is; undefined for one that is broken. */
function innerQuery(text: string): string | undefined {
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

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
