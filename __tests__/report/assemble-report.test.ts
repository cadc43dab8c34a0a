import { describe, expect, test } from '@jest/globals';
import { assembleReport } from '../../src/report/assemble-report.ts';
import type { Entry } from '../../src/report/report.ts';
import type { Emission } from '../../src/telemetry/emission.ts';
import { artifacts, entry, faultyEntry, NOTHING, SENT, SPOOLED, verdict } from '../reporters/samples.ts';

const assemble = (entries: readonly Entry[], minimum?: number) =>
  assembleReport({
    version: '1.2.3',
    mode: 'audit',
    generatedAt: '2026-11-20T09:30:00Z',
    entries,
    verdict: verdict([]),
    losses: ['One thing.'],
    ...(minimum === undefined ? {} : { minimum }),
  });
const emitted = (...emissions: readonly Emission[]) => assemble(emissions.map((emission) => entry({ emission }))).emission;

test('hands on what it was given', () => {
  const entries = [entry()];
  expect(assemble(entries)).toMatchObject({
    tool: { name: 'export-tasks', version: '1.2.3' },
    mode: 'audit',
    generatedAt: '2026-11-20T09:30:00Z',
    losses: ['One thing.'],
  });
  expect(assemble(entries).entries).toBe(entries);
});

describe('coverage over several manifests', () => {
  test('is computed from what is required, not from their percentages', () => {
    const small = entry({ artifacts: artifacts('exists', ['one']) });
    const large = entry({ artifacts: artifacts('needed', ['two', 'three', 'four', 'five']) });
    expect(assemble([small, large]).coverage).toEqual({ totalRequired: 15, totalExisting: 3, overallCoverage: 20, gaps: 16 });
  });

  test.each([
    [1, 16, 6.2],
    [3, 16, 18.8],
    [2, 3, 66.7],
    [0, 0, 100],
  ])('rounds half to even: %i of %i is %d', (existing, required, expected) => {
    const coverage = { ...entry().coverage!, totalRequired: required, totalExisting: existing };
    expect(assemble([entry({ coverage })]).coverage?.overallCoverage).toBe(expected);
  });

  test('leaves out manifests that could not be read, and is absent when none could', () => {
    expect(assemble([entry(), faultyEntry()]).coverage).toEqual(assemble([entry()]).coverage);
    expect(assemble([faultyEntry()]).coverage).toBeUndefined();
  });

  test('says what was asked for', () => {
    expect(assemble([entry()], 80).coverage?.minimum).toBe(80);
    expect(assemble([entry()]).coverage).not.toHaveProperty('minimum');
  });
});

describe('emission over several manifests', () => {
  const lost: Emission = { ...SPOOLED, state: 'lost', reason: 'The disk is full.', spooled: 0, lost: 15 };
  const partial: Emission = { ...SPOOLED, state: 'partial', reason: 'The backend went away.', sent: 5, spooled: 10 };

  test.each([
    ['sent', [SENT, SENT]],
    ['spooled', [SPOOLED, SPOOLED]],
    ['lost', [lost]],
    ['none', [NOTHING]],
    ['none', []],
    ['sent', [SENT, NOTHING]],
    ['partial', [SENT, SPOOLED]],
    ['partial', [SPOOLED, lost]],
    ['partial', [partial, partial]],
  ] as const)('is %s when each of its traces was, and partial as soon as they differ', (state, emissions) => {
    expect(emitted(...emissions).state).toBe(state);
  });

  test('adds up', () => {
    expect(emitted(SENT, partial, lost, NOTHING)).toMatchObject({ drafted: 45, sent: 20, spooled: 10, lost: 15 });
  });

  test('names every trace once', () => {
    expect(emitted(SENT, { ...SENT, traceIds: [SENT.traceIds[0]!, 'ab'] }).traceIds).toEqual([SENT.traceIds[0], 'ab']);
  });

  test('keeps the one reason that all share, and counts where they differ', () => {
    expect(emitted(SPOOLED, SPOOLED).reason).toBe(SPOOLED.reason);
    expect(emitted(SENT, SENT, SPOOLED, NOTHING).reason).toBe(
      'Of 4 traces, one for each manifest, 2 were sent, 1 was kept in the spool and 1 was not drafted.',
    );
    expect(emitted().reason).toMatch(/no manifest/);
  });
});
