import type { JsonObject, JsonValue } from '../host/json.ts';
import { isJsonObject } from '../host/json.ts';
import type { Path } from './fault.ts';

/** Each of them makes a document a v2 one, whatever its `version` says. */
export const V2_API_VERSIONS: readonly JsonValue[] = ['contextcore.io/v1alpha2', 'contextcore.io/v2', '2.0'];

/** Which version a document is of, decided before any of its fields is judged (spec/manifest.md §2); or the field that leaves it open. */
export function detectVersion(document: JsonObject): 'v2' | 'v1.1' | { readonly undecidable: 'apiVersion' | 'version' } {
  const { apiVersion, version = '' } = document;
  if (typeof apiVersion === 'object' && apiVersion !== null) return { undecidable: 'apiVersion' };
  if (apiVersion !== undefined && V2_API_VERSIONS.includes(apiVersion)) return 'v2';
  if (typeof version !== 'string') return { undecidable: 'version' };
  return version.startsWith('2') ? 'v2' : 'v1.1';
}

/** A v1.1 document, and the way from its paths to those of the file it was made from. */
export interface Upgraded {
  readonly document: JsonObject;
  readonly origin: (path: Path) => Path;
}

const TRIGGERS = ['spec', 'objectives', 'strategies', 'insights', 'version'] as const;
const MOVED = ['project', 'design', 'business', 'requirements', 'risks', 'targets', 'observability'] as const;

/** Upgrades a document from before 1.1, which has neither `metadata` nor `apiVersion` nor `kind` (spec/manifest.md §9); others pass as they are. */
export function upgradeLegacy(document: JsonObject): Upgraded {
  const has = (key: string): boolean => Object.hasOwn(document, key);
  const isLegacy = !['metadata', 'apiVersion', 'kind'].some(has) && TRIGGERS.some(has);
  if (!isLegacy) return { document, origin: (path) => path };
  const moved: readonly string[] = has('spec') ? [] : MOVED.filter(has);
  const kept = Object.entries(document).filter(([key]) => !moved.includes(key));
  const spec = moved.length > 0 ? { spec: pick(document, moved) } : {};
  const project = moved.length > 0 ? document['project'] : isJsonObject(document['spec']) ? document['spec']['project'] : undefined;
  const upgraded = {
    apiVersion: 'contextcore.io/v1alpha1',
    kind: 'ContextManifest',
    metadata: { name: legacyName(project) },
    ...spec,
    ...Object.fromEntries(kept),
  };
  return { document: upgraded, origin: (path) => legacyOrigin(path, moved) };
}

function legacyName(project: JsonValue | undefined): string {
  const id = isJsonObject(project) ? project['id'] : project;
  return (typeof id === 'string' && id.trim()) || 'unnamed-project';
}

function legacyOrigin(path: Path, moved: readonly string[]): Path {
  const [root, key] = path;
  const spec = moved.length > 0 ? [] : ['spec'];
  if (root === 'metadata' && key === 'name') return [...spec, 'project', 'id'];
  return root === 'spec' && moved.includes(String(key)) ? path.slice(1) : path;
}

function pick(document: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(keys.map((key) => [key, document[key]]));
}
