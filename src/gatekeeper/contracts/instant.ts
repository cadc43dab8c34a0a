/** RFC 3339 with an offset: a day of the calendar, an hour of the day; a leap second at the end of a minute is one. */
export function isInstant(text: string): boolean {
  // What leaves in one run carries one moment.
  if (text !== last.text) last = { text, holds: holds(text) };
  return last.holds;
}

let last = { text: '', holds: false };

function holds(text: string): boolean {
  const [, day = '', clock = '', second = '', offset = ''] =
    /^(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}):(\d{2})(?:\.\d+)?([Zz]|[-+]\d{2}:\d{2})$/.exec(text) ?? [];
  const midnight = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(midnight.getTime()) || !midnight.toISOString().startsWith(day)) return false;
  return isClock(clock) && Number(second) <= 60 && (offset.length === 1 || isClock(offset.slice(1)));
}

function isClock(text: string): boolean {
  const [hours = 24, minutes = 60] = text.split(':').map(Number);
  return hours < 24 && minutes < 60;
}
