import { isSecretName, jsonHoldsSecret, REDACTED, withoutSecrets } from '../host/secret-shapes.ts';
import type { Document, DocumentValue } from './document.ts';
import { Float } from './float.ts';

/**
 * What takes secrets out of a document that is made from these sources: text of the shape of a credential, and text under a name that tells of one
 * (design.md, Trust). Sources are small and documents large, so the sources are looked through first; where they hold none, documents pass as they are.
 */
export function secretFilter(sources: readonly unknown[]): (document: Document) => Document {
  return jsonHoldsSecret(JSON.stringify(sources)) ? filteredObject : (document) => document;
}

function filteredObject(document: Document): Document {
  return Object.fromEntries(
    Object.entries(document).map(([key, value]) => [
      withoutSecrets(key),
      value !== undefined && isSecretName(key) && isText(value) ? REDACTED : value === undefined ? value : filtered(value),
    ]),
  );
}

/** Text, or a list of texts. A mapping under such a name has names of its own: a service may be called `token`. */
function isText(value: DocumentValue): boolean {
  return typeof value === 'string' || (Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string'));
}

function filtered(value: DocumentValue): DocumentValue {
  if (typeof value === 'string') return withoutSecrets(value);
  if (typeof value !== 'object' || value === null || value instanceof Float) return value;
  return Array.isArray(value) ? value.map(filtered) : filteredObject(value as Document);
}
