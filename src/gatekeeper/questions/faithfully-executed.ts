import { isJsonObject, type JsonObject, type JsonValue } from '../../host/json.ts';
import { artifactListOf } from '../artifact-list.ts';
import { count, entrySpot, kindOf, named, UNREADABLE } from '../evidence.ts';
import type { Spot } from '../gate.ts';
import { own, sectionOf } from '../read-subject.ts';
import type { DirectoryFacts, Subject } from '../subject.ts';
import { type Check, failed, found, jsonOf, matching, passed, ran } from './question.ts';

const HANDOFF_KEYS = ['enriched_seed_path', 'seed_path', 'schema_version', 'version'];
const COUNTERS = ['tasks_total', 'total', 'tasks_succeeded', 'succeeded', 'tasks_failed', 'failed'];
const REPORT_KEYS = [...COUNTERS, 'status'];
const GOOD = new Set(['success', 'succeeded', 'successful', 'completed', 'complete', 'passed', 'pass', 'ok', 'done']);

/** Question 3: whether the work was done from this very export, every file is there, and every task succeeded (gates.md §3.4, G-6). */
export function executionChecks(subject: Subject, directory: DirectoryFacts): readonly Check[] {
  if (!directory.exists)
    return [
      failed(
        'artisan-output-exists',
        'error',
        `"${directory.name}" does not exist; give the directory that the artisan workflow wrote with --artisan-dir.`,
      ),
    ];
  return [
    passed('artisan-output-exists', `"${directory.name}" is there.`),
    ...design(subject, directory),
    ...outputFiles(subject, directory),
    ...found('test-results-exist', matching(directory, '*test*result*.json', '*test*report*.json')),
    ...finalize(directory),
    ran('postexec-validation-ran', matching(directory, '*postexec*.json')),
    ran('health-check-ran', matching(directory, '*health*.json')),
  ];
}

type Chosen = { readonly name: string; readonly value?: JsonObject; readonly fault?: string };

/** Of several candidates the first that holds what such a file holds, else the first (gates.md G-23). */
function choose(directory: DirectoryFacts, names: readonly string[], keys: readonly string[]): Chosen | undefined {
  const looked = names.map((name): Chosen => {
    const file = jsonOf(directory, name);
    if (file.state === 'malformed') return { name, fault: UNREADABLE[file.why] };
    if (file.state === 'absent') return { name, fault: 'it was not looked into' };
    return isJsonObject(file.value) ? { name, value: file.value } : { name, fault: `it is ${kindOf(file.value)} where an object belongs` };
  });
  return looked.find(({ value }) => value && keys.some((key) => own(value, key) !== undefined)) ?? looked[0];
}

function design(subject: Subject, directory: DirectoryFacts): readonly Check[] {
  const names = matching(directory, 'design-handoff.json', '*design*handoff*.json', '*design*.json');
  const chosen = choose(directory, names, HANDOFF_KEYS);
  if (!chosen)
    return [
      failed(
        'design-handoff-exists',
        'warning',
        `"${directory.name}" holds no *design*.json, so nothing says from which export the design was made.`,
      ),
    ];
  const exists = passed('design-handoff-exists', `${chosen.name}.`);
  if (!chosen.value)
    return [
      exists,
      failed('design-handoff-valid', 'warning', `${chosen.name} cannot be used: ${chosen.fault ?? 'it is empty'}.`, [
        spot(chosen.name, ''),
      ]),
    ];
  const version = own(chosen.value, 'schema_version') || own(chosen.value, 'version');
  return [
    exists,
    ...(version ? [passed('design-schema-version', `Version ${typeof version === 'string' ? version : kindOf(version)}.`)] : []),
    ...seed(subject, chosen.name, chosen.value),
  ];
}

function seed(subject: Subject, name: string, handoff: JsonObject): readonly Check[] {
  const key = own(handoff, 'enriched_seed_path') ? 'enriched_seed_path' : 'seed_path';
  const path = own(handoff, key);
  if (!path) return [];
  const check = 'design-uses-current-export';
  const at = [spot(name, `/${key}`)];
  if (typeof path !== 'string') return [failed(check, 'warning', `"${key}" in ${name} is ${kindOf(path)}; it must be a path.`, at)];
  const segments = segmentsOf(path);
  if (holds(segments, segmentsOf(subject.exportDir)) || subject.exportFiles.has(segments.at(-1) ?? ''))
    return [passed(check, `The design was made from "${path}".`)];
  return [
    failed(check, 'warning', `${name} was made from "${path}", not from "${subject.exportDir}"; run the design step on this export.`, at),
  ];
}

/** Whole segments are compared, so that "layout" is not taken for "out" (D16). */
function holds(path: readonly string[], part: readonly string[]): boolean {
  return part.length > 0 && path.some((_, start) => part.every((segment, index) => path[start + index] === segment));
}

function segmentsOf(path: string): readonly string[] {
  return path.split(/[/\\]+/).filter((segment) => segment !== '' && segment !== '.');
}

/** Files of artifacts that are still owed. What exists already in the repository is not made again. */
function outputFiles(subject: Subject, directory: DirectoryFacts): readonly Check[] {
  const ownership = sectionOf(subject, 'file_ownership');
  if (ownership.state !== 'read') return [];
  const list = artifactListOf(subject);
  const isDone = (id: string) => list.state === 'read' && (list.artifacts.get(id)?.status ?? 'needed') !== 'needed';
  const owed = Object.entries(ownership.value).filter(([, entry]) => idsOf(entry).length === 0 || !idsOf(entry).every(isDone));
  const missing = owed.filter(([path]) => !directory.present.has(path));
  const check = 'implement-output-files';
  if (missing.length === 0) return [passed(check, `${count(owed.length, 'file')} of the plan, all there.`)];
  const owner = idsOf(missing[0]![1])[0];
  const detail = `${missing.length} of ${count(owed.length, 'file')} of the plan ${missing.length === 1 ? 'is' : 'are'} not in "${directory.name}": ${named(missing.map(([path]) => path))}.`;
  return [failed(check, 'error', detail, owner === undefined ? [] : [entrySpot(owner)])];
}

function idsOf(entry: JsonValue | undefined): readonly string[] {
  const ids = isJsonObject(entry) ? own(entry, 'artifact_ids') : undefined;
  return Array.isArray(ids) ? ids.filter((id): id is string => typeof id === 'string') : [];
}

function finalize(directory: DirectoryFacts): readonly Check[] {
  const exact = ['finalize-report.json', 'workflow-execution-report.json'];
  const chosen = choose(
    directory,
    matching(directory, ...exact, '*finalize*report*.json', '*finalize*.json', '*execution*report*.json'),
    REPORT_KEYS,
  );
  if (!chosen)
    return [
      failed(
        'finalize-report-exists',
        'error',
        `"${directory.name}" holds no finalize report, so nothing tells whether the tasks succeeded; run the finalize step.`,
      ),
    ];
  if (!chosen.value)
    return [
      failed(
        'finalize-report-valid',
        'error',
        `${chosen.name} cannot be used: ${chosen.fault ?? 'it is empty'}. Run the finalize step again.`,
        [spot(chosen.name, '')],
      ),
    ];
  const fault = shortfall(chosen.value);
  const check = 'finalize-all-tasks-succeeded';
  if (fault === undefined) return [passed(check, `Every task in ${chosen.name} succeeded.`)];
  return [failed(check, 'error', `${chosen.name}: ${fault}.`, [spot(chosen.name, '/tasks_failed')])];
}

/** Why the report does not say that everything succeeded; absent when it does. A bare status word is taken at its word. */
function shortfall(report: JsonObject): string | undefined {
  const status = own(report, 'status');
  const wrong = COUNTERS.find((key) => {
    const value = own(report, key);
    return value !== undefined && value !== null && !(typeof value === 'number' && Number.isInteger(value) && value >= 0);
  });
  if (wrong !== undefined) return `"${wrong}" is ${kindOf(own(report, wrong))}; it must be a number of tasks`;
  const [total, succeeded, failures] = [
    counter(report, 'tasks_total', 'total'),
    counter(report, 'tasks_succeeded', 'succeeded'),
    counter(report, 'tasks_failed', 'failed'),
  ];
  if (failures !== undefined && failures > 0) return `${count(failures, 'task')} failed; mend and run them again`;
  if (status !== undefined && (typeof status !== 'string' || !GOOD.has(status.toLowerCase())))
    return `its status is ${typeof status === 'string' ? `"${status}"` : kindOf(status)}, which is no success`;
  if (succeeded === undefined && total === undefined)
    return status === undefined ? 'it holds neither counters (tasks_total, tasks_succeeded, tasks_failed) nor a status' : undefined;
  if (!succeeded) return 'no task succeeded';
  if (total === undefined)
    return status === undefined ? `${count(succeeded, 'task')} succeeded, but it does not say of how many (tasks_total)` : undefined;
  return succeeded === total ? undefined : `${succeeded} of ${count(total, 'task')} succeeded`;
}

function counter(report: JsonObject, ...keys: readonly string[]): number | undefined {
  const found = keys.map((key) => own(report, key)).find((value) => typeof value === 'number');
  return typeof found === 'number' ? found : undefined;
}

function spot(name: string, path: string): Spot {
  return { file: 'result', name: `artisan/${name}`, path };
}
