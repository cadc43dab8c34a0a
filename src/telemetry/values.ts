import type { JsonValue } from '../host/json.ts';
import { remembered } from '../host/remembered.ts';
import { holdsSecret, isSecretName, jsonHoldsSecret, REDACTED } from '../host/secret-shapes.ts';
import type { AttributeValue } from './draft.ts';

/** Longest text of one attribute. Tempo cuts at 2,048 bytes without a word; we cut before it, and say so. */
const TEXT_LIMIT = 1_000;
/** Longest JSON text of an event's payload. */
const PAYLOAD_LIMIT = 16_000;
const LIST_LIMIT = 128;

/**
 * A stranger's text as an attribute: well-formed Unicode, secret shapes replaced, cut where it is too long with the cut marked. The same target names, types and
 * durations come by thousands of times; scanning each once keeps large plans fast.
 */
export const text = remembered(safeText, 5_000, 200);

function safeText(value: string): string {
  return clip(holdsSecret(value) ? REDACTED : value.toWellFormed(), TEXT_LIMIT);
}

/** A list of strangers' texts; beyond 128 the last entry tells how many are missing. */
export function texts(values: readonly string[]): readonly string[] {
  if (values.length <= LIST_LIMIT) return values.map((value) => text(value));
  return [...values.slice(0, LIST_LIMIT - 1).map((value) => text(value)), `… and ${values.length - LIST_LIMIT + 1} more`];
}

/** A payload as JSON text, secrets taken out. Too long, it is no longer JSON but says that it was cut. */
export function json(value: unknown): string {
  const plain = JSON.stringify(value) ?? 'null';
  // A replacer costs ten times as much; only text in which a secret may stand is worth it.
  const safe = jsonHoldsSecret(plain) ? JSON.stringify(value, withoutSecrets) : plain;
  return clip(safe, PAYLOAD_LIMIT).toWellFormed();
}

/** A parameter as an attribute: scalars and lists of scalars as they are, the rest as JSON text; undefined when there is nothing to say. */
export function parameter(key: string, value: JsonValue | undefined): AttributeValue | undefined {
  if (value === null || value === undefined || isSecretName(key)) return undefined;
  if (typeof value === 'string') return text(value);
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (Array.isArray(value) && value.every(isScalar)) return texts(value.map(String));
  return json(value);
}

/** A count that fits an int attribute, whatever was handed in. */
export function int(value: number): number {
  return Number.isFinite(value) ? Math.max(0, Math.trunc(value)) : 0;
}

/** A number that fits a double attribute; undefined for NaN and infinities, which no receiver takes. */
export function double(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

/** The record without its undefined values. */
export function present(attributes: Readonly<Record<string, AttributeValue | undefined>>): Readonly<Record<string, AttributeValue>> {
  const kept: Record<string, AttributeValue> = {};
  for (const key in attributes) {
    const value = attributes[key];
    if (value !== undefined) kept[key] = value;
  }
  return kept;
}

function clip(value: string, limit: number): string {
  if (value.length <= limit) return value;
  const mark = ` … [cut: ${limit} of ${value.length} characters]`;
  return (
    value
      .slice(0, limit - mark.length)
      .toWellFormed()
      .replace(/\ufffd$/, '') + mark
  );
}

function withoutSecrets(key: string, value: unknown): unknown {
  if (key !== '' && isSecretName(key)) return REDACTED;
  return typeof value === 'string' && holdsSecret(value) ? REDACTED : value;
}

function isScalar(value: JsonValue): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
