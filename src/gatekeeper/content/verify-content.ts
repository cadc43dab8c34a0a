import type { GateResult } from '../gate.ts';
import { type GateOccasion, type GateSummary, summariseGates } from '../single-gate.ts';
import { checkImports } from './imports.ts';
import { checkPlaceholders } from './placeholders.ts';
import { checkProtocol } from './protocol.ts';
import { checkSchemaFields } from './schema-fields.ts';
import type { SourceTree } from './source-tree.ts';

/** What the sources are held to. What is not given is not asked, but for placeholders. */
export interface ContentExpectations {
  readonly placeholders?: { readonly extraPatterns: readonly string[] };
  /** Path of the schema, relative to the tree. */
  readonly proto?: string;
  /** Path of the list of dependencies, relative to the tree. */
  readonly dependencies?: string;
  /** `http`, `grpc` or `grpc-web`. */
  readonly protocol?: string;
}

export interface ContentVerdict {
  readonly results: readonly GateResult[];
  readonly summary: GateSummary;
}

/** Asks the content gates about one tree of sources (gates.md §6). Their ids are `content-verify-placeholders` and so on. */
export function verifyContent(tree: SourceTree, expected: ContentExpectations, occasion: Omit<GateOccasion, 'gateId'>): ContentVerdict {
  const as = (name: string): GateOccasion => ({ ...occasion, gateId: `content-verify-${name}` });
  const results = [
    checkPlaceholders(tree, as('placeholders'), expected.placeholders?.extraPatterns),
    ...(expected.proto === undefined ? [] : [checkSchemaFields(tree, expected.proto, as('schema-fields'))]),
    ...(expected.dependencies === undefined ? [] : [checkImports(tree, expected.dependencies, as('imports'))]),
    ...(expected.protocol === undefined ? [] : [checkProtocol(tree, expected.protocol, as('protocol'))]),
  ];
  return { results, summary: summariseGates(results) };
}
