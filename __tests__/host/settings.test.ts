import { describe, expect, test } from '@jest/globals';
import {
  type Parser,
  parseBoolean,
  parseChoice,
  parseCount,
  parseDuration,
  parseEndpoint,
  parseHeaders,
  parsePercent,
  parseTraceparent,
} from '../../src/host/settings.ts';

const parent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

const understood: readonly (readonly [string, Parser<unknown>, string, unknown])[] = [
  ['percent', parsePercent, '80', 80],
  ['percent', parsePercent, '80%', 80],
  ['percent', parsePercent, '99.95 %', 99.95],
  ['percent', parsePercent, '0', 0],
  ['percent', parsePercent, '100%', 100],
  ['percent', parsePercent, '0.8%', 0.8],
  ['percent', parsePercent, '1', 1],
  ['duration', parseDuration, '30s', 30_000],
  ['duration', parseDuration, '500ms', 500],
  ['duration', parseDuration, '2', 2000],
  ['duration', parseDuration, '1.5', 1500],
  ['boolean', parseBoolean, 'TRUE', true],
  ['boolean', parseBoolean, 'false', false],
  ['count', parseCount(1, 90), '90', 90],
  ['choice', parseChoice(['own', 'github-receiver']), 'own', 'own'],
  ['traceparent', parseTraceparent, ` ${parent}\n`, parent],
  ['traceparent', parseTraceparent, parent.replace('00-', '01-') + '-more', parent.replace('00-', '01-') + '-more'],
  ['endpoint', parseEndpoint, 'http://localhost:4318/v1/traces', 'http://localhost:4318/v1/traces'],
  ['headers', parseHeaders, 'authorization=Basic%20YTpi=,x-tenant=a', 'authorization=Basic%20YTpi=,x-tenant=a'],
  ['headers', parseHeaders, 'a=b\n\nc=', 'a=b\n\nc='],
];

const refused: readonly (readonly [string, Parser<unknown>, string, RegExp])[] = [
  ['percent', parsePercent, '0.8', /`0\.8` is ambiguous; write `80%`, or `0\.8%`/],
  ['percent', parsePercent, '.995', /write `99\.5%`/],
  ['percent', parsePercent, '101', /`101` is more than everything/],
  ['percent', parsePercent, '-1', /not a percentage.*`80` or `80%`/],
  ['percent', parsePercent, '1e2', /not a percentage/],
  ['percent', parsePercent, 'NaN', /not a percentage/],
  ['duration', parseDuration, '30 minutes', /not a time; write it as `30s`, `500ms`/],
  ['duration', parseDuration, '0', /no time at all/],
  ['duration', parseDuration, '3601s', /longer than an hour/],
  ['boolean', parseBoolean, 'yes', /neither true nor false; write `true`/],
  ['boolean', parseBoolean, 'perhaps', /write `true` or `false`/],
  ['count', parseCount(1, 90), '0', /whole number from 1 to 90/],
  ['count', parseCount(1, 90), '1.5', /whole number/],
  ['choice', parseChoice(['critical', 'never']), 'ciritcal', /none of `critical`, `never`; did you mean `critical`\?/],
  ['choice', parseChoice(['critical', 'never']), 'x'.repeat(5000), /^`x{77}…` is none of `critical`, `never`$/],
  ['traceparent', parseTraceparent, parent.toUpperCase(), /not a W3C traceparent/],
  ['traceparent', parseTraceparent, `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`, /not a W3C traceparent/],
  ['traceparent', parseTraceparent, parent.replace('00-', 'ff-'), /not a W3C traceparent/],
  ['traceparent', parseTraceparent, parent + '-more', /not a W3C traceparent/],
  ['endpoint', parseEndpoint, 'grpc://collector:4317', /not an address of OTLP over HTTP/],
  ['endpoint', parseEndpoint, 'collector', /such as `https:/],
];

describe('a setting', () => {
  test.each(understood)('%s: %s reads %j as %j', (_, parse, text, value) => {
    expect(parse(text)).toEqual({ ok: true, value });
  });

  test.each(refused)('%s: %s refuses %j and says what would be right', (_, parse, text, why) => {
    expect(parse(text)).toEqual({ ok: false, why: expect.stringMatching(why) });
  });

  test('keeps a credential out of the sentence that refuses it', () => {
    const answers = [
      parseEndpoint('grpc://me:hunter2@otlp.example.com?key=hunter2'),
      parseHeaders('x-a=b,hunter2'),
      parseHeaders('x-a=b\nhunter2'),
    ];
    expect(answers.map(({ ok }) => ok)).toEqual([false, false, false]);
    expect(JSON.stringify(answers)).not.toContain('hunter2');
    expect(answers[1]).toMatchObject({ why: expect.stringContaining('entry 2') });
  });
});
