/** How the export tells an instant: local time without zone as the reference does, or UTC under a fixed clock, so that two machines write the same. */
export type StampZone = 'local' | 'utc';

/** `2026-01-02T03:04:05.678000`; no fraction when it is exactly zero (export.md §5.4). */
export function zonelessStamp(instant: Date, zone: StampZone): string {
  const shifted = zone === 'utc' ? instant.getTime() : instant.getTime() - instant.getTimezoneOffset() * 60_000;
  return withoutZone(new Date(shifted));
}

/** `2026-01-02T03:04:05.678000+00:00` */
export function utcStamp(instant: Date): string {
  return withoutZone(instant) + '+00:00';
}

function withoutZone(instant: Date): string {
  const iso = instant.toISOString();
  return instant.getUTCMilliseconds() === 0 ? iso.slice(0, -5) : iso.slice(0, -1) + '000';
}
