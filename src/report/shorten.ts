import { thousands } from './words.ts';

/** At most `limit` UTF-16 units. What is cut is told, with its size where there is room for that; a surrogate pair is never split. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const note = limit < 60 ? '…' : `… [${thousands(text.length - limit)} more characters]`;
  return whole(text.slice(0, Math.max(0, limit - note.length))) + note;
}

function whole(text: string): string {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff ? text.slice(0, -1) : text;
}
