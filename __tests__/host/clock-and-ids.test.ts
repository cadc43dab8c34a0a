import { describe, expect, test } from '@jest/globals';
import { sourceDateEpoch, systemClock } from '../../src/host/clock.ts';
import { idsOf, systemIds } from '../../src/host/ids.ts';

const FIXED = { SOURCE_DATE_EPOCH: '1767225600' };

describe('systemClock', () => {
  test('goes on without SOURCE_DATE_EPOCH, also when it is empty', () => {
    const clock = systemClock({ SOURCE_DATE_EPOCH: '' });
    const before = Date.now();
    expect(clock.now().getTime()).toBeGreaterThanOrEqual(before);
    expect(clock.elapsed()).toBeGreaterThan(0);
  });

  test('stands still at SOURCE_DATE_EPOCH', () => {
    const clock = systemClock(FIXED);
    expect([clock.now().toISOString(), clock.elapsed()]).toEqual(['2026-01-01T00:00:00.000Z', 0]);
  });

  test.each(['-1', '1.5', 'now', '1e9', ' 1', '9'.repeat(20)])('refuses %j with what would be right', (text) => {
    expect(() => sourceDateEpoch({ SOURCE_DATE_EPOCH: text })).toThrow(/^SOURCE_DATE_EPOCH is ".*"; write a whole number of seconds/);
  });

  test('knows the epoch itself', () => {
    expect(systemClock({ SOURCE_DATE_EPOCH: '0' }).now().getTime()).toBe(0);
  });
});

describe('systemIds', () => {
  test.each<[string, Record<string, string>]>([
    ['random', {}],
    ['fixed', FIXED],
  ])('%s ids are of their shape and never repeat', (_, env) => {
    const ids = systemIds(env, 'seed');
    const made = Array.from({ length: 3000 }, () => [ids.traceId(), ids.spanId(), ids.uuid()] as const);
    for (const [trace, span, uuid] of made) {
      expect(trace).toMatch(/^(?!0{32})[0-9a-f]{32}$/);
      expect(span).toMatch(/^(?!0{16})[0-9a-f]{16}$/);
      expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-[48][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
    expect(new Set(made.flat()).size).toBe(9000);
  });

  test('repeat for the same epoch and seed, and for no other', () => {
    const three = (env: Record<string, string>, seed: string) => {
      const ids = systemIds(env, seed);
      return [ids.traceId(), ids.spanId(), ids.uuid()];
    };
    expect(three(FIXED, 'a')).toEqual(three(FIXED, 'a'));
    expect(three(FIXED, 'a')).not.toEqual(three(FIXED, 'b'));
    expect(three(FIXED, 'a')).not.toEqual(three({ SOURCE_DATE_EPOCH: '1' }, 'a'));
    expect(three({}, 'a')).not.toEqual(three({}, 'a'));
  });
});

describe('idsOf', () => {
  test('tells two subjects apart under a fixed clock, and repeats for the same one', () => {
    const world = { env: FIXED, ids: systemIds(FIXED, 'run') };
    expect(idsOf(world, 'one').traceId()).toBe(idsOf(world, 'one').traceId());
    expect(idsOf(world, 'one').traceId()).not.toBe(idsOf(world, 'two').traceId());
  });

  test('are the world’s own where the clock runs', () => {
    const world = { env: {}, ids: systemIds({}, 'run') };
    expect(idsOf(world, 'one')).toBe(world.ids);
  });
});
