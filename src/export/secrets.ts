import type { Document, DocumentValue } from './document.ts';
import { Float } from './float.ts';

/**
 * What takes secrets out of a document that is made from these sources: text of the shape of a credential, and text under a key that names one
 * (design.md, Trust). Sources are small and documents large, so the sources are looked through first; where they hold none, documents pass as they are.
 */
export function secretFilter(sources: readonly unknown[]): (document: Document) => Document {
  // Escapes would join the word before: `\nbearer …`.
  const text = JSON.stringify(sources).replace(/\\[a-z]/g, ' ');
  const holds = text.search(SHAPE) >= 0 || NAMED.test(text);
  return holds ? (document) => filteredObject(document) : (document) => document;
}

/** Text with everything of the shape of a credential taken out. */
export function withoutSecrets(text: string): string {
  return text.replace(SHAPE, REDACTED);
}

const REDACTED = '[redacted]';

/** Private keys; tokens as GitHub, GitLab, Slack, AWS, Google, Stripe and OpenAI give them out; JSON web tokens; bearer headers; user and password in an address. */
const SHAPE =
  /-----BEGIN [A-Z ]*PRIVATE KEY-----(?:[^"]*?-----END [A-Z ]*PRIVATE KEY-----|[^"]*)|\bgh[pousr]_[A-Za-z0-9]{20,}|\bgithub_pat_\w{20,}|\bglpat-[\w-]{16,}|\bxox[abprs]-[\w-]{10,}|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bAIza[\w-]{30,}|\bsk[-_](?:live_|test_|proj-|ant-)?[\w-]{20,}|\beyJ[\w-]{8,}\.eyJ[\w-]{8,}[\w.-]*|\bbearer\s+[\w.~+/-]{12,}=*|(?<=:\/\/)[^/\s:@"]+:[^/\s@"]+(?=@)/gi;

const KEY =
  /^(?:passw(?:or)?d|passphrase|secret|token|(?:api|access|private|secret)[-_]?key|(?:client|shared)[-_]?secret|(?:access|auth|bearer|refresh)[-_]?token|authorization)$/i;
const NAMED = new RegExp(`"${KEY.source.slice(1, -1)}":"`, 'i');

function filteredObject(document: Document): Document {
  return Object.fromEntries(
    Object.entries(document).map(([key, value]) => [
      withoutSecrets(key),
      typeof value === 'string' && KEY.test(key) ? REDACTED : value === undefined ? value : filtered(value),
    ]),
  );
}

function filtered(value: DocumentValue): DocumentValue {
  if (typeof value === 'string') return withoutSecrets(value);
  if (typeof value !== 'object' || value === null || value instanceof Float) return value;
  return Array.isArray(value) ? value.map(filtered) : filteredObject(value as Document);
}
