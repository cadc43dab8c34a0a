import * as z from 'zod/mini';
import { PROFILES } from '../contract/contract.ts';

/* What several of the written documents are made of. */

export const text = z.string();
export const texts = z.array(text);
export const count = z.int().check(z.gte(0));
export const percent = z.number().check(z.gte(0), z.lte(100));
export const sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/));
export const traceId = z.string().check(z.regex(/^[0-9a-f]{32}$/));
export const spanId = z.string().check(z.regex(/^[0-9a-f]{16}$/));
/** Local time without zone, as the reference writes it. */
export const zonelessTime = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{6})?$/));
/** RFC 3339 in UTC. */
export const utcTime = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|\+00:00)$/));
export const profile = z.enum(PROFILES);
export const criticality = z.enum(['critical', 'high', 'medium', 'low']);
export const priority = z.enum(['required', 'recommended', 'optional']);
export const status = z.enum(['needed', 'exists', 'outdated', 'skipped']);
export const emissionState = z.enum(['sent', 'partial', 'spooled', 'previewed', 'lost', 'none']);

/** Values that come from the user, of any shape. */
export const anything = z.unknown();

/** A mapping whose keys are names: of artifacts, types, services, files. */
export function byName<Value extends z.core.$ZodType>(value: Value) {
  return z.record(z.string(), value);
}

export const nullable = z.nullable;
