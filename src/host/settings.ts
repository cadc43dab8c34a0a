import { nearest } from './nearest.ts';

/** What a person wrote for one setting, understood; or why not, in words that stand after the setting's name. */
export type Setting<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string };
export type Parser<T> = (text: string) => Setting<T>;

/** A percentage from 0 to 100, as `80` or `80%`. `0.8` is refused, since it may mean 80 % as well as 0.8 % (design.md, The action). */
export const parsePercent: Parser<number> = (text) => {
  const match = /^(\d{1,9}(?:\.\d{1,9})?|\.\d{1,9})\s*(%?)$/.exec(text);
  if (match === null) return refused(`${quoted(text)} is not a percentage; write a number from 0 to 100, such as \`80\` or \`80%\``);
  const number = Number(match[1]);
  if (number > 100) return refused(`${quoted(text)} is more than everything; a percentage lies between 0 and 100`);
  if (number > 0 && number < 1 && match[2] === '')
    return refused(`${quoted(text)} is ambiguous; write \`${percentOf(number)}%\`, or \`${number}%\` if less than one percent is meant`);
  return { ok: true, value: number };
};

/** A stretch of time in milliseconds, from `30s`, `500ms` or a number of seconds; more than nothing, at most an hour. */
export const parseDuration: Parser<number> = (text) => {
  const match = /^(\d{1,9}(?:\.\d{1,9})?)\s*(ms|s|)$/.exec(text);
  if (match === null) return refused(`${quoted(text)} is not a time; write it as \`30s\`, \`500ms\` or a number of seconds`);
  const milliseconds = Math.round(Number(match[1]) * (match[2] === 'ms' ? 1 : 1000));
  if (milliseconds < 1) return refused(`${quoted(text)} leaves no time at all; write at least \`1ms\``);
  if (milliseconds > HOUR) return refused(`${quoted(text)} is longer than an hour; write at most \`3600s\``);
  return { ok: true, value: milliseconds };
};

/** `true` or `false`, in the spellings of YAML 1.2's core schema. */
export const parseBoolean: Parser<boolean> = (text) => {
  if (['true', 'True', 'TRUE'].includes(text)) return { ok: true, value: true };
  if (['false', 'False', 'FALSE'].includes(text)) return { ok: true, value: false };
  const meant = /^(yes|y|on|1)$/i.test(text) ? 'true' : /^(no|n|off|0)$/i.test(text) ? 'false' : undefined;
  return refused(`${quoted(text)} is neither true nor false; write ${meant === undefined ? '`true` or `false`' : `\`${meant}\``}`);
};

/** A whole number within bounds. */
export function parseCount(min: number, max: number): Parser<number> {
  return (text) => {
    const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (number >= min && number <= max) return { ok: true, value: number };
    return refused(`${quoted(text)} is not a whole number from ${min} to ${max}`);
  };
}

/** One word out of a closed list; for another, the likeliest one is suggested. */
export function parseChoice<const T extends string>(choices: readonly T[]): Parser<T> {
  return (text) => {
    const found = choices.find((choice) => choice === text);
    if (found !== undefined) return { ok: true, value: found };
    const meant = nearest(text, choices);
    const listed = choices.map((choice) => `\`${choice}\``).join(', ');
    return refused(`${quoted(text)} is none of ${listed}${meant === undefined ? '' : `; did you mean \`${meant}\`?`}`);
  };
}

/** A W3C `traceparent`, blanks around it forgiven; what the specification calls invalid is refused. */
export const parseTraceparent: Parser<string> = (text) => {
  const value = text.trim();
  const match = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?$/.exec(value);
  const valid = match !== null && !/^0+$/.test(match[1]!) && !/^0+$/.test(match[2]!) && !(value.startsWith('00') && match[3] !== undefined);
  if (valid) return { ok: true, value };
  return refused(
    `${quoted(text)} is not a W3C traceparent; it looks like \`00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\`, in lower case`,
  );
};

/** Address of an OTLP receiver: http or https, whole. A name or password in it is not repeated in the refusal, nor is a query. */
export const parseEndpoint: Parser<string> = (text) => {
  if (/^https?:$/.test(URL.parse(text)?.protocol ?? '')) return { ok: true, value: text };
  const shown = quoted(text.replace(/\/\/[^/]*@/, '//…@').replace(/\?.*$/s, '?…'));
  return refused(`${shown} is not an address of OTLP over HTTP; write it whole, such as \`https://otlp.example.com:4318\``);
};

/** `name=value`, one on a line or separated by commas. The refusal counts the entries and shows none of them: they are secrets. */
export const parseHeaders: Parser<string> = (text) => {
  const wrong = text.split(/[,\r\n]/).findIndex((entry) => entry.trim() !== '' && !/^\s*[!#$%&'*+\-.^_`|~0-9A-Za-z]+\s*=/.test(entry));
  if (wrong < 0) return { ok: true, value: text };
  return refused(`entry ${wrong + 1} (not shown, it may be secret) is not \`name=value\`; write a comma inside a value as \`%2C\``);
};

const HOUR = 3_600_000;

function refused(why: string): { readonly ok: false; readonly why: string } {
  return { ok: false, why };
}

/** As the person wrote it, bounded: a setting may hold a whole file by mistake. */
function quoted(text: string): string {
  return text.length <= 80 ? `\`${text}\`` : `\`${text.slice(0, 77).toWellFormed()}…\``;
}

function percentOf(fraction: number): number {
  return Number((fraction * 100).toPrecision(9));
}
