import { isJsonObject, type JsonObject } from '../host/json.ts';
import type { Contract } from './contract.ts';

/** What the product reads of `docs/capability-index/contextcore.agent.yaml` (export.md §18). */
export interface CapabilityIndex {
  /** As text; empty when the index states none. */
  readonly version: string;
  readonly capabilities: readonly { readonly id: string; readonly triggers: readonly string[] }[];
  readonly principles: readonly {
    readonly id: string;
    readonly principle: string;
    readonly antiPatterns: readonly string[];
    readonly appliesTo: readonly string[];
  }[];
  readonly patterns: readonly { readonly id: string; readonly name: string; readonly capabilities: readonly string[] }[];
}

/**
 * Reads a parsed index. Undefined when there is nothing to use: no mapping, or neither capabilities nor principles. Entries without an id are passed over.
 * `written` is the version as the file has it: of `1.0` the number alone would say 1.
 */
export function readCapabilityIndex(value: unknown, written?: string): CapabilityIndex | undefined {
  if (!isJsonObject(value)) return undefined;
  const capabilities = objects(value['capabilities'])
    .slice(0, CAPABILITY_LIMIT)
    .map((entry) => ({ id: text(entry['capability_id']), triggers: texts(entry['triggers']) }))
    .filter(({ id }) => id !== '');
  const principles = objects(value['design_principles'])
    .map((entry) => ({
      id: text(entry['id']),
      principle: text(entry['principle']),
      antiPatterns: texts(entry['anti_patterns']),
      appliesTo: texts(entry['applies_to']),
    }))
    .filter(({ id }) => id !== '');
  if (capabilities.length === 0 && principles.length === 0) return undefined;
  const patterns = objects(value['patterns'])
    .map((entry) => ({ id: text(entry['pattern_id']), name: text(entry['name']), capabilities: texts(entry['capabilities']) }))
    .filter(({ id }) => id !== '');
  const version = value['version'];
  return { version: typeof version === 'number' && written !== undefined ? written : text(version), capabilities, principles, patterns };
}

/** Onboarding `capability_context`: what of the index bears on the artifacts of this contract. Undefined without an index. */
export function capabilityContext(contract: Contract): JsonObject | undefined {
  const index = contract.capabilityIndex;
  if (index === undefined) return undefined;
  const matched = matchedCapabilities(contract, index);
  const relevant = relevance(matched);
  return {
    index_version: index.version,
    applicable_principles: index.principles.filter(({ appliesTo }) => relevant(appliesTo)).map(({ id, principle }) => ({ id, principle })),
    applicable_patterns: index.patterns
      .filter(({ capabilities }) => relevant(capabilities))
      .map(({ id, name, capabilities }) => ({ pattern_id: id, name, capabilities })),
    matched_capabilities: matched,
    governance_gates: GOVERNANCE_GATES,
  };
}

/** Onboarding `guidance.design_principles`; undefined when no principle applies. */
export function designPrinciples(contract: Contract): readonly JsonObject[] | undefined {
  const index = contract.capabilityIndex;
  if (index === undefined) return undefined;
  const relevant = relevance(matchedCapabilities(contract, index));
  const principles = index.principles.filter(({ appliesTo }) => relevant(appliesTo));
  if (principles.length === 0) return undefined;
  return principles.map(({ id, principle, antiPatterns }) => ({ id, principle, anti_patterns: antiPatterns }));
}

/** Metric names that the index promises: capabilities of the two known families whose triggers speak of metrics, cost, tokens or usage. */
export function discoveredMetrics(index: CapabilityIndex): readonly string[] {
  const metering = index.capabilities.filter(
    ({ id, triggers }) => METRIC_FAMILIES.some((family) => id.startsWith(family)) && triggers.some((trigger) => METERING.test(trigger)),
  );
  return [...new Set(metering.map(({ id }) => id.replaceAll('.', '_')))];
}

const CAPABILITY_LIMIT = 100;
const METRIC_FAMILIES = ['startd8.', 'contextcore.beaver.'];
const METERING = /metric|cost|token|usage/i;
const GOVERNANCE_GATES = ['contextcore.a2a.gate.pipeline_integrity', 'contextcore.a2a.gate.diagnostic'];

function matchedCapabilities(contract: Contract, index: CapabilityIndex): readonly string[] {
  const wanted = [...new Set(contract.artifacts.map((artifact) => artifact.type))].join(' ').toLowerCase();
  const matching = index.capabilities.filter(({ triggers }) =>
    triggers.some((trigger) => trigger !== '' && wanted.includes(trigger.toLowerCase())),
  );
  return [...new Set(matching.map(({ id }) => id))];
}

function relevance(matched: readonly string[]): (ids: readonly string[]) => boolean {
  const relevant = new Set([...matched, ...GOVERNANCE_GATES]);
  return (ids) => ids.some((id) => relevant.has(id));
}

function objects(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
