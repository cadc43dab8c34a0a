import { describe, expect, test } from '@jest/globals';
import { parseServiceMetadata, parseTaskMapping } from '../../src/export/auxiliary.ts';

describe('parseTaskMapping', () => {
  test('passes an object through as it is', () => {
    expect(parseTaskMapping(Buffer.from('\ufeff{"a-dashboard": "T-1"}'), 'tasks.json')).toEqual({
      ok: true,
      value: { 'a-dashboard': 'T-1' },
      warnings: [],
    });
  });

  test.each([
    ['[1]', 'tasks.json is a list; write an object'],
    ['"x"', 'tasks.json is a string; write an object'],
    ['null', 'tasks.json is null; write an object'],
    ['{', 'tasks.json is not JSON ('],
    ['{"a": NaN}', 'tasks.json is not JSON ('],
    ['\xff', 'tasks.json is not UTF-8'],
  ])('refuses %j', (text, sentence) => {
    expect(parseTaskMapping(Buffer.from(text, 'latin1'), 'tasks.json')).toEqual({ ok: false, message: expect.stringContaining(sentence) });
  });

  test('warns of a task that is no id, and passes it through', () => {
    const read = parseTaskMapping(Buffer.from('{"a": 7, "b": "", "c": ["x"], "d": "T"}'), 'tasks.json');
    expect(read).toEqual({
      ok: true,
      value: { a: 7, b: '', c: ['x'], d: 'T' },
      warnings: [
        'tasks.json: the task of a is a number; a task id is text that is not empty.',
        'tasks.json: the task of b is empty; a task id is text that is not empty.',
        'tasks.json: the task of c is a list; a task id is text that is not empty.',
      ],
    });
  });
});

describe('parseServiceMetadata', () => {
  test('takes null for not given, and an empty object for no services', () => {
    expect(parseServiceMetadata(Buffer.from(' null\n'), 's.json')).toEqual({ ok: true, warnings: [] });
    expect(parseServiceMetadata(Buffer.from('{}'), 's.json')).toEqual({ ok: true, value: {}, warnings: [] });
  });

  test.each([
    ['[]', 's.json is a list'],
    ['7', 's.json is a number'],
    ['nonsense', 's.json is not JSON'],
    ['{"cart": "grpc"}', 's.json: The entry "cart" is a string'],
  ])('refuses %j', (text, sentence) => {
    expect(parseServiceMetadata(Buffer.from(text), 's.json')).toEqual({ ok: false, message: expect.stringContaining(sentence) });
  });

  test('warns of what nobody will understand', () => {
    const text =
      '{"a": {}, "b": {"transport_protocol": "tcp", "imports": "x", "base_image": "", "colour": 1}, "c": {"transport_protocol": "grpc-web", "imports": []}}';
    const read = parseServiceMetadata(Buffer.from(text), 's.json');
    expect(read.ok && read.warnings).toEqual([
      's.json: the service a has no transport_protocol; give grpc, http or grpc-web.',
      's.json: the service b has the transport_protocol "tcp"; grpc, http and grpc-web are known.',
      's.json: the service b has a base_image that is no text.',
      's.json: the service b has imports that are no list.',
      expect.stringMatching(/^s\.json: the service b has the key colour, which nothing reads; known are transport_protocol, /),
    ]);
  });
});
