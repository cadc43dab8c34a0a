import { rm } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { draftExport } from '../../src/export/draft-export.ts';
import { asked, inputOf, manifestBytes, readManifest } from './exports.ts';
import { holds, manifestV2 } from './manifests.ts';
import { examine, openWorkshop } from './workshop.ts';

describe('an export that was just made', () => {
  test('is healthy on disk, whatever exists and whatever was asked for', async () => {
    await using workshop = await openWorkshop();
    const { root, put } = workshop;
    await holds(
      fc.asyncProperty(manifestV2, asked, async (document, choices) => {
        await rm(path.join(root, 'out'), { recursive: true, force: true });
        await put('.contextcore.yaml', manifestBytes(document));
        const input = inputOf(readManifest(document), choices, {}, { root });
        for (const { name, bytes } of draftExport(input).files) await put(`out/${name}`, bytes);
        const examined = await examine(root);
        if (!examined.ok) throw new Error(examined.message);
        const { results, check, diagnose } = examined;
        expect(
          results.filter(({ outcome, blocking }) => outcome === 'crashed' || blocking).map(({ gate, reason }) => [gate, reason]),
        ).toEqual([]);
        expect(
          results
            .filter(({ outcome, gate }) => outcome === 'fail' && gate !== 'parameter-resolvability')
            .map(({ gate, reason }) => [gate, reason]),
        ).toEqual([]);
        expect([check.is_healthy, diagnose.questions[0]?.status]).toEqual([true, 'pass']);
        return true;
      }),
      400,
    );
  }, 120_000);
});
