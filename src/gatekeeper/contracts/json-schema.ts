import * as z from 'zod/mini';
import type { JsonObject } from '../../host/json.ts';
import { type ContractName, schemaId } from './payload-report.ts';
import { contractSchema } from './schemas.ts';

/** The published JSON Schema of a contract (draft 2020-12), closed at every object that is declared. It accepts what `validatePayload` accepts. */
export function contractJsonSchema(name: ContractName): JsonObject {
  const { $schema, ...schema } = z.toJSONSchema(contractSchema(name), { target: 'draft-2020-12', io: 'input' }) as JsonObject;
  return { $schema, $id: schemaId(name), title: name, ...schema };
}
