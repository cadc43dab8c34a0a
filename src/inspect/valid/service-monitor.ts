import { metadataOf, unitsOf } from './documents.ts';
import { prometheusDuration } from './durations.ts';
import { checkFields, readFields } from './fields.ts';
import type { Kind } from './kind.ts';
import { isLabelName } from './names.ts';
import { whyNotRe2 } from './re2.ts';
import type { Book, Statement } from './reading.ts';
import { namespaceStatement } from './rule-groups.ts';
import { checkObject, expectList, expectMapping, optionalDuration, refuseUnknown } from './structure.ts';
import { type At, describe, entries, has, items, placeOf, shorten, step, textOf, walk } from './tree.ts';

/** The operator's ServiceMonitor (prometheus-operator.dev, API reference, monitoring.coreos.com/v1). */
export const serviceMonitor: Kind = {
  type: 'service_monitor',
  check: (source, book) => {
    const monitors = unitsOf(source, book, /(?!)/).filter(({ kind }) => kind === 'ServiceMonitor');
    for (const { at } of monitors) {
      book.begin();
      checkMonitor(at, book);
    }
    if (monitors.length === 0 && book.close().ok)
      book.error({ file: source.path, line: 1, column: 1 }, 'The file holds no object of kind ServiceMonitor.');
  },
};

/** Kubernetes checks types (prometheus-operator, pkg/apis/monitoring/v1/servicemonitor_types.go). What is checked below has no type here. */
const SPEC = readFields(
  'jobLabel targetLabels:texts podTargetLabels:texts endpoints:any selector:any selectorMechanism namespaceSelector:any sampleLimit:number scrapeProtocols:texts fallbackScrapeProtocol ' +
    'extraScrapeMetrics:flag targetLimit:number labelLimit:number labelNameLengthLimit:number labelValueLengthLimit:number scrapeClassicHistograms:flag scrapeNativeHistograms:flag ' +
    'nativeHistogramBucketLimit:number nativeHistogramMinBucketFactor:any convertClassicHistogramsToNHCB:flag keepDroppedTargets:number attachMetadata:map scrapeClass bodySizeLimit ' +
    'serviceDiscoveryRole',
  {},
  'string',
);
const SECRET = readFields('name key optional:flag', {}, 'string');
const REFERENCE = readFields('secret:{secret} configMap:{secret}', { secret: SECRET }, 'string');
const TLS = readFields(
  'ca:{reference} cert:{reference} keySecret:{secret} caFile certFile keyFile serverName insecureSkipVerify:flag minVersion maxVersion',
  { reference: REFERENCE, secret: SECRET },
  'string',
);
const PROXY = 'proxyUrl noProxy proxyFromEnvironment:flag proxyConnectHeader:map';
const ENDPOINT = readFields(
  `port:any targetPort:any path:any scheme:any params:map interval:any scrapeTimeout:any tlsConfig:{tls} bearerTokenFile bearerTokenSecret:{secret} authorization:{authorization} honorLabels:flag
  honorTimestamps:flag trackTimestampsStaleness:flag basicAuth:{basic} oauth2:{oauth2} metricRelabelings:any relabelings:any followRedirects:flag enableHttp2:flag filterRunning:flag ${PROXY}`.replaceAll(
    /\s+/g,
    ' ',
  ),
  {
    tls: TLS,
    secret: SECRET,
    authorization: readFields('type credentials:{secret}', { secret: SECRET }, 'string'),
    basic: readFields('username:{secret} password:{secret}', { secret: SECRET }, 'string'),
    oauth2: readFields(
      `clientId:{reference} clientSecret:{secret} tokenUrl scopes:texts endpointParams:labels tlsConfig:{tls} ${PROXY}`,
      { reference: REFERENCE, secret: SECRET, tls: TLS },
      'string',
    ),
  },
  'string',
);
const RELABELING = readFields('sourceLabels:texts separator targetLabel regex modulus:number replacement action', {}, 'string');
const ACTIONS = new Set('replace keep drop hashmod labelmap labeldrop labelkeep lowercase uppercase keepequal dropequal'.split(' '));
const SELECTOR = new Set(['matchLabels', 'matchExpressions']);
const NAMESPACES = new Set(['any', 'matchNames']);
const OPERATORS = new Set(['In', 'NotIn', 'Exists', 'DoesNotExist']);

function checkMonitor(at: At, book: Book): void {
  checkObject(at, ['monitoring.coreos.com/v1'], 'The ServiceMonitor', book);
  const spec = step(at, 'spec');
  const metadata = metadataOf(at);
  const endpoints = step(spec, 'endpoints');
  book.add({ kind: 'ServiceMonitor', ...metadata, says: statementsOf(at, endpoints) });
  if (!has(spec)) {
    book.error(placeOf(at), `The ServiceMonitor "${metadata.name}" has no "spec".`);
    return;
  }
  if (!expectMapping(spec, '"spec"', book)) return;
  checkFields(spec, SPEC, '"spec" of a ServiceMonitor', book);
  checkSelector(spec, book);
  checkNamespaces(step(spec, 'namespaceSelector'), book);
  if (!has(endpoints))
    book.error(placeOf(spec, 'key'), `The ServiceMonitor "${metadata.name}" has no "endpoints", and so nothing is scraped.`);
  if (!expectList(endpoints, '"endpoints"', book)) return;
  if (items(endpoints).length === 0) book.error(placeOf(endpoints), '"endpoints" is empty, and so nothing is scraped.');
  for (const endpoint of items(endpoints)) if (expectMapping(endpoint, 'An endpoint', book)) checkEndpoint(endpoint, book);
}

function checkSelector(spec: At, book: Book): void {
  const selector = step(spec, 'selector');
  if (!has(selector)) {
    book.error(placeOf(spec, 'key'), 'The ServiceMonitor has no "selector"; write {} if every service is meant.');
    return;
  }
  if (!expectMapping(selector, '"selector"', book)) return;
  refuseUnknown(selector, SELECTOR, '"selector"', book);
  if (entries(selector).length === 0) book.advise(placeOf(selector), 'The selector is empty: every service of the namespace is scraped.');
  const labels = step(selector, 'matchLabels');
  if (has(labels)) expectMapping(labels, '"matchLabels"', book);
  for (const [key, value] of entries(labels))
    if (typeof value.value !== 'string')
      book.error(placeOf(value), `The label "${shorten(key)}" of the selector must be a text; here is ${describe(value.value)}.`);
  for (const expression of items(step(selector, 'matchExpressions'))) {
    const operator = textOf(step(expression, 'operator')) ?? '';
    if (!OPERATORS.has(operator))
      book.error(
        placeOf(step(expression, 'operator')),
        `"${shorten(operator)}" is no operator of a selector: ${[...OPERATORS].join(', ')} are.`,
      );
    const values = items(step(expression, 'values')).length;
    if (operator.endsWith('In') && values === 0) book.error(placeOf(expression), `"${operator}" needs "values".`);
    if (operator.startsWith('Exists') && values > 0) book.error(placeOf(expression), '"Exists" takes no "values".');
    if (!has(step(expression, 'key'))) book.error(placeOf(expression), 'A match expression has no "key".');
  }
}

function checkNamespaces(at: At, book: Book): void {
  if (!has(at) || !expectMapping(at, '"namespaceSelector"', book)) return;
  refuseUnknown(at, NAMESPACES, '"namespaceSelector"', book);
  expectList(step(at, 'matchNames'), '"matchNames"', book);
  const any = step(at, 'any');
  if (has(any) && typeof any.value !== 'boolean') book.error(placeOf(any), `"any" must be true or false; here is ${describe(any.value)}.`);
}

function checkEndpoint(at: At, book: Book): void {
  checkFields(at, ENDPOINT, 'An endpoint', book);
  if (!has(step(at, 'port')) && !has(step(at, 'targetPort')))
    book.advise(placeOf(at), 'The endpoint names neither "port" nor "targetPort": every port of the service is scraped.');
  const port = step(at, 'port');
  if (has(port) && typeof port.value !== 'string')
    book.error(
      placeOf(port),
      `"port" is the name of a port of the service, a text; here is ${describe(port.value)}. A number belongs into "targetPort".`,
    );
  const scheme = step(at, 'scheme');
  if (has(scheme) && !/^https?$/i.test(textOf(scheme) ?? ''))
    book.error(placeOf(scheme), `"scheme" is http or https; here is ${describe(scheme.value)}.`);
  const path = step(at, 'path');
  if (has(path) && !textOf(path)?.startsWith('/')) book.advise(placeOf(path), `"path" is ${describe(path.value)}; paths start with "/".`);
  checkTimes(at, book);
  for (const key of ['relabelings', 'metricRelabelings']) {
    const rules = step(at, key);
    if (expectList(rules, `"${key}"`, book)) for (const rule of items(rules)) checkRelabeling(rule, book);
  }
}

function checkTimes(at: At, book: Book): void {
  for (const key of ['interval', 'scrapeTimeout'])
    if (typeof step(at, key).value === 'number')
      book.error(placeOf(step(at, key)), `"${key}" is a number without a unit; write it as "${String(step(at, key).value)}s".`);
  const isText = (key: string) => typeof step(at, key).value !== 'number';
  const interval = isText('interval') ? optionalDuration(at, 'interval', 'the endpoint', book) : undefined;
  const timeout = isText('scrapeTimeout') ? optionalDuration(at, 'scrapeTimeout', 'the endpoint', book) : undefined;
  if (interval === 0) book.error(placeOf(step(at, 'interval')), '"interval" of the endpoint is 0; nothing can be scraped without a pause.');
  if (interval !== undefined && timeout !== undefined && timeout > interval)
    book.error(
      placeOf(step(at, 'scrapeTimeout')),
      `"scrapeTimeout" ${textOf(step(at, 'scrapeTimeout'))} is longer than "interval" ${textOf(step(at, 'interval'))}; the operator refuses that.`,
    );
}

function checkRelabeling(at: At, book: Book): void {
  if (!expectMapping(at, 'A relabeling', book)) return;
  checkFields(at, RELABELING, 'A relabeling', book);
  const action = (textOf(step(at, 'action')) ?? 'replace').toLowerCase();
  if (!ACTIONS.has(action))
    book.error(placeOf(step(at, 'action')), `"${shorten(action)}" is no action of a relabeling: ${[...ACTIONS].join(', ')} are.`);
  const regex = textOf(step(at, 'regex'));
  const why = regex === undefined ? undefined : whyNotRe2(regex);
  if (why) book.error(placeOf(step(at, 'regex')), `The regular expression "${shorten(regex!)}" does not compile: ${why}.`);
  const target = textOf(step(at, 'targetLabel'));
  if (/^(?:replace|hashmod|lowercase|uppercase|keepequal|dropequal)$/.test(action) && (target === undefined || !isLabelName(target)))
    book.error(placeOf(at), `The action "${action}" needs "targetLabel".`);
  if (action === 'hashmod' && !has(step(at, 'modulus'))) book.error(placeOf(at), 'The action "hashmod" needs "modulus".');
}

function statementsOf(at: At, endpoints: At): readonly Statement[] {
  const intervals = items(endpoints).flatMap((endpoint, index): Statement[] => {
    const interval = step(endpoint, 'interval');
    const value = textOf(interval);
    if (value === undefined || prometheusDuration(value) === undefined) return [];
    return [{ property: 'interval', value, place: placeOf(interval), field: `spec.endpoints[${index}].interval` }];
  });
  const selector = walk(at, 'spec', 'namespaceSelector');
  const names = items(step(selector, 'matchNames')).flatMap((name) => textOf(name) ?? []);
  if (step(selector, 'any').value === true) return intervals;
  if (names.length === 0) return [...intervals, ...namespaceStatement(at)];
  return [
    ...intervals,
    {
      property: 'namespace',
      value: names,
      place: placeOf(step(selector, 'matchNames'), 'key'),
      field: 'spec.namespaceSelector.matchNames',
    },
  ];
}
