import type { ValidationError } from '../../contract/contract.ts';
import type { JsonValue } from '../../host/json.ts';
import type { Place } from '../../host/place.ts';
import { withoutSecrets } from '../../host/secret-shapes.ts';

/** One thing a file says that the contract may say otherwise: an alert's severity, an objective, an interval. */
export interface Statement {
  readonly property: 'severity' | 'latency' | 'availability' | 'interval' | 'namespace' | 'channel' | 'datasource' | 'text' | 'unclear';
  readonly value: JsonValue;
  readonly place: Place;
  /** The edit's aim, as the file names it: `labels.severity`, `objective`. */
  readonly field: string;
  /** What narrows the property: the quantile of a latency. */
  readonly detail?: string;
  /** The file has a ratio, 0.999, where the value is a percentage, 99.9. */
  readonly isRatio?: true;
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
  /** What it is a part of, and is known by too: the object around a rule, the ConfigMap around a dashboard. */
  readonly owner?: Owner;
}

export type Owner = Pick<ArtifactObject, 'name' | 'labels' | 'annotations' | 'owner'>;

/** Programs of the field that judge such files too, where the machine has them. */
export type FieldProgram = 'promtool' | 'amtool';

/** What a program of the field is to be asked about a file, or about one thing in it. */
export interface ProgramQuestion {
  readonly program: FieldProgram;
  /** A file as the program reads it. */
  readonly text: () => string;
  /** Where a line of that text stands in the user's file. */
  readonly place: (line: number) => Place;
  /** The n-th rule of a group, from 1 on, for a program that names rules and no lines. */
  readonly ruleAt?: (group: string, rule: number) => Place | undefined;
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
  /**
   * Of a file of several things that stand for themselves, such as the objects of Kubernetes, which of them an error, a remark, an object or a question is about. What is
   * not in it is about the file.
   */
  readonly parts: ReadonlyMap<object, number>;
  /** What else could be asked; absent where there is nothing to ask. */
  readonly questions?: readonly ProgramQuestion[];
}

/** Gathers what the checks find, secrets taken out of what they quote. Of each sort it keeps a hundred; a file with more is judged by then. */
export interface Book {
  error(place: Place, message: string): void;
  advise(place: Place, message: string): void;
  unread(place: Place, message: string): void;
  add(object: ArtifactObject): void;
  ask(question: ProgramQuestion): void;
  /** From here on all is about the next thing of the file. */
  begin(): void;
  close(): FileReading;
}

/** The same book for parts of something: what is added is the owner's. */
export function ownedBy(book: Book, owner: Owner | undefined): Book {
  return owner === undefined ? book : { ...book, add: (object) => book.add(withOwner(object, owner)) };
}

function withOwner<T extends { readonly owner?: Owner }>(part: T, owner: Owner): T {
  return { ...part, owner: part.owner === undefined ? owner : withOwner(part.owner, owner) };
}

const MOST = 100;
const NO_PARTS: ReadonlyMap<object, number> = new Map();

/** Questions to programs that nobody has are not kept: each holds all of the file that it is about. */
export function openBook(programs?: ReadonlySet<FieldProgram>): Book {
  const errors: ValidationError[] = [];
  const advice: ValidationError[] = [];
  const unread: ValidationError[] = [];
  const objects: ArtifactObject[] = [];
  const questions: ProgramQuestion[] = [];
  let parts: Map<object, number> | undefined;
  let part = -1;
  const noted = <T extends object>(item: T): T => {
    if (part < 0) return item;
    parts ??= new Map();
    parts.set(item, part);
    return item;
  };
  const keep = (list: ValidationError[]) => (place: Place, message: string) => {
    if (list.length < MOST) list.push(noted({ place, message: withoutSecrets(message) }));
  };
  return {
    error: keep(errors),
    advise: keep(advice),
    unread: keep(unread),
    add: (object) => objects.push(noted(object)),
    ask: (question) => {
      if (programs === undefined || programs.has(question.program)) questions.push(noted(question));
    },
    begin: () => {
      part += 1;
    },
    close: () => ({
      ok: errors.length === 0,
      errors,
      advice,
      unread,
      objects,
      parts: parts ?? NO_PARTS,
      ...(questions.length > 0 && { questions }),
    }),
  };
}
