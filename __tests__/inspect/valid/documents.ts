import type { JsonValue } from '../../../src/host/json.ts';
import type { Path } from '../../../src/inspect/valid/tree.ts';

/** Numbers from 0 on, the same for the same seed. */
export type Dice = (below: number) => number;

/** George Marsaglia, "Xorshift RNGs". */
export function dice(seed: number): Dice {
  let state = seed | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** YAML as people write it, in all its small variations. */
export function yamlText(roll: Dice): string {
  const pick = picker(roll);
  const lines: string[] = [];
  const documents = roll(8) === 0 ? 2 : 1;
  for (let document = 0; document < documents; document++) {
    if (document > 0 || roll(6) === 0) lines.push('---');
    lines.push(...(roll(5) === 0 ? list(roll, 0, 0) : mapping(roll, 0, 0)));
  }
  return lines.join('\n') + pick(['', '\n', '\n', '\n', '\n\n', '\n# end', '\n# end\n', ' \n']);
}

/** One small slip, such as a hand or a merge makes. */
export function slipped(text: string, roll: Dice): string {
  const pick = picker(roll);
  const at = roll(text.length + 1);
  const lines = text.split('\n');
  const line = roll(lines.length);
  const change = (made: string) => lines.with(line, made).join('\n');
  const slips = [
    () => text.slice(0, at) + text.slice(at + 1 + roll(3)),
    () => text.slice(0, at) + pick(ODD) + text.slice(at),
    () => text.slice(0, at) + pick(ODD) + text.slice(at + 1),
    () => lines.toSpliced(line, 0, lines[roll(lines.length)]!).join('\n'),
    () => lines.toSpliced(line, 1).join('\n'),
    () => change(' '.repeat(1 + roll(3)) + lines[line]!),
    () => change(lines[line]!.replace(/^ {1,2}/, '')),
    () => change(lines[line]! + pick([' ', ':', ' # c', '#', ' : b', ',', ' |', ' >-'])),
    () => lines.toSpliced(line, 0, pick(['', '  ', '# c', '      # c', ' # c', '---', '...', '- a', 'a: b', '  a', '\t'])).join('\n'),
  ];
  return pick(slips)();
}

const ODD = [...':-#|>\'"[]{},&*!?%@`\\\n\t 0a~.=<\r\u00e9\u2028\ufeff', ': ', ' #', '- ', '<<: ', '\n\n', '!!str ', '&a ', '*a'];

function picker(roll: Dice): <T>(from: readonly T[]) => T {
  return (from) => from[roll(from.length)]!;
}

function mapping(roll: Dice, indent: number, depth: number): readonly string[] {
  const names = ['a', 'b-c', 'app.kubernetes.io/name', '9', 'null', 'true', 'd_e', '1.5', 'expr'].filter(() => roll(3) === 0);
  if (isOdd(roll)) names.push(picker(roll)(['a', 'Å', 'a b', '"a"']));
  if (names.length === 0) names.push('x');
  return names.flatMap((name) => [...between(roll, indent), ...entry(roll, `${' '.repeat(indent)}${name}:`, indent, depth)]);
}

function list(roll: Dice, indent: number, depth: number): readonly string[] {
  return Array.from({ length: 1 + roll(3) }, () => {
    const dash = `${' '.repeat(indent)}-${' '.repeat(roll(8) === 0 ? 3 : 1)}`;
    if (depth > 3 || roll(2) === 0) return [...between(roll, indent), ...valued(roll, dash.slice(0, -1), indent)];
    const [first = '', ...rest] = isOdd(roll) ? list(roll, dash.length, depth + 1) : mapping(roll, dash.length, depth + 1).filter(isSaid);
    return [...between(roll, indent), dash + first.trimStart(), ...rest];
  }).flat();
}

function isSaid(line: string): boolean {
  return line.trim() !== '' && !line.trim().startsWith('#');
}

function entry(roll: Dice, key: string, indent: number, depth: number): readonly string[] {
  if (depth > 3 || roll(3) > 0) return valued(roll, key, indent);
  const step = roll(6) === 0 ? 1 + roll(4) : 2;
  const below = roll(2) === 0 ? list(roll, indent + (roll(2) === 0 ? 0 : step), depth + 1) : mapping(roll, indent + step, depth + 1);
  return [`${key}${picker(roll)(['', '', '', ' ', ' # c', ' #'])}`, ...below];
}

/** Blank lines and comments. */
function between(roll: Dice, indent: number): readonly string[] {
  if (roll(6) > 0) return [];
  return [picker(roll)(['', '', '   ', '# c', `${' '.repeat(indent)}# c: d`, `${' '.repeat(indent + 3)}# c`])];
}

function isOdd(roll: Dice): boolean {
  return roll(60) === 0;
}

const PLAIN_WORDS = [
  ...[
    'a',
    '1',
    '0.999',
    '1.50',
    '30s',
    '5m',
    'true',
    'false',
    '1_000',
    '1.2.3',
    '2024-01-01',
    'http://a/b:1',
    'a#b',
    'a:b',
    '(a)',
    '$x',
    '/a/b',
    'a]b',
    'é ü',
  ],
  ...[
    'a #b',
    'sum(rate(a{b="c"}[5m])) > 0.1',
    'a\\b',
    '"a"',
    '"a","b"',
    '"a b # c"',
    "'a'",
    "'a: b'",
    '""',
    "''",
    '"é"',
    '[]',
    '[a]',
    '[a, b]',
    '["a", b]',
    '[1, true]',
    '{}',
    '{ a: b }',
    '{a: "b c", d-e: [f, 1.50]}',
    "[a b - c, 'd']",
    '[{ a: 1 }, [], { }]',
    '{a: {b: {c: 010}}}',
    '[ a , b ]',
    '{a: b, }',
  ],
];
const ODD_WORDS = [
  ...[
    '010',
    '1e3',
    '0x1f',
    '0o7',
    '-1',
    '+1',
    '.5',
    '1.',
    '12345678901234567890',
    '.inf',
    '.nan',
    'True',
    'Null',
    'null',
    '~',
    'NULL',
    'yes',
    'x: y',
    'a:',
    '-a',
    '- a',
    '?a',
  ],
  ...[
    ':a',
    '@a',
    '%a',
    '=a',
    '<<',
    "'it''s'",
    '"a\\n"',
    '"\\""',
    '[a,b]',
    '[ a ]',
    '[a: b]',
    '{a: b, a: c}',
    '{a: }',
    '{a}',
    '{"a": b}',
    '{a:b}',
    '{a: b,c: d}',
    '{__proto__: a}',
    '{a: [b}]',
    '[a:b, c d:]',
    '[a #b]',
    '{1: a, true: b}',
    '[null]',
    '[a, ]',
    '&x a',
    '*x',
    '!t a',
    '"a"b',
    '|',
    '>',
    '"open',
  ],
];

function valued(roll: Dice, before: string, indent: number): readonly string[] {
  const pick = picker(roll);
  if (roll(5) === 0) return block(roll, before, indent);
  const word = pick(isOdd(roll) ? ODD_WORDS : PLAIN_WORDS);
  const gap = ' '.repeat(roll(10) === 0 ? 1 + roll(3) : 1);
  const more = isOdd(roll) ? [`${' '.repeat(indent + 2)}${pick(['more', '# c', 'k: v', '- v'])}`] : [];
  return [`${before}${gap}${word}${pick(['', '', '', '', ' ', ' # c', '  #c', ...(isOdd(roll) ? ['#c'] : [])])}`, ...more];
}

function block(roll: Dice, before: string, indent: number): readonly string[] {
  const pick = picker(roll);
  const header = pick(isOdd(roll) ? ['|+', '|2', '>+', '| # c', '|1-'] : ['|', '|', '|-', '>', '>-']);
  const own = indent + (isOdd(roll) ? roll(5) : 2);
  const lines = Array.from({ length: isOdd(roll) ? 0 : 1 + roll(3) }, () => {
    if (isOdd(roll)) return pick(['', ' ', ' '.repeat(own), `${' '.repeat(own + 2)}a`, `${' '.repeat(own)}a `]);
    return `${' '.repeat(own)}${pick(['sum(a)', '# c', 'a: b', '- a', '/ b', 'é'])}`;
  });
  return [`${before} ${header}`, ...lines, ...(roll(6) === 0 ? [''] : []), ...(isOdd(roll) ? ['  '] : [])];
}

/** Every value in a document, and the way to it. */
export function pathsIn(value: JsonValue, at: Path): readonly (readonly [Path, JsonValue])[] {
  if (typeof value !== 'object' || value === null) return [[at, value]];
  const inside = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [[at, value], ...inside.flatMap(([name, item]) => pathsIn(item as JsonValue, [...at, name]))];
}
