import { type Copy, copyOf } from './copy.ts';
import { metadataOf, type Source, textMap, type Unit, unitsOf } from './documents.ts';
import { checkTemplate } from './go-template.ts';
import { isClassicLabelName, isLabelName, isMetricName } from './names.ts';
import type { QueryReading, ReadQuery } from './query.ts';
import { type Book, type FieldProgram, ownedBy, type Statement } from './reading.ts';
import { checkObject, expectList, expectMapping, optionalDuration, refuseUnknown, requireText } from './structure.ts';
import {
  type At,
  describe,
  eachEntry,
  entries,
  has,
  hasKey,
  isMapping,
  items,
  keys,
  placeOf,
  shorten,
  step,
  textOf,
  walk,
} from './tree.ts';

/** What tells the rules of one program from those of another. */
export interface RuleLanguage {
  /** `PromQL`. */
  readonly name: string;
  readonly read: ReadQuery;
  /** Kubernetes kinds that hold such groups, and their API versions. */
  readonly kinds: ReadonlyMap<string, readonly string[]>;
  /** What a rule states that the contract may state otherwise. */
  readonly statements: (rule: At, query: QueryReading) => readonly Statement[];
  /** A sentence about a query that does not yield what a rule needs, and whether the program refuses it. */
  readonly judgeType: (query: QueryReading) => { readonly message: string; readonly refused: boolean } | undefined;
  /** The field's own program for such files. */
  readonly program?: FieldProgram;
}

/** Keys that Thanos, Mimir, Loki and vmalert read and Prometheus does not. */
const FOREIGN_TOP = new Set(['namespace', 'tenant']);
const ANY_TOP = new Set(['groups', ...FOREIGN_TOP]);
const FOREIGN_GROUP = new Set([
  ...['partial_response_strategy', 'source_tenants', 'evaluation_delay', 'align_evaluation_time_on_interval', 'remote_write'],
  ...[
    'type',
    'concurrency',
    'params',
    'headers',
    'notifier_headers',
    'tenant',
    'eval_offset',
    'eval_delay',
    'eval_alignment',
    'extra_filter_labels',
  ],
]);
const ANY_GROUP = new Set(['name', 'interval', 'query_offset', 'limit', 'labels', 'rules', ...FOREIGN_GROUP]);
const FOREIGN_RULE = new Set(['debug', 'update_entries_limit', 'cloneID', 'publish']);
const ANY_RULE = new Set(['record', 'alert', 'expr', 'for', 'keep_firing_for', 'labels', 'annotations', ...FOREIGN_RULE]);
const EMBEDDED = /\.(?:ya?ml|rules|json)$|^(?!.*\.)/;

/** Judges every rule group of a file: plain rule files, Kubernetes objects, lists of them, and rule files in ConfigMaps. */
export function checkRuleFile(source: Source, language: RuleLanguage, book: Book): void {
  let recognised = 0;
  let plain = 0;
  for (const unit of unitsOf(source, book, EMBEDDED)) {
    const { at, kind } = unit;
    book.begin();
    const versions = kind === undefined ? undefined : language.kinds.get(kind);
    if (versions !== undefined) {
      recognised++;
      checkRuleObject(unit, versions, language, ownedBy(book, unit.owner));
    } else if (kind === undefined && (has(step(at, 'groups')) || isPlainRules(at))) {
      recognised++;
      if (++plain === 2)
        book.advise(
          placeOf(at),
          `A second document starts here, and ${language.name === 'LogQL' ? 'Loki' : 'Prometheus'} reads only the first of a plain rule file.`,
        );
      checkPlainRules(unit, source, language, ownedBy(book, unit.owner));
    }
  }
  if (recognised === 0 && book.close().ok)
    book.error(
      { file: source.path, line: 1, column: 1 },
      `The file holds no rules: neither "groups" nor an object of kind ${[...language.kinds.keys()].join(' or ')}.`,
    );
}

function isPlainRules(at: At): boolean {
  return isMapping(at) && hasKey(at, 'groups');
}

function checkRuleObject({ at, kind = '' }: Unit, versions: readonly string[], language: RuleLanguage, book: Book): void {
  checkObject(at, versions, `The ${kind}`, book);
  const metadata = metadataOf(at);
  book.add({ kind, ...metadata, says: namespaceStatement(at) });
  const groups = walk(at, 'spec', 'groups');
  if (!has(step(at, 'spec'))) book.error(placeOf(at), `The ${kind} "${metadata.name}" has no "spec".`);
  else if (!has(groups))
    book.error(placeOf(step(at, 'spec'), 'key'), `The ${kind} "${metadata.name}" has no "spec.groups", and so no rule.`);
  const context: Context = { language, book: ownedBy(book, metadata), typed: true, foreign: new Set() };
  checkGroups(groups, context);
  if (has(groups)) askProgram(groups, copyOf(step(at, 'spec')), context);
}

export function namespaceStatement(at: At): readonly Statement[] {
  const namespace = walk(at, 'metadata', 'namespace');
  const value = textOf(namespace);
  return value === undefined ? [] : [{ property: 'namespace', value, place: placeOf(namespace), field: 'metadata.namespace' }];
}

function checkPlainRules({ at, isWhole }: Unit, source: Source, language: RuleLanguage, book: Book): void {
  const context: Context = { language, book, typed: false, foreign: new Set() };
  for (const key of keys(at))
    if (FOREIGN_TOP.has(key)) {
      context.foreign.add(key);
      book.advise(placeOf(step(at, key), 'key'), `"${key}" is read by Mimir, Loki and Thanos tools; Prometheus refuses it.`);
    }
  refuseUnknown(at, ANY_TOP, 'A rule file', book);
  if (!has(step(at, 'groups'))) book.error(placeOf(step(at, 'groups'), 'key'), '"groups" is empty, and so the file has no rule.');
  checkGroups(step(at, 'groups'), context);
  const whole = { text: () => source.text, place: (line: number) => ({ file: source.path, line, column: 1 }) };
  if (has(step(at, 'groups'))) askProgram(step(at, 'groups'), isWhole ? whole : copyOf(at), context);
}

/** Not of files that are written for a program with more keys and functions, which it would refuse. */
function askProgram(groups: At, copy: Copy, { language: { program }, foreign, book }: Context): void {
  if (program === undefined || foreign.size > 0) return;
  const ruleAt = (name: string, number: number) => {
    const group = items(groups).find((one) => textOf(step(one, 'name')) === name);
    const rule = group && items(step(group, 'rules'))[number - 1];
    return rule && placeOf(rule);
  };
  book.ask({ program, ...copy, ruleAt });
}

interface Context {
  readonly language: RuleLanguage;
  readonly book: Book;
  /** Kubernetes checks types before anyone reads the rules; plain YAML takes any scalar for a text. */
  readonly typed: boolean;
  /** Keys and functions of other programs than the one whose rules these are. */
  readonly foreign: Set<string>;
}

function checkGroups(groups: At, context: Context): void {
  const { book } = context;
  if (!expectList(groups, '"groups"', book)) return;
  const names = new Map<string, At>();
  const seen: Seen = new Map();
  for (const group of items(groups)) {
    if (!expectMapping(group, 'A group', book)) continue;
    const name = requireText(group, 'name', 'A group', book);
    const earlier = name === undefined ? undefined : names.get(name);
    if (earlier !== undefined)
      book.error(
        placeOf(step(group, 'name')),
        `The group "${shorten(name!)}" stands in line ${placeOf(earlier).line} already; names of groups are unique in a file.`,
      );
    else if (name !== undefined) names.set(name, step(group, 'name'));
    checkGroup(group, name ?? '', seen, context);
  }
}

function checkGroup(group: At, name: string, seen: Seen, context: Context): void {
  const { book, typed } = context;
  const what = `the group "${shorten(name)}"`;
  for (const key of keys(group))
    if (FOREIGN_GROUP.has(key)) {
      context.foreign.add(key);
      book.advise(placeOf(step(group, key), 'key'), `"${key}" of ${what} is read by Thanos, Mimir or vmalert; Prometheus refuses it.`);
    }
  refuseUnknown(group, ANY_GROUP, 'A group', book);
  optionalDuration(group, 'interval', what, book);
  optionalDuration(group, 'query_offset', what, book);
  const limit = step(group, 'limit');
  if (has(limit) && (typed ? !Number.isInteger(limit.value) : typeof limit.value !== 'number'))
    book.error(placeOf(limit), `"limit" of ${what} must be a whole number; here is ${describe(limit.value)}.`);
  checkLabels(step(group, 'labels'), 'label', context);
  const own = { name, labels: textMap(step(group, 'labels')), annotations: new Map<string, string>() };
  book.add({ ...own, kind: 'group', line: placeOf(group).line, says: [] });
  const rules = step(group, 'rules');
  if (!has(rules)) book.advise(placeOf(group), `The group "${shorten(name)}" has no rules.`);
  if (!expectList(rules, `"rules" of ${what}`, book)) return;
  const inside = { ...context, book: ownedBy(book, own) };
  for (const rule of items(rules)) {
    if (!has(rule)) book.advise(placeOf(rule), 'An empty entry stands in the list of rules.');
    else if (expectMapping(rule, 'A rule', book)) checkRule(rule, seen, inside);
  }
}

function checkRule(rule: At, seen: Seen, context: Context): void {
  const { book } = context;
  const alert = textOf(step(rule, 'alert'));
  const record = textOf(step(rule, 'record'));
  if (alert && record)
    book.error(
      placeOf(step(rule, 'record'), 'key'),
      `The rule is both the alert "${shorten(alert)}" and the recording "${shorten(record)}"; make two rules of it.`,
    );
  for (const at of [step(rule, 'alert'), step(rule, 'record')])
    if (has(at) && textOf(at) === undefined) book.error(placeOf(at), `The name of a rule is a text; here is ${describe(at.value)}.`);
  if (!alert && !record) book.error(placeOf(rule), 'The rule has neither "alert" nor "record".');
  const name = alert || record || '';
  const what = `the ${alert ? 'alert' : 'recording'} "${shorten(name)}"`;
  for (const key of keys(rule))
    if (FOREIGN_RULE.has(key)) {
      context.foreign.add(key);
      book.advise(placeOf(step(rule, key), 'key'), `"${key}" of ${what} is not read by Prometheus.`);
    }
  refuseUnknown(rule, ANY_RULE, 'A rule', book);
  const query = checkExpression(rule, what, context);
  checkLabels(step(rule, 'labels'), 'label', context);
  checkLabels(step(rule, 'annotations'), 'annotation', context);
  checkWait(rule, 'for', what, context);
  checkWait(rule, 'keep_firing_for', what, context);
  if (alert) checkAlert(rule, what, book);
  if (record) checkRecord(rule, record, what, book);
  adviseTwice(rule, name, seen, book);
  book.add({
    kind: alert ? 'alert' : 'record',
    name,
    labels: textMap(step(rule, 'labels')),
    annotations: textMap(step(rule, 'annotations')),
    line: placeOf(rule).line,
    says: alert && query ? context.language.statements(rule, query) : [],
  });
}

function checkExpression(rule: At, what: string, { language, book, typed, foreign }: Context): QueryReading | undefined {
  const expr = step(rule, 'expr');
  const text = textOf(expr);
  if (text === undefined || text.trim() === '' || (typed && typeof expr.value === 'boolean')) {
    const why =
      text === undefined && has(expr)
        ? `"expr" of ${what} must be a text; here is ${describe(expr.value)}.`
        : `${capital(what)} has no "expr".`;
    book.error(placeOf(expr, 'key'), why);
    return undefined;
  }
  const query = language.read(text);
  for (const { offset, message } of query.faults) book.error(placeIn(expr, offset), `${capital(what)}: ${message}`);
  for (const { offset, message } of query.advice) book.advise(placeIn(expr, offset), `${capital(what)}: ${message}`);
  if (query.foreign) foreign.add('expr');
  if (query.unread !== undefined) book.unread(placeOf(expr), `${capital(what)}: ${query.unread}`);
  const judged = query.faults.length === 0 ? language.judgeType(query) : undefined;
  if (judged) (judged.refused ? book.error : book.advise)(placeOf(expr), `${capital(what)}: ${judged.message}`);
  return query;
}

export function placeIn(at: At, offset: number) {
  return typeof at.value === 'string' ? at.tree.placeWithin(at.path, offset) : placeOf(at);
}

function checkWait(rule: At, key: string, what: string, { book, typed }: Context): void {
  const at = step(rule, key);
  const duration = optionalDuration(rule, key, what, book);
  if (typed && typeof at.value === 'number')
    book.error(placeOf(at), `"${key}" of ${what} is a number, which Kubernetes refuses; put it in quotes.`);
  if (duration && textOf(step(rule, 'record'))) book.error(placeOf(at, 'key'), `"${key}" fits alerts; ${what} is none.`);
}

function checkAlert(rule: At, what: string, book: Book): void {
  for (const section of ['labels', 'annotations'])
    eachEntry(step(rule, section), (key, value) => {
      const fault = typeof value.value === 'string' && value.value.includes('{{') ? checkTemplate(value.value) : undefined;
      if (fault)
        book.error(placeIn(value, fault.offset), `${capital(section.slice(0, -1))} "${shorten(key)}" of ${what}: ${fault.message}`);
    });
  if (!has(step(rule, 'for'))) book.advise(placeOf(rule), `${capital(what)} has no "for": a single bad evaluation fires it.`);
  if (!has(walk(rule, 'labels', 'severity')))
    book.advise(placeOf(rule), `${capital(what)} has no label "severity"; routes that go by it will miss it.`);
}

function checkRecord(rule: At, record: string, what: string, book: Book): void {
  const at = step(rule, 'record');
  if (/[{}]/.test(record)) book.error(placeOf(at), `The name of ${what} has braces; a query belongs into "expr".`);
  else if (!isMetricName(record)) book.error(placeOf(at), `${capital(what)} has a name that no metric can have.`);
  else if (!/^[a-zA-Z_:][\w:]*$/.test(record)) book.advise(placeOf(at), `"${shorten(record)}" is a metric name for Prometheus 3 only.`);
  if (entries(step(rule, 'annotations')).length > 0)
    book.error(placeOf(step(rule, 'annotations'), 'key'), `"annotations" fit alerts; ${what} is none.`);
}

function checkLabels(at: At, noun: 'label' | 'annotation', { book, typed }: Context): void {
  if (!has(at)) return;
  if (!expectMapping(at, `"${noun}s"`, book)) return;
  eachEntry(at, (key, value) => {
    if (!isLabelName(key) || (noun === 'label' && key === '__name__'))
      book.error(placeOf(value, 'key'), `"${shorten(key)}" is no name for a ${noun}.`);
    else if (!isClassicLabelName(key))
      book.advise(
        placeOf(value, 'key'),
        `"${shorten(key)}" is a name for a ${noun} to Prometheus 3 only; letters, digits and "_" please every version.`,
      );
    if (typed ? value.value !== undefined && typeof value.value !== 'string' : has(value) && textOf(value) === undefined)
      book.error(
        placeOf(value),
        `The ${noun} "${shorten(key)}" must be a text; here is ${describe(value.value)}${typed && textOf(value) !== undefined ? ', put it in quotes' : ''}.`,
      );
  });
}

/** The first rule of each name, and once there are more of a name all of them by their labels. */
type Seen = Map<string, { readonly first: At; byLabels?: Map<string, At> }>;

/** As promtool's lint does: two rules of one name and equal labels, anywhere in the file. */
function adviseTwice(rule: At, name: string, seen: Seen, book: Book): void {
  const same = seen.get(name);
  if (same === undefined) {
    seen.set(name, { first: rule });
    return;
  }
  same.byLabels ??= new Map([[labelsOf(same.first), same.first]]);
  const labels = labelsOf(rule);
  const earlier = same.byLabels.get(labels);
  if (earlier === undefined) same.byLabels.set(labels, rule);
  else book.advise(placeOf(rule), `"${shorten(name)}" with the same labels stands in line ${placeOf(earlier).line} already.`);
}

function labelsOf(rule: At): string {
  return JSON.stringify([...textMap(step(rule, 'labels'))].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
