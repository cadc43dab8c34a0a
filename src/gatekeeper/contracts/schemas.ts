import * as z from 'zod/mini';
import { isJsonObject } from '../../host/json.ts';
import { contractFields, type Fields, type Optional, type Shape } from './fields.ts';
import { isInstant } from './instant.ts';
import type { ContractName } from './payload-report.ts';

/** A contract as a zod schema, for those who make others from it. It is built from the same fields by which payloads are judged. */
export function contractSchema(name: ContractName): z.core.$ZodType {
  return recordOf(contractFields[name]);
}

function recordOf(fields: Fields): z.core.$ZodType {
  return z.strictObject(Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, fieldOf(field)])));
}

function fieldOf(field: Shape | Optional): z.core.$ZodType {
  if (field.kind !== 'optional') return schemaOf(field);
  const schema = schemaOf(field.of);
  return field.byDefault === undefined ? z.optional(schema) : z._default(schema, field.byDefault);
}

function schemaOf(shape: Shape): z.core.$ZodType {
  switch (shape.kind) {
    case 'constant':
      return z.literal(shape.value);
    case 'choice':
      return z.enum(shape.values);
    case 'list':
      return z.array(schemaOf(shape.of));
    case 'record':
      return recordOf(shape.fields);
    default:
      return PLAIN[shape.kind];
  }
}

type Plain = Exclude<Shape['kind'], 'constant' | 'choice' | 'list' | 'record'>;

const PLAIN: Readonly<Record<Plain, z.core.$ZodType>> = {
  word: z.string().check(z.minLength(1)),
  text: z.string(),
  instant: published(z.string().check(z.refine(isInstant)), { type: 'string', format: 'date-time' }),
  flag: z.boolean(),
  count: published(z.number().check(z.refine(Number.isInteger), z.gte(0)), { type: 'integer', minimum: 0 }),
  percent: z.number().check(z.gte(0), z.lte(100)),
  // Data passes through whatever its keys; zod's own records would lose `__proto__`.
  data: published(z.custom(isJsonObject), { type: 'object' }),
  someData: published(
    z.custom((value) => isJsonObject(value) && Object.keys(value).length > 0),
    { type: 'object', minProperties: 1 },
  ),
};

/** A schema that is told to JSON Schema in these words. */
function published<S extends z.core.$ZodType>(schema: S, json: Readonly<Record<string, unknown>>): S {
  schema._zod.toJSONSchema = () => ({ ...json });
  // zod looks for the JSON Schema of what a check was added to, which was never asked for.
  delete schema._zod.parent;
  return schema;
}
