import type { LinkDraft } from './draft.ts';
import { A } from './registry.ts';

/** A link with its type; none where the target is unknown. */
export function linkTo(place: { readonly traceId: string; readonly spanId: string } | undefined, type: string): readonly LinkDraft[] {
  return place ? [{ traceId: place.traceId, spanId: place.spanId, attributes: { [A.linkType]: type } }] : [];
}
