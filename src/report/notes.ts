import { placeText } from './problem-text.ts';
import type { Report } from './report.ts';

/** Notices of the contract and warnings of the plan, each once, with its line where it has one. */
export function notesOf({ entries }: Report): readonly string[] {
  const notices = entries.flatMap((entry) => entry.notices);
  const warnings = entries.flatMap((entry) => entry.plan?.warnings ?? []);
  const told = notices.map(({ message, place }) => (place === undefined ? message : `${placeText(place)}: ${message}`));
  return [...new Set([...told, ...warnings])];
}
