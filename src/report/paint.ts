/** Names for what colour means here. Without colour each returns its text. */
export interface Paint {
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly doubtful: (text: string) => string;
  readonly good: (text: string) => string;
}

export function paint(colour: boolean): Paint {
  const style = (on: number, off: number) => (text: string) => (colour && text !== '' ? `\u001b[${on}m${text}\u001b[${off}m` : text);
  return { strong: style(1, 22), faint: style(2, 22), bad: style(31, 39), doubtful: style(33, 39), good: style(32, 39) };
}
