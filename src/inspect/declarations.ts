import type { Notice } from '../contract/contract.ts';

/** What a user declares with `--existing`: id → path, the last word on an id counting. */
export interface Declarations {
  readonly declarations: ReadonlyMap<string, { readonly path: string }>;
  readonly notices: readonly Notice[];
}

/** Splits each item at its first colon; paths may hold more of them. Items that say nothing are told, not taken. */
export function parseDeclarations(existing: readonly string[]): Declarations {
  const declarations = new Map<string, { path: string }>();
  const notices: Notice[] = [];
  for (const item of existing) {
    const colon = item.indexOf(':');
    const id = item.slice(0, Math.max(colon, 0));
    const path = item.slice(colon + 1);
    const complaint = complain(colon, id, path);
    if (complaint !== undefined) {
      notices.push({ code: 'existing-malformed', message: `--existing ${item} is passed over: ${complaint}. Write artifact-id:path.` });
      continue;
    }
    const earlier = declarations.get(id);
    if (earlier !== undefined && earlier.path !== path) notices.push(repeatedNotice(id, earlier.path, path));
    declarations.set(id, { path });
  }
  return { declarations, notices };
}

function complain(colon: number, id: string, path: string): string | undefined {
  if (colon < 0) return 'it has no colon between an artifact id and a path';
  if (id === '') return 'it names no artifact before the colon';
  return path === '' ? 'it names no path after the colon' : undefined;
}

function repeatedNotice(id: string, earlier: string, path: string): Notice {
  return { code: 'existing-repeated', message: `--existing names ${id} twice: ${path} is taken, ${earlier} is not.` };
}
