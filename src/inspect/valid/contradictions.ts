import type { Artifact } from '../../contract/contract.ts';
import { isJsonObject, type JsonValue } from '../../host/json.ts';
import type { Place } from '../../host/place.ts';
import { remembered } from '../../host/remembered.ts';
import { goDuration, prometheusDuration } from './durations.ts';
import type { ArtifactObject, FileReading, Statement } from './reading.ts';
import { shorten } from './tree.ts';

/** A value of a file that is not what the contract derives from the manifest. */
export interface Contradiction {
  /** The contract's parameter, `alertSeverity`. */
  readonly property: string;
  readonly derived: {
    readonly value: string;
    /** Dotted path of the manifest's field, `spec.business.criticality`; whoever holds the manifest knows its line. */
    readonly field: string;
  };
  readonly found: { readonly value: string; readonly place: Place };
  /** What to write where, so that both say the same. */
  readonly edit: string;
}

export interface Truth {
  readonly contradictions: readonly Contradiction[];
  /** What could not be compared with certainty, and why. */
  readonly unknown: readonly string[];
}

/**
 * Compares what the contract derives for an artifact with what its file states. Only what can be read with certainty contradicts: a file in several tiers,
 * one alert at the derived threshold and others beside it, is true, and a parameter on which the manifest is silent cannot be contradicted.
 */
export function findContradictions(artifact: Artifact, reading: FileReading): Truth {
  const contradictions: Contradiction[] = [];
  const unknown: string[] = [];
  for (const comparison of COMPARISONS.get(artifact.type) ?? []) {
    const derived = artifact.parameters[comparison.parameter] ?? null;
    if (derived === null || (Array.isArray(derived) && derived.length === 0)) continue;
    if (artifact.defaulted.includes(comparison.parameter)) {
      unknown.push(`The manifest does not say ${comparison.field}, so ${comparison.parameter} was not compared.`);
      continue;
    }
    const found = comparison.compare(derived, reading, artifact);
    unknown.push(...found.unknown);
    contradictions.push(
      ...found.differing.slice(0, MOST).map((differing) => ({
        property: comparison.parameter,
        derived: { value: differing.derived ?? show(derived), field: comparison.field },
        found: differing.found,
        edit: differing.edit,
      })),
    );
  }
  return { contradictions, unknown };
}

const MOST = 20;

interface Differing {
  readonly found: { readonly value: string; readonly place: Place };
  /** Where it is a part of the derived value only. */
  readonly derived?: string;
  readonly edit: string;
}

interface Compared {
  readonly differing: readonly Differing[];
  readonly unknown: readonly string[];
}

interface Comparison {
  readonly parameter: string;
  readonly field: string;
  readonly compare: (derived: JsonValue, reading: FileReading, artifact: Artifact) => Compared;
}

/** One statement, and whose it is. */
interface Stated {
  readonly statement: Statement;
  readonly of: ArtifactObject;
}

function statedIn(reading: FileReading, property: Statement['property']): readonly Stated[] {
  const found: Stated[] = [];
  reading.objects.forEach((of) => {
    of.says.forEach((statement) => {
      if (statement.property === property) found.push({ statement, of });
    });
  });
  return found;
}

type Judgement = 'agrees' | 'differs' | { readonly unknown: string };

/** `any`: one statement that agrees suffices, the others are further tiers. `every`: each must agree. */
function judge(
  statements: readonly Stated[],
  mode: 'any' | 'every',
  derived: string,
  field: string,
  compare: (statement: Stated) => Judgement,
  write: (statement: Statement) => string = () => derived,
): Compared {
  const judged = statements.map((stated) => ({ stated, judgement: compare(stated) }));
  const unknown = judged.flatMap(({ judgement }) => (typeof judgement === 'object' ? [judgement.unknown] : []));
  if (mode === 'any' && judged.some(({ judgement }) => judgement === 'agrees')) return { differing: [], unknown };
  // Something unread may be the statement that agrees.
  if (mode === 'any' && unknown.length > 0) return { differing: [], unknown };
  const differing = judged
    .filter(({ judgement }) => judgement === 'differs')
    .map(({ stated }) => differ(stated, field, write(stated.statement)));
  return { differing, unknown };
}

function differ({ statement, of }: Stated, field: string, written: string): Differing {
  const { place, value, isRatio } = statement;
  const here = isRatio ? ratioOf(Number(value)) : show(value);
  const whose = of.name === '' ? `the ${of.kind}` : `${of.kind} "${shorten(of.name)}"`;
  return {
    found: { value: show(value), place },
    edit: `In line ${place.line}, change ${statement.field} of ${whose} from ${here} to ${written}, or let the manifest say ${show(value)} by ${field}.`,
  };
}

function show(value: JsonValue): string {
  if (typeof value === 'string') return shorten(value);
  return Array.isArray(value) ? value.map((item) => show(item as JsonValue)).join(', ') : JSON.stringify(value);
}

const CRITICALITY = 'spec.business.criticality';
const AVAILABILITY = 'spec.requirements.availability';
const LATENCY = 'spec.requirements.latencyP99';

/** Words in use for the four severities (P1 wakes people). A word that is not here is not understood, which is no contradiction. */
const SEVERITIES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    P1: 'p1 1 sev1 sev-1 s1 critical crit page pager emergency fatal disaster',
    P2: 'p2 2 sev2 sev-2 s2 high major error',
    P3: 'p3 3 sev3 sev-3 s3 medium moderate warning warn ticket minor',
    P4: 'p4 4 sev4 sev-4 s4 low info informational information notice none debug',
  }).flatMap(([severity, words]) => words.split(' ').map((word) => [word, severity] as const)),
);

function compareSeverity(derived: JsonValue, reading: FileReading): Compared {
  const statements = statedIn(reading, 'severity');
  const wanted = String(derived);
  if (statements.length === 0) return { differing: [], unknown: ['No alert has a label "severity" that could be compared.'] };
  const compared = judge(statements, 'any', wanted, CRITICALITY, ({ statement: { value }, of }) => {
    const severity = SEVERITIES.get(String(value).toLowerCase());
    if (severity === undefined)
      return { unknown: `The severity "${shorten(String(value))}" of the alert "${shorten(of.name)}" is no word that is known here.` };
    return severity === wanted ? 'agrees' : 'differs';
  });
  return compared;
}

/** Percentages are equal when they are equal as decimals. */
function percentOf(value: JsonValue): number | undefined {
  const text = String(value).replace('%', '').trim();
  return /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : undefined;
}

/** A percentage as a ratio, without the errors of binary fractions. */
function ratioOf(percentage: number): string {
  return String(Number((percentage / 100).toFixed(9)));
}

function compareAvailability(derived: JsonValue, reading: FileReading): Compared {
  const wanted = percentOf(derived);
  if (wanted === undefined) return { differing: [], unknown: [`The manifest's availability "${show(derived)}" is no percentage.`] };
  const statements = statedIn(reading, 'availability');
  if (statements.length === 0) return { differing: [], unknown: ['The file states no availability that can be read with certainty.'] };
  const objectives = new Set(statements.map(({ of }) => of)).size;
  return judge(
    statements,
    'any',
    show(derived),
    AVAILABILITY,
    ({ statement: { value, detail }, of }) => {
      if (Math.abs((percentOf(value) ?? Number.NaN) - wanted) < 1e-9) return 'agrees';
      return detail === 'unclear' && objectives > 1
        ? { unknown: `What the objective "${shorten(of.name)}" is about cannot be told.` }
        : 'differs';
    },
    ({ isRatio }) => (isRatio ? ratioOf(wanted) : show(derived)),
  );
}

/** The budget is what the objective leaves; where the manifest gives only the budget, that is the objective. */
function compareBudget(derived: JsonValue, reading: FileReading, artifact: Artifact): Compared {
  const [budget, availability] = [percentOf(derived), percentOf(artifact.parameters['availability'] ?? '')];
  if (budget === undefined) return { differing: [], unknown: [`The manifest's error budget "${show(derived)}" is no percentage.`] };
  if (artifact.defaulted.includes('availability') || availability === undefined) {
    const statements = statedIn(reading, 'availability').map(({ statement, of }) => ({
      statement: { ...statement, value: show(statement.value) },
      of,
    }));
    const objective = String(Number((100 - budget).toFixed(9)));
    return judge(
      statements,
      'any',
      objective,
      'spec.requirements.errorBudget',
      ({ statement: { value } }) => (Math.abs(100 - (percentOf(value) ?? Number.NaN) - budget) < 1e-9 ? 'agrees' : 'differs'),
      ({ isRatio }) => (isRatio ? ratioOf(100 - budget) : objective),
    );
  }
  const consistent = Math.abs(100 - availability - budget) < 1e-9;
  return {
    differing: [],
    unknown: consistent
      ? []
      : [
          `The manifest's availability of ${availability} % leaves a budget of ${Number((100 - availability).toFixed(9))} %, and its error budget says ${budget} %; the file was compared with the availability.`,
        ],
  };
}

function compareLatency(quantile: string, field: string): Comparison['compare'] {
  return (derived, reading) => {
    const wanted = goDuration(String(derived).trim());
    if (wanted === undefined) return { differing: [], unknown: [`The manifest's latency "${show(derived)}" is no duration.`] };
    const statements = statedIn(reading, 'latency').filter(
      ({ statement: { detail } }) => Math.abs(Number(detail) - Number(quantile)) < 1e-9,
    );
    if (statements.length === 0)
      return {
        differing: [],
        unknown: [`The file states no bound for the ${quantile} quantile of latency that can be read with certainty.`],
      };
    return judge(
      statements,
      'any',
      show(derived),
      field,
      ({ statement: { value } }) =>
        readings(String(value)).some((milliseconds) => Math.abs(milliseconds - wanted) < 1e-6) ? 'agrees' : 'differs',
      ({ value }) => (String(value).endsWith('ms') ? `${wanted}ms` : String(value).endsWith('s') ? `${wanted / 1000}s` : show(derived)),
    );
  };
}

/** Milliseconds; a number whose metric does not name its unit may be either. */
function readings(value: string): readonly number[] {
  const number = Number.parseFloat(value);
  if (value.endsWith('ms')) return [number];
  return value.endsWith('s') ? [number * 1000] : [number, number * 1000];
}

function compareInterval(derived: JsonValue, reading: FileReading): Compared {
  const wanted = prometheusDuration(String(derived).trim());
  const statements = statedIn(reading, 'interval');
  if (wanted === undefined) return { differing: [], unknown: [`The manifest's scrape interval "${show(derived)}" is no duration.`] };
  if (statements.length === 0) return { differing: [], unknown: ["No endpoint states its interval; Prometheus' own then holds."] };
  return judge(statements, 'every', show(derived), 'spec.observability.metricsInterval', ({ statement: { value } }) =>
    prometheusDuration(String(value)) === wanted ? 'agrees' : 'differs',
  );
}

function compareNamespace(derived: JsonValue, reading: FileReading): Compared {
  const statements = statedIn(reading, 'namespace');
  if (statements.length === 0)
    return { differing: [], unknown: ['The ServiceMonitor names no namespace; it is then the one it is applied to.'] };
  return judge(statements, 'every', show(derived), 'spec.targets[].namespace', ({ statement: { value } }) =>
    (Array.isArray(value) ? value.includes(derived) : value === derived) ? 'agrees' : 'differs',
  );
}

/** Integrations that send to people or other systems, never to a channel of a chat. */
const NO_CHAT = new Set(['pagerduty', 'opsgenie', 'victorops', 'email', 'pushover', 'sns', 'jira', 'incidentio']);

/** A channel is served when a receiver sends to it, is called like it, or is an integration of that name. */
function compareChannels(derived: JsonValue, reading: FileReading): Compared {
  const channels = (Array.isArray(derived) ? derived : []).filter((channel) => typeof channel === 'string');
  const opaque = statedIn(reading, 'unclear').map(wordsIn);
  const served = statedIn(reading, 'channel');
  const words = new Set([...served.map(wordsIn), ...opaque].flat().map(bare));
  const missing = channels.filter((channel) => !words.has(bare(channel)) && !words.has(bare(channel.replace(/^[a-z]+:(?:\/\/)?/i, ''))));
  const isVague = (channel: string) => opaque.some(([, , type = '']) => !(channel.startsWith('#') && NO_CHAT.has(type)));
  const place = (served[0] ?? statedIn(reading, 'unclear')[0])?.statement.place;
  const found = served.map((statement) => wordsIn(statement)[0]).join(', ');
  return {
    unknown: missing
      .filter((channel) => place === undefined || isVague(channel))
      .map((channel) => `Whether "${shorten(channel)}" is served cannot be told: a receiver does not say where it sends.`),
    differing: missing.flatMap((channel) =>
      place === undefined || isVague(channel)
        ? []
        : {
            derived: shorten(channel),
            found: { value: found === '' ? 'no channel' : shorten(found), place },
            edit: `Add a receiver that sends to ${shorten(channel)} and a route to it, or take ${shorten(channel)} out of spec.observability.alertChannels.`,
          },
    ),
  };
}

/** Where a receiver sends, its name, and its integration. */
function wordsIn({ statement: { value } }: Stated): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function bare(channel: string): string {
  return channel.toLowerCase().replace(/^[#@]/, '').trim();
}

/** The contract's names of datasources, and the plugins that serve them. */
const PLUGINS: ReadonlyMap<string, string> = new Map([
  ['mimir', 'prometheus'],
  ['prometheus', 'prometheus'],
  ['loki', 'loki'],
  ['tempo', 'tempo'],
]);

function compareDatasources(derived: JsonValue, reading: FileReading): Compared {
  const wanted = (Array.isArray(derived) ? derived : []).map(
    (name) => PLUGINS.get(String(name).toLowerCase()) ?? String(name).toLowerCase(),
  );
  const statements = statedIn(reading, 'datasource').filter(({ statement: { value } }) => value !== 'grafana' && value !== '__expr__');
  if (statements.length === 0)
    return { differing: [], unknown: ['The dashboard leaves its datasources to the Grafana it is loaded into.'] };
  return judge(statements, 'any', show(derived), 'the datasources of the contract', ({ statement: { value } }) =>
    wanted.includes(String(value)) ? 'agrees' : 'differs',
  );
}

/** A risk is covered when the runbook has its kind or most of the telling words of its description; partly is not told from not. */
function compareRisks(derived: JsonValue, reading: FileReading): Compared {
  const text = statedIn(reading, 'text')[0]?.statement;
  if (text === undefined) return { differing: [], unknown: [] };
  const isPresent = (word: string) => hasWord(String(text.value), word);
  const differing: Differing[] = [];
  const unknown: string[] = [];
  for (const risk of Array.isArray(derived) ? derived : []) {
    if (!isJsonObject(risk)) continue;
    const words = wordsOf(String(risk['description'] ?? ''));
    const kind = wordsOf(String(risk['type'] ?? '').replaceAll(/[-_]/g, ' '));
    const share = words.length === 0 ? 0 : words.filter(isPresent).length / words.length;
    const named = kind.length > 0 && kind.every(isPresent);
    if (share >= 0.6 || (words.length === 0 && named)) continue;
    const title = shorten(String(risk['description'] ?? risk['type'] ?? ''));
    if (share > 0 || named) unknown.push(`Whether the runbook covers the risk "${title}" cannot be told: it has some of its words.`);
    else
      differing.push({
        derived: title,
        found: { value: 'not mentioned', place: text.place },
        edit: `Say under "Risks" what to do when this happens: ${title}; or take it out of spec.risks.`,
      });
  }
  return { differing, unknown };
}

/** Whether a text has a word, and not as a part of a longer one. */
function hasWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
    const end = at + word.length;
    if (!/[\p{L}\p{N}]$/u.test(text.slice(Math.max(0, at - 2), at)) && !/^[\p{L}\p{N}]/u.test(text.slice(end, end + 2))) return true;
  }
  return false;
}

/** Shorter words tell nothing. */
const WORD = /[\p{L}\p{N}]{3,}/gu;
const FILLERS = new Set(
  'the and for with when from that this into over under have has not are was were will can may its our their than then too due'.split(' '),
);

/** Of a risk, which stands for the runbook of every target. */
const wordsOf = remembered((text) => (text.toLowerCase().match(WORD) ?? []).filter((word) => !FILLERS.has(word)), 1000, 500);

const COMPARISONS: ReadonlyMap<string, readonly Comparison[]> = new Map([
  [
    'prometheus_rule',
    [
      { parameter: 'alertSeverity', field: CRITICALITY, compare: compareSeverity },
      { parameter: 'availabilityThreshold', field: AVAILABILITY, compare: compareAvailability },
      { parameter: 'latencyThreshold', field: LATENCY, compare: compareLatency('0.99', LATENCY) },
      {
        parameter: 'latencyP50Threshold',
        field: 'spec.requirements.latencyP50',
        compare: compareLatency('0.5', 'spec.requirements.latencyP50'),
      },
    ],
  ],
  [
    'slo_definition',
    [
      { parameter: 'availability', field: AVAILABILITY, compare: compareAvailability },
      { parameter: 'errorBudget', field: 'spec.requirements.errorBudget', compare: compareBudget },
      { parameter: 'latencyP99', field: LATENCY, compare: compareLatency('0.99', LATENCY) },
    ],
  ],
  [
    'service_monitor',
    [
      { parameter: 'metricsInterval', field: 'spec.observability.metricsInterval', compare: compareInterval },
      { parameter: 'namespace', field: 'spec.targets[].namespace', compare: compareNamespace },
    ],
  ],
  ['notification_policy', [{ parameter: 'alertChannels', field: 'spec.observability.alertChannels', compare: compareChannels }]],
  ['dashboard', [{ parameter: 'datasources', field: 'the contract', compare: compareDatasources }]],
  ['runbook', [{ parameter: 'risks', field: 'spec.risks', compare: compareRisks }]],
]);
