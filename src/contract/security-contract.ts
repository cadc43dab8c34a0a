import { isJsonObject, type JsonObject, type JsonValue } from '../host/json.ts';
import { own } from './communication-graph.ts';

/**
 * Onboarding `security_contract` (export.md §17), from `spec.security` as written: snake_case keys go before camelCase ones, since consumers of this section
 * rely on it. Undefined when no data store has an id.
 */
export function securityContract(raw: JsonObject): JsonObject | undefined {
  const security = own(own(raw, 'spec'), 'security');
  const stores = either(security, 'data_stores', 'dataStores', []);
  const identified = (Array.isArray(stores) ? stores : []).filter(isJsonObject).filter((store) => truthy(own(store, 'id')));
  if (identified.length === 0) return undefined;
  return {
    databases: Object.fromEntries(identified.map((store) => [String(own(store, 'id')), database(store)])),
    sensitivity: either(security, 'sensitivity', 'sensitivity', 'medium'),
    source: 'manifest',
  };
}

function database(store: JsonObject): JsonObject {
  const policy = accessPolicy(either(store, 'access_policy', 'accessPolicy', null));
  return {
    type: either(store, 'type', 'type', ''),
    client_library: either(store, 'client_library', 'clientLibrary', ''),
    credential_source: either(store, 'credential_source', 'credentialSource', ''),
    sensitivity: either(store, 'sensitivity', 'sensitivity', 'medium'),
    ...(policy && { access_policy: policy }),
  };
}

function accessPolicy(policy: JsonValue): JsonObject | undefined {
  const principals = either(policy, 'allowed_principals', 'allowedPrincipals', null);
  const role = either(policy, 'required_role', 'requiredRole', null);
  const audit = either(policy, 'audit_access', 'auditAccess', null);
  const stated = {
    ...(truthy(principals) && { allowed_principals: principals }),
    ...(truthy(role) && { required_role: role }),
    ...(truthy(audit) && { audit_access: true }),
  };
  return Object.keys(stated).length > 0 ? stated : undefined;
}

function either(value: JsonValue | undefined, snake: string, camel: string, fallback: JsonValue): JsonValue {
  const stated = own(value, snake) === undefined ? own(value, camel) : own(value, snake);
  return stated === undefined ? fallback : stated;
}

function truthy(value: JsonValue | undefined): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}
