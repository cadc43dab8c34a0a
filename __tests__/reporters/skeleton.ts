/**
 * The structure of a Markdown text without its words: headings, list items, table cells, HTML tags and fences, line by line. Two texts with the same
 * skeleton look the same but for the words in them.
 */
export function skeleton(markdown: string): readonly string[] {
  let fence = '';
  let language = '';
  return markdown.split('\n').map((line) => {
    const run = /^\s*(`{3,})(\w*)$/.exec(line);
    if (fence !== '') {
      if (run?.[1] !== undefined && run[1].length >= fence.length && run[2] === '') {
        fence = '';
        return 'fence end';
      }
      return language === 'mermaid' ? line.replace(/"[^"]*"/g, '""') : 'inside a fence';
    }
    if (run?.[1] !== undefined) {
      fence = run[1];
      language = run[2] ?? '';
      return `fence ${language}`;
    }
    const words = bare(line);
    // GitHub splits cells before it looks for code, so every pipe counts.
    return `${marker(line)} cells:${line.split('|').length} tags:${(words.match(/<[^>]*>?/g) ?? []).join('')} strong:${words.split('**').length}`;
  });
}

/** The line without code, escaped characters and entities: what is left of markup in it is real. */
export function bare(line: string): string {
  return line.replace(/<code>.*?<\/code>|`[^`]*`|\\.|&(?:#\d+|\w+);/g, '¤');
}

function marker(line: string): string {
  return /^\s*(?:#{1,6} |[-+*] |\d+[.)] |> |\||={2,}|-{3,})?/.exec(line)?.[0] ?? '';
}
