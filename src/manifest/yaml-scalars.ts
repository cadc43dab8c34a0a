/** What a YAML 1.1 reader makes of a plain scalar that YAML 1.2 (core) reads otherwise. */
export interface OldReading {
  readonly kind: 'boolean' | 'number' | 'date' | 'text' | 'error';
  /** For a sentence: `the integer 8`. */
  readonly reading: string;
}

interface Rule {
  readonly form: RegExp;
  read(text: string): OldReading | undefined;
}

/**
 * Tells how YAML 1.1 tools read a plain scalar, when that differs from YAML 1.2: `yes`, `010`, `1_000`, `1:30`, dates and their like.
 * Nothing when both agree. `y` and `n` are left alone, as the common 1.1 readers keep them as text.
 */
export function readAsYaml11(source: string): OldReading | undefined {
  if (source.length > 40 || !/^[-+.=0-9yYnNoO]/.test(source)) return undefined;
  return RULES.find((rule) => rule.form.test(source))?.read(source);
}

const RULES: readonly Rule[] = [
  { form: /^(?:yes|Yes|YES|on|On|ON)$/, read: () => ({ kind: 'boolean', reading: 'the boolean true' }) },
  { form: /^(?:no|No|NO|off|Off|OFF)$/, read: () => ({ kind: 'boolean', reading: 'the boolean false' }) },
  { form: /^=$/, read: () => ({ kind: 'error', reading: 'a syntax error' }) },
  { form: /^[-+]?0[0-7_]+$/, read: readOctal },
  { form: /^[-+]?0[0-9]+$/, read: asText },
  { form: /^0o[0-7]+$/, read: asText },
  { form: /^[-+]?0b[01_]+$/, read: (text) => readInteger(text, /0b/, 2) },
  { form: /^(?:[-+]0x[0-9a-fA-F_]+|0x[0-9a-fA-F]*_[0-9a-fA-F_]*)$/, read: (text) => readInteger(text, /0x/, 16) },
  { form: /^[-+]?[1-9][0-9]*_[0-9_]*$/, read: (text) => readInteger(text, /^$/, 10) },
  { form: /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/, read: readSexagesimal },
  {
    form: /^[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?$/,
    read: (text) => (text.includes('_') ? number(Number(text.replaceAll('_', ''))) : undefined),
  },
  { form: /^[-+]?(?:[0-9]+[eE][-+]?[0-9]+|[0-9]*\.[0-9]*[eE][0-9]+)$/, read: asText },
  { form: /^\d{4}-\d\d-\d\d$/, read: () => ({ kind: 'date', reading: 'a date' }) },
  {
    form: /^\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::?\d\d)?))?$/,
    read: () => ({ kind: 'date', reading: 'a timestamp' }),
  },
];

function asText(): OldReading {
  return { kind: 'text', reading: 'text' };
}

function number(value: number): OldReading {
  return { kind: 'number', reading: `the number ${value}` };
}

function readOctal(text: string): OldReading | undefined {
  const old = Number.parseInt(text.replaceAll('_', ''), 8);
  return text.includes('_') || old !== Number(text) ? number(old) : undefined;
}

function readInteger(text: string, prefix: RegExp, base: number): OldReading {
  return number(Number.parseInt(text.replaceAll('_', '').replace(prefix, ''), base));
}

function readSexagesimal(text: string): OldReading {
  const sign = text.startsWith('-') ? -1 : 1;
  const parts = text.replaceAll(/[-+_]/g, '').split(':');
  return number(sign * parts.reduce((sum, part) => sum * 60 + Number(part), 0));
}
