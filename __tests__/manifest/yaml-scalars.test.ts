import { expect, test } from '@jest/globals';
import { readAsYaml11 } from '../../src/manifest/yaml-scalars.ts';

test.each([
  ['yes', 'the boolean true'],
  ['Off', 'the boolean false'],
  ['NO', 'the boolean false'],
  ['010', 'the number 8'],
  ['-017', 'the number -15'],
  ['0_7', 'the number 7'],
  ['08', 'text'],
  ['0o17', 'text'],
  ['0b101', 'the number 5'],
  ['-0x1F', 'the number -31'],
  ['0x1_F', 'the number 31'],
  ['1_000', 'the number 1000'],
  ['1:30', 'the number 90'],
  ['-1:30:15', 'the number -5415'],
  ['1_0.5', 'the number 10.5'],
  ['1e3', 'text'],
  ['1.5e3', 'text'],
  ['2026-01-01', 'a date'],
  ['2026-01-01T10:00:00Z', 'a timestamp'],
  ['2026-01-01 10:00:00 +1', 'a timestamp'],
  ['=', 'a syntax error'],
])('%s is %s to YAML 1.1 tools', (source, reading) => {
  expect(readAsYaml11(source)?.reading).toBe(reading);
});

test.each([
  'y',
  'n',
  'Y',
  'true',
  'False',
  'null',
  '~',
  '12',
  '0',
  '007',
  '+1',
  '0x1F',
  '1.5',
  '.5',
  '1.0e+3',
  '.inf',
  'yEs',
  'nothing',
  '1.2.3',
  '10.0.0.1',
  '12:',
  'a:b',
  '-',
  '2026-1',
])('%s is the same to both', (source) => {
  expect(readAsYaml11(source)).toBeUndefined();
});
