import { GLOBAL_EXCLUSIVE, GLOBAL_KEYS, HTTP_KEYS, INTEGRATIONS, type Integration } from './alertmanager-receivers.ts';
import { metadataOf, textMap, unitsOf } from './documents.ts';
import { prometheusDuration } from './durations.ts';
import type { Kind } from './kind.ts';
import { whyNoMatchers } from './matchers.ts';
import { didYouMean, isClassicLabelName, isLabelName } from './names.ts';
import { whyNotRe2 } from './re2.ts';
import type { Book, Statement } from './reading.ts';
import { expectList, expectMapping, optionalDuration, refuseUnknown, requireText } from './structure.ts';
import { checkTimeInterval } from './time-intervals.ts';
import { type At, describe, entries, has, isMapping, items, placeOf, shorten, step, textOf, walk } from './tree.ts';

/** Alertmanager's configuration, plain or in a Secret or ConfigMap, and the operator's AlertmanagerConfig (Alertmanager, config/config.go; amtool check-config). */
export const alertmanagerConfiguration: Kind = {
  type: 'notification_policy',
  check: async (source, book) => {
    let found = 0;
    for (const { at, kind } of unitsOf(source, book, /^alertmanager|\.(?:ya?ml|json)$/)) {
      if (kind === 'AlertmanagerConfig') {
        found++;
        checkOperatorObject(at, book);
      } else if (
        kind === undefined &&
        ['route', 'receivers', 'global', 'inhibit_rules', 'templates'].some(
          (key) => isMapping(at) && entries(at).some(([name]) => name === key),
        )
      ) {
        found++;
        checkConfiguration(at, book);
      }
    }
    if (found === 0 && book.close().ok)
      book.error(
        { file: source.path, line: 1, column: 1 },
        'The file holds no Alertmanager configuration: neither "route" nor "receivers".',
      );
  },
};

const TOP = new Set([
  'global',
  'route',
  'inhibit_rules',
  'receivers',
  'templates',
  'mute_time_intervals',
  'time_intervals',
  'tracing',
  'event_recorder',
]);
const ROUTE = new Set(
  'receiver group_by match match_re matchers mute_time_intervals active_time_intervals continue routes group_wait group_interval repeat_interval labels'.split(
    ' ',
  ),
);
const INHIBIT = new Set(
  'name source_match source_match_re source_matchers target_match target_match_re target_matchers equal sources'.split(' '),
);
/** Deeper routing trees than this are nobody's. */
const DEEPEST = 60;

function checkConfiguration(at: At, book: Book): void {
  refuseUnknown(at, TOP, 'An Alertmanager configuration', book);
  const global = step(at, 'global');
  if (has(global) && expectMapping(global, '"global"', book)) checkGlobal(global, book);
  const receivers = checkReceivers(step(at, 'receivers'), global, book);
  const intervals = checkIntervals(at, book);
  const route = step(at, 'route');
  if (!has(route)) book.error(placeOf(route, 'key'), 'The configuration has no "route".');
  else if (expectMapping(route, '"route"', book)) {
    checkRoot(route, book);
    checkRoute(route, { receivers, intervals, book }, 0);
  }
  const rules = step(at, 'inhibit_rules');
  if (expectList(rules, '"inhibit_rules"', book)) for (const rule of items(rules)) checkInhibition(rule, book);
  expectList(step(at, 'templates'), '"templates"', book);
  book.add({
    kind: 'AlertmanagerConfiguration',
    name: textOf(walk(at, 'route', 'receiver')) ?? '',
    labels: new Map(),
    annotations: new Map(),
    line: placeOf(at).line,
    says: channelsOf(at),
  });
}

function isSet(at: At): boolean {
  return has(at) && at.value !== '';
}

function checkGlobal(at: At, book: Book): void {
  refuseUnknown(at, GLOBAL_KEYS, '"global"', book);
  for (const pair of GLOBAL_EXCLUSIVE) checkExclusive(at, pair, '"global"', book);
  const [token, url] = [
    ['slack_app_token', 'slack_app_token_file'],
    ['slack_api_url', 'slack_api_url_file'],
  ].map((keys) => keys.find((key) => isSet(step(at, key))));
  // Bots were once configured by this very address; it may stay.
  const bot = textOf(step(at, 'slack_app_url')) ?? 'https://slack.com/api/chat.postMessage';
  if (token && url && textOf(step(at, 'slack_api_url')) !== bot)
    book.error(placeOf(step(at, url), 'key'), `"global" has "${token}" and "${url}"; it takes one of them.`);
  optionalDuration(at, 'resolve_timeout', '"global"', book);
  checkHttp(step(at, 'http_config'), book);
  checkSmarthost(step(at, 'smtp_smarthost'), book);
  for (const [key, value] of entries(at)) if (key.endsWith('_url')) checkUrl(value, key, book);
}

function checkExclusive(at: At, keys: readonly string[], what: string, book: Book): void {
  const both = keys.filter((key) => isSet(step(at, key)) && step(at, key).value !== false);
  if (both.length > 1) book.error(placeOf(step(at, both[1]!), 'key'), `${what} has "${both.join('" and "')}"; it takes one of them.`);
}

function checkSmarthost(at: At, book: Book): void {
  const text = textOf(at);
  if (text && !/^(?:\[[^\]]+\]|[^:]*):[^:]+$/.test(text))
    book.error(placeOf(at), `"${shorten(text)}" is no host and port such as smtp.example.org:587.`);
}

function checkUrl(at: At, key: string, book: Book): void {
  const text = textOf(at);
  if (text === undefined || text === '' || text.includes('{{') || text === '<secret>') return;
  if (!/^https?:\/\/[^/]/i.test(text)) book.error(placeOf(at), `"${key}" is no http or https address.`);
}

function checkHttp(at: At, book: Book): void {
  if (!has(at) || !expectMapping(at, '"http_config"', book)) return;
  refuseUnknown(at, HTTP_KEYS, '"http_config"', book);
  checkExclusive(at, ['bearer_token', 'bearer_token_file'], '"http_config"', book);
  const ways = ['basic_auth', 'authorization', 'oauth2', 'bearer_token', 'bearer_token_file'].filter((key) => isSet(step(at, key)));
  if (ways.length > 1 && !(ways.length === 2 && ways[0] === 'bearer_token'))
    book.error(placeOf(step(at, ways[1]!), 'key'), `"http_config" has "${ways.join('" and "')}"; it takes one way to authenticate.`);
  if (/^basic$/i.test(textOf(walk(at, 'authorization', 'type')) ?? ''))
    book.error(placeOf(walk(at, 'authorization', 'type')), 'The authorization type "basic" is written as "basic_auth".');
  checkExclusive(step(at, 'basic_auth'), ['password', 'password_file', 'password_ref'], '"basic_auth"', book);
  checkExclusive(step(at, 'authorization'), ['credentials', 'credentials_file', 'credentials_ref'], '"authorization"', book);
  for (const key of ['client_id', 'token_url']) if (has(step(at, 'oauth2'))) requireText(step(at, 'oauth2'), key, '"oauth2"', book);
}

function checkReceivers(at: At, global: At, book: Book): ReadonlySet<string> {
  const names = new Map<string, number>();
  if (!expectList(at, '"receivers"', book)) return new Set();
  for (const receiver of items(at)) {
    if (!expectMapping(receiver, 'A receiver', book)) continue;
    const name = requireText(receiver, 'name', 'A receiver', book);
    const earlier = name === undefined ? undefined : names.get(name);
    if (earlier !== undefined)
      book.error(placeOf(step(receiver, 'name')), `The receiver "${shorten(name!)}" stands in line ${earlier} already.`);
    else if (name !== undefined) names.set(name, placeOf(step(receiver, 'name')).line);
    refuseUnknown(receiver, new Set(['name', 'labels', ...INTEGRATIONS.keys()]), 'A receiver', book);
    for (const [key, value] of entries(receiver)) {
      const integration = INTEGRATIONS.get(key);
      if (integration && expectList(value, `"${key}"`, book))
        for (const config of items(value)) checkIntegration(config, key, integration, global, name ?? '', book);
    }
  }
  return new Set(names.keys());
}

function checkIntegration(at: At, key: string, integration: Integration, global: At, receiver: string, book: Book): void {
  const what = `A member of "${key}" of the receiver "${shorten(receiver)}"`;
  if (!has(at) && !integration.nullable) {
    book.error(placeOf(at), `${what} is empty.`);
    return;
  }
  if (has(at) && !expectMapping(at, what, book)) return;
  refuseUnknown(at, integration.keys, what, book);
  for (const keys of integration.exclusive) checkExclusive(at, keys, what, book);
  for (const { any, global: fallback = [] } of integration.required) {
    if (any.some((name) => isSet(step(at, name))) || fallback.some((name) => isSet(step(global, name)))) continue;
    book.error(
      placeOf(at),
      `${what} has no ${any.map((name) => `"${name}"`).join(' or ')}${fallback.length > 0 ? `, and "global" no ${fallback.map((name) => `"${name}"`).join(' or ')}` : ''}.`,
    );
  }
  for (const [name, values] of integration.values) {
    const text = textOf(step(at, name));
    if (text !== undefined && !values.includes(text))
      book.error(
        placeOf(step(at, name)),
        `"${name}" is one of ${values.filter((value) => value !== '').join(', ')}; here is "${shorten(text)}".`,
      );
  }
  checkHttp(step(at, 'http_config'), book);
  checkSmarthost(step(at, 'smarthost'), book);
  for (const name of ['api_url', 'webhook_url', 'url'])
    if (name !== 'url' || key !== 'pushover_configs') checkUrl(step(at, name), name, book);
  PECULIAR[key]?.(at, what, book);
}

const VICTOROPS_FIELDS = new Set(
  'routing_key message_type state_message entity_display_name monitoring_tool entity_id entity_state'.split(' '),
);

/** What a table cannot say. */
const PECULIAR: Readonly<Record<string, (at: At, what: string, book: Book) => void>> = {
  slack_configs: (at, what, book) => {
    if (step(at, 'update_message').value === true && textOf(step(at, 'api_url')) !== 'https://slack.com/api/chat.postMessage')
      book.error(
        placeOf(step(at, 'update_message'), 'key'),
        `${what} has "update_message", which works with bot tokens only: "api_url" must be https://slack.com/api/chat.postMessage.`,
      );
    for (const field of items(step(at, 'fields')))
      for (const key of ['title', 'value']) requireText(field, key, 'A field of a Slack message', book);
    for (const action of items(step(at, 'actions'))) {
      for (const key of ['type', 'text']) requireText(action, key, 'An action of a Slack message', book);
      if (!isSet(step(action, 'url')) && !isSet(step(action, 'name')))
        book.error(placeOf(action), 'An action of a Slack message has neither "url" nor "name".');
    }
    const token = isSet(step(at, 'app_token')) || isSet(step(at, 'app_token_file'));
    if (token && isSet(walk(at, 'http_config', 'authorization')))
      book.error(
        placeOf(walk(at, 'http_config', 'authorization'), 'key'),
        `${what} has an app token and an authorization; it takes one of them.`,
      );
  },
  victorops_configs: (at, what, book) => {
    for (const [key, value] of entries(step(at, 'custom_fields')))
      if (VICTOROPS_FIELDS.has(key))
        book.error(placeOf(value, 'key'), `${what} has the custom field "${key}", which is one of VictorOps' own.`);
  },
  email_configs: (at, what, book) => {
    const seen = new Set<string>();
    for (const [header, value] of entries(step(at, 'headers'))) {
      if (seen.has(header.toLowerCase())) book.error(placeOf(value, 'key'), `${what} has the header "${shorten(header)}" twice.`);
      seen.add(header.toLowerCase());
    }
  },
  opsgenie_configs: (at, what, book) => {
    for (const responder of items(step(at, 'responders'))) {
      if (!['id', 'name', 'username'].some((key) => isSet(step(responder, key))))
        book.error(placeOf(responder), `A responder of ${what} has neither "id" nor "name" nor "username".`);
      const type = textOf(step(responder, 'type')) ?? '';
      if (!type.includes('{{') && !/^(?:team|teams|user|escalation|schedule)$/i.test(type))
        book.error(
          placeOf(step(responder, 'type')),
          `"${shorten(type)}" is no type of responder: team, teams, user, escalation and schedule are.`,
        );
    }
  },
  webex_configs: (at, what, book) => {
    if (has(step(at, 'http_config')) && !has(walk(at, 'http_config', 'authorization')))
      book.error(placeOf(step(at, 'http_config'), 'key'), `${what} has no "http_config.authorization".`);
  },
  telegram_configs: (at, what, book) => {
    const chat = step(at, 'chat_id');
    if (has(chat) && !Number.isInteger(chat.value))
      book.error(placeOf(chat), `"chat_id" of ${what} is a whole number; here is ${describe(chat.value)}.`);
  },
};

function checkIntervals(at: At, book: Book): ReadonlySet<string> {
  const names = new Set<string>();
  for (const key of ['mute_time_intervals', 'time_intervals']) {
    const list = step(at, key);
    if (!expectList(list, `"${key}"`, book)) continue;
    for (const interval of items(list)) {
      if (!expectMapping(interval, 'A time interval', book)) continue;
      const name = requireText(interval, 'name', 'A time interval', book);
      if (name !== undefined && names.has(name))
        book.error(placeOf(step(interval, 'name')), `The time interval "${shorten(name)}" stands twice.`);
      if (name !== undefined) names.add(name);
      refuseUnknown(interval, new Set(['name', 'time_intervals']), 'A time interval', book);
      for (const entry of items(step(interval, 'time_intervals'))) checkTimeInterval(entry, book);
    }
  }
  return names;
}

function checkRoot(route: At, book: Book): void {
  if (!isSet(step(route, 'receiver')))
    book.error(placeOf(route, 'key'), 'The first route has no "receiver", which takes what no other route takes.');
  for (const key of ['match', 'match_re', 'matchers', 'mute_time_intervals', 'active_time_intervals']) {
    const at = step(route, key);
    if (items(at).length > 0 || entries(at).length > 0)
      book.error(placeOf(at, 'key'), `The first route takes every alert and may not have "${key}".`);
  }
}

interface Routing {
  readonly receivers: ReadonlySet<string>;
  readonly intervals: ReadonlySet<string>;
  readonly book: Book;
}

function checkRoute(at: At, routing: Routing, depth: number): void {
  const { receivers, intervals, book } = routing;
  if (depth > DEEPEST) {
    book.error(placeOf(at), `Routes are nested more than ${DEEPEST} deep here.`);
    return;
  }
  if (!expectMapping(at, 'A route', book)) return;
  refuseUnknown(at, ROUTE, 'A route', book);
  const receiver = step(at, 'receiver');
  const name = textOf(receiver);
  if (name && !receivers.has(name))
    book.error(
      placeOf(receiver),
      `The route leads to the receiver "${shorten(name)}", which is not under "receivers".${didYouMean(name, receivers)}`,
    );
  checkGroupBy(step(at, 'group_by'), book);
  checkMatch(at, 'match', 'match_re', 'matchers', book);
  for (const key of ['group_wait', 'group_interval', 'repeat_interval']) {
    const duration = optionalDuration(at, key, 'the route', book);
    if (duration === 0 && key !== 'group_wait') book.error(placeOf(step(at, key)), `"${key}" of the route cannot be zero.`);
  }
  checkRepeat(at, book);
  for (const key of ['mute_time_intervals', 'active_time_intervals'])
    for (const interval of items(step(at, key))) {
      const called = textOf(interval) ?? '';
      if (!intervals.has(called))
        book.error(
          placeOf(interval),
          `The route names the time interval "${shorten(called)}", which is not under "time_intervals".${didYouMean(called, intervals)}`,
        );
    }
  const more = step(at, 'continue');
  if (has(more) && typeof more.value !== 'boolean' && !/^(?:yes|no|on|off|y|n)$/i.test(textOf(more) ?? ''))
    book.error(placeOf(more), `"continue" is true or false; here is ${describe(more.value)}.`);
  const routes = step(at, 'routes');
  if (expectList(routes, '"routes"', book)) for (const route of items(routes)) checkRoute(route, routing, depth + 1);
}

function checkRepeat(at: At, book: Book): void {
  const [repeat, group] = ['repeat_interval', 'group_interval'].map((key) => prometheusDuration(textOf(step(at, key)) ?? ''));
  if (repeat && group && repeat < group)
    book.advise(placeOf(step(at, 'repeat_interval')), '"repeat_interval" is shorter than "group_interval", which then decides.');
}

function checkGroupBy(at: At, book: Book): void {
  if (!expectList(at, '"group_by"', book)) return;
  const labels = items(at).map((label) => textOf(label) ?? '');
  const seen = new Set<string>();
  for (const [index, label] of labels.entries()) {
    const place = placeOf(items(at)[index]!);
    if (label === '...' && labels.length > 1) book.error(place, '"..." in "group_by" stands for all labels; no other may stand beside it.');
    else if (label !== '...' && !isLabelName(label)) book.error(place, `"${shorten(label)}" in "group_by" is no label name.`);
    else if (label !== '...' && !isClassicLabelName(label))
      book.advise(place, `"${shorten(label)}" in "group_by" is a label name to newer Alertmanagers only.`);
    if (seen.has(label)) book.error(place, `"${shorten(label)}" stands twice in "group_by".`);
    seen.add(label);
  }
}

function checkMatch(at: At, equal: string, regex: string, matchers: string, book: Book): void {
  for (const key of [equal, regex]) {
    const map = step(at, key);
    if (has(map) && !expectMapping(map, `"${key}"`, book)) continue;
    for (const [label, value] of entries(map)) {
      if (!isClassicLabelName(label)) book.error(placeOf(value, 'key'), `"${shorten(label)}" in "${key}" is no label name.`);
      const text = textOf(value);
      if (text === undefined && (key === regex || has(value)))
        book.error(placeOf(value, 'key'), `"${shorten(label)}" in "${key}" must be a text; here is ${describe(value.value)}.`);
      const why = key === regex && text !== undefined ? whyNotRe2(text) : undefined;
      if (why) book.error(placeOf(value), `The regular expression "${shorten(text!)}" does not compile: ${why}.`);
    }
  }
  const list = step(at, matchers);
  if (expectList(list, `"${matchers}"`, book)) for (const line of items(list)) checkMatcher(line, matchers, book);
}

function checkMatcher(at: At, key: string, book: Book): void {
  const text = textOf(at);
  const why = text === undefined ? `here is ${describe(at.value)}` : whyNoMatchers(text);
  if (why) book.error(placeOf(at), `"${shorten(text ?? '')}" in "${key}" is no matcher such as severity="critical": ${why}.`);
}

function checkInhibition(at: At, book: Book): void {
  if (!expectMapping(at, 'An inhibition rule', book)) return;
  refuseUnknown(at, INHIBIT, 'An inhibition rule', book);
  for (const side of ['source', 'target']) {
    checkMatch(at, `${side}_match`, `${side}_match_re`, `${side}_matchers`, book);
    const keys = [`${side}_match`, `${side}_match_re`, `${side}_matchers`];
    if (!has(step(at, 'sources')) && !keys.some((key) => has(step(at, key))))
      book.advise(placeOf(at), `The inhibition rule has no "${side}_matchers" and so takes every alert as ${side}.`);
  }
  for (const label of items(step(at, 'equal')))
    if (!isLabelName(textOf(label) ?? '')) book.error(placeOf(label), `"${shorten(textOf(label) ?? '')}" in "equal" is no label name.`);
}

/** The operator's object has the routing of the configuration in its own spelling; its receivers refer to Secrets and are not judged further. */
function checkOperatorObject(at: At, book: Book): void {
  const api = step(at, 'apiVersion');
  if (!/^monitoring\.coreos\.com\/v1(?:alpha1|beta1)$/.test(textOf(api) ?? ''))
    book.error(
      placeOf(api),
      `An AlertmanagerConfig is an object of monitoring.coreos.com/v1alpha1 or v1beta1; here is ${describe(api.value)}.`,
    );
  const metadata = metadataOf(at);
  if (metadata.name === '') book.error(placeOf(step(at, 'metadata'), 'key'), 'The AlertmanagerConfig has no "metadata.name".');
  const spec = step(at, 'spec');
  const names = new Set<string>();
  for (const receiver of items(step(spec, 'receivers'))) {
    const name = requireText(receiver, 'name', 'A receiver', book);
    if (name !== undefined && names.has(name)) book.error(placeOf(step(receiver, 'name')), `The receiver "${shorten(name)}" stands twice.`);
    if (name !== undefined) names.add(name);
  }
  const route = step(spec, 'route');
  if (!has(route)) book.error(placeOf(has(spec) ? spec : at, 'key'), 'The AlertmanagerConfig has no "spec.route".');
  else if (!isSet(step(route, 'receiver'))) book.error(placeOf(route, 'key'), 'The first route has no "receiver".');
  const queue = [{ at: route, depth: 0 }];
  for (let next = queue.pop(); next; next = queue.pop()) {
    const name = textOf(step(next.at, 'receiver'));
    if (name && !names.has(name))
      book.error(
        placeOf(step(next.at, 'receiver')),
        `The route leads to the receiver "${shorten(name)}", which is not under "receivers".${didYouMean(name, names)}`,
      );
    if (next.depth < DEEPEST) queue.push(...items(step(next.at, 'routes')).map((child) => ({ at: child, depth: next!.depth + 1 })));
  }
  book.add({
    kind: 'AlertmanagerConfig',
    ...metadata,
    labels: new Map([...metadata.labels, ...textMap(step(at, 'labels'))]),
    says: channelsOf(spec),
  });
}

/** Where receivers send: a channel or address as written, else `unclear`. The receiver's own name and the integration's stand for it too. */
function channelsOf(at: At): readonly Statement[] {
  return items(step(at, 'receivers')).flatMap((receiver) => {
    const name = textOf(step(receiver, 'name')) ?? '';
    return entries(receiver).flatMap(([key, list]) =>
      items(list).flatMap((config): Statement[] => {
        const type = key.replace(/_?[cC]onfigs$/, '').toLowerCase();
        if (type === key) return [];
        const aim = ['channel', 'to', 'room_id', 'chat_id'].map((field) => step(config, field)).find(has);
        const value = aim && textOf(aim);
        const certain = value !== undefined && !value.includes('{{');
        const place = placeOf(aim ?? config);
        return [{ property: certain ? 'channel' : 'unclear', value: [value ?? '', name, type], place, field: `receivers[${name}].${key}` }];
      }),
    );
  });
}
