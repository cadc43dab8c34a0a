import {
  type Context,
  checkExpression,
  checkPanelId,
  checkRefId,
  checkSourceName,
  type Languages,
  noteSource,
} from './dashboard-queries.ts';
import { createNamedSources } from './dashboard-sources.ts';
import { metadataOf } from './documents.ts';
import { didYouMean } from './names.ts';
import type { Book } from './reading.ts';
import { expectList, expectMapping } from './structure.ts';
import { type At, describe, entries, has, items, placeOf, shorten, step, textOf, walk } from './tree.ts';

/** Layouts lie in each other: tabs, rows, a grid; nobody goes as deep. */
const DEEPEST = 20;

/** Judges a dashboard of Grafana's second schema, in which panels are elements by name, and a layout says where each is shown (apiVersion dashboard.grafana.app/v2…). */
export function checkDashboardV2(at: At, languages: Languages, book: Book): void {
  const title = textOf(step(at, 'title'));
  if (!title?.trim()) book.error(placeOf(step(at, 'title')), 'The dashboard has no "title".');
  const variables = checkVariables(at, book);
  const context: Context = { ...languages, variables, sources: createNamedSources(pluginsOf(at)), book, ids: new Map(), used: new Map() };
  const elements = step(at, 'elements');
  if (expectMapping(elements, '"elements"', book)) {
    if (entries(elements).length === 0) book.error(placeOf(elements, 'key'), 'The dashboard has no panel.');
    for (const [name, element] of entries(elements)) checkElement(name, element, context);
  }
  for (const query of [...variableQueries(at), ...items(step(at, 'annotations')).map((one) => step(one, 'spec'))])
    checkPanelQuery(query, `A query of the dashboard`, context);
  checkLayout(at, elements, book);
  const tags = items(step(at, 'tags')).flatMap((tag) => (textOf(tag) === undefined ? [] : [[textOf(tag)!, 'true'] as const]));
  book.add({ ...metadataOf(at), kind: 'Dashboard', name: title ?? '', labels: new Map(tags), says: [...context.used.values()] });
}

function checkVariables(at: At, book: Book): ReadonlySet<string> {
  const names = new Set<string>();
  const list = step(at, 'variables');
  if (!expectList(list, '"variables"', book)) return names;
  for (const variable of items(list)) {
    if (!expectMapping(variable, 'A variable', book)) continue;
    const place = walk(variable, 'spec', 'name');
    const name = textOf(place) ?? '';
    if (!textOf(step(variable, 'kind'))?.endsWith('Variable'))
      book.error(
        placeOf(step(variable, 'kind')),
        `A variable is of a kind such as QueryVariable; here is ${describe(step(variable, 'kind').value)}.`,
      );
    if (!/^\w+$/.test(name)) book.error(placeOf(place), `"${shorten(name)}" is no name for a variable: letters, digits and "_" only.`);
    if (names.has(name)) book.error(placeOf(place), `The variable "${shorten(name)}" is declared twice.`);
    names.add(name);
  }
  return names;
}

/** Variables that stand for a datasource, and its plugin. */
function pluginsOf(at: At): ReadonlyMap<string, string> {
  return new Map(
    items(step(at, 'variables')).flatMap((variable) => {
      const [name, plugin] = [textOf(walk(variable, 'spec', 'name')), textOf(walk(variable, 'spec', 'pluginId'))];
      return textOf(step(variable, 'kind')) === 'DatasourceVariable' && name && plugin ? [[name, plugin] as const] : [];
    }),
  );
}

/** Of variables only those that ask by `expr`; what Grafana's own functions ask for is not judged. */
function variableQueries(at: At): readonly At[] {
  return items(step(at, 'variables')).flatMap((variable) =>
    has(walk(variable, 'spec', 'query', 'spec', 'expr')) ? [step(variable, 'spec')] : [],
  );
}

function checkElement(name: string, at: At, context: Context): void {
  const { book } = context;
  if (!expectMapping(at, `The element "${shorten(name)}"`, book)) return;
  const kind = textOf(step(at, 'kind'));
  const spec = step(at, 'spec');
  const what = `the panel "${shorten(textOf(step(spec, 'title')) || name)}"`;
  if (kind !== 'Panel' && kind !== 'LibraryPanel') {
    book.error(
      placeOf(step(at, 'kind')),
      `The element "${shorten(name)}" is of kind Panel or LibraryPanel; here is ${describe(step(at, 'kind').value)}.`,
    );
    return;
  }
  if (!expectMapping(spec, `"spec" of ${what}`, book)) return;
  checkPanelId(step(spec, 'id'), what, context);
  if (kind === 'LibraryPanel') {
    if (!textOf(walk(spec, 'libraryPanel', 'uid'))) book.error(placeOf(spec, 'key'), `The library panel "${shorten(name)}" has no "uid".`);
    return;
  }
  const chart = step(spec, 'vizConfig');
  // The kind was the plugin once; it is the group now.
  if (!textOf(step(chart, 'group')) && (!textOf(step(chart, 'kind')) || textOf(step(chart, 'kind')) === 'VizConfig'))
    book.error(placeOf(has(chart) ? chart : spec, 'key'), `What ${what} shows is not said: it has no "vizConfig" with a "group".`);
  const queries = walk(spec, 'data', 'spec', 'queries');
  const refs = new Set<string>();
  if (expectList(queries, `"queries" of ${what}`, book))
    for (const query of items(queries)) {
      if (!expectMapping(query, `A query of ${what}`, book)) continue;
      checkRefId(walk(query, 'spec', 'refId'), refs, what, context);
      checkPanelQuery(step(query, 'spec'), `A query of ${what}`, context);
    }
}

/** `query` names its datasource itself; before v2beta1 its kind was the plugin, and the reference stood beside it. */
function checkPanelQuery(at: At, what: string, context: Context): void {
  const query = step(at, 'query');
  const older = textOf(step(query, 'kind')) !== 'DataQuery';
  const source = older ? step(at, 'datasource') : step(query, 'datasource');
  const name = step(source, older ? 'uid' : 'name');
  const type = context.sources.kindOf(textOf(name) ?? '', textOf(step(query, older ? 'kind' : 'group')));
  checkSourceName(name, what.replace(/^A query of /, ''), context);
  noteSource(type, has(source) ? source : query, 'datasource', context);
  checkExpression(walk(query, 'spec', 'expr'), query, type, what, step(at, 'hidden').value !== true, context);
}

/** Every element that a layout names must be there; one that none names is never shown. */
function checkLayout(at: At, elements: At, book: Book): void {
  const layout = step(at, 'layout');
  if (!has(layout)) book.error(placeOf(layout), 'The dashboard has no "layout", and so shows nothing.');
  const names = new Set(entries(elements).map(([name]) => name));
  const placed = new Set<string>();
  const queue = [{ at: layout, depth: 0 }];
  for (let next = queue.pop(); next; next = queue.pop()) {
    const reference = step(next.at, 'element');
    const name = textOf(step(reference, 'name'));
    if (name !== undefined && !names.has(name))
      book.error(
        placeOf(step(reference, 'name')),
        `The layout shows the element "${shorten(name)}", which is not under "elements".${didYouMean(name, names)}`,
      );
    if (name !== undefined) placed.add(name);
    const inside = [
      step(next.at, 'spec'),
      step(next.at, 'layout'),
      ...['items', 'rows', 'tabs', 'elements'].flatMap((key) => items(step(next!.at, key))),
    ];
    if (next.depth < 2 * DEEPEST) queue.push(...inside.filter(has).map((one) => ({ at: one, depth: next!.depth + 1 })));
  }
  for (const [name, element] of entries(elements))
    if (has(layout) && !placed.has(name))
      book.advise(placeOf(element, 'key'), `The element "${shorten(name)}" stands nowhere in the layout, and so is not shown.`);
}
