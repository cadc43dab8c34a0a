import { describe, expect, test } from '@jest/globals';
import { carriedBaggage } from '../../src/telemetry/baggage.ts';
import type { Drafts } from '../../src/telemetry/draft.ts';
import { draftSpans } from '../../src/telemetry/draft-spans.ts';
import { shopInput } from './shop.ts';

const drafts = draftSpans(shopInput());
const NOTHING: Drafts = { ...drafts, resource: {}, spans: [] };
const OURS = [
  `contextcore.source_checksum=${'a'.repeat(64)}`,
  `contextcore.artifact_manifest_checksum=${'b'.repeat(64)}`,
  `contextcore.run_id=${drafts.resource['service.instance.id']}`,
].join(',');

describe('what later steps are told', () => {
  test('is what the work was derived from, and which run it was', () => {
    expect(carriedBaggage(undefined, drafts)).toEqual({ list: OURS, losses: [] });
  });

  test('comes after what was given, which stays as it was', () => {
    const given = 'tenant=a%20b;ttl=30;signed , user=7';
    expect(carriedBaggage(` ${given}\n`, drafts)).toEqual({ list: `tenant=a%20b;ttl=30;signed,user=7,${OURS}`, losses: [] });
  });

  test('stands in place of what an earlier run said of the same', () => {
    expect(carriedBaggage('contextcore.run_id=old,x=1', drafts).list).toBe(`x=1,${OURS}`);
  });

  test('is nothing where nothing is known', () => {
    expect(carriedBaggage('', NOTHING)).toEqual({ losses: [] });
    expect(carriedBaggage(' , ', NOTHING)).toEqual({ losses: [] });
  });
});

describe('what is given and not carried on', () => {
  test.each([
    ['no pair', 'hidden', 'Entry 1 of BAGGAGE is not of the form key=value'],
    ['an empty key', '=hidden', 'Entry 1 of BAGGAGE is not of the form key=value'],
    ['a blank in a key', 'a b=hidden', 'Entry 1 of BAGGAGE is not of the form key=value'],
    ['a value in quotes', 'a="hidden"', 'Entry 1 of BAGGAGE is not of the form key=value'],
    ['a value over two lines', 'a=hidden\nb=1', 'Entry 1 of BAGGAGE is not of the form key=value'],
    ['a letter of another alphabet', 'a=hiddenß', 'Entry 1 of BAGGAGE is not of the form key=value'],
    ['a property without a name', 'a=hidden;=1', 'Entry 1 of BAGGAGE is not of the form key=value'],
    ['a member that is too long', `a=hidden${'x'.repeat(4096)}`, 'Entry 1 of BAGGAGE is longer than 4096 bytes'],
    ['the key of a secret', 'db_password=hidden', 'Entry 1 of BAGGAGE is shaped like a credential'],
    ['a property with such a key', 'a=1;token=hidden', 'Entry 1 of BAGGAGE is shaped like a credential'],
    ['a value of such a shape', `a=ghp_hidden${'x'.repeat(36)}`, 'Entry 1 of BAGGAGE is shaped like a credential'],
    ['the same, encoded', `a=%67hp_hidden${'x'.repeat(36)}`, 'Entry 1 of BAGGAGE is shaped like a credential'],
  ])('%s is told by its number, and not shown', (_, given, why) => {
    const carried = carriedBaggage(`${given},ok=1`, NOTHING);
    expect(carried).toEqual({ list: 'ok=1', losses: [expect.stringContaining(why)] });
    expect(JSON.stringify(carried)).not.toContain('hidden');
  });

  test('many entries of one kind are one sentence', () => {
    const { losses } = carriedBaggage(Array.from({ length: 9 }, () => 'x').join(), NOTHING);
    expect(losses).toEqual(['Entries 1, 2, 3, 4, 5 … of BAGGAGE are not of the form key=value, and so not carried on.']);
  });

  test.each([
    ['more than 180 members', Array.from({ length: 200 }, (_, index) => `k${index}=1`), 177],
    ['more than 8,192 bytes', Array.from({ length: 3 }, (_, index) => `k${index}=${'x'.repeat(3_900)}`), 2],
  ])('%s: the first that fit beside ours', (_, members, kept) => {
    const { list = '', losses } = carriedBaggage(members.join(), drafts);
    expect(list).toBe([...members.slice(0, kept), OURS].join());
    expect(list.length).toBeLessThanOrEqual(8_192);
    expect(losses).toEqual([expect.stringContaining('180 entries and 8192 bytes')]);
  });
});
