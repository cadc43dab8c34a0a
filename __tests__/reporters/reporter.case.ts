import { describe, expect, test } from '@jest/globals';
import type { Reporter } from '../../src/report/report.ts';
import { HOSTILE } from './hostile.ts';
import { report, STORIES, verdict, written } from './samples.ts';

/** What it means to be a reporter. Every member of the shelf passes it; so should one of your own. */
export function behavesAsReporter(reporter: Reporter): void {
  describe(`the reporter "${reporter.name}"`, () => {
    test.each(Object.entries(STORIES))('says the same twice of %s, and leaves the report as it was', (_, story) => {
      const before = JSON.stringify(story);
      expect(reporter.render(freeze(structuredClone(story)))).toBe(reporter.render(story));
      expect(JSON.stringify(story)).toBe(before);
    });

    test('answers to a report about nothing', () => {
      expect(typeof reporter.render(report([], verdict([])))).toBe('string');
    });

    test('ends its last line, where it has one', () => {
      for (const story of Object.values(STORIES)) expect(reporter.render(story)).toMatch(/^$|[^\n]\n$/);
    });

    test.each([1, 3])('keeps its lines apart from those that strangers write, with %i manifests', (manifests) => {
      const plain = reporter.render(written((field) => field, manifests)).split('\n').length;
      for (const hostile of HOSTILE) {
        expect({ hostile, lines: reporter.render(written((field) => `${field} ${hostile}`, manifests)).split('\n').length }).toEqual({
          hostile,
          lines: plain,
        });
        expect({ hostile, lines: reporter.render(written((field) => `${hostile} ${field}`, manifests)).split('\n').length }).toEqual({
          hostile,
          lines: plain,
        });
      }
    });

    test('writes no control character but the line break, and only text that UTF-8 can carry', () => {
      for (const hostile of HOSTILE) {
        const text = reporter.render(written((field) => field + hostile));
        expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
        expect(text.isWellFormed()).toBe(true);
      }
    });
  });
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(freeze);
  return Object.freeze(value);
}
