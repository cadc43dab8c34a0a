import { advice, count, named } from '../evidence.ts';
import type { Evidence, GateResult } from '../gate.ts';
import type { GateOccasion } from '../single-gate.ts';
import { clean, findingIn, judgeContent, type Reading } from './content-gate.ts';
import { protoFields } from './proto-fields.ts';
import { isSource, lineAt, type SourceFile, type SourceTree } from './source-tree.ts';

/** Asks whether the sources name the fields of a protobuf schema as the schema does. `protoPath` is relative to the tree. */
export function checkSchemaFields(tree: SourceTree, protoPath: string, occasion: GateOccasion): GateResult {
  return judgeContent(CARD, tree, occasion, (files) => {
    const proto = files.find(({ path }) => path === protoPath);
    return proto
      ? read(
          files.filter(({ path }) => isSource(path) && path !== protoPath),
          proto,
        )
      : noProto(protoPath);
  });
}

const CARD = {
  key: 'content-verify-schema-fields',
  title: 'Schema fields',
  asks: 'Do the sources name the fields of the schema as the schema does?',
  why: 'A field under a slightly other name is empty at run time, and no compiler says so.',
  reads: ['a .proto file', 'source files'],
} as const;

function noProto(path: string): Reading {
  const missing = advice('proto_not_found', path, `There is no schema "${path}", so no field was compared.`);
  return { state: 'clean', confirmations: [], reason: `The schema "${path}" was not found; nothing was compared.`, asides: [missing] };
}

function read(files: readonly SourceFile[], proto: SourceFile): Reading {
  const fields = protoFields(proto.text);
  if (fields.length === 0) return { state: 'clean', confirmations: [], reason: `The schema "${proto.path}" declares no fields.` };
  const variants = wrongNames(fields);
  const findings = files.flatMap((file) => inFile(file, variants));
  if (findings.length === 0)
    return clean(
      'schema_fields_verified',
      proto.path,
      `${count(fields.length, 'field')} looked for in ${count(files.length, 'source file')}.`,
      'The sources name the fields as the schema does.',
    );
  const wrong = [...new Set(findings.map(({ ref }) => ref))];
  return {
    state: 'soiled',
    findings,
    reason: `${count(wrong.length, 'file')} ${wrong.length === 1 ? 'names' : 'name'} fields otherwise than "${proto.path}" does: ${named(wrong)}.`,
    nextAction: `Use the names of "${proto.path}".`,
  };
}

interface Variant {
  readonly field: string;
  readonly wrong: string;
  /** A singular or plural is an ordinary word, and counts only where it is used as a field is. */
  readonly pattern: RegExp;
}

/** The names that a field is easily taken for, less those that are fields themselves. */
function wrongNames(fields: readonly string[]): readonly Variant[] {
  const declared = new Set(fields);
  return fields.flatMap((field) => {
    const camel = camelCase(field);
    const counted = field.length > 2 && field.endsWith('s') ? field.slice(0, -1) : `${field}s`;
    return [
      ...(camel === field ? [] : [{ field, wrong: camel, pattern: new RegExp(`\\b${camel}\\b`) }]),
      { field, wrong: counted, pattern: usedAsField(counted) },
    ].filter(({ wrong }) => !declared.has(wrong));
  });
}

function inFile(file: SourceFile, variants: readonly Variant[]): readonly Evidence[] {
  const words = new Set(file.text.match(/\w+/g));
  return variants.flatMap(({ field, wrong, pattern }) => {
    if (!words.has(wrong) || words.has(field)) return [];
    const match = pattern.exec(file.text);
    if (!match) return [];
    const line = lineAt(file.text, match.index);
    return [findingIn('schema_field_mismatch', file, line, file.path, `Line ${line} has "${wrong}"; the schema's field is "${field}".`)];
  });
}

/** After a dot and not called, as a key in quotes, or as a named argument. */
function usedAsField(word: string): RegExp {
  return new RegExp(`\\.${word}\\b(?!\\s*\\()|(["'])${word}\\1|[(,]\\s*${word}\\s*=(?!=)`);
}

function camelCase(name: string): string {
  const [first = '', ...rest] = name.split('_').filter((part) => part !== '');
  return first + rest.map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join('');
}
