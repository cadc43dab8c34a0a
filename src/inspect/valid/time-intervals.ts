import { checkFields, readFields } from './fields.ts';
import type { Book } from './reading.ts';
import { expectMapping, refuseUnknown } from './structure.ts';
import { type At, describe, has, items, placeOf, shorten, step, textOf } from './tree.ts';

const FIELDS = readFields('times:list weekdays:texts days_of_month:texts months:texts years:texts location');
const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const MONTHS = ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december'];

/** Judges one entry of a `time_intervals` list (Alertmanager, timeinterval). */
export function checkTimeInterval(at: At, book: Book): void {
  if (!expectMapping(at, 'A time interval', book)) return;
  checkFields(at, FIELDS, 'A time interval', book);
  for (const range of items(step(at, 'times'))) checkTimes(range, book);
  for (const day of items(step(at, 'weekdays')))
    checkRange(day, 'weekday', (word) => (WEEKDAYS.includes(word) ? WEEKDAYS.indexOf(word) : undefined), book);
  for (const month of items(step(at, 'months'))) checkRange(month, 'month', monthOf, book);
  for (const year of items(step(at, 'years'))) checkRange(year, 'year', numberOf, book);
  for (const day of items(step(at, 'days_of_month'))) checkRange(day, 'day of the month', dayOf, book);
  const location = step(at, 'location');
  if (has(location) && !isZone(textOf(location) ?? ''))
    book.error(placeOf(location), `"${shorten(textOf(location) ?? '')}" is no time zone; write one such as Europe/Berlin or UTC.`);
}

function checkTimes(at: At, book: Book): void {
  if (!expectMapping(at, 'An entry of "times"', book)) return;
  refuseUnknown(at, new Set(['start_time', 'end_time']), 'An entry of "times"', book);
  const [start, end] = ['start_time', 'end_time'].map((key) => {
    const value = step(at, key);
    const minutes = minutesOf(textOf(value) ?? '');
    if (minutes === undefined)
      book.error(
        placeOf(value, has(value) ? 'value' : 'key'),
        `"${key}" is a time such as 09:30, up to 24:00; here is ${describe(value.value)}.`,
      );
    return minutes;
  });
  if (start !== undefined && end !== undefined && start >= end)
    book.error(
      placeOf(step(at, 'start_time')),
      `The time ${textOf(step(at, 'start_time'))} is not before ${textOf(step(at, 'end_time'))}; a night is two entries.`,
    );
}

function minutesOf(text: string): number | undefined {
  const match = /^(?:([01]\d|2[0-3]):([0-5]\d)|24:00)$/.exec(text);
  return match === null ? undefined : text === '24:00' ? 1440 : Number(match[1]) * 60 + Number(match[2]);
}

function checkRange(at: At, noun: string, read: (word: string) => number | undefined, book: Book): void {
  const text = textOf(at) ?? '';
  const [first = '', last = first, ...more] = text.toLowerCase().split(':');
  const [start, end] = [read(first), read(last)];
  const wrong = more.length > 0 || start === undefined ? first : end === undefined ? last : undefined;
  if (wrong !== undefined || start === undefined || end === undefined) {
    book.error(placeOf(at), `"${shorten(text)}" is no ${noun}, nor a range of them such as ${EXAMPLES[noun]}.`);
    return;
  }
  const [low, high] = noun === 'day of the month' ? [fromStart(start), fromStart(end)] : [start, end];
  if (low > high || (noun === 'day of the month' && start < 0 && end > 0))
    book.error(placeOf(at), `The range "${shorten(text)}" ends before it starts.`);
}

const EXAMPLES: Readonly<Record<string, string>> = {
  weekday: 'monday:friday',
  month: 'january:march',
  year: '2026:2027',
  'day of the month': '1:7 or -3:-1',
};

function monthOf(word: string): number | undefined {
  return MONTHS.includes(word) ? MONTHS.indexOf(word) + 1 : numberOf(word);
}

function numberOf(word: string): number | undefined {
  return /^-?\d+$/.test(word) ? Number(word) : undefined;
}

function dayOf(word: string): number | undefined {
  const day = numberOf(word);
  return day === undefined || day === 0 || Math.abs(day) > 31 ? undefined : day;
}

/** Days counted from the end, in the shortest month. */
function fromStart(day: number): number {
  return day < 0 ? 28 + day : day;
}

/** Asking is slow, and a repository has few zones. */
const ZONES = new Map<string, boolean>();

function isZone(name: string): boolean {
  const known = ZONES.get(name);
  if (known !== undefined) return known;
  const answer = ['Local', 'UTC', ''].includes(name) || isKnownZone(name);
  if (ZONES.size < 1000) ZONES.set(name, answer);
  return answer;
}

function isKnownZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
