import { remembered } from '../../host/remembered.ts';

const UNITS: Readonly<Record<string, number>> = {
  y: 31_536_000_000,
  w: 604_800_000,
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1000,
  ms: 1,
};
const FACTORS = Object.values(UNITS);
const GO_UNITS: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, µs: 1e-3, μs: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const PROMETHEUS = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;

/** Go counts nanoseconds in 63 bits, which are 292 years. */
const LONGEST = 2 ** 63 / 1e6;

/** Files have the same few durations, and short ones. */
const MOST = 100;
const LONGEST_WRITTEN = 12;

/** Milliseconds of a duration as Prometheus, Alertmanager and the operator write it (`1h30m`, `0`); undefined for anything else. */
export const prometheusDuration = remembered(
  (text: string): number | undefined => {
    if (text === '0') return 0;
    const match = text === '' ? null : PROMETHEUS.exec(text);
    if (match === null) return undefined;
    let sum = 0;
    for (let unit = 0; unit < FACTORS.length; unit++) sum += Number(match[unit + 1] ?? 0) * FACTORS[unit]!;
    return sum > LONGEST ? undefined : sum;
  },
  MOST,
  LONGEST_WRITTEN,
);

/** Milliseconds of a duration as Go writes it (`1.5h`, `300ms`); undefined for anything else. */
export const goDuration = remembered(
  (text: string): number | undefined => {
    if (text === '0') return 0;
    if (!/^[+-]?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/.test(text)) return undefined;
    return [...text.matchAll(/([\d.]+)(ns|us|µs|μs|ms|s|m|h)/g)].reduce(
      (sum, [, number, unit]) => sum + Number(number) * (GO_UNITS[unit!] ?? 0),
      0,
    );
  },
  MOST,
  LONGEST_WRITTEN,
);

export const DURATION_ADVICE = 'write a number and a unit, such as 30s, 5m or 1h30m';
