import { replaceSecrets, SECRET_NAME } from '../host/secret-shapes.ts';

/**
 * Text with what looks like a secret starred out, by the name before it or by its own shape. Widths stay, so that carets under a line still point right.
 * Findings quote what stands in a file, and a finding may end up in a log.
 */
export function maskSecrets(text: string): string {
  return replaceSecrets(
    text.replace(AFTER_NAME, (_, name: string, value: string) => name + stars(value)),
    stars,
  );
}

/** `password: …`, `apiKey is "…"`; not `credentialSource: …`, which names a kind of place. */
const AFTER_NAME = new RegExp(`(${SECRET_NAME}["']?(?:\\s*[:=]\\s*(?:["']|(?=[^\\s"'|>&*[{]))| is "))([^"'\\n]+)`, 'gi');

function stars(found: string): string {
  return '*'.repeat(found.length);
}
