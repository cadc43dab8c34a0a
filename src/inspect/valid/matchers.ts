import { whyNotRe2 } from './re2.ts';

/**
 * Says why Alertmanager would not read a line of `matchers`. It tries its UTF-8 syntax and its classic one, and takes whatever either takes
 * (Alertmanager, matcher/compat), so a line is wrong only when it is wrong in both.
 */
export function whyNoMatchers(text: string): string | undefined {
  const modern = readModern(text);
  if (typeof modern !== 'string') return whyBadPattern(modern);
  const classic = readClassic(text);
  return typeof classic === 'string' ? modern : whyBadPattern(classic);
}

interface Matcher {
  readonly operator: string;
  readonly value: string;
}

function whyBadPattern(matchers: readonly Matcher[]): string | undefined {
  for (const { operator, value } of matchers) {
    const why = operator.includes('~') ? whyNotRe2(value) : undefined;
    if (why) return `the regular expression "${value}" does not compile: ${why}`;
  }
  return undefined;
}

const WORD = /"(?:[^"\\]|\\.)*"|[^\s{}!=~,\\"'`]+/y;

/** `{name="value", other=~x.*}` with names and values in quotes or without. */
function readModern(text: string): readonly Matcher[] | string {
  const trimmed = text.trim();
  const braces = trimmed.startsWith('{');
  if (braces !== trimmed.endsWith('}')) return `a "${braces ? '}' : '{'}" is missing`;
  const inside = braces ? trimmed.slice(1, -1) : trimmed;
  const matchers: Matcher[] = [];
  let at = blank(inside, 0);
  while (at < inside.length) {
    const name = word(inside, at);
    if (name === undefined) return `a label name was expected at "${inside.slice(at, at + 20)}"`;
    at = blank(inside, at + name.length);
    const operator = /^(?:=~|!~|!=|=)/.exec(inside.slice(at, at + 2))?.[0];
    if (operator === undefined)
      return `one of =, !=, =~ and !~ was expected ${at < inside.length ? `at "${inside.slice(at, at + 20)}"` : `after "${name}"`}`;
    at = blank(inside, at + operator.length);
    const value = word(inside, at);
    if (value === undefined)
      return `a value was expected ${at < inside.length ? `at "${inside.slice(at, at + 20)}"` : `after "${name}${operator}"`}`;
    matchers.push({ operator, value: value.startsWith('"') ? unquote(value.slice(1, -1)) : value });
    at = blank(inside, at + value.length);
    if (at < inside.length && inside[at] !== ',') return `a comma was expected at "${inside.slice(at, at + 20)}"`;
    at = blank(inside, at + 1);
  }
  return matchers.length === 0 && !braces ? 'it matches nothing' : matchers;
}

function word(text: string, at: number): string | undefined {
  WORD.lastIndex = at;
  return WORD.exec(text)?.[0];
}

function blank(text: string, from: number): number {
  let at = from;
  while (at < text.length && ' \t\r\n'.includes(text[at]!)) at++;
  return at;
}

/** Alertmanager's older syntax (pkg/labels/parse.go): braces are optional one by one, and values may hold nearly anything. */
function readClassic(text: string): readonly Matcher[] | string {
  const inside = text.replace(/^\{/, '').replace(/\}$/, '');
  const parts: string[] = [];
  let start = 0;
  for (const { 0: token, index } of inside.matchAll(/"(?:[^"\\]|\\.)*"?|\\.|,/gs)) {
    if (token !== ',') continue;
    parts.push(inside.slice(start, index));
    start = index + 1;
  }
  parts.push(inside.slice(start));
  const matchers: Matcher[] = [];
  for (const part of parts.filter((piece, index) => index < parts.length - 1 || piece.trim() !== '')) {
    const match = /^\s*[a-zA-Z_:][a-zA-Z0-9_:]*\s*(=~|=|!=|!~)\s*(.*?)\s*$/s.exec(part);
    if (match === null) return `"${part.trim()}" is no matcher`;
    const [, operator, value] = match;
    const quoted = /^"((?:[^"\\]|\\.)*)"$/s.exec(value!);
    if (!quoted && value!.replace(/\\./gs, '').includes('"')) return `the quotes of ${value} do not match`;
    matchers.push({ operator: operator!, value: unquote(quoted ? quoted[1]! : value!) });
  }
  return matchers;
}

function unquote(text: string): string {
  return text.replace(/\\(["\\])/g, '$1').replaceAll('\\n', '\n');
}
