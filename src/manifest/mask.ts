/**
 * Text with what looks like a secret starred out, by the name before it or by its own shape. Widths stay, so that carets under a line still point right.
 * Findings quote what stands in a file, and a finding may end up in a log.
 */
export function maskSecrets(text: string): string {
  return text.replace(AFTER_NAME, (_, name: string, value: string) => name + stars(value)).replace(TELLING_SHAPE, stars);
}

/** `password: …`, `apiKey is "…"`; not `credentialSource: …`, which names a kind of place. */
const AFTER_NAME =
  /((?:passw(?:or)?d|passphrase|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|credentials?)["']?(?:\s*[:=]\s*(?:["']|(?=[^\s"'|>&*[{]))| is "))([^"'\n]+)/gi;

const TELLING_SHAPE =
  /\b(?:gh[opsur]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abprs]-[\w-]{10,}|A[KS]IA[A-Z0-9]{16}|sk-[\w-]{20,}|eyJ[\w-]{10,}\.[\w-]{10,}[\w.-]*)|(?<=:\/\/[^\s/:@]{0,80}:)[^\s/@]+(?=@)/g;

function stars(found: string): string {
  return '*'.repeat(found.length);
}
