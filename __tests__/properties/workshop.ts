import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { answerQuestions } from '../../src/gatekeeper/answer-questions.ts';
import type { GateResult } from '../../src/gatekeeper/gate.ts';
import { runGates } from '../../src/gatekeeper/run-gates.ts';
import { gate1 } from '../../src/gates/index.ts';
import { loadSubject, type SubjectOptions } from '../../src/host/load-subject.ts';
import { type CheckReport, checkReport } from '../../src/report/check-report.ts';
import { type DiagnoseReport, diagnoseReport } from '../../src/report/diagnose-report.ts';

/** A folder in memory where the system has one: what is measured is the program, not the disk. */
export async function openWorkshop(): Promise<
  { readonly root: string; readonly put: (name: string, content: string | Uint8Array) => Promise<void> } & AsyncDisposable
> {
  const root = await mkdtemp(path.join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'workshop-'));
  return {
    root,
    put: async (name, content) => {
      const file = path.join(root, name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, content);
    },
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}

const CLOCK = { clock: { now: () => new Date('2026-02-03T04:05:06.000Z'), elapsed: () => 0 } };

export type Examined =
  | { readonly ok: false; readonly message: string }
  | { readonly ok: true; readonly results: readonly GateResult[]; readonly check: CheckReport; readonly diagnose: DiagnoseReport };

/** What `check` and `diagnose` answer about an export directory, in this process. */
export async function examine(root: string, options: Partial<SubjectOptions> = {}): Promise<Examined> {
  const load = await loadSubject({ exportDir: 'out', cwd: root, ...options });
  if (!load.ok) return load;
  const results = runGates(gate1, load.subject, CLOCK);
  const now = CLOCK.clock.now();
  return {
    ok: true,
    results,
    check: checkReport(load.subject, results, now),
    diagnose: diagnoseReport(load.subject, answerQuestions(load.subject, results), now),
  };
}
