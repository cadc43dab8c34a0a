import type { JsonObject } from '../../host/json.ts';

/** An answer of `explain`: for programs, and for people, a line each. */
export interface Explanation {
  readonly document: JsonObject;
  readonly lines: readonly string[];
}
