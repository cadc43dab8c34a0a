import { nearest } from '../../host/nearest.ts';
import { textMap } from './documents.ts';
import { checkTemplate } from './go-template.ts';
import { didYouMean } from './names.ts';
import { indicatorOf, objectiveStatements } from './objectives.ts';
import { METRICSQL } from './promql-functions.ts';
import type { ReadQuery } from './query.ts';
import type { ArtifactObject, Book } from './reading.ts';
import { placeIn } from './rule-groups.ts';
import { expectList, expectMapping, requireText } from './structure.ts';
import { type At, describe, entries, has, items, placeOf, shorten, step, textOf, walk } from './tree.ts';

type Style = 'snake' | 'camel';

/** Keys in both spellings that Sloth has. */
const KEYS = {
  errorQuery: { snake: 'error_query', camel: 'errorQuery' },
  totalQuery: { snake: 'total_query', camel: 'totalQuery' },
  errorRatioQuery: { snake: 'error_ratio_query', camel: 'errorRatioQuery' },
  pageAlert: { snake: 'page_alert', camel: 'pageAlert' },
  ticketAlert: { snake: 'ticket_alert', camel: 'ticketAlert' },
} as const;

const NAME = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/;

/** Judges a service level of Sloth (sloth.dev, "SLO spec"). */
export function checkSloth(
  at: At,
  style: Style,
  metadata: Pick<ArtifactObject, 'labels' | 'annotations' | 'line' | 'namespace'>,
  read: ReadQuery,
  book: Book,
): void {
  const service = requireText(at, 'service', 'the service level', book);
  if (service !== undefined && !NAME.test(service))
    book.error(placeOf(step(at, 'service')), `"${shorten(service)}" is no name of a service for Sloth: letters, digits, "-", "_" and ".".`);
  refuseMisspelt(
    at,
    ['version', 'service', 'labels', 'slos', 'slo_plugins', 'sloPlugins', 'apiVersion', 'kind'],
    'The service level',
    book,
  );
  const slos = step(at, 'slos');
  if (!has(slos)) book.error(placeOf(at), `The service level "${shorten(service ?? '')}" has no "slos".`);
  if (!expectList(slos, '"slos"', book)) return;
  if (items(slos).length === 0) book.error(placeOf(slos), '"slos" is empty.');
  const foreign = /victoria/i.test(JSON.stringify([step(at, 'slo_plugins').value, step(at, 'sloPlugins').value]));
  const reader: ReadQuery = foreign
    ? () => ({ faults: [], advice: [], comparisons: [], unread: 'The plugins say that queries are MetricsQL; they were not judged.' })
    : read;
  const names = new Map<string, number>();
  for (const slo of items(slos)) {
    if (!expectMapping(slo, 'An SLO', book)) continue;
    const name = requireText(slo, 'name', 'An SLO', book) ?? '';
    const earlier = names.get(name);
    if (earlier !== undefined) book.error(placeOf(step(slo, 'name')), `The SLO "${shorten(name)}" stands in line ${earlier} already.`);
    else if (name !== '') names.set(name, placeOf(step(slo, 'name')).line);
    if (name !== '' && !NAME.test(name))
      book.error(placeOf(step(slo, 'name')), `"${shorten(name)}" is no name of an SLO for Sloth: letters, digits, "-", "_" and ".".`);
    checkSlo(slo, name, style, reader, book);
    const labels = new Map([
      ...metadata.labels,
      ...textMap(step(at, 'labels')),
      ...textMap(step(slo, 'labels')),
      ...(service ? [['service', service] as const] : []),
    ]);
    book.add({ ...metadata, kind: 'SLO', name, labels, line: placeOf(slo).line, says: statementsOf(slo, style) });
  }
}

function checkSlo(slo: At, name: string, style: Style, read: ReadQuery, book: Book): void {
  const what = `the SLO "${shorten(name)}"`;
  refuseMisspelt(
    slo,
    ['name', 'description', 'objective', 'timeWindow', 'time_window', 'labels', 'sli', 'alerting', 'plugins', 'slo_plugins', 'infoLabels'],
    'An SLO',
    book,
  );
  const objective = step(slo, 'objective');
  if (!has(objective)) book.error(placeOf(slo), `The SLO "${shorten(name)}" has no "objective".`);
  else if (typeof objective.value !== 'number')
    book.error(placeOf(objective), `"objective" of ${what} must be a number; here is ${describe(objective.value)}.`);
  else if (objective.value <= 0 || objective.value > 100)
    book.error(placeOf(objective), `"objective" of ${what} is ${objective.value}; it is a percentage above 0 and up to 100.`);
  else if (objective.value < 1)
    book.advise(placeOf(objective), `"objective" of ${what} is ${objective.value} percent; ${objective.value * 100} may be meant.`);
  checkIndicator(slo, what, style, read, book);
  checkAlerting(slo, what, style, book);
}

function checkIndicator(slo: At, what: string, style: Style, read: ReadQuery, book: Book): void {
  const sli = step(slo, 'sli');
  const kinds = ['events', 'raw', 'plugin'].filter((key) => has(step(sli, key)));
  if (kinds.length !== 1) {
    book.error(
      placeOf(has(sli) ? sli : slo, has(sli) ? 'key' : 'value'),
      kinds.length === 0
        ? `"sli" of ${what} has neither "events" nor "raw" nor "plugin".`
        : `"sli" of ${what} has ${kinds.join(' and ')}; it takes one of them.`,
    );
    return;
  }
  const [kind] = kinds;
  const at = step(sli, kind!);
  if (kind === 'plugin') {
    requireText(at, 'id', 'The plugin', book);
    return;
  }
  const queries = kind === 'raw' ? [KEYS.errorRatioQuery] : [KEYS.errorQuery, KEYS.totalQuery];
  const known = queries.map((key) => key[style]);
  refuseMisspelt(at, known, `"${kind}"`, book);
  for (const key of known) checkQuery(at, key, what, read, book);
}

function checkQuery(at: At, key: string, what: string, read: ReadQuery, book: Book): void {
  const text = requireText(at, key, `The indicator of ${what}`, book);
  if (text === undefined) return;
  const value = step(at, key);
  const metricsql = [...text.matchAll(/([a-z_]\w*)\s*\(/g)].some(([, name]) => METRICSQL.has(name!));
  if (!/\{\{\s*\.window\s*\}\}/.test(text) && !metricsql)
    book.error(placeOf(value), `"${key}" of ${what} never uses {{.window}}; Sloth puts each window in its place.`);
  // Of equal length, so that places stay true.
  const query = read(text.replace(/\{\{\s*\.window\s*\}\}/g, (found) => '5m'.padEnd(found.length)));
  for (const { offset, message } of query.faults) book.error(placeIn(value, offset), `"${key}" of ${what}: ${message}`);
  for (const { offset, message } of query.advice) book.advise(placeIn(value, offset), `"${key}" of ${what}: ${message}`);
  if (query.unread !== undefined) book.unread(placeOf(value), `"${key}" of ${what}: ${query.unread}`);
  if (query.yields === 'matrix' || query.yields === 'string') book.error(placeOf(value), `"${key}" of ${what} yields no instant vector.`);
}

function checkAlerting(slo: At, what: string, style: Style, book: Book): void {
  const alerting = step(slo, 'alerting');
  const [page, ticket] = [KEYS.pageAlert[style], KEYS.ticketAlert[style]];
  const others = [KEYS.pageAlert, KEYS.ticketAlert].map((key) => key[style === 'snake' ? 'camel' : 'snake']);
  refuseMisspelt(alerting, ['name', 'labels', 'annotations', page, ticket, ...others], '"alerting"', book);
  for (const key of others)
    if (has(step(alerting, key)))
      book.advise(
        placeOf(step(alerting, key), 'key'),
        `"${key}" of ${what} is passed over here; Sloth reads "${key === others[0] ? page : ticket}".`,
      );
  const off = (key: string) => walk(alerting, key, 'disable').value === true;
  if (!(off(page) && off(ticket)) && !textOf(step(alerting, 'name')))
    book.error(
      placeOf(has(alerting) ? alerting : slo, has(alerting) ? 'key' : 'value'),
      `"alerting" of ${what} has no "name", which its alerts need; or disable "${page}" and "${ticket}".`,
    );
  for (const [, value] of [alerting, step(alerting, page), step(alerting, ticket)].flatMap((at) => entries(step(at, 'annotations')))) {
    const fault = typeof value.value === 'string' ? checkTemplate(value.value) : undefined;
    if (fault) book.error(placeIn(value, fault.offset), `An annotation of ${what}: ${fault.message}`);
  }
}

function statementsOf(slo: At, style: Style) {
  const objective = step(slo, 'objective');
  const queries = [KEYS.errorQuery, KEYS.totalQuery, KEYS.errorRatioQuery].flatMap(
    (key) => textOf(walk(slo, 'sli', 'events', key[style])) ?? textOf(walk(slo, 'sli', 'raw', key[style])) ?? [],
  );
  if (typeof objective.value !== 'number') return [];
  const indicator = indicatorOf(`${textOf(step(slo, 'name'))} ${textOf(step(slo, 'description'))}`, () => queries.join(' '));
  return objectiveStatements(String(objective.value), placeOf(objective), 'objective', indicator);
}

/** Sloth passes over keys that it does not know; one that is nearly a known one was meant to be it. */
function refuseMisspelt(at: At, known: readonly string[], what: string, book: Book): void {
  for (const [key, value] of entries(at))
    if (!known.includes(key) && nearest(key, known))
      book.error(placeOf(value, 'key'), `${what} has no key "${shorten(key)}".${didYouMean(key, known)}`);
}
