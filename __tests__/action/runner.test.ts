import { describe, expect, test } from '@jest/globals';
import { parseCommand } from '../runner-commands.ts';

// The harness must see what a runner would obey, or no test of escaping means anything.
describe('the command parser of the harness', () => {
  test.each([
    ['::error file=a.yaml,line=3::broken%0Aline', 'error', { file: 'a.yaml', line: '3' }, 'broken\nline'],
    [' \u00a0\u0085::Warning::x', 'warning', {}, 'x'],
    ['::notice title=a%3Ab%2Cc::d::e', 'notice', { title: 'a:b,c' }, 'd::e'],
    ['::add-mask::%250A', 'add-mask', {}, '%0A'],
    ['text ##[set-output name=x;y=z]1', 'set-output', { name: 'x', y: 'z' }, '1'],
    ['##[stop-commands]token', 'stop-commands', {}, 'token'],
  ])('obeys %j', (line, name, properties, data) => {
    expect(parseCommand(line)).toEqual({ name, properties, data });
  });

  test.each(['text ::error::x', '::unknown::x', '::error', '##[unknown]x', '##[error', '##\\[error]x', '\\::error::x', '::token::'])(
    'leaves %j alone',
    (line) => {
      expect(parseCommand(line)).toBeUndefined();
    },
  );

  test('knows the token that ends a stop', () => {
    expect(parseCommand('::TOKEN::', 'token')).toEqual({ name: 'token', properties: {}, data: '' });
  });
});
