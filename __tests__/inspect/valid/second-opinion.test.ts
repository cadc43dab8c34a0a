import { describe, expect, test } from '@jest/globals';
import { verdictsOf } from '../../../src/inspect/valid/program-answers.ts';
import { askable, askPrograms, type Programs } from '../../../src/inspect/valid/second-opinion.ts';
import { validateArtifactFile } from '../../../src/inspect/valid/validate-file.ts';

/** As promtool 3.15 and 2.42 and amtool 0.34 and 0.25 print it, both streams. */
describe('what promtool prints', () => {
  test('is read file by file, by line, rule or neither', () => {
    const output = [
      '  WARNING: Unknown feature passed to --enable-feature: xChecking /t/1.yml',
      'Checking /t/2.yml',
      'Checking /t/3.yml',
      'Checking /t/4.yml',
      '  SUCCESS: 2 rules found',
      '',
      '  FAILED:',
      '/t/1.yml: unknown unit "x" in duration "5x"',
      '/t/1.yml: unknown unit "x" in duration "5x"',
      '  FAILED:',
      '/t/2.yml: yaml: unmarshal errors:',
      '  line 6: field foo not found in type rulefmt.Rule',
      '  line 7: field bar not found in type rulefmt.Rule',
      'time=2026-11-21T14:31:28.101Z level=WARN source=rulefmt.go:369 msg="Multiple document yaml rules files are not supported"',
      '  FAILED:',
      '/t/3.yml: 5:11: group "g", rule 1, "A": could not parse expression: 1:1: parse error: unknown function with name "limitk"',
      '/t/3.yml: group "g", rule 3, "A": annotation "summary": template: __alert_A:1: undefined variable "$label"',
    ].join('\n');
    expect(verdictsOf('promtool', output, ['/t/1.yml', '/t/2.yml', '/t/3.yml', '/t/4.yml', '/t/5.yml'])).toEqual([
      [{ message: 'unknown unit "x" in duration "5x"' }],
      [
        { line: 6, message: 'field foo not found in type rulefmt.Rule' },
        { line: 7, message: 'field bar not found in type rulefmt.Rule' },
      ],
      [
        {
          line: 5,
          rule: { group: 'g', number: 1 },
          message: 'group "g", rule 1, "A": could not parse expression: 1:1: parse error: unknown function with name "limitk"',
        },
        {
          rule: { group: 'g', number: 3 },
          message: 'group "g", rule 3, "A": annotation "summary": template: __alert_A:1: undefined variable "$label"',
        },
      ],
      'accepted',
      'unknown',
    ]);
  });

  test('is unknown when it is about something else', () => {
    expect(verdictsOf('promtool', 'promtool: error: unknown long flag --lint', ['/t/1.yml'])).toEqual(['unknown']);
  });
});

describe('what amtool prints', () => {
  test('is told without the values it quotes, which may be secrets', () => {
    const output = "Checking '/t/1.yml'  FAILED: yaml: unmarshal errors:\n  line 3: cannot unmarshal !!str `hush` into []string\n\n";
    expect(verdictsOf('amtool', output, ['/t/1.yml'])).toEqual([[{ line: 3, message: 'cannot unmarshal !!str into []string' }]]);
  });

  test('is read file by file', () => {
    const output = [
      "Checking '/t/1.yml'  FAILED: yaml: unmarshal errors:",
      '  line 3: field foo not found in type config.plain',
      '',
      'Checking \'/t/2.yml\'  FAILED: undefined receiver "b" used in route',
      '',
      "Checking '/t/3.yml'  SUCCESS",
      'Found:',
      ' - global config',
      '',
      "Checking '/t/4.yml'  FAILED: yaml: line 2: did not find expected key",
      '',
      'Checking \'/t/6.yml\'time=2026-11-21T15:10:02.408Z level=WARN source=parse.go:183 msg="Matchers input has disagreement" input=""',
      '  SUCCESS',
      '',
      'Checking \'/t/7.yml\'time=2026-11-21T15:10:02.408Z level=WARN msg="moving"',
      '  FAILED: bad matcher format: a==b',
      '',
      'amtool: error: failed to validate 4 file(s)',
    ].join('\n');
    expect(verdictsOf('amtool', output, ['/t/1.yml', '/t/2.yml', '/t/3.yml', '/t/4.yml', '/t/5.yml', '/t/6.yml', '/t/7.yml'])).toEqual([
      [{ line: 3, message: 'field foo not found in type config.plain' }],
      [{ message: 'undefined receiver "b" used in route' }],
      'accepted',
      [{ line: 3, message: 'yaml: line 2: did not find expected key' }],
      'unknown',
      'accepted',
      [{ message: 'bad matcher format: a==b' }],
    ]);
  });
});

const RULES = `groups:
- name: g
  rules:
  - alert: A
    expr: up == 0
  - alert: B
    expr: up == 1
`;

const OBJECT = `apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: {name: a}
spec:
  groups:
  - name: g
    rules:
    - alert: A
      expr: up == 0
`;

const CONFIG = `route:
  receiver: a
receivers:
- name: a
templates: [/proc/self/environ]
`;

const read = async (type: string, path: string, text: string) => ({ path, reading: await validateArtifactFile(type, { path, text }) });

/** A program that accepts its probe, and says of each other text what it is told to. */
function programs(say: (text: string, file: string) => string, probe = (file: string) => `Checking ${file}\n  SUCCESS: 1 rules found\n`) {
  const seen: string[][] = [];
  const own: Programs = {
    ask: (program, make) => {
      const texts = make();
      seen.push([program, ...texts]);
      const files = texts.map((_, index) => `/t/${index}.yml`);
      const output = files.map((file, index) => (index === 0 ? probe(file) : say(texts[index]!, file))).join('');
      return Promise.resolve({ state: 'answered', name: 'promtool 3.9.9', files, output });
    },
  };
  return { programs: own, seen };
}

const accepts = (_: string, file: string) => `Checking ${file}\n  SUCCESS: 1 rules found\n`;
const refuses = (what: string) => (_: string, file: string) => `Checking ${file}\n  FAILED:\n${file}: ${what}\n`;

describe('a second opinion', () => {
  test('is not waited for where there is no such program', async () => {
    const { programs: own } = programs(accepts);
    const only = (name: string) => ({ ...own, has: (program: string) => Promise.resolve(program === name) });
    const asked = async (some: Programs | undefined) => {
      const options = { programs: await askable(some) };
      return (await validateArtifactFile('prometheus_rule', { path: 'a.yml', text: RULES }, options)).questions?.length ?? 0;
    };
    expect([await asked(undefined), await asked(only('amtool')), await asked(only('promtool')), await asked(own)]).toEqual([0, 0, 1, 1]);
  });

  test('that is the same changes nothing', async () => {
    const good = await read('prometheus_rule', 'a.yml', RULES);
    const { read: after, notices } = await askPrograms([good], programs(accepts).programs);
    expect([after[0]!.reading.ok, notices]).toEqual([true, []]);
    const bad = await read('prometheus_rule', 'a.yml', RULES.replace('up == 0', 'up =='));
    const same = await askPrograms([bad], programs(refuses('5:11: group "g", rule 1, "A": could not parse expression: no')).programs);
    expect([same.read[0]!.reading.errors, same.notices]).toEqual([bad.reading.errors, []]);
  });

  test('that refuses what we do not is a fault on its line', async () => {
    const { read: after } = await askPrograms(
      [await read('prometheus_rule', 'a.yml', RULES)],
      programs(refuses('7:11: group "g", rule 2, "B": too odd')).programs,
    );
    expect(after[0]!.reading).toMatchObject({
      ok: false,
      errors: [{ place: { file: 'a.yml', line: 7 }, message: 'promtool 3.9.9 refuses this: group "g", rule 2, "B": too odd.' }],
    });
    expect(after[0]!.reading.questions).toBeUndefined();
  });

  test('that names a rule and no line is told where the rule stands', async () => {
    const { read: after } = await askPrograms(
      [await read('prometheus_rule', 'a.yml', RULES)],
      programs(refuses('group "g", rule 2, "B": too odd')).programs,
    );
    expect(after[0]!.reading.errors[0]!.place.line).toBe(6);
  });

  test('on a Kubernetes object is asked for its rules alone, and told on the line of the object', async () => {
    const { programs: own, seen } = programs((text, file) => {
      const line = text.split('\n').findIndex((one) => one.includes('up == 0')) + 1;
      return refuses(`${line}:1: group "g", rule 1, "A": too odd`)(text, file);
    });
    const { read: after } = await askPrograms([await read('prometheus_rule', 'a.yml', OBJECT)], own);
    expect(JSON.parse(seen[0]![2]!)).toEqual({ groups: [{ name: 'g', rules: [{ alert: 'A', expr: 'up == 0' }] }] });
    expect(after[0]!.reading.errors.map(({ place }) => place.line)).toEqual([9]);
  });

  test('that accepts what we refuse leaves ours standing, and both are named', async () => {
    const bad = await read('prometheus_rule', 'a.yml', RULES.replace('up == 0', 'up =='));
    const { read: after, notices } = await askPrograms([bad], programs(accepts).programs);
    expect(after[0]!.reading.errors).toEqual(bad.reading.errors);
    expect(notices).toEqual([
      {
        code: 'second-opinion',
        place: bad.reading.errors[0]!.place,
        message: expect.stringMatching(
          /^promtool 3\.9\.9 accepts a\.yml, and the checks here do not: The alert "A": .* The finding stands; /,
        ),
      },
    ]);
  });

  test('is not asked about what the program does not see', async () => {
    const bad = await read('prometheus_rule', 'a.yml', OBJECT.replace('{name: a}', '{name: A_b}'));
    const { read: after, notices } = await askPrograms([bad], programs(accepts).programs);
    expect([after[0]!.reading.ok, notices]).toEqual([false, []]);
  });

  test('of an older major, which does not take the names of the newer, is a notice and no fault', async () => {
    const { programs: own } = programs(refuses('group "g", rule 1, "A": invalid label name: a-b'), refuses('no').bind(undefined, ''));
    const { read: after, notices } = await askPrograms([await read('prometheus_rule', 'a.yml', RULES)], own);
    expect(after[0]!.reading.ok).toBe(true);
    expect(notices).toEqual([
      expect.objectContaining({
        place: expect.objectContaining({ line: 4 }),
        message: expect.stringMatching(/^promtool 3\.9\.9 refuses a\.yml: .*counts as valid/),
      }),
    ]);
  });

  test.each(['6: field x not found in type rulefmt.Rule', '5:11: unknown function with name "limitk"'])(
    'that does not know what we know is a notice: %s',
    async (what) => {
      const { read: after, notices } = await askPrograms([await read('prometheus_rule', 'a.yml', RULES)], programs(refuses(what)).programs);
      expect([after[0]!.reading.ok, notices.length]).toEqual([true, 1]);
    },
  );

  test.each([
    ['keys of Thanos', RULES.replace('- name: g', '- name: g\n  partial_response_strategy: warn')],
    ['functions of MetricsQL', RULES.replace('up == 0', 'median_over_time(up[5m]) > 0')],
  ])('is not asked for of a file with %s', async (_, text) => {
    const { programs: own, seen } = programs(accepts);
    await askPrograms([await read('prometheus_rule', 'a.yml', text)], own);
    expect(seen).toEqual([]);
  });

  test('never lets a stranger have templates opened', async () => {
    const { programs: own, seen } = programs(
      (_, file) => `Checking '${file}'  SUCCESS\n`,
      (file) => `Checking '${file}'  SUCCESS\n`,
    );
    await askPrograms([await read('notification_policy', 'a.yml', CONFIG)], own);
    expect(JSON.parse(seen[0]![2]!)).toEqual({ route: { receiver: 'a' }, receivers: [{ name: 'a' }] });
  });

  test('that is not given is told once, with the number of files', async () => {
    const files = [await read('prometheus_rule', 'a.yml', RULES), await read('prometheus_rule', 'b.yml', RULES)];
    const silent: Programs = { ask: () => Promise.resolve({ state: 'silent', name: 'promtool', why: 'it took longer than 30 seconds' }) };
    const { notices } = await askPrograms(files, silent);
    expect(notices).toEqual([
      {
        code: 'second-opinion',
        message:
          'promtool was asked about 2 files and had no say: it took longer than 30 seconds. They are judged by the checks here alone.',
      },
    ]);
    const odd = await askPrograms(files, programs(() => 'what?').programs);
    expect(odd.notices[0]!.message).toContain('its answer is not of the kind that is understood here');
  });

  test('is nothing where there is no such program', async () => {
    const file = await read('prometheus_rule', 'a.yml', RULES);
    expect((await askPrograms([file], { ask: () => Promise.resolve(undefined) })).notices).toEqual([]);
  });
});
