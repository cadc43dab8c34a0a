/*
 * What a secret looks like, said once (design.md, Trust). Each place takes it out in its own way. No rule knows bare letters and digits: checksums, trace ids and
 * artifact ids are such too, and must pass.
 */

/** True when the text holds something of the shape of a credential. */
export function holdsSecret(text: string): boolean {
  return text.length >= SHORTEST && ANY.test(text);
}

/** True when a JSON text may hold a secret by its shape or by its name; then its values are worth looking through. */
export function jsonHoldsSecret(json: string): boolean {
  // Escapes would join the word before: `\nbearer …`.
  const text = json.includes('\\') ? json.replace(/\\[a-z]/g, ' ') : json;
  return holdsSecret(text) || NAMED_IN_JSON.test(text);
}

/** The text with everything of the shape of a credential replaced. */
export function replaceSecrets(text: string, by: (found: string) => string): string {
  return text.length >= SHORTEST ? text.replace(EVERY, by) : text;
}

/** The text with everything of the shape of a credential taken out. */
export function withoutSecrets(text: string): string {
  return replaceSecrets(text, () => REDACTED);
}

/** What stands where a secret stood. */
export const REDACTED = '[redacted]';

/** True for a name under which a secret stands: `password`, `db_password`, `githubToken`; not `max_tokens`, `secretName`, `credentialSource`. */
export function isSecretName(name: string): boolean {
  return NAMED.test(name);
}

/** How a name ends under which a secret stands; the source of a pattern that is to ignore case. */
export const SECRET_NAME =
  '(?:passw(?:or)?d|passphrase|secret|token|credentials?|authorization|(?:api|access|account|auth|encryption|private|secret|signing)[-_]?key)';

const NAMED = new RegExp(`${SECRET_NAME}$`, 'i');
const NAMED_IN_JSON = new RegExp(`${SECRET_NAME}":`, 'i');

/** Nothing shorter is a credential of these shapes. */
const SHORTEST = 6;

const SHAPES: readonly RegExp[] = [
  // Private keys. A line of a finding may show the head alone.
  /-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----(?:[^"]*?-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|[^"]*)/,
  /\bAGE-SECRET-KEY-1[A-Z0-9]{50,}/,
  // GitHub, GitLab.
  /\bgh[opsur]_[A-Za-z0-9]{20,}|\bgithub_pat_\w{20,}/,
  /\bgl(?:pat|dt|rt|cbt|ptt|ft|soat|agent|imt|oas)-[\w-]{16,}/,
  // Slack: tokens, and the part of a webhook's address that must not be known.
  /\bxox[abceoprs]-[\w-]{10,}|\bxapp-\d-[\w-]{10,}|(?<=\bhooks\.slack\.com\/(?:services|workflows|triggers)\/)[\w/]{20,}/,
  // AWS, Google, Azure, DigitalOcean, Databricks.
  /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b/,
  /\bAIza[\w-]{30,}|\bya29\.[\w-]{20,}|\bGOCSPX-[\w-]{20,}/,
  /(?<=\b(?:AccountKey|SharedAccessKey)=)[\w+/]{20,}={0,2}/,
  /\bdo[opr]_v1_[a-f0-9]{40,}|\bdapi[a-f0-9]{32}\b/,
  // Stripe, OpenAI and Anthropic style. The bare `sk-` may begin a name; such a key is letters and digits without a break.
  /\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,}|\bwhsec_[A-Za-z0-9]{20,}/,
  /\bsk-(?:(?:admin|ant|or|proj|svcacct)-[\w-]{20,}|[A-Za-z0-9]{32,})/,
  // Registries and what they serve.
  /\bnpm_[A-Za-z0-9]{30,}|\bpypi-[\w-]{50,}|\bdckr_pat_[\w-]{20,}|\bhf_[A-Za-z]{30,}/,
  // Grafana, Honeycomb, New Relic, SendGrid, Vault, Discord, Telegram.
  /\bglsa_[A-Za-z0-9]{20,}\w*|\bglc_[A-Za-z0-9+/]{32,}={0,2}|\bhca?[a-z]?[ib]k_[a-z0-9]{30,}|\bNRAK-[A-Z0-9]{20,}/,
  /\bSG\.[\w-]{16,}\.[\w-]{16,}|\bhvs\.[\w-]{20,}|(?<=\bdiscord(?:app)?\.com\/api\/webhooks\/)\d+\/[\w-]{20,}|\b\d{8,10}:AA[\w-]{30,}/,
  // JSON web tokens.
  /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}[\w.-]*/,
  // Headers. A credential has a digit or is one long word; "bearer authentication" is prose.
  /\b[Bb]earer\s+(?=[^\s"]*\d|[A-Za-z]{20})[\w.~+/-]{12,}=*|\b[Bb]asic\s+(?=[^\s"]*[\d=])[A-Za-z0-9+/]{12,}={0,2}/,
  // User and password in an address; a user alone is none.
  /(?<=:\/\/)[^/\s:@"]*:[^/\s@"]+(?=@)/,
];

const EVERY = new RegExp(SHAPES.map(({ source }) => source).join('|'), 'g');
/** The same as a question: what a look-behind leaves standing may then be part of what is found, which is faster. */
const ANY = new RegExp(EVERY.source.replaceAll('(?<=', '(?:'));
