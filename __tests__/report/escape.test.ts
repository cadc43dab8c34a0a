import { describe, expect, test } from '@jest/globals';
import { commandData, commandProperty, safeLogLine } from '../../src/report/escape-command.ts';
import { markdownBlock, markdownCode, markdownText } from '../../src/report/escape-markdown.ts';
import { mermaidLabel } from '../../src/report/escape-mermaid.ts';
import { visible, visibleLines } from '../../src/report/escape-terminal.ts';
import { HOSTILE } from '../reporters/hostile.ts';
import { runnerCommands } from '../reporters/runner.ts';

describe('visible', () => {
  test.each([
    ['plain, ünïcode and 漢字 stay', 'plain, ünïcode and 漢字 stay'],
    ['a\tb\r\nc', 'a\\tb\\r\\nc'],
    ['\u001b[31m', '\\u001b[31m'],
    ['\u0000\u007f\u009b', '\\u0000\\u007f\\u009b'],
    ['\u202a\u202b\u202c\u202d\u202e', '\\u202a\\u202b\\u202c\\u202d\\u202e'],
    ['\u2066\u2067\u2068\u2069', '\\u2066\\u2067\\u2068\\u2069'],
    ['\u200b\u200d\u2060\ufeff', '\\u200b\\u200d\\u2060\\ufeff'],
    ['\u2028\u2029', '\\u2028\\u2029'],
    ['\u{e0041}', '\\u{e0041}'],
    ['\ud800 😀 \udc00', '\\ud800 😀 \\udc00'],
    ['\u115f\u3164\u034f', '\\u115f\\u3164\\u034f'],
  ])('writes out what the eye cannot see: %j', (text, expected) => {
    expect(visible(text)).toBe(expected);
  });

  test('returns its own result unchanged', () => {
    for (const hostile of HOSTILE) expect(visible(visible(hostile))).toBe(visible(hostile));
  });

  test('keeps line breaks only where it is asked for lines', () => {
    expect(visibleLines('a\u0007\nb\r')).toBe('a\\u0007\nb\\r');
  });
});

describe('a workflow command', () => {
  test.each([
    ['100% a\r\nb', '100%25 a%0D%0Ab'],
    ['x%0A::error::boo', 'x%250A::error::boo'],
    ['a:b,c', 'a:b,c'],
  ])('carries %j as data', (text, expected) => expect(commandData(text)).toBe(expected));

  test('carries colons and commas in a property', () => expect(commandProperty('a:b,c%2C')).toBe('a%3Ab%2Cc%252C'));

  test('reaches the runner as it was meant', () => {
    for (const hostile of HOSTILE) {
      const [command, ...others] = runnerCommands(`::error file=${commandProperty(hostile)},line=1::${commandData(hostile)}`);
      expect(others).toEqual([]);
      expect(command).toEqual({ name: 'error', properties: { file: hostile.toWellFormed(), line: '1' }, data: hostile.toWellFormed() });
    }
  });
});

describe('safeLogLine', () => {
  test.each([
    ['##[add-mask]x', '##\\[add-mask]x'],
    ['x ##[set-output name=a]b', 'x ##\\[set-output name=a]b'],
    ['###[group]', '###\\[group]'],
    ['::error::boo', '\\::error::boo'],
    ['\u00a0 ::error::boo', '\u00a0 \\::error::boo'],
    ['a::b', 'a::b'],
  ])('breaks %j', (text, expected) => expect(safeLogLine(text)).toBe(expected));

  test('leaves no command in any hostile text, and one line', () => {
    for (const hostile of HOSTILE) {
      for (const line of [hostile, `  ${hostile}`, `x ${hostile}`]) {
        expect(runnerCommands(safeLogLine(line))).toEqual([]);
        expect(safeLogLine(line)).not.toMatch(/[\n\r]/);
      }
    }
  });

  test('does its work: some hostile texts are commands without it', () => {
    expect(HOSTILE.filter((hostile) => runnerCommands(hostile).length > 0).length).toBeGreaterThan(5);
  });
});

describe('Markdown text', () => {
  test.each([
    ['</td><script>', '&lt;/td&gt;&lt;script&gt;'],
    ['a|b', 'a&#124;b'],
    ['@everyone', '@&#8203;everyone'],
    ['#1 GH-2', '#&#8203;1 GH-&#8203;2'],
    ['https://a.example www.a.example', 'https:&#8203;//a.example www&#8203;.a.example'],
    ['$(id) $x$', '&#36;(id) &#36;x&#36;'],
    ['`code` *b* _i_ ~s~ [l](u)', '\\`code\\` \\*b\\* \\_i\\_ \\~s\\~ \\[l\\](u)'],
    ['a :tada: a:b', 'a :&#8203;tada: a:b'],
    ['m.yaml:14:7 m.yaml:100:7', 'm.yaml:14:7 m.yaml:&#8203;100:7'],
    ['- a', '\\- a'],
    ['1. a', '1\\. a'],
    ['1.5 percent, e.g. checkout-api', '1.5 percent, e.g. checkout-api'],
    ['=== x', '\\=== x'],
    ['&lt;', '&amp;lt;'],
    ['a\nb', 'a\\\\nb'],
    ['\u202ex', '\\\\u202ex'],
  ])('keeps %j as words', (text, expected) => expect(markdownText(text)).toBe(expected));
});

describe('Markdown code', () => {
  test.each([
    ['checkout_api-slo', '`checkout_api-slo`'],
    ['<b>@x #1', '`<b>@x #1`'],
    ['a|b', '<code>a&#124;b</code>'],
    ['a`b', '<code>a\\`b</code>'],
    ['</code>`', '<code>&lt;/code&gt;\\`</code>'],
    ['', '<code></code>'],
    [' x ', '<code>x</code>'],
    ['a\nb', '`a\\nb`'],
  ])('holds %j', (text, expected) => expect(markdownCode(text)).toBe(expected));

  test('in a block ends where the block ends', () => {
    expect(markdownBlock(['```', 'a````b', 'c\nd'], 'sh')).toBe('`````sh\n```\na````b\nc\\nd\n`````');
  });
});

describe('a Mermaid label', () => {
  test.each([
    ['checkout_api-slo (2 total, 1 needed)', 'checkout_api-slo (2 total, 1 needed)'],
    ['"] --> x', '#34;#93; --#62; x'],
    ['%%{init}%%', '#37;#37;#123;init#125;#37;#37;'],
    ['#quot; 1. `x` <b>', '#35;quot#59; 1#46; #96;x#96; #60;b#62;'],
    ['漢字 😀', '漢字 #128512;'],
    ['a\nb', 'a#92;nb'],
  ])('says %j with entities', (text, expected) => expect(mermaidLabel(text)).toBe(expected));
});
