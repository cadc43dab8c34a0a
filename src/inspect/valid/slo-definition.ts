import { metadataOf, type Source, textMap, type Unit, unitsOf } from './documents.ts';
import type { Kind } from './kind.ts';
import { checkOpenSlo, checkOpenSloAlpha } from './openslo.ts';
import { loadPromql } from './promql.ts';
import type { ReadQuery } from './query.ts';
import { type Book, ownedBy } from './reading.ts';
import { checkSloth } from './sloth.ts';
import { after } from './soon.ts';
import { checkObject } from './structure.ts';
import { type At, has, items, placeOf, shorten, step, textOf, walk } from './tree.ts';

/** Service level objectives: Sloth's `prometheus/v1` and its Kubernetes objects, OpenSLO v1 and v1alpha. */
export const sloDefinition: Kind = {
  type: 'slo_definition',
  check: (source, book) => after(loadPromql(), (read) => checkSlos(source, book, read)),
};

function checkSlos(source: Source, book: Book, read: ReadQuery): void {
  let found = 0;
  for (const { at, kind } of unitsOf(source, book, /\.(?:ya?ml|json)$/).flatMap(members)) if (checkDocument(at, kind, read, book)) found++;
  if (found === 0 && book.close().ok)
    book.error(
      { file: source.path, line: 1, column: 1 },
      'The file holds no objective: neither Sloth\'s "version: prometheus/v1", nor a PrometheusServiceLevel, nor an OpenSLO object of kind SLO.',
    );
}

/** OpenSLO's own tools write objects as the members of one list, too. */
function members(unit: Unit): readonly Unit[] {
  return Array.isArray(unit.at.value) ? items(unit.at).map((at) => ({ ...unit, at, kind: textOf(step(at, 'kind')) })) : [unit];
}

/** True for a document that holds objectives. */
function checkDocument(at: At, kind: string | undefined, read: ReadQuery, book: Book): boolean {
  const api = textOf(step(at, 'apiVersion')) ?? '';
  if (kind === 'PrometheusServiceLevel') {
    checkObject(at, ['sloth.slok.dev/v1'], 'The PrometheusServiceLevel', book);
    const spec = step(at, 'spec');
    if (!has(spec)) book.error(placeOf(at), 'The PrometheusServiceLevel has no "spec".');
    else checkSloth(spec, 'camel', metadataOf(at), read, ownedBy(book, metadataOf(at)));
    return true;
  }
  if (kind === 'SLO') {
    if (!textOf(walk(at, 'metadata', 'name'))) book.error(placeOf(step(at, 'metadata'), 'key'), 'The SLO has no "metadata.name".');
    if (api === 'openslo/v1alpha') checkOpenSloAlpha(at, read, book);
    else if (/^openslo(?:\.com)?\/v1(?:beta1)?$/.test(api)) checkOpenSlo(at, 'v1', read, book);
    else if (/^openslo(?:\.com)?\/v2alpha1?$/.test(api)) checkOpenSlo(at, 'v2alpha', read, book);
    else book.error(placeOf(step(at, 'apiVersion')), `"${shorten(api)}" is no version of OpenSLO that is read here: openslo/v1 is.`);
    return true;
  }
  if (kind !== undefined || (!has(step(at, 'version')) && !has(step(at, 'slos')))) return false;
  const version = step(at, 'version');
  if (textOf(version) !== 'prometheus/v1')
    book.error(placeOf(version), `Sloth reads "version: prometheus/v1"; here is "${shorten(textOf(version) ?? '')}".`);
  checkSloth(at, 'snake', { labels: textMap(step(at, 'labels')), annotations: new Map(), line: placeOf(at).line }, read, book);
  return true;
}
