/** Line breaks and other controls, format characters (bidi overrides and isolates, zero-width, tags), lone surrogates, and letters that draw nothing. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]|\u034f|\u17b4|\u17b5|\u180b|\u180c|\u180d/gu;

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * The text on one line, with every character that a screen would act on, hide or reorder written out: `\n`, `\u001b`, `\u202e`.
 * What it returns, it returns again unchanged. The other media build on it: what the eye cannot see is dangerous in all of them.
 */
export function visible(text: string): string {
  return text.replace(UNSEEN, (character) => SHORT[character] ?? hexadecimal(character.codePointAt(0)!));
}

/** Our own line breaks kept, each line made visible. Only for text whose line breaks no stranger chose. */
export function visibleLines(text: string): string {
  return text.split('\n').map(visible).join('\n');
}

function hexadecimal(codePoint: number): string {
  const digits = codePoint.toString(16);
  return codePoint > 0xffff ? `\\u{${digits}}` : `\\u${digits.padStart(4, '0')}`;
}
