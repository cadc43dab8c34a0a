import { visible } from './escape-terminal.ts';

/**
 * A stranger's words inside a quoted Mermaid label. Everything but letters, digits, blanks and a few harmless signs becomes Mermaid's entity `#code;`: a quote
 * ends the label, `%%{` is a directive wherever it stands, a leading `1.` is taken for a list and a backtick for Markdown.
 */
export function mermaidLabel(text: string): string {
  return visible(text).replace(/[^\p{L}\p{M}\p{N} _(),/-]/gu, (character) => `#${character.codePointAt(0)};`);
}
