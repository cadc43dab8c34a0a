import type { Paint } from '../../report/paint.ts';

/** How the sections of the terminal report look. */
export interface Style {
  readonly paint: Paint;
  readonly bars: boolean;
  readonly width: number;
}

/** A heading and its lines, set in by two; nothing when there are no lines. */
export function section(title: string, lines: readonly string[], { paint }: Style): readonly string[] {
  return lines.length === 0 ? [] : [paint.strong(title), ...lines.map((line) => (line === '' ? '' : `  ${line}`))];
}
