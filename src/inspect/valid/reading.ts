import type { ValidationError } from '../../contract/contract.ts';
import type { JsonValue } from '../../host/json.ts';
import type { Place } from '../../host/place.ts';

/** One thing a file says that the contract may say otherwise: an alert's severity, an objective, an interval. */
export interface Statement {
  readonly property: 'severity' | 'latency' | 'availability' | 'interval' | 'namespace' | 'channel' | 'datasource' | 'text' | 'unclear';
  readonly value: JsonValue;
  readonly place: Place;
  /** The edit's aim, as the file names it: `labels.severity`, `objective`. */
  readonly field: string;
  /** What narrows the property: the quantile of a latency. */
  readonly detail?: string;
}

/** One thing recognised in a file, so that a rule can pick it out of several. */
export interface ArtifactObject {
  /** `Dashboard`, `PrometheusRule`, `alert`, `SLO` … */
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly annotations: ReadonlyMap<string, string>;
  readonly line: number;
  readonly says: readonly Statement[];
}

/** What became of reading one file as one kind of artifact. */
export interface FileReading {
  /** True without a single error. */
  readonly ok: boolean;
  /** What makes the file unfit for its purpose; the program it is written for would refuse it or do something else. */
  readonly errors: readonly ValidationError[];
  /** What that program accepts and an author may still want to know. */
  readonly advice: readonly ValidationError[];
  /** What could not be judged, such as a query in a language that is not read here. */
  readonly unread: readonly ValidationError[];
  readonly objects: readonly ArtifactObject[];
}

/** Gathers what the checks find. Of each sort it keeps a hundred; a file with more is judged by then. */
export interface Book {
  error(place: Place, message: string): void;
  advise(place: Place, message: string): void;
  unread(place: Place, message: string): void;
  add(object: ArtifactObject): void;
  close(): FileReading;
}

const MOST = 100;

export function openBook(): Book {
  const errors: ValidationError[] = [];
  const advice: ValidationError[] = [];
  const unread: ValidationError[] = [];
  const objects: ArtifactObject[] = [];
  const keep = (list: ValidationError[]) => (place: Place, message: string) => {
    if (list.length < MOST) list.push({ place, message });
  };
  return {
    error: keep(errors),
    advise: keep(advice),
    unread: keep(unread),
    add: (object) => objects.push(object),
    close: () => ({ ok: errors.length === 0, errors, advice, unread, objects }),
  };
}
