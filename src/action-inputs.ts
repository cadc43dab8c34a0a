import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROFILES } from './contract/contract.ts';
import { FAIL_ON } from './gatekeeper/verdict.ts';
import { isGlob } from './host/find-manifests.ts';
import type { CiContext } from './host/github/ci-context.ts';
import { given } from './host/given.ts';
import { nearest } from './host/nearest.ts';
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
} from './host/settings.ts';
import type { RunSettings } from './run.ts';
import { PROTOCOLS } from './telemetry/endpoint.ts';

/** Everything that `with:` decides: the run's settings, and what only this door does. */
export interface ActionSettings {
  readonly run: RunSettings;
  readonly annotations: 'workflow-command' | 'off';
  readonly upload: boolean;
  readonly artifactName: string;
  readonly retentionDays?: number;
}

/** One input that cannot be followed. The message tells what was found and what would be right; a secret's value is never in it. */
export interface InputFault {
  readonly input: string;
  readonly message: string;
}

/** All inputs understood, with what is worth a word; or every fault at once. */
export type ActionInputs =
  | { readonly ok: true; readonly settings: ActionSettings; readonly notices: readonly string[] }
  | { readonly ok: false; readonly faults: readonly InputFault[]; readonly notices: readonly string[] };

type Env = Readonly<Record<string, string | undefined>>;

/** What an input is when it is not given. The same stands in action.yml, and a test compares them; an empty input is one not given. */
export const DEFAULTS = {
  mode: 'run',
  manifest: '.contextcore.yaml',
  'if-no-manifest': 'error',
  namespace: 'default',
  profile: 'full',
  'scan-existing': '.',
  'emit-tasks': 'auto',
  'otlp-timeout': '30s',
  'trace-placement': 'own',
  'trace-limit': '2000',
  'fail-on': 'critical',
  'only-new': 'false',
  baseline: 'auto',
  annotations: 'workflow-command',
  'upload-artifact': 'true',
} as const;

/** Every input this action has, in the order of action.yml. */
export const INPUTS = [
  'mode',
  'manifest',
  'if-no-manifest',
  'output-dir',
  'export-dir',
  'ingestion-dir',
  'artisan-dir',
  'project-id',
  'namespace',
  'profile',
  'scan-existing',
  'existing',
  'task-mapping',
  'service-metadata',
  'coverage-policy',
  'min-coverage',
  'strict-quality',
  'config',
  'emit-tasks',
  'otlp-endpoint',
  'otlp-headers',
  'otlp-protocol',
  'otlp-timeout',
  'traceparent',
  'trace-placement',
  'trace-limit',
  'fail-on',
  'only-new',
  'baseline',
  'annotations',
  'upload-artifact',
  'artifact-name',
  'retention-days',
  'github-token',
  'check-run-id',
  'job-index',
] as const;
export type InputName = (typeof INPUTS)[number];

/** Reads and judges all inputs together, from the variables in which the runner hands them over. */
export function readInputs(env: Env, ci: CiContext): ActionInputs {
  const faults: InputFault[] = [];
  const asked = reader(env, faults);
  const run = runSettings(env, ci, asked);
  const door = {
    annotations: asked.parsed('annotations', parseChoice(['workflow-command', 'off'])),
    upload: asked.parsed('upload-artifact', parseBoolean),
    artifactName: asked.maybe('artifact-name', parseArtifactName) ?? artifactName(ci),
    ...given({ retentionDays: asked.maybe('retention-days', parseCount(1, 400)) }),
  };
  asked.maybe('check-run-id', parseNumber);
  asked.maybe('job-index', parseNumber);
  faults.push(...contradictions(asked));
  const notices = unknownInputs(env);
  if (faults.length > 0) return { ok: false, faults: inOrder(faults), notices };
  return { ok: true, settings: { run, ...door }, notices };
}

function runSettings(env: Env, ci: CiContext, { text, parsed, maybe, lines }: Reader): RunSettings {
  return {
    mode: parsed('mode', parseChoice(['run', 'check', 'audit'])),
    manifests: lines('manifest'),
    ifNoManifest: parsed('if-no-manifest', parseChoice(['error', 'warn', 'ignore'])),
    outputDir: text('output-dir') ?? outputDir(env, ci),
    namespace: parsed('namespace', verbatim),
    profile: parsed('profile', parseChoice(PROFILES)),
    scanExisting: parsed('scan-existing', verbatim),
    existing: lines('existing'),
    emitTasks: parsed('emit-tasks', parseChoice(['auto', 'true', 'dry-run', 'false'])),
    otlpTimeoutMs: parsed('otlp-timeout', parseDuration),
    tracePlacement: parsed('trace-placement', parseChoice(['own', 'github-receiver'])),
    traceLimit: parsed('trace-limit', parseCount(1, 1_000_000)),
    failOn: parsed('fail-on', parseChoice(FAIL_ON)),
    onlyNew: parsed('only-new', parseBoolean),
    baseline: parsed('baseline', parseBaseline),
    backup: false,
    format: 'yaml',
    ci,
    ...given({
      exportDir: text('export-dir'),
      ingestionDir: text('ingestion-dir'),
      artisanDir: text('artisan-dir'),
      projectId: text('project-id'),
      taskMapping: text('task-mapping'),
      serviceMetadata: text('service-metadata'),
      coveragePolicy: maybe('coverage-policy', parseChoice(['ratchet', 'absolute', 'off'])),
      githubToken: text('github-token'),
      minCoverage: maybe('min-coverage', parsePercent),
      strictQuality: maybe('strict-quality', parseBoolean),
      config: text('config'),
      otlpEndpoint: maybe('otlp-endpoint', parseEndpoint),
      otlpHeaders: maybe('otlp-headers', parseHeaders),
      otlpProtocol: maybe('otlp-protocol', parseChoice(PROTOCOLS)),
      // A wrong one in the environment is not this user's mistake: the run says so and goes without.
      traceparent: maybe('traceparent', parseTraceparent) ?? (env['TRACEPARENT'] || undefined),
    }),
  };
}

/** Questions to the inputs; a value that cannot be followed becomes a fault, and its default stands in so that reading goes on. */
interface Reader {
  readonly text: (name: InputName) => string | undefined;
  readonly lines: (name: InputName) => readonly string[];
  readonly maybe: <T>(name: InputName, parse: Parser<T>) => T | undefined;
  readonly parsed: <T>(name: keyof typeof DEFAULTS, parse: Parser<T>) => T;
}

function reader(env: Env, faults: InputFault[]): Reader {
  const text = (name: InputName) => env[variable(name)]?.trim() || undefined;
  const maybe = <T>(name: InputName, parse: Parser<T>): T | undefined => {
    const found = text(name);
    const setting = found === undefined ? undefined : parse(found);
    if (setting?.ok === false) faults.push({ input: name, message: `\`${name}\`: ${setting.why}${setting.why.endsWith('?') ? '' : '.'}` });
    return setting?.ok ? setting.value : undefined;
  };
  const standard = <T>(name: keyof typeof DEFAULTS, parse: Parser<T>): T => {
    const setting = parse(DEFAULTS[name]);
    if (!setting.ok) throw new TypeError(`the default of ${name} is no value of it: ${setting.why}`);
    return setting.value;
  };
  const lines = (name: InputName) => {
    const written = text(name) ?? (Object.hasOwn(DEFAULTS, name) ? DEFAULTS[name as keyof typeof DEFAULTS] : '');
    return written.split(/\r?\n/).flatMap((line) => line.trim() || []);
  };
  return { text, lines, maybe, parsed: (name, parse) => maybe(name, parse) ?? standard(name, parse) };
}

/** The runner upper-cases a name and keeps its hyphens (spec/github.md §3.5). */
function variable(name: string): string {
  return `INPUT_${name.toUpperCase()}`;
}

/** What each input may say alone, but not together with the others. */
function contradictions({ text, lines }: Reader): readonly InputFault[] {
  const manifests = lines('manifest');
  const several = manifests.length > 1 || manifests.some(isGlob);
  const alone = several
    ? (['project-id', 'existing', 'task-mapping', 'export-dir'] as const).filter((name) => text(name) !== undefined)
    : [];
  const unpaired = lines('existing').filter((line) => !/^[^:\s]+:\s*\S/.test(line));
  return [
    ...alone.map((input) => ({
      input,
      message: `\`${input}\`: it speaks of one manifest, and \`manifest\` may name several (${manifests.map((one) => `\`${one}\``).join(', ')}); name one file there, or leave \`${input}\` out.`,
    })),
    ...unpaired.map((line) => ({
      input: 'existing',
      message: `\`existing\`: \`${line}\` is not \`artifact-id:path\`; write for example \`ledger-dashboard:dash/ledger.json\`, one on a line.`,
    })),
    ...(text('mode') === 'check' && text('export-dir') === undefined
      ? [
          {
            input: 'export-dir',
            message: '`export-dir`: missing; `mode: check` judges an export that exists already, so say where it lies.',
          },
        ]
      : []),
  ];
}

function inOrder(faults: readonly InputFault[]): readonly InputFault[] {
  const rank = new Map<string, number>(INPUTS.map((name, index) => [name, index]));
  return [...faults].sort((a, b) => (rank.get(a.input) ?? 0) - (rank.get(b.input) ?? 0));
}

/** The runner lists unknown inputs without saying what was meant. */
function unknownInputs(env: Env): readonly string[] {
  const known = new Set(INPUTS.map(variable));
  return Object.keys(env).flatMap((key) => {
    if (!key.startsWith('INPUT_') || known.has(key)) return [];
    const written = key.slice('INPUT_'.length).toLowerCase();
    const meant = nearest(written, INPUTS);
    return meant === undefined ? [] : [`\`${written}\` is no input of this action and has no effect; did you mean \`${meant}\`?`];
  });
}

/** Outside the workspace, so that it stays clean, and a step's own, so that no step reads another's export as its previous one. */
function outputDir(env: Env, { step }: CiContext): string {
  return join(env['RUNNER_TEMP'] || tmpdir(), ['contextcore-export', ...(step === undefined ? [] : [plain(step)])].join('-'));
}

/** One name for every job of a matrix and every step of a job; two uploads of one name fail (spec/github.md §3.4). */
function artifactName({ checkRunId, job, jobIndex, step }: CiContext): string {
  const parts = checkRunId === undefined ? [job, jobIndex] : [checkRunId];
  return ['contextcore-export', ...[...parts, step].filter((part) => part !== undefined).map(plain)].join('-');
}

function plain(text: string): string {
  return text.replaceAll(/[^\w.-]/g, '_').slice(0, 100);
}

const verbatim: Parser<string> = (text) => ({ ok: true, value: text });

/** A revision that git reads as one, and as no option; a branch, a tag or a commit. */
const parseBaseline: Parser<string> = (text) =>
  /^(?!-)[^\p{C}\s~^:?*[\\]{1,250}(?:[~^]\d{0,4})*$/u.test(text) && !text.includes('..')
    ? { ok: true, value: text }
    : { ok: false, why: `\`${text.slice(0, 80).toWellFormed()}\` is no revision; write \`auto\`, \`off\`, a branch, a tag or a commit` };

const parseNumber: Parser<string> = (text) =>
  /^\d{1,20}$/.test(text)
    ? { ok: true, value: text }
    : { ok: false, why: 'it is the number that GitHub gives, and not meant to be set; leave it out' };

// The artifact service refuses these characters, and its client prints the name as it is.
const parseArtifactName: Parser<string> = (text) =>
  /^[^\p{C}\p{Zl}\p{Zp}":<>|*?\\/]{1,200}$/u.test(text) && !text.includes('##[')
    ? { ok: true, value: text }
    : {
        ok: false,
        why: 'the name is longer than 200 characters or holds one that GitHub refuses (`" : < > | * ? \\ /`, line breaks, controls)',
      };
