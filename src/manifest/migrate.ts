import { createHash } from 'node:crypto';
import type { Path } from './fault.ts';
import type { Manifest } from './manifest.ts';
import type { ManifestV1 } from './manifest-schema.ts';

/** A v1.1 manifest as a v2 document, and the way from its paths to those of the v1.1 document. */
export interface Migrated {
  /** Loads as a v2 manifest when written down. */
  readonly document: Manifest;
  readonly origin: (path: Path) => Path;
}

/** What the changelog of a migrated document says about its migration. */
export interface MigrationNote {
  /** Day of the migration, `YYYY-MM-DD`. */
  readonly date: string;
  readonly text?: string;
}

/**
 * Turns a v1.1 manifest into a v2 document (spec/manifest.md §12) without loss: links, `lastUpdated`, deprecated metrics and targets of objectives, and which
 * tactic belongs to which strategy stay (§16 I2); ids made for insights depend on their content only (I3). The same manifest always gives the same document.
 */
export function migrateDocument(v1: ManifestV1, note?: MigrationNote): Migrated {
  const owners = v1.strategies.flatMap((strategy, s) =>
    strategy.tactics.map((tactic, t) => ({ strategy, tactic, at: ['strategies', s, 'tactics', t] as const })),
  );
  const document: Manifest = {
    apiVersion: 'contextcore.io/v1alpha2',
    kind: 'ContextManifest',
    metadata: note ? { ...v1.metadata, changelog: [...v1.metadata.changelog, changelogEntry(note)] } : v1.metadata,
    spec: v1.spec,
    strategy: {
      objectives: v1.objectives,
      tactics: owners.map(({ strategy, tactic }) => ({ ...tactic, linkedObjectives: strategy.objectiveRefs, satisfies: [] })),
      strategyGroups: v1.strategies.map(({ id, description, horizon, rationale, objectiveRefs, tactics }) => ({
        id,
        description,
        horizon,
        rationale,
        objective_refs: objectiveRefs,
        tactics: tactics.map((tactic) => tactic.id),
      })),
    },
    guidance: { constraints: [], preferences: [], questions: [] },
    insights: nameInsights(v1.insights),
  };
  return {
    document,
    origin: (path) =>
      originOf(
        path,
        owners.map(({ at }) => at),
      ),
  };
}

function changelogEntry({ date, text }: MigrationNote): {
  readonly date: string;
  readonly version: string;
  readonly actor: string;
  readonly summary: string;
} {
  const kept = 'Strategies became strategy groups that list their tactics';
  return {
    date,
    version: '2.0',
    actor: 'agent:contextcore-migrate',
    summary: [text ?? 'Migrated from v1.1 to v2', kept, 'Nothing was dropped'].join('; '),
  };
}

function nameInsights(insights: ManifestV1['insights']): Manifest['insights'] {
  const taken = new Set(insights.map(({ id }) => id));
  return insights.map((insight) => {
    if (insight.id) return { ...insight };
    const base = `INS-MIGRATED-${contentHash(insight)}`;
    let id = base;
    for (let n = 2; taken.has(id); n++) id = `${base}-${n}`;
    taken.add(id);
    return { ...insight, id };
  });
}

function contentHash({ type, summary, source }: ManifestV1['insights'][number]): string {
  return createHash('sha256')
    .update(JSON.stringify([type, summary, source]))
    .digest('hex')
    .slice(0, 8)
    .toUpperCase();
}

function originOf(path: Path, tactics: readonly Path[]): Path {
  const [root, list, index, field, ...rest] = path;
  if (root !== 'strategy') return path;
  const below = field === undefined ? [] : [field, ...rest];
  const at = index === undefined ? [] : [index, ...below];
  if (list === 'objectives') return ['objectives', ...at];
  if (list === 'strategyGroups') return ['strategies', ...(field === 'objective_refs' ? [index!, 'objectiveRefs', ...rest] : at)];
  if (list !== 'tactics' || index === undefined) return ['strategies'];
  const tactic = tactics[Number(index)];
  if (!tactic) return ['strategies'];
  return field === 'linkedObjectives' ? [...tactic.slice(0, 2), 'objectiveRefs', ...rest] : [...tactic, ...below];
}
