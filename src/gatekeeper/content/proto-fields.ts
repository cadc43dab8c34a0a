/**
 * The names of all fields that a `.proto` text declares: plain, `repeated`, `map<…>`, with dotted types, and those of a `oneof` however it is laid out. Comments,
 * options and enum values are none.
 */
export function protoFields(text: string): readonly string[] {
  const bare = text.replace(NOISE, ' ').replace(/\[[^[\]]*\]/g, ' ');
  const statements = bare.split(/[;{}]/).map((statement) => FIELD.exec(statement.trim()));
  return [...new Set(statements.flatMap((match) => match?.groups?.['name'] ?? []))];
}

/** Comments and texts in quotes, whichever begins first. */
const NOISE = /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g;

const FIELD =
  /^(?!option\s)(?:(?:repeated|optional|required)\s+)?(?:map\s*<[^<>]*>|\.?[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)\s+(?<name>[A-Za-z_]\w*)\s*=\s*(?:\d+|0x[\da-fA-F]+)$/;
