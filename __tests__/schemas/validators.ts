import Ajv from 'ajv';
import Ajv2020 from 'ajv/dist/2020.js';
import { schemaTexts } from '../../scripts/write-schemas.ts';

export type Validate = (document: unknown) => readonly string[];

/** A validator of a published schema that answers with `path: fault` for everything wrong. */
export function validatorOf(name: string): Validate {
  const text = schemaTexts().get(name);
  if (text === undefined) throw new Error(`There is no schema ${name}.`);
  const schema = JSON.parse(text);
  const ajv = new (schema.$schema.includes('2020') ? Ajv2020.default : Ajv.default)({
    allErrors: true,
    strict: true,
    strictRequired: false,
    allowUnionTypes: true,
    validateFormats: false,
  });
  const isValid = ajv.compile(schema);
  return (document) =>
    isValid(document)
      ? []
      : (isValid.errors ?? []).map((error) => `${error.instancePath}: ${error.message} ${JSON.stringify(error.params)}`);
}

/** Every way to misspell one key of a document, with its pointer; of a list the first item stands for all. */
export function* misspelt(document: unknown, path = ''): Generator<readonly [string, unknown]> {
  if (Array.isArray(document)) {
    for (const [index, item] of document.slice(0, 1).entries())
      for (const [at, changed] of misspelt(item, `${path}/${index}`)) yield [at, document.with(index, changed)];
  } else if (typeof document === 'object' && document !== null) {
    for (const [key, value] of Object.entries(document)) {
      const { [key]: _removed, ...others } = document as Record<string, unknown>;
      const here = `${path}/${key.replaceAll('/', '~1')}`;
      yield [here, { ...others, [`${key}x`]: value }];
      for (const [at, changed] of misspelt(value, here)) yield [at, { ...document, [key]: changed }];
    }
  }
}
