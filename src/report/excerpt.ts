import { visible } from './escape-terminal.ts';
import { columnsOf } from './text-table.ts';

const BEFORE = 60;
const AROUND = 100;

/**
 * A fault's excerpt made fit to show: the line of the file with unseen characters written out and a long line cut around the caret, and the caret
 * still under what it points at.
 */
export function showExcerpt(excerpt: string): readonly string[] {
  const end = excerpt.lastIndexOf('\n');
  const source = end < 0 ? excerpt : excerpt.slice(0, end);
  const carets = end < 0 ? '' : excerpt.slice(end + 1);
  const at = carets.search(/\S/);
  if (at < 0) return [visible(source.slice(0, AROUND)) + (source.length > AROUND ? '…' : '')];
  const from = at > BEFORE ? at - BEFORE : 0;
  const lead = (from > 0 ? '…' : '') + visible(source.slice(from, at));
  const shown = lead + visible(source.slice(at, from + AROUND)) + (source.length > from + AROUND ? '…' : '');
  return [
    shown,
    ' '.repeat(columnsOf(lead)) +
      carets
        .slice(at)
        .replace(/[^^~\- ]/g, '')
        .slice(0, AROUND - (at - from)),
  ];
}
