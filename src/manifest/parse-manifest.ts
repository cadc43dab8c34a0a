import { createHash } from 'node:crypto';
import type { JsonObject, JsonValue } from '../host/json.ts';
import { isJsonObject } from '../host/json.ts';
import { type FaultBook, type Path, pathOf, shown, throughOrigin } from './fault.ts';
import type { OnUnknownKey } from './known-keys.ts';
import type { Manifest, ManifestSource, ManifestVersion, ParsedManifest } from './manifest.ts';
import { manifestV1, manifestV2 } from './manifest-schema.ts';
import { migrateDocument } from './migrate.ts';
import { warnOfAmbiguousScalars, warnOfOddities, warnOfSecurityNulls, warnOfV1Oddities } from './oddities.ts';
import { readFields, unknownKey } from './read-fields.ts';
import { checkLinkedObjectives, checkV1References } from './references.ts';
import { type IndexedTarget, settleTargets } from './targets.ts';
import { detectVersion, upgradeLegacy } from './version.ts';
import { readYaml, type YamlDocument } from './yaml-document.ts';

/**
 * Reads a manifest, v2 or v1.1 (spec/manifest.md). The value is in its v2 shape, a v1.1 document being migrated in memory; or every fault is told at once, each with
 * its place. Bounded in size, depth and number of values, whatever the bytes are; never throws. `path` names the file in places.
 */
export function parseManifest(bytes: Uint8Array, path: string): ParsedManifest {
  const source: ManifestSource = { path, sha256: createHash('sha256').update(bytes).digest('hex') };
  const yaml = readYaml(bytes, path);
  if (!yaml.ok) return { ok: false, version: 'unknown', faults: yaml.faults, warnings: [], source };
  const { version, book, parsed } = readDocument(yaml.document);
  const faults = book.faults();
  if (!parsed || faults.length > 0) return { ok: false, version, faults, warnings: book.warnings(), source };
  return {
    ok: true,
    version,
    manifest: parsed.manifest,
    raw: parsed.raw,
    locate: (dotted) => yaml.document.find(parsed.origin(pathOf(dotted)), 'value').place,
    warnings: book.warnings(),
    source,
  };
}

interface Reading {
  readonly version: ManifestVersion;
  readonly book: FaultBook;
  /** Absent when the fields have faults. */
  readonly parsed?: Parsed;
}

interface Parsed {
  readonly manifest: Manifest;
  readonly raw: JsonObject;
  /** Leads from the manifest's paths to those of the file. */
  readonly origin: (path: Path) => Path;
}

function readDocument(document: YamlDocument): Reading {
  const { root } = document;
  if (!isJsonObject(root)) return { version: 'unknown', book: faultNoMapping(root, document.openBook()) };
  const version = detectVersion(root);
  if (typeof version === 'object') return { version: 'unknown', book: faultUndecidable(version.undecidable, root, document) };
  return version === 'v2' ? readV2(root, document) : readV1(root, document);
}

function readV2(raw: JsonObject, document: YamlDocument): Reading {
  const book = openBook(document, raw);
  const read = readFields({ root: raw, book, written: document.written, unknownKey: warnOfUnknownV2Key(raw, book) }, manifestV2);
  if (!read) return { version: 'v2', book };
  checkLinkedObjectives(read, book);
  const targets = settleTargets(read.spec.targets, document.lineOf, book);
  warnOfOddities(read, document.lineOf, book);
  return { version: 'v2', book, parsed: settle(read, targets, raw, (path) => path) };
}

function readV1(raw: JsonObject, document: YamlDocument): Reading {
  const { document: root, origin } = upgradeLegacy(raw);
  const book = throughOrigin(openBook(document, raw), origin);
  const read = readFields(
    { root, book, written: (path) => document.written(origin(path)), unknownKey: warnOfUnknownV1Key(book) },
    manifestV1,
  );
  if (!read) return { version: 'v1.1', book };
  const lineOf = (path: Path): number => document.lineOf(origin(path));
  checkV1References(read, book);
  const targets = settleTargets(read.spec.targets, lineOf, book);
  warnOfV1Oddities(read, lineOf, book);
  book.warn('migrated', ['apiVersion'], MIGRATED);
  const migrated = migrateDocument(read);
  return { version: 'v1.1', book, parsed: settle(migrated.document, targets, raw, (path) => origin(migrated.origin(path))) };
}

const MIGRATED =
  'This is a v1.1 manifest; it was read as the v2 manifest it migrates to, and the file was not changed. Migrate it to use guidance and linked objectives.';

/** A book that holds already what is odd about the text itself. */
function openBook(document: YamlDocument, raw: JsonObject): FaultBook {
  const book = document.openBook();
  for (const path of document.oddKeys.filter(mustBeText)) {
    book.error('non-text-key', path, `The key ${shown(path.at(-1))} is no text to YAML, and a key must be text here; put it in quotes.`, {
      side: 'key',
      suggestion: `"${path.at(-1)}"`,
    });
  }
  warnOfAmbiguousScalars(document.ambiguous, book);
  warnOfSecurityNulls(raw, book);
  return book;
}

/** Elsewhere a key that is no text is an unknown key, or a name in a free mapping. */
function mustBeText(path: Path): boolean {
  return path.length === 1 || (path.length === 3 && path[0] === 'metadata' && path[1] === 'links');
}

function warnOfUnknownKey(book: FaultBook): OnUnknownKey {
  return (path, known, spelt) => {
    const [root, ...below] = path;
    const { code, sentence, suggestion } = unknownKey(path, known, spelt);
    if (below.length > 0 || !SPEC_KEYS.has(root)) book.warn(code, path, sentence, { side: 'key', suggestion });
    else
      book.warn(code, path, (name) => `${name} is not read at the root of a manifest; it belongs under spec.`, {
        side: 'key',
        suggestion: `spec.${root}`,
      });
  };
}

const SPEC_KEYS: ReadonlySet<unknown> = new Set(Object.keys(manifestV2.shape.spec.shape));

/** A root `version` that agrees may have decided the version of the document. */
function warnOfUnknownV2Key(raw: JsonObject, book: FaultBook): OnUnknownKey {
  const others = warnOfUnknownKey(book);
  const { version } = raw;
  const agrees = typeof version === 'string' && version.startsWith('2');
  return (path, known, spelt) => {
    if (!(agrees && path.length === 1 && path[0] === 'version')) others(path, known, spelt);
  };
}

function warnOfUnknownV1Key(book: FaultBook): OnUnknownKey {
  const others = warnOfUnknownKey(book);
  return (path, known, spelt) => {
    const sentence = (name: string): string =>
      `${name} is read in v2 manifests only, and this is a v1.1 manifest; migrate it and set apiVersion to contextcore.io/v1alpha2.`;
    if (path.length === 1 && V2_ONLY.has(path[0])) book.warn('unknown-key', path, sentence, { side: 'key' });
    else others(path, known, spelt);
  };
}

const V2_ONLY: ReadonlySet<unknown> = new Set(['strategy', 'guidance', 'state']);

/** The manifest with one target for each service. Its targets may have other indexes than those in the file. */
function settle(read: ReadManifest, targets: readonly IndexedTarget[], raw: JsonObject, origin: (path: Path) => Path): Parsed {
  const { service_communication_graph: _graph, ...spec } = read.spec;
  const manifest = { ...read, spec: { ...spec, targets: targets.map(({ target }) => target) } };
  return { manifest, raw, origin: (path) => origin(targetOrigin(path, targets)) };
}

/** The graph is read from the document as written. */
type ReadManifest = Manifest & { readonly spec: { readonly service_communication_graph?: unknown } };

function targetOrigin(path: Path, targets: readonly IndexedTarget[]): Path {
  const [spec, list, index, ...rest] = path;
  if (spec !== 'spec' || list !== 'targets' || index === undefined) return path;
  return [spec, list, targets[Number(index)]?.index ?? index, ...rest];
}

function faultNoMapping(root: JsonValue, book: FaultBook): FaultBook {
  book.error('not-a-mapping', [], `The document is ${shown(root)}; a manifest is a mapping with the keys apiVersion, metadata and spec.`);
  return book;
}

function faultUndecidable(field: 'apiVersion' | 'version', root: JsonObject, document: YamlDocument): FaultBook {
  const book = document.openBook();
  const written = document.written([field]);
  const isLiteral = ['number', 'boolean'].includes(typeof root[field]);
  const message = `${field} is ${shown(root[field])}, which leaves the version of the manifest open; it must be text in quotes.`;
  book.error('wrong-type', [field], message, { suggestion: isLiteral && written !== undefined ? `"${written}"` : undefined });
  return book;
}
