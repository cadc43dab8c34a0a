import { checkAlertmanagerConfig } from './alertmanager-config.ts';
import { GLOBAL, GLOBAL_EXCLUSIVE, INTEGRATIONS, type Integration } from './alertmanager-receivers.ts';
import { copyOf } from './copy.ts';
import { type Source, unitsOf } from './documents.ts';
import { prometheusDuration } from './durations.ts';
import { checkFields, readFields } from './fields.ts';
import { checkTemplate, PLAIN_FUNCTIONS } from './go-template.ts';
import type { Kind } from './kind.ts';
import { whyNoMatchers } from './matchers.ts';
import { didYouMean, isClassicLabelName, isLabelName } from './names.ts';
import { whyNotRe2 } from './re2.ts';
import { type Book, ownedBy, type Statement } from './reading.ts';
import { expectList, expectMapping, leadsNowhere, optionalDuration, refuseUnknown, requireDeclared, requireText } from './structure.ts';
import { checkTimeInterval } from './time-intervals.ts';
import { type At, describe, entries, has, hasKey, isMapping, items, placeOf, shorten, step, textOf, walk } from './tree.ts';

/** Alertmanager's configuration, plain or in a Secret or ConfigMap, and the operator's AlertmanagerConfig (Alertmanager, config/config.go; amtool check-config). */
export const alertmanagerConfiguration: Kind = {
  type: 'notification_policy',
  check: (source, book) => {
    let found = 0;
    for (const { at, kind, isWhole, owner } of unitsOf(source, book, /^alertmanager|\.(?:ya?ml|json)$/)) {
      book.begin();
      if (kind === 'AlertmanagerConfig') {
        found++;
        checkAlertmanagerConfig(at, channelsOf, ownedBy(book, owner));
      } else if (kind === undefined && ['route', 'receivers', 'global', 'inhibit_rules', 'templates'].some((key) => hasKey(at, key))) {
        found++;
        checkConfiguration(at, ownedBy(book, owner));
        askAmtool(at, isWhole ? source : undefined, book);
      }
    }
    if (found === 0 && book.close().ok)
      book.error(
        { file: source.path, line: 1, column: 1 },
        'The file holds no Alertmanager configuration: neither "route" nor "receivers".',
      );
  },
};

const TEMPLATES = new Set(['templates']);

/** Templates are files of the place where it runs; of ours none is opened on a stranger's word, and so they are left out of what amtool is shown. */
function askAmtool(at: At, whole: Source | undefined, book: Book): void {
  const templates = step(at, 'templates');
  if (!has(templates) && whole !== undefined)
    book.ask({ program: 'amtool', text: () => whole.text, place: (line) => ({ file: whole.path, line, column: 1 }) });
  else if (!has(templates) || (Array.isArray(templates.value) && items(templates).every((one) => textOf(one) !== undefined)))
    book.ask({ program: 'amtool', ...copyOf(at, TEMPLATES) });
}

const TOP = readFields(
  'global:any route:any inhibit_rules:any receivers:any templates:texts mute_time_intervals:any time_intervals:any tracing:{tracing} event_recorder:map',
  {
    tracing: readFields(
      'client_type endpoint sampling_fraction:number insecure:flag tls_config:{tls} headers:map compression timeout:duration',
      {
        tls: readFields(
          'ca cert key ca_file cert_file key_file ca_ref cert_ref key_ref server_name insecure_skip_verify:flag min_version max_version',
        ),
      },
    ),
  },
);
const ROUTE = readFields(
  'receiver group_by:any match:any match_re:any matchers:any mute_time_intervals:texts active_time_intervals:texts continue:flag routes:any group_wait:any group_interval:any ' +
    'repeat_interval:any labels:labels',
);
const INHIBIT = readFields(
  'name source_match:any source_match_re:any source_matchers:any target_match:any target_match_re:any target_matchers:any equal:texts sources:list',
);
const RECEIVER = new Set(['name', 'labels', ...INTEGRATIONS.keys()]);
/** Deeper routing trees than this are nobody's. */
const DEEPEST = 60;

function checkConfiguration(at: At, book: Book): void {
  checkFields(at, TOP, 'An Alertmanager configuration', book);
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
  if (has(step(at, 'tracing'))) requireText(step(at, 'tracing'), 'endpoint', '"tracing"', book);
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
  checkFields(at, GLOBAL, '"global"', book);
  for (const pair of GLOBAL_EXCLUSIVE) checkExclusive(at, pair, '"global"', book);
  const [token, url] = [
    ['slack_app_token', 'slack_app_token_file'],
    ['slack_api_url', 'slack_api_url_file'],
  ].map((keys) => keys.find((key) => isSet(step(at, key))));
  // Bots were once configured by this very address; it may stay.
  const bot = textOf(step(at, 'slack_app_url')) ?? 'https://slack.com/api/chat.postMessage';
  if (token && url && textOf(step(at, 'slack_api_url')) !== bot)
    book.error(placeOf(step(at, url), 'key'), `"global" has "${token}" and "${url}"; it takes one of them.`);
  checkHttp(step(at, 'http_config'), book);
  checkSmarthost(step(at, 'smtp_smarthost'), book);
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

function checkHttp(at: At, book: Book): void {
  if (!isMapping(at)) return;
  checkExclusive(at, ['bearer_token', 'bearer_token_file'], '"http_config"', book);
  const ways = ['basic_auth', 'authorization', 'oauth2', 'bearer_token', 'bearer_token_file'].filter((key) => isSet(step(at, key)));
  if (ways.length > 1 && !(ways.length === 2 && ways[0] === 'bearer_token'))
    book.error(placeOf(step(at, ways[1]!), 'key'), `"http_config" has "${ways.join('" and "')}"; it takes one way to authenticate.`);
  if (/^basic$/i.test(textOf(walk(at, 'authorization', 'type')) ?? ''))
    book.error(placeOf(walk(at, 'authorization', 'type')), 'The authorization type "basic" is written as "basic_auth".');
  checkExclusive(step(at, 'basic_auth'), ['password', 'password_file', 'password_ref'], '"basic_auth"', book);
  checkExclusive(step(at, 'authorization'), ['credentials', 'credentials_file', 'credentials_ref'], '"authorization"', book);
  if (isSet(step(at, 'no_proxy')) && !isSet(step(at, 'proxy_url')))
    book.error(placeOf(step(at, 'no_proxy'), 'key'), '"http_config" has "no_proxy" and no "proxy_url", without which it says nothing.');
  const fromEnvironment = step(at, 'proxy_from_environment').value === true;
  if (fromEnvironment && isSet(step(at, 'proxy_url')))
    book.error(placeOf(step(at, 'proxy_url'), 'key'), '"http_config" has "proxy_url" and "proxy_from_environment"; it takes one of them.');
  for (const key of ['client_id', 'token_url']) if (has(step(at, 'oauth2'))) requireText(step(at, 'oauth2'), key, '"oauth2"', book);
}

function checkReceivers(at: At, global: At, book: Book): ReadonlySet<string> {
  const names = new Map<string, At>();
  if (!expectList(at, '"receivers"', book)) return new Set();
  for (const receiver of items(at)) {
    if (!expectMapping(receiver, 'A receiver', book)) continue;
    const name = requireText(receiver, 'name', 'A receiver', book);
    const earlier = name === undefined ? undefined : names.get(name);
    if (earlier !== undefined)
      book.error(placeOf(step(receiver, 'name')), `The receiver "${shorten(name!)}" stands in line ${placeOf(earlier).line} already.`);
    else if (name !== undefined) names.set(name, step(receiver, 'name'));
    refuseUnknown(receiver, RECEIVER, 'A receiver', book);
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
  checkFields(at, integration.fields, what, book);
  for (const keys of integration.exclusive) checkExclusive(at, keys, what, book);
  for (const { any, global: fallback = [] } of integration.required) {
    const isGiven = integration.takesEmpty ? has : isSet;
    if (any.some((name) => isGiven(step(at, name))) || fallback.some((name) => isSet(step(global, name)))) continue;
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
  PECULIAR[key]?.(at, what, book);
}

const JIRA_FIELD = readFields('template enable_update:flag');

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
  jira_configs: (at, what, book) => {
    for (const key of ['summary', 'description']) {
      const field = step(at, key);
      if (isMapping(field)) checkFields(field, JIRA_FIELD, `"${key}"`, book);
      else if (has(field) && textOf(field) === undefined)
        book.error(placeOf(field), `"${key}" of ${what} is a text, or a mapping with "template".`);
    }
  },
  mattermost_configs: (at, _what, book) => {
    for (const field of items(step(at, 'fields')))
      for (const key of ['title', 'value']) requireText(field, key, 'A field of a Mattermost message', book);
  },
  webhook_configs: (at, what, book) => {
    const url = textOf(step(at, 'url'));
    const fault = url?.includes('{{') ? checkTemplate(url, PLAIN_FUNCTIONS, new Set(['$'])) : undefined;
    if (fault) book.error(placeOf(step(at, 'url')), `"url" of ${what}: ${fault.message}`);
  },
  webex_configs: (at, what, book) => {
    if (has(step(at, 'http_config')) && !has(walk(at, 'http_config', 'authorization')))
      book.error(placeOf(step(at, 'http_config'), 'key'), `${what} has no "http_config.authorization".`);
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
  for (const key of ['match', 'match_re', 'matchers', 'mute_time_intervals', 'active_time_intervals', 'continue']) {
    const at = step(route, key);
    if (items(at).length > 0 || entries(at).length > 0 || at.value === true)
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
  checkFields(at, ROUTE, 'A route', book);
  requireDeclared(step(at, 'receiver'), receivers, leadsNowhere, book);
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
  const labels = items(at);
  const seen = new Set<string>();
  for (const one of labels) {
    const label = textOf(one) ?? '';
    if (label === '...' && labels.length > 1)
      book.error(placeOf(one), '"..." in "group_by" stands for all labels; no other may stand beside it.');
    else if (label !== '...' && !isLabelName(label)) book.error(placeOf(one), `"${shorten(label)}" in "group_by" is no label name.`);
    else if (label !== '...' && !isClassicLabelName(label))
      book.advise(placeOf(one), `"${shorten(label)}" in "group_by" is a label name to newer Alertmanagers only.`);
    if (seen.has(label)) book.error(placeOf(one), `"${shorten(label)}" stands twice in "group_by".`);
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
  checkFields(at, INHIBIT, 'An inhibition rule', book);
  for (const side of ['source', 'target']) {
    checkMatch(at, `${side}_match`, `${side}_match_re`, `${side}_matchers`, book);
    const keys = [`${side}_match`, `${side}_match_re`, `${side}_matchers`];
    if (!has(step(at, 'sources')) && !keys.some((key) => has(step(at, key))))
      book.advise(placeOf(at), `The inhibition rule has no "${side}_matchers" and so takes every alert as ${side}.`);
  }
  for (const label of items(step(at, 'equal')))
    if (!isLabelName(textOf(label) ?? '')) book.error(placeOf(label), `"${shorten(textOf(label) ?? '')}" in "equal" is no label name.`);
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
