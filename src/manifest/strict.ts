import type { Fault, ParsedManifest } from './manifest.ts';

/** A manifest as strict quality reads it: a field that nothing reads, a warning elsewhere, is a fault (design.md, Deviations). */
export function readStrictly(parsed: ParsedManifest): ParsedManifest {
  const unread = parsed.warnings.filter(({ code }) => UNREAD.has(code));
  if (unread.length === 0) return parsed;
  const found = unread.map((fault): Fault => ({ ...fault, severity: 'error' }));
  return {
    ok: false,
    version: parsed.version,
    faults: parsed.ok ? found : [...parsed.faults, ...found],
    warnings: parsed.warnings.filter((warning) => !unread.includes(warning)),
    source: parsed.source,
  };
}

const UNREAD: ReadonlySet<string> = new Set(['unknown-key', 'unread-spelling']);
