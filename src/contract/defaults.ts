import type { Criticality, Manifest } from '../manifest/manifest.ts';

/** What the product assumes, field by field, where the manifest is silent (design.md, Deviations). */
export const DEFAULTS = {
  availability: '99.9',
  latencyP99: '200ms',
  errorBudget: '0.1',
  metricsInterval: '30s',
  dashboardPlacement: 'standard',
} as const;

/** Alert severity by criticality (export.md §8). */
export const SEVERITY: Readonly<Record<Criticality, string>> = { critical: 'P1', high: 'P2', medium: 'P3', low: 'P4' };

/** `spec.requirements` with the defaults filled in; null where the manifest is silent and there is none. */
export function requirementsOf(manifest: Manifest) {
  const stated = manifest.spec.requirements;
  return {
    availability: stated?.availability ?? DEFAULTS.availability,
    latencyP50: stated?.latencyP50 ?? null,
    latencyP99: stated?.latencyP99 ?? DEFAULTS.latencyP99,
    errorBudget: stated?.errorBudget ?? DEFAULTS.errorBudget,
    throughput: stated?.throughput ?? null,
  };
}

/** What the artifacts take of `spec.observability`, with the defaults filled in. */
export function observabilityOf(manifest: Manifest) {
  const stated = manifest.spec.observability;
  return {
    metricsInterval: stated?.metricsInterval ?? DEFAULTS.metricsInterval,
    dashboardPlacement: stated?.dashboardPlacement ?? DEFAULTS.dashboardPlacement,
    alertChannels: stated?.alertChannels ?? [],
  };
}

/** `metadata.owners` as parameters: every key present, null where the manifest is silent. */
export function ownersOf(manifest: Manifest) {
  return manifest.metadata.owners.map(({ team, slack, email, oncall }) => ({
    team,
    slack: slack ?? null,
    email: email ?? null,
    oncall: oncall ?? null,
  }));
}

/** The value at a dotted path such as `spec.requirements.availability`; undefined when any part is absent. */
export function fieldOf(manifest: Manifest, path: string): unknown {
  let value: unknown = manifest;
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value ?? undefined;
}
