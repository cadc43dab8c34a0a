import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { validateArtifactFile } from '../../../src/inspect/valid/validate-file.ts';

const read = (text: string, path = 'a.json') => validateArtifactFile('dashboard', { path, text });
const told = async (text: string, path?: string) =>
  (await read(text, path)).errors.map(({ place, message }) => [place.line, message] as const);

const V2 = readFileSync(new URL('./fixtures/dashboard-v2.json', import.meta.url), 'utf8');
const lineOf = (text: string, part: string) => text.slice(0, text.indexOf(part)).split('\n').length;

describe("a dashboard of Grafana's second schema", () => {
  test('is read: its panels, queries and datasources', async () => {
    const reading = await read(V2);
    expect([reading.errors, reading.advice, reading.unread]).toEqual([[], [], []]);
    expect(reading.objects).toMatchObject([{ kind: 'Dashboard', name: 'Checkout' }]);
    expect(reading.objects[0]!.says.map(({ property, value }) => [property, value])).toContainEqual(['datasource', 'prometheus']);
  });

  test('may be the model alone, without the object around it', async () => {
    expect(await told(JSON.stringify(JSON.parse(V2).spec))).toEqual([]);
  });

  test('may be of the first version, in which the kind of a query is its plugin', async () => {
    const query = { kind: 'loki', spec: { expr: '{app="a"} |= `x`' } };
    const panel = (expr = query.spec.expr) => ({
      kind: 'Panel',
      spec: {
        id: 1,
        title: 'a',
        data: {
          kind: 'QueryGroup',
          spec: {
            queries: [
              { kind: 'PanelQuery', spec: { refId: 'A', datasource: { type: 'loki', uid: 'x' }, query: { ...query, spec: { expr } } } },
            ],
          },
        },
        vizConfig: { kind: 'logs', spec: {} },
      },
    });
    const item = { kind: 'GridLayoutItem', spec: { element: { kind: 'ElementReference', name: 'p' } } };
    const model = (expr?: string) => ({
      title: 'a',
      elements: { p: panel(expr) },
      layout: { kind: 'GridLayout', spec: { items: [{ kind: 'GridLayoutRow', spec: { elements: [item] } }] } },
    });
    expect(await told(JSON.stringify(model()))).toEqual([]);
    expect(await told(JSON.stringify(model('{app="a"} |=')))).toEqual([[1, expect.stringContaining('(LogQL)')]]);
  });

  test.each([
    ['"sum by (code) (rate', '"sum by (code) ((rate', /is not closed/],
    [
      '"datasource": { "name": "${ds}" },\n                      "spec"',
      '"datasource": { "name": "${source}" },\n                      "spec"',
      /"source", which the dashboard does not declare/,
    ],
    ['"refId": "B"', '"refId": "A"', /Two queries/],
    ['"id": 2', '"id": 1', /stands in line \d+ already/],
    ['"kind": "LibraryPanel"', '"kind": "Row"', /is of kind Panel or LibraryPanel/],
    ['"libraryPanel": { "name": "Shared", "uid": "abc" }', '"libraryPanel": { "name": "Shared" }', /has no "uid"/],
    [
      '"element": { "kind": "ElementReference", "name": "panel-2" }',
      '"element": { "kind": "ElementReference", "name": "panel-3" }',
      /shows the element "panel-3"/,
    ],
    ['"name": "job"', '"name": "ds"', /declared twice/],
    ['"vizConfig": { "kind": "VizConfig", "group": "timeseries",', '"vizConfig": { "kind": "VizConfig",', /no "vizConfig" with a "group"/],
    ['"title": "Checkout"', '"title": ""', /no "title"/],
  ])('with %j as %j is refused', async (good, bad, why) => {
    expect(V2).toContain(good);
    const broken = V2.replace(good, bad);
    const errors = await told(broken);
    expect(errors.map(([, message]) => message)).toContainEqual(expect.stringMatching(why));
    if (!/vizConfig|title|libraryPanel/.test(good)) expect(errors.map(([line]) => line)).toContain(lineOf(V2, good));
  });

  test('says what is shown nowhere', async () => {
    const { ok, advice } = await read(V2.replace('"name": "panel-2"', '"name": "panel-1"'));
    expect([ok, advice.map(({ message }) => message)]).toEqual([true, [expect.stringContaining('"panel-2" stands nowhere in the layout')]]);
  });
});

const MODEL = (expr: string) => `{
  "title": "a",
  "panels": [
    {"type": "stat", "title": "b", "datasource": "Prometheus",
     "targets": [{"refId": "A", "expr": "${expr}"}]}
  ]
}`;
const indented = (text: string) => text.replace(/^/gm, '    ');

describe('a dashboard within another text', () => {
  const operator = (style: string) => (expr: string) =>
    `apiVersion: grafana.integreatly.org/v1beta1\nkind: GrafanaDashboard\nmetadata: {name: a}\nspec:\n  json: ${style}\n${indented(MODEL(expr))}\n`;
  const configMap = (style: string) => (expr: string) =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  a.json: ${style}\n${indented(MODEL(expr))}\n`;

  test.each([
    ["Grafana's operator, literal", operator('|')],
    ["Grafana's operator, folded", operator('>')],
    ["Grafana's operator, folded and stripped", operator('>-')],
    ['a ConfigMap, literal', configMap('|-')],
    ['a ConfigMap, folded', configMap('>')],
  ])('%s: its faults stand on their own lines', async (_, wrap) => {
    expect(await told(wrap('up'), 'a.yaml')).toEqual([]);
    expect((await read(wrap('up)'), 'a.yaml')).errors).toMatchObject([{ place: { line: 10, column: 48 } }]);
  });

  test('a quoted text: its faults stand on the line on which they are written', async () => {
    const wrap = (expr: string) => `kind: ConfigMap\ndata:\n  a.json: ${JSON.stringify(MODEL(expr))}\n`;
    expect(await told(wrap('up)'), 'a.yaml')).toEqual([[3, expect.stringContaining('closes nothing')]]);
    const lines = (expr: string) =>
      `kind: ConfigMap\ndata:\n  a.json: "{\\n\n    \\"title\\": \\"a\\", \\"panels\\": [\n    {\\"type\\": \\"stat\\", \\"datasource\\": \\"Prometheus\\",\n    \\"targets\\": [{\\"expr\\": \\"${expr}\\"}]}]}"\n`;
    expect(await told(lines('up'), 'a.yaml')).toEqual([]);
    expect(await told(lines('up)'), 'a.yaml')).toEqual([[6, expect.stringContaining('closes nothing')]]);
  });

  test('is unknown where it lies elsewhere, and that is said', async () => {
    const text = 'kind: GrafanaDashboard\nmetadata: {name: a}\nspec:\n  url: https://example.org/a.json\n';
    const { ok, unread, objects } = await read(text, 'a.yaml');
    expect([ok, unread, objects.length]).toEqual([
      true,
      [
        {
          place: { file: 'a.yaml', line: 4, column: 3 },
          message: 'The GrafanaDashboard "a" is fetched from an address, and is not looked into.',
        },
      ],
      1,
    ]);
  });

  test('is a fault where none is said', async () => {
    expect(await told('kind: GrafanaDashboard\nmetadata: {name: a}\nspec: {folder: x}\n', 'a.yaml')).toEqual([
      [3, expect.stringContaining('says no dashboard')],
    ]);
  });
});

describe('a query that depends on a variable', () => {
  const panel = (expr: string) =>
    read(
      JSON.stringify({
        title: 'a',
        templating: { list: ['v', 'w'].map((name) => ({ name, type: 'custom' })) },
        panels: [{ type: 'stat', datasource: 'Prometheus', targets: [{ expr }] }],
      }),
    );

  test.each([
    'up $v 5',
    '$v by (job) (up)',
    '${v}(up)',
    'up ${v}',
    'topk($v, up)',
    '$v',
    'rate(up[$v])',
    'up{$v}',
    'sum by ($v) (up)',
    'up > $v',
  ])('is no fault as long as some value makes it one of PromQL: %s', async (expr) => {
    expect((await panel(expr)).errors).toEqual([]);
  });

  test.each(['sum(rate(up[$v])', 'nothing($v)', 'up{job="$v"'])('is one when no value can mend it: %s', async (expr) => {
    expect((await panel(expr)).errors).toHaveLength(1);
  });
});
