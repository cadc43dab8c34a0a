import { isSecretName } from '../host/secret-shapes.ts';
import { A } from './attributes.ts';
import type { AttributeValue } from './draft.ts';
import type { DraftInput, StageInput } from './draft-input.ts';
import { RESOURCE, SERVICE_NAME, SERVICE_NAMESPACE } from './registry.ts';
import { present, text } from './values.ts';

/**
 * Who sends: the run first, since a Collector's file receiver tells files apart by their first 1,000 bytes. No host name, no user, no process.
 * `telemetry.sdk.name` is ours, because the bytes on the wire are written by us (otel.md §0).
 */
export function draftResource(
  input: Pick<DraftInput, 'context' | 'ids' | 'version'> & Pick<StageInput, 'plan'>,
): Readonly<Record<string, AttributeValue>> {
  const fromEnvironment = parseResourceAttributes(input.context.resourceAttributes ?? '');
  const project = text(input.plan.projectId);
  return present({
    [A.serviceInstanceId]: input.ids.uuid(),
    [A.serviceName]: SERVICE_NAME,
    [A.serviceNamespace]: SERVICE_NAMESPACE,
    [A.serviceVersion]: input.version,
    [A.projectId]: project,
    [A.projectName]: project,
    [A.sdkName]: 'export-tasks',
    [A.sdkLanguage]: 'nodejs',
    [A.sdkVersion]: input.version,
    ...admitted(fromEnvironment),
    ...admitted(input.context.resource ?? {}),
  });
}

/** `key=value,key=value`, percent-decoded; what is not of that form is left out. */
export function parseResourceAttributes(list: string): Readonly<Record<string, string>> {
  const pairs = list.split(',').map((pair) => /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/.exec(pair));
  return Object.fromEntries(pairs.flatMap((pair) => (pair?.[1] ? [[pair[1], decoded(pair[2] ?? '')] as const] : [])));
}

const ADMITTED = new Set<string>(RESOURCE.optional);

function admitted(attributes: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const pairs = Object.entries(attributes).filter(
    ([key, value]) => ADMITTED.has(key) && !key.startsWith('telemetry.') && value !== '' && !isSecretName(key),
  );
  return Object.fromEntries(pairs.map(([key, value]) => [key, text(value)]));
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
