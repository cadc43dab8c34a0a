import { visible } from './escape-terminal.ts';

/** Ends a word for GitHub's autolinker without being seen. */
const BREAK = '&#8203;';

const MEANINGFUL: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  // A backslash before a pipe ends a table cell in one renderer and not in the next; an entity never does.
  '|': '&#124;',
  // `$…$` is mathematics on GitHub.
  $: '&#36;',
  '@': `@${BREAK}`,
  '#': `#${BREAK}`,
};

/**
 * A stranger's words as words, in a sentence, a list item or a table cell: no markup, no HTML, no link, no mention, no issue reference, no emoji,
 * on one line.
 */
export function markdownText(text: string): string {
  return visible(text)
    .trim()
    .replace(/[&<>|$@#]|[\\`*_[\]~]/g, (character) => MEANINGFUL[character] ?? `\\${character}`)
    .replace(/^[-+=:]/, '\\$&')
    .replace(/^(\d{1,9})([.)])(?=\s|$)/, '$1\\$2')
    .replace(/:(?=\/\/)/g, `:${BREAK}`)
    .replace(/\bwww(?=\.)/gi, `$&${BREAK}`)
    .replace(/\bGH-(?=\d)/gi, `$&${BREAK}`)
    .replace(/:(?=(?:[\w+-]*[a-z+-][\w+-]*|100|1234):)/gi, `:${BREAK}`);
}

/** A name, path or id as code. Good in table cells too, where a backtick span could not hold a pipe safely. */
export function markdownCode(text: string): string {
  const shown = visible(text);
  const plain = shown !== '' && !/[`|]|^ | $/.test(shown);
  return plain ? `\`${shown}\`` : `<code>${markdownText(shown)}</code>`;
}

/** A fenced block of these lines, none of which can end it or become two. */
export function markdownBlock(content: readonly string[], language = 'text'): string {
  const lines = content.map(visible);
  const longest = Math.max(2, ...lines.map((line) => Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length))));
  const fence = '`'.repeat(longest + 1);
  return [fence + language, ...lines, fence].join('\n');
}
