import { metadataOf } from './documents.ts';
import { indicatorOf, objectiveStatements } from './objectives.ts';
import { percent } from './prometheus-rule.ts';
import type { ReadQuery } from './query.ts';
import type { Book, Statement } from './reading.ts';
import { placeIn } from './rule-groups.ts';
import { expectList, expectMapping, refuseUnknown, requireText } from './structure.ts';
import { type At, describe, has, items, placeOf, shorten, step, textOf, walk } from './tree.ts';

/** How one version names what others name otherwise. */
interface Words {
  readonly service: string;
  readonly indicator: string;
  readonly reference: string;
  readonly spec: ReadonlySet<string>;
  readonly objective: ReadonlySet<string>;
}

function words(service: string, indicator: string): Words {
  const reference = `${indicator}Ref`;
  return {
    service,
    indicator,
    reference,
    spec: new Set(['description', service, indicator, reference, 'timeWindow', 'budgetingMethod', 'objectives', 'alertPolicies']),
    objective: new Set([
      ...'displayName op value target targetPercent timeSliceTarget timeSliceWindow compositeWeight'.split(' '),
      ...[indicator, reference],
    ]),
  };
}

const V1 = words('service', 'indicator');
const V2 = words('serviceRef', 'sli');
const METHODS = new Set(['Occurrences', 'Timeslices', 'RatioTimeslices']);
const COMPARISONS = new Set(['lte', 'gte', 'lt', 'gt']);
const DURATION = /^[1-9]\d*[mhdwMQY]$/;

/** Judges an SLO of OpenSLO v1 or v2alpha (github.com/OpenSLO/OpenSLO, "SLO"). */
export function checkOpenSlo(at: At, version: 'v1' | 'v2alpha', read: ReadQuery, book: Book): void {
  const own = version === 'v1' ? V1 : V2;
  const { metadata, spec, what } = open(at, book);
  if (!has(spec)) return;
  refuseUnknown(spec, own.spec, '"spec" of an SLO', book);
  requireText(spec, own.service, what, book);
  const composite = items(step(spec, 'objectives')).some(
    (objective) => has(step(objective, own.indicator)) || has(step(objective, own.reference)),
  );
  const indicators = [own.indicator, own.reference].filter((key) => has(step(spec, key)));
  if (indicators.length === 2)
    book.error(placeOf(step(spec, own.reference), 'key'), `${what} has "${own.indicator}" and "${own.reference}"; it takes one of them.`);
  if (indicators.length === 0 && !composite)
    book.error(placeOf(spec, 'key'), `${what} has neither "${own.indicator}" nor "${own.reference}".`);
  if (has(step(spec, own.indicator))) checkIndicator(step(spec, own.indicator), version, what, read, book);
  checkWindow(step(spec, 'timeWindow'), spec, what, book);
  const method = textOf(step(spec, 'budgetingMethod'));
  if (method === undefined || !METHODS.has(method))
    book.error(
      placeOf(step(spec, 'budgetingMethod'), has(step(spec, 'budgetingMethod')) ? 'value' : 'key'),
      `"budgetingMethod" of ${what} is one of ${[...METHODS].join(', ')}; here is ${describe(step(spec, 'budgetingMethod').value)}.`,
    );
  const threshold = has(walk(spec, own.indicator, 'spec', 'thresholdMetric'));
  const objectives = checkObjectives(spec, what, book);
  for (const objective of objectives) checkObjective(objective, own, method, threshold, what, book);
  book.add({
    kind: 'SLO',
    ...metadata,
    labels: labelsOf(spec, metadata.labels),
    says: objectives.flatMap((objective, index) => statementsOf(at, objective, index)),
  });
}

/** Judges an SLO of OpenSLO v1alpha, which Sloth still reads. */
export function checkOpenSloAlpha(at: At, read: ReadQuery, book: Book): void {
  const { metadata, spec, what } = open(at, book);
  if (!has(spec)) return;
  requireText(spec, 'service', what, book);
  const windows = step(spec, 'timeWindows');
  if (items(windows).length !== 1) book.error(placeOf(has(windows) ? windows : spec, 'key'), `${what} needs one "timeWindows" entry.`);
  const objectives = checkObjectives(spec, what, book);
  for (const objective of objectives) {
    checkTarget(objective, what, book);
    const ratio = step(objective, 'ratioMetrics');
    if (!has(ratio)) book.error(placeOf(objective), `An objective of ${what} has no "ratioMetrics".`);
    for (const key of ['good', 'total']) if (has(ratio)) checkQuery(step(step(ratio, key), 'query'), `"${key}" of ${what}`, read, book);
  }
  book.add({
    kind: 'SLO',
    ...metadata,
    labels: labelsOf(spec, metadata.labels),
    says: objectives.flatMap((objective, index) => statementsOf(at, objective, index)),
  });
}

function open(at: At, book: Book) {
  const metadata = metadataOf(at);
  const what = `The SLO "${shorten(metadata.name)}"`;
  const spec = step(at, 'spec');
  if (!has(spec)) book.error(placeOf(at), `${what} has no "spec".`);
  return { metadata, spec, what };
}

function labelsOf(spec: At, labels: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const service = textOf(step(spec, 'service')) ?? textOf(step(spec, 'serviceRef'));
  return service === undefined ? labels : new Map([...labels, ['service', service]]);
}

function checkIndicator(at: At, version: 'v1' | 'v2alpha', what: string, read: ReadQuery, book: Book): void {
  const spec = step(at, 'spec');
  const kinds = ['thresholdMetric', 'ratioMetric'].filter((key) => has(step(spec, key)));
  if (kinds.length !== 1) {
    book.error(
      placeOf(at, 'key'),
      `The indicator of ${what} needs one of "thresholdMetric" and "ratioMetric"; it has ${kinds.length === 0 ? 'neither' : 'both'}.`,
    );
    return;
  }
  const ratio = step(spec, 'ratioMetric');
  const sources = has(ratio) ? ['good', 'bad', 'total', 'raw'].filter((key) => has(step(ratio, key))) : [];
  if (has(ratio) && !sources.includes('raw')) {
    if (sources.includes('good') === sources.includes('bad'))
      book.error(
        placeOf(ratio, 'key'),
        `The ratio of ${what} needs one of "good" and "bad"; it has ${sources.includes('good') ? 'both' : 'neither'}.`,
      );
    if (!sources.includes('total')) book.error(placeOf(ratio, 'key'), `The ratio of ${what} has no "total".`);
  }
  const metrics = has(ratio) ? sources.map((key) => step(ratio, key)) : [step(spec, 'thresholdMetric')];
  for (const metric of metrics) (version === 'v1' ? checkMetric : checkSourcedMetric)(metric, what, read, book);
}

function checkMetric(at: At, what: string, read: ReadQuery, book: Book): void {
  const source = step(at, 'metricSource');
  if (!has(source)) book.error(placeOf(at, 'key'), `A metric of ${what} has no "metricSource".`);
  else if (isPrometheus(source)) checkQuery(walk(source, 'spec', 'query'), what, read, book);
}

/** Of a source that is named only the name is known, and not its language. */
function checkSourcedMetric(at: At, what: string, read: ReadQuery, book: Book): void {
  const [name, source] = [step(at, 'dataSourceRef'), step(at, 'dataSourceSpec')];
  if (has(name) === has(source))
    book.error(
      placeOf(at, 'key'),
      `A metric of ${what} needs one of "dataSourceRef" and "dataSourceSpec"; it has ${has(name) ? 'both' : 'neither'}.`,
    );
  if (isPrometheus(source)) checkQuery(walk(at, 'spec', 'query'), what, read, book);
  else if (has(name)) book.unread(placeOf(at), `A metric of ${what} goes to a source elsewhere, and so its query is not read.`);
}

function isPrometheus(source: At): boolean {
  return /^prometheus$/i.test(textOf(step(source, 'type')) ?? '');
}

function checkQuery(at: At, what: string, read: ReadQuery, book: Book): void {
  const text = textOf(at);
  if (text === undefined || text.trim() === '') {
    book.error(placeOf(at, 'key'), `${what} has a metric without "query".`);
    return;
  }
  const query = read(text.replace(/\{\{\s*\.window\s*\}\}/g, (found) => '5m'.padEnd(found.length)));
  for (const { offset, message } of query.faults) book.error(placeIn(at, offset), `The query of ${what}: ${message}`);
  if (query.unread !== undefined) book.unread(placeOf(at), `The query of ${what}: ${query.unread}`);
}

function checkWindow(at: At, spec: At, what: string, book: Book): void {
  if (!has(at)) {
    book.error(placeOf(spec, 'key'), `${what} has no "timeWindow".`);
    return;
  }
  if (!expectList(at, '"timeWindow"', book)) return;
  if (items(at).length !== 1) book.error(placeOf(at, 'key'), `"timeWindow" of ${what} takes one entry; it has ${items(at).length}.`);
  for (const window of items(at)) {
    const duration = textOf(step(window, 'duration'));
    if (duration === undefined || !DURATION.test(duration))
      book.error(
        placeOf(step(window, 'duration')),
        `"duration" of the window of ${what} is a number and a unit such as 28d or 1M; here is ${describe(step(window, 'duration').value)}.`,
      );
    const rolling = step(window, 'isRolling');
    if (has(rolling) && typeof rolling.value !== 'boolean')
      book.error(placeOf(rolling), `"isRolling" is true or false; here is ${describe(rolling.value)}.`);
    if (rolling.value !== true && !has(step(window, 'calendar')))
      book.error(placeOf(window), `The window of ${what} does not roll and so needs a "calendar" to start from.`);
    if (rolling.value === true && has(step(window, 'calendar')))
      book.error(placeOf(step(window, 'calendar'), 'key'), `The window of ${what} rolls and takes no "calendar".`);
  }
}

function checkObjectives(spec: At, what: string, book: Book): readonly At[] {
  const objectives = step(spec, 'objectives');
  if (!has(objectives)) book.error(placeOf(spec, 'key'), `${what} has no "objectives".`);
  if (!expectList(objectives, '"objectives"', book)) return [];
  if (items(objectives).length === 0) book.error(placeOf(objectives), `"objectives" of ${what} is empty.`);
  return items(objectives).filter((objective) => expectMapping(objective, 'An objective', book));
}

function checkObjective(at: At, own: Words, method: string | undefined, threshold: boolean, what: string, book: Book): void {
  refuseUnknown(at, own.objective, 'An objective', book);
  checkTarget(at, what, book);
  const op = step(at, 'op');
  if (has(op) && !COMPARISONS.has(textOf(op) ?? ''))
    book.error(placeOf(op), `"op" is one of ${[...COMPARISONS].join(', ')}; here is ${describe(op.value)}.`);
  const value = step(at, 'value');
  if (has(value) && typeof value.value !== 'number')
    book.error(placeOf(value), `"value" must be a number; here is ${describe(value.value)}.`);
  if (threshold && (!has(op) || !has(value)))
    book.error(placeOf(at), `An objective of ${what} needs "op" and "value", since its indicator is a threshold.`);
  if (method === 'Timeslices' && !has(step(at, 'timeSliceTarget')))
    book.error(placeOf(at), `An objective of ${what} needs "timeSliceTarget", since its budget is counted in time slices.`);
  if (method?.endsWith('imeslices') && !has(step(at, 'timeSliceWindow')))
    book.error(placeOf(at), `An objective of ${what} needs "timeSliceWindow", since its budget is counted in time slices.`);
}

function checkTarget(at: At, what: string, book: Book): void {
  const [target, targetPercent] = [step(at, 'target'), step(at, 'targetPercent')];
  if (has(target) === has(targetPercent)) {
    book.error(
      placeOf(at),
      `An objective of ${what} needs one of "target" and "targetPercent"; it has ${has(target) ? 'both' : 'neither'}.`,
    );
    return;
  }
  const [value, key, most] = has(target) ? ([target, 'target', 1] as const) : ([targetPercent, 'targetPercent', 100] as const);
  if (typeof value.value !== 'number') book.error(placeOf(value), `"${key}" must be a number; here is ${describe(value.value)}.`);
  else if (value.value < 0 || value.value >= most)
    book.error(placeOf(value), `"${key}" of ${what} is ${value.value}; it must be at least 0 and below ${most}.`);
}

function statementsOf(at: At, objective: At, index: number): readonly Statement[] {
  const key = has(step(objective, 'target')) ? 'target' : 'targetPercent';
  const target = step(objective, key);
  if (typeof target.value !== 'number') return [];
  const [metadata, spec] = [step(at, 'metadata'), step(at, 'spec')];
  const words = [
    step(metadata, 'name'),
    step(metadata, 'displayName'),
    step(spec, 'description'),
    walk(spec, 'indicator', 'metadata', 'name'),
    walk(spec, 'sli', 'metadata', 'name'),
  ]
    .map((text) => textOf(text) ?? '')
    .join(' ');
  const queries = () =>
    JSON.stringify([
      step(spec, 'indicator').value ?? step(spec, 'sli').value ?? null,
      step(objective, 'ratioMetrics').value ?? null,
    ]).replaceAll('\\"', '"');
  const indicator = indicatorOf(words, queries);
  const stated = key === 'target' ? percent(String(target.value)) : String(target.value);
  const value = step(objective, 'value');
  const bound = typeof value.value === 'number' && /^lte?$/.test(textOf(step(objective, 'op')) ?? '') ? { bound: String(value.value) } : {};
  const field = `spec.objectives[${index}].${key}`;
  if (indicator.about === 'latency' && 'bound' in bound)
    return [
      {
        property: 'latency',
        value: bound.bound!,
        place: placeOf(value),
        field: `spec.objectives[${index}].value`,
        detail: String(Number(stated) / 100),
      },
    ];
  return objectiveStatements(stated, placeOf(target), field, indicator, key === 'target');
}
