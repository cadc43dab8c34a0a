import { A } from './attributes.ts';
import type { LinkDraft } from './draft.ts';

interface Target {
  readonly traceId: string;
  readonly spanId: string;
}

/** SDKs and backends drop links beyond 128 of one span (otel.md §4.4); what is linked so is counted in an attribute too, and the count stays exact. */
const LINKED = 100;

/** Links of one type to the first hundred of these. */
export function linksTo(places: Iterable<Target | undefined>, type: string): readonly LinkDraft[] {
  return [...places].slice(0, LINKED).flatMap((place) => linkTo(place, type));
}

/** A link with its type; none where the target is unknown. */
export function linkTo(place: Target | undefined, type: string): readonly LinkDraft[] {
  return place ? [{ traceId: place.traceId, spanId: place.spanId, attributes: { [A.linkType]: type } }] : [];
}
