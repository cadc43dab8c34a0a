import type { JsonValue } from '../host/json.ts';
import type { Float } from './float.ts';

/** What the writers of this room write: JSON in which a number may be declared a float. A key whose value is undefined is left out. */
export type DocumentValue = JsonValue | Float | readonly DocumentValue[] | Document;
export interface Document {
  readonly [key: string]: DocumentValue | undefined;
}
