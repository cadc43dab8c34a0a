import { isJsonObject, type JsonObject, type JsonValue } from '../../host/json.ts';
import { count, entrySpot, kindOf, named, UNREADABLE } from '../evidence.ts';
import type { Spot } from '../gate.ts';
import { gapsOf, own } from '../read-subject.ts';
import type { DirectoryFacts, JsonFile, Subject } from '../subject.ts';
import { type Check, failed, found, jsonOf, matching, passed, ran } from './question.ts';

/** Above this the artisan workflow is the right one. */
const ARTISAN_FROM = 40;
const ROLES = ['plan_document', 'refine_suggestions', 'design_calibration'];
const RESULT_KEYS = ['features', 'parsed_features', 'complexity_score', 'assess', 'route', 'transform'];

/** Question 2: whether plan ingestion made of every gap a feature, and took the route its own score asks for (gates.md §3.3). */
export function translationChecks(subject: Subject, directory: DirectoryFacts): readonly Check[] {
  if (!directory.exists)
    return [
      failed(
        'ingestion-output-exists',
        'error',
        `"${directory.name}" does not exist; give the directory that plan ingestion wrote with --ingestion-dir.`,
      ),
    ];
  const gaps = gapsOf(subject).ids;
  const results = matching(directory, '*result*.json', '*plan*.json');
  const chosen = choose(directory, results);
  return [
    passed('ingestion-output-exists', `"${directory.name}" is there.`),
    resultFiles(directory, results, chosen !== undefined, gaps.length),
    ...(chosen ? [...parseCoverage(chosen, gaps), ...complexity(chosen)] : []),
    ...features(directory, gaps.length),
    ...found('architectural-review-ran', matching(directory, '*review*.json', '*refine*.json')),
    ...inventoryRoles(subject, directory),
    ran('preflight-validation-ran', matching(directory, '*preflight*.json')),
  ];
}

interface Result {
  readonly name: string;
  readonly value: JsonObject;
}

/** The first file that holds what a result holds; else the first that is an object at all (gates.md G-23). */
function choose(directory: DirectoryFacts, names: readonly string[]): Result | undefined {
  const readable = names.flatMap((name) => {
    const file = jsonOf(directory, name);
    return file.state === 'read' && isJsonObject(file.value) ? [{ name, value: file.value }] : [];
  });
  return readable.find(({ value }) => RESULT_KEYS.some((key) => own(value, key) !== undefined)) ?? readable[0];
}

function resultFiles(directory: DirectoryFacts, names: readonly string[], isReadable: boolean, gaps: number): Check {
  const name = 'ingestion-result-files';
  if (isReadable) return passed(name, `${count(names.length, 'result file')}: ${named(names)}.`);
  const first = names[0];
  if (first === undefined) {
    const detail = `"${directory.name}" holds no *result*.json or *plan*.json, so nothing tells which features the ${count(gaps, 'gap')} became; run plan ingestion on this export.`;
    return failed(name, gaps > 0 ? 'error' : 'warning', detail);
  }
  return failed(name, 'error', `None of ${named(names)} is a JSON object: ${told(jsonOf(directory, first))}. Run plan ingestion again.`, [
    spot(first, ''),
  ]);
}

function parseCoverage({ name, value }: Result, gaps: readonly string[]): readonly Check[] {
  const check = 'parse-coverage';
  const key = own(value, 'features') !== undefined ? 'features' : 'parsed_features';
  const list = own(value, key);
  const at = [spot(name, `/${key}`)];
  if (list !== undefined && list !== null && !Array.isArray(list))
    return [failed(check, 'error', `"${key}" in ${name} is ${kindOf(list)}; it must be a list of features.`, at)];
  const ids = idsOf(list);
  if (!Array.isArray(list) || list.length === 0) {
    return gaps.length === 0
      ? []
      : [failed(check, 'error', `${name} lists no features for ${count(gaps.length, 'gap')}; run plan ingestion on this export.`, at)];
  }
  const missing = gaps.filter((id) => !ids.has(id));
  const known = new Set(gaps);
  const orphans = [...ids].filter((id) => !known.has(id));
  const covered =
    missing.length === 0
      ? passed(check, `Every one of ${count(gaps.length, 'gap')} became a feature.`)
      : failed(
          check,
          'error',
          `${count(missing.length, 'gap')} became no feature in ${name}: ${named(missing)}; add them to the plan and ingest it again.`,
          [...at, ...missing.slice(0, 1).map((id) => entrySpot(id))],
        );
  return orphans.length === 0
    ? [covered]
    : [
        covered,
        failed(
          'parse-orphan-features',
          'warning',
          `${count(orphans.length, 'feature')} in ${name} ${orphans.length === 1 ? 'is' : 'are'} no gap of this export: ${named(orphans)}.`,
          at,
        ),
      ];
}

function idsOf(list: JsonValue | undefined): ReadonlySet<string> {
  if (!Array.isArray(list)) return new Set();
  const ids = list.map((item: JsonValue) => (isJsonObject(item) ? own(item, 'id') || own(item, 'artifact_id') : undefined));
  return new Set(ids.filter((id) => typeof id === 'string'));
}

function complexity(result: Result): readonly Check[] {
  const { name, value } = result;
  const check = 'assess-complexity-score';
  const top = own(value, 'complexity_score');
  const assess = own(value, 'assess');
  // A null at the top says that there is no score, and what is nested is not asked.
  if (top === undefined && assess !== undefined && !isJsonObject(assess))
    return [
      failed(check, 'error', `"assess" in ${name} is ${kindOf(assess)}; it must be an object with a score.`, [spot(name, '/assess')]),
    ];
  const score = top === undefined && isJsonObject(assess) ? own(assess, 'score') : top;
  const at = [spot(name, top === undefined ? '/assess/score' : '/complexity_score')];
  if (score === undefined || score === null) return routeShape(result);
  if (typeof score !== 'number')
    return [failed(check, 'error', `The complexity score in ${name} is ${kindOf(score)}; it must be a number from 0 to 100.`, at)];
  const isSound = score >= 0 && score <= 100;
  const judged = isSound
    ? passed(check, `The complexity score is ${score}.`)
    : failed(check, 'error', `The complexity score in ${name} is ${score}; it must be between 0 and 100.`, at);
  return [judged, ...routing(result, score)];
}

/** Without a score only a route that is no object is told. */
function routeShape({ name, value }: Result): readonly Check[] {
  const transform = own(value, 'transform');
  if (own(value, 'route') || transform === undefined || isJsonObject(transform)) return [];
  return [
    failed('transform-routing', 'error', `"transform" in ${name} is ${kindOf(transform)}; it must be an object with a route.`, [
      spot(name, '/transform'),
    ]),
  ];
}

function routing(result: Result, score: number): readonly Check[] {
  const { name, value } = result;
  const shape = routeShape(result);
  if (shape.length > 0) return shape;
  const transform = own(value, 'transform');
  const nested = isJsonObject(transform) ? own(transform, 'route') : undefined;
  const route = own(value, 'route') || nested;
  if (!route) return [];
  const check = 'transform-routing';
  const expected = score > ARTISAN_FROM ? ['artisan'] : ['prime_contractor', 'prime'];
  const found = typeof route === 'string' ? route.toLowerCase().replaceAll('-', '_') : '';
  if (expected.includes(found)) return [passed(check, `The route "${String(route)}" fits a score of ${score}.`)];
  const said = typeof route === 'string' ? `"${route}"` : kindOf(route);
  return [
    failed(check, 'warning', `${name} takes the route ${said}; a score of ${score} asks for "${expected[0]}".`, [
      spot(name, own(value, 'route') ? '/route' : '/transform/route'),
    ]),
  ];
}

function features(directory: DirectoryFacts, gaps: number): readonly Check[] {
  const files = matching(directory, '*feature*.json', '*feature*.yaml');
  if (files.length > 0) return [passed('features-extracted', `${count(files.length, 'feature file')}: ${named(files)}.`)];
  return gaps === 0
    ? []
    : [failed('features-extracted', 'warning', `"${directory.name}" holds no *feature*.json or *feature*.yaml for ${count(gaps, 'gap')}.`)];
}

function inventoryRoles(subject: Subject, directory: DirectoryFacts): readonly Check[] {
  const own = jsonOf(directory, 'run-provenance.json');
  const inventory = inventoryOf(own.state === 'absent' ? subject.runProvenance : own);
  if (inventory === undefined) return [];
  const name = 'ingestion-inventory-roles';
  const roles = new Set(inventory.map((entry) => (isJsonObject(entry) ? entry['role'] : undefined)));
  const missing = ROLES.filter((role) => !roles.has(role));
  if (missing.length === 0) return [passed(name, 'All three roles of plan ingestion are registered.')];
  if (missing.length < ROLES.length)
    return [failed(name, 'warning', `The inventory lacks ${named(missing)}; the later steps will not find them.`)];
  return inventory.length > 0 ? [passed(name, 'The inventory is there; plan ingestion has registered nothing in it yet.')] : [];
}

function inventoryOf(file: JsonFile): readonly JsonValue[] | undefined {
  if (file.state !== 'read' || !isJsonObject(file.value)) return undefined;
  const version = own(file.value, 'version') ?? '1.0.0';
  const inventory = own(file.value, 'artifact_inventory');
  return typeof version === 'string' && !version.startsWith('1.') && Array.isArray(inventory) ? inventory : undefined;
}

function told(file: JsonFile): string {
  if (file.state === 'malformed') return UNREADABLE[file.why];
  return file.state === 'read' ? `it is ${kindOf(file.value)}` : 'it was not looked into';
}

function spot(name: string, path: string): Spot {
  return { file: 'result', name: `ingestion/${name}`, path };
}
