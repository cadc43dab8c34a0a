import { metadataOf } from './documents.ts';
import { checkFields, type Fields, readFields } from './fields.ts';
import { didYouMean } from './names.ts';
import { whyNotRe2 } from './re2.ts';
import type { Book, Statement } from './reading.ts';
import { checkObject, expectList, expectMapping, leadsNowhere, requireDeclared, requireText } from './structure.ts';
import { type At, describe, entries, has, items, placeOf, shorten, step, textOf } from './tree.ts';

/** Kubernetes checks types, where plain YAML takes any scalar for a text. */
function typed(text: string, shapes: Readonly<Record<string, Fields>> = {}): Fields {
  return readFields(text, shapes, 'string');
}

const SECRET = typed('name key optional:flag');
const PAIR = typed('key value');
const TLS = typed('ca:{ref} cert:{ref} keySecret:{secret} serverName insecureSkipVerify:flag minVersion maxVersion', {
  ref: typed('secret:{secret} configMap:{secret}', { secret: SECRET }),
  secret: SECRET,
});
const PROXY = 'noProxy proxyFromEnvironment:flag proxyConnectHeader:map';
const HTTP = typed(
  `authorization:{authorization} basicAuth:{basic} oauth2:{oauth2} bearerTokenSecret:{secret} tlsConfig:{tls} proxyURL proxyUrl ${PROXY} followRedirects:flag enableHttp2:flag`,
  {
    secret: SECRET,
    tls: TLS,
    authorization: typed('type credentials:{secret}', { secret: SECRET }),
    basic: typed('username:{secret} password:{secret}', { secret: SECRET }),
    oauth2: typed(`clientId:{ref} clientSecret:{secret} tokenUrl scopes:texts endpointParams:labels tlsConfig:{tls} proxyUrl ${PROXY}`, {
      secret: SECRET,
      tls: TLS,
      ref: typed('secret:{secret} configMap:{secret}', { secret: SECRET }),
    }),
  },
);
const SHAPES = {
  secret: SECRET,
  pair: PAIR,
  tls: TLS,
  http: HTTP,
  image: typed('src href alt'),
  link: typed('href alt'),
  field: typed('title value short:flag'),
  action: typed('type text url style name value confirm:{confirm}', { confirm: typed('text title okText dismissText') }),
  chatAction: typed('text url msg'),
  responder: typed('id name username type'),
  threading: typed('threadByDate'),
  sigv4: typed('region accessKey:{secret} secretKey:{secret} profile roleArn externalID useFIPSSTSEndpoint:flag', { secret: SECRET }),
};

interface Receiver {
  readonly fields: Fields;
  /** What the schema or the operator asks for. */
  readonly required?: readonly string[];
}

function receiver(fields: string, ...required: readonly string[]): Receiver {
  return { fields: typed(`sendResolved:flag httpConfig:{http} ${fields}`, SHAPES), required };
}

/** The operator's kinds of receivers, v1alpha1 and v1beta1 (prometheus-operator, pkg/apis/monitoring/v1beta1/alertmanager_config_types.go). */
const RECEIVERS: ReadonlyMap<string, Receiver> = new Map(
  Object.entries({
    discordConfigs: receiver('apiURL:{secret} title message content username avatarURL', 'apiURL'),
    emailConfigs: receiver(
      'to from hello smarthost authUsername authPassword:{secret} authSecret:{secret} authIdentity headers:[pair] html text requireTLS:flag tlsConfig:{tls} forceImplicitTLS:flag threading:{threading}',
      'to',
    ),
    msteamsConfigs: receiver('webhookUrl:{secret} title summary text', 'webhookUrl'),
    msteamsv2Configs: receiver('webhookURL:{secret} title text'),
    opsgenieConfigs: receiver(
      'apiKey:{secret} apiURL message description source tags note priority updateAlerts:flag details:[pair] responders:[responder] entity actions',
    ),
    pagerdutyConfigs: receiver(
      'routingKey:{secret} serviceKey:{secret} url client clientURL description severity class group component details:[pair] pagerDutyImageConfigs:[image] pagerDutyLinkConfigs:[link] source timeout:duration',
    ),
    pushoverConfigs: receiver(
      'userKey:{secret} userKeyFile token:{secret} tokenFile title message url urlTitle ttl:duration device sound priority retry:goDurationText expire:goDurationText html:flag monospace:flag',
    ),
    rocketchatConfigs: receiver(
      'apiURL channel token:{secret} tokenID:{secret} color emoji iconURL text title titleLink fields:[field] shortFields:flag imageURL thumbURL linkNames:flag actions:[chatAction]',
      'token',
      'tokenID',
    ),
    slackConfigs: receiver(
      'apiURL:{secret} channel username color title titleLink pretext text fields:[field] shortFields:flag footer fallback callbackId iconEmoji iconURL imageURL thumbURL linkNames:flag ' +
        'mrkdwnIn:texts actions:[action] timeout:duration messageText updateMessage:flag',
    ),
    snsConfigs: receiver('apiURL sigv4:{sigv4} topicARN subject phoneNumber targetARN message attributes:labels useAWSHTTPClient:flag'),
    telegramConfigs: receiver(
      'apiURL botToken:{secret} botTokenFile chatID:number messageThreadID:number message disableNotifications:flag parseMode',
    ),
    victoropsConfigs: receiver(
      'apiKey:{secret} apiUrl routingKey messageType entityDisplayName stateMessage monitoringTool customFields:[pair]',
      'routingKey',
    ),
    webexConfigs: receiver('apiURL message roomID', 'roomID'),
    webhookConfigs: receiver('url urlSecret:{secret} maxAlerts:count timeout:duration payload'),
    wechatConfigs: receiver('apiSecret:{secret} apiURL corpID agentID toUser toParty toTag message messageType'),
  }),
);

const MATCHER = typed('name value:text matchType regex:flag');
const INTERVALS = {
  matcher: MATCHER,
  pair: PAIR,
  period: typed('times:[time] weekdays:texts daysOfMonth:[days] months:texts years:texts', {
    time: typed('startTime endTime'),
    days: typed('start:number end:number'),
  }),
};
const SPEC = typed('route:any receivers:any inhibitRules:[inhibit] timeIntervals:[interval] muteTimeIntervals:[interval]', {
  inhibit: typed('targetMatch:[matcher] sourceMatch:[matcher] equal:texts', INTERVALS),
  interval: typed('name timeIntervals:[period]', INTERVALS),
});
const ROUTE = typed(
  'receiver groupBy:texts groupWait:duration groupInterval:duration repeatInterval:duration matchers:[matcher] continue:flag routes:list muteTimeIntervals:texts activeTimeIntervals:texts labels:[pair]',
  INTERVALS,
);
const MATCH_TYPES = new Set(['=', '!=', '=~', '!~']);
const DEEPEST = 60;

/** Judges the operator's AlertmanagerConfig: the routing of the configuration in a spelling of its own, and receivers whose secrets are references. */
export function checkAlertmanagerConfig(at: At, channels: (spec: At) => readonly Statement[], book: Book): void {
  checkObject(at, ['monitoring.coreos.com/v1alpha1', 'monitoring.coreos.com/v1beta1'], 'The AlertmanagerConfig', book);
  const spec = step(at, 'spec');
  checkFields(spec, SPEC, 'The AlertmanagerConfig', book);
  const receivers = checkReceivers(step(spec, 'receivers'), book);
  const intervals = new Set(
    ['timeIntervals', 'muteTimeIntervals'].flatMap((key) => items(step(spec, key)).map((interval) => textOf(step(interval, 'name')) ?? '')),
  );
  const route = step(spec, 'route');
  if (!has(route)) book.error(placeOf(has(spec) ? spec : at, 'key'), 'The AlertmanagerConfig has no "spec.route".');
  else if (!textOf(step(route, 'receiver'))) book.error(placeOf(route, 'key'), 'The first route has no "receiver".');
  if (has(route)) checkRoute(route, { receivers, intervals, book }, 0);
  for (const rule of items(step(spec, 'inhibitRules')))
    for (const key of ['sourceMatch', 'targetMatch']) for (const matcher of items(step(rule, key))) checkMatcher(matcher, book);
  book.add({ kind: 'AlertmanagerConfig', ...metadataOf(at), says: channels(spec) });
}

function checkReceivers(at: At, book: Book): ReadonlySet<string> {
  const names = new Set<string>();
  if (!expectList(at, '"receivers"', book)) return names;
  for (const one of items(at)) {
    if (!expectMapping(one, 'A receiver', book)) continue;
    const name = requireText(one, 'name', 'A receiver', book);
    if (name !== undefined && names.has(name)) book.error(placeOf(step(one, 'name')), `The receiver "${shorten(name)}" stands twice.`);
    if (name !== undefined) names.add(name);
    for (const [key, list] of entries(one).filter(([key]) => key !== 'name')) {
      const kind = RECEIVERS.get(key);
      if (kind === undefined)
        book.error(placeOf(list, 'key'), `A receiver has no key "${shorten(key)}".${didYouMean(key, RECEIVERS.keys())}`);
      else if (expectList(list, `"${key}"`, book))
        for (const config of items(list))
          checkReceiver(config, kind, `A member of "${key}" of the receiver "${shorten(name ?? '')}"`, book);
    }
  }
  return names;
}

function checkReceiver(at: At, { fields, required = [] }: Receiver, what: string, book: Book): void {
  if (!expectMapping(at, what, book)) return;
  checkFields(at, fields, what, book);
  for (const key of required) if (!has(step(at, key))) book.error(placeOf(at), `${what} has no "${key}".`);
  for (const [key, value] of entries(at)) {
    const shape = fields.get(key);
    if (typeof shape !== 'object' || shape.fields !== SECRET || !has(step(value, 'name')) === !has(step(value, 'key'))) continue;
    book.error(placeOf(value, 'key'), `"${key}" names a Secret by "name" and "key"; one of them is missing.`);
  }
}

interface Routing {
  readonly receivers: ReadonlySet<string>;
  readonly intervals: ReadonlySet<string>;
  readonly book: Book;
}

function checkRoute(at: At, routing: Routing, depth: number): void {
  const { receivers, intervals, book } = routing;
  if (depth > DEEPEST) book.error(placeOf(at), `Routes are nested more than ${DEEPEST} deep here.`);
  if (depth > DEEPEST || !expectMapping(at, 'A route', book)) return;
  checkFields(at, ROUTE, 'A route', book);
  requireDeclared(step(at, 'receiver'), receivers, leadsNowhere, book);
  for (const matcher of items(step(at, 'matchers'))) checkMatcher(matcher, book);
  for (const key of ['muteTimeIntervals', 'activeTimeIntervals'])
    for (const interval of items(step(at, key)))
      requireDeclared(
        interval,
        intervals,
        (called) => `The route names the time interval "${called}", which the object does not have.`,
        book,
      );
  for (const child of items(step(at, 'routes'))) checkRoute(child, routing, depth + 1);
}

function checkMatcher(at: At, book: Book): void {
  requireText(at, 'name', 'A matcher', book);
  const type = step(at, 'matchType');
  if (has(type) && textOf(type) !== '' && !MATCH_TYPES.has(textOf(type) ?? ''))
    book.error(placeOf(type), `"matchType" is one of ${[...MATCH_TYPES].join(', ')}; here is ${describe(type.value)}.`);
  const value = textOf(step(at, 'value'));
  const isPattern = /~/.test(textOf(type) ?? '') || step(at, 'regex').value === true;
  const why = value !== undefined && isPattern ? whyNotRe2(value) : undefined;
  if (why) book.error(placeOf(step(at, 'value')), `The regular expression "${shorten(value!)}" does not compile: ${why}.`);
}
