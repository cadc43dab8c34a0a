import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { parseArtifactList } from '../../src/gatekeeper/artifact-list.ts';
import { dice, slipped } from '../inspect/valid/documents.ts';

const reference = path.resolve(import.meta.dirname, '../../../shared/reference/export');
if (!existsSync(reference))
  process.stderr.write('artifact-list.test.ts: ../shared/reference is not beside this repository; its exports are skipped.\n');
const exported = existsSync(reference)
  ? readdirSync(reference, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('-artifact-manifest.yaml') && !name.startsWith('id-collision'))
      .sort()
      .map((name) => [name.split(path.sep)[0]!, readFileSync(path.join(reference, name), 'utf8')] as const)
  : [];

const OWN = `kind: ArtifactManifest
artifacts:
- id: a-dashboard
  type: dashboard
  name: a Service Dashboard that has so long a name that it goes
    on in the next line
  target: a
  priority: required
  status: needed
  derivedFrom:
  - property: title
    id: of a rule
    transformation: '''{name}''

      status: in a text'
  parameters:
    name: of a parameter
    risks: []

  dependsOn: []
  existingPath: >-
    status: of nothing
- type: runbook
  id: 'it''s'
  status: "exists"
  target: b
  priority: optional
  name: c
coverage:
  status: none
`;

describe('the list of an artifact manifest', () => {
  test.each([['our own', OWN], ...exported])('%s is read line by line as the parser reads it', (_, text) => {
    const roll = dice(text.length);
    // The parser here does not know a lone carriage return as the end of a line.
    const texts = [text, ...Array.from({ length: 25 }, () => slipped(text, roll))].filter((other) => !other.includes('\r'));
    const read = texts.flatMap((other) => {
      const expected = byParser(other);
      return expected === undefined ? [] : [{ other, list: listOf(other), expected }];
    });
    for (const { other, list, expected } of read) expect({ other, list }).toEqual({ other, list: expected });
    expect(read.length).toBeGreaterThan(5);
  });

  test('of a hundred thousand lines under one key is read', () => {
    const lines = Array.from({ length: 100_000 }, (_, at) => `    k${at}: ${at}\n`).join('');
    const text = `artifacts:\n- id: a\n  parameters:\n${lines}  type: dashboard\n- id: b\n`;
    expect(listOf(text)).toEqual([
      { id: 'a', type: 'dashboard', target: '', priority: '', status: '', name: '', line: 2 },
      { id: 'b', type: '', target: '', priority: '', status: '', name: '', line: 100_005 },
    ]);
  });
});

function listOf(text: string): unknown {
  const list = parseArtifactList(text);
  return list.state === 'read' ? [...list.artifacts.values()] : undefined;
}

/** Undefined of what is no YAML, or holds no list of artifacts that each have an id of their own. */
function byParser(text: string): unknown {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, logLevel: 'silent', uniqueKeys: true });
  const artifacts = document.errors.length === 0 && isMap(document.contents) ? document.contents.get('artifacts') : undefined;
  if (!isSeq(artifacts)) return undefined;
  const found = artifacts.items.map((item) => {
    if (!isMap(item)) return undefined;
    const said = (key: string): string => {
      const node = item.get(key, true);
      return isScalar(node) && typeof node.value === 'string' ? node.value : '';
    };
    const { line } = lines.linePos(item.range?.[0] ?? 0);
    return {
      id: said('id'),
      type: said('type'),
      target: said('target'),
      priority: said('priority'),
      status: said('status'),
      name: said('name'),
      line,
    };
  });
  const ids = found.map((one) => one?.id);
  return found.includes(undefined) || ids.includes('') || new Set(ids).size < ids.length ? undefined : found;
}
