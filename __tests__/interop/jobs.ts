import { existsSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import path from 'node:path';
import { type Env, ROOT, Workspace, workspace } from '../cli/export-tasks.ts';

/** The shop of the demo: three services, a blocking gate, an open question. In a folder of its own, or in the one given. */
export async function shop(root?: string): Promise<Workspace> {
  const made = root === undefined ? await workspace() : new Workspace(root);
  await cp(path.join(ROOT, '.github/examples/shop'), made.root, { recursive: true });
  return made;
}

/** So many services, nothing of what they owe is there. */
export async function services(count: number, root?: string): Promise<Workspace> {
  const made = root === undefined ? await workspace() : new Workspace(root);
  const target = (at: number) => `    - { kind: Deployment, name: service-${String(at).padStart(4, '0')}, namespace: fleet }\n`;
  await made.write({ '.contextcore.yaml': FLEET + Array.from({ length: count }, (_, at) => target(at)).join('') });
  return made;
}

/** Runs the whole flow. A verdict may be red; a run that breaks may not. */
export async function run(place: Workspace, args: readonly string[] = [], env: Env = {}): Promise<Emitted> {
  const mapping = existsSync(place.at('tasks.json')) ? ['--task-mapping', 'tasks.json'] : [];
  const ran = await place.run(['run', '--output-dir', OUT, ...mapping, ...args], env);
  if (ran.code !== 0 && ran.code !== 1) throw new Error(`run ended with ${ran.code}: ${ran.stderr}${ran.stdout}`);
  return (await place.json(`${OUT}/export-tasks-report.json`)).emission;
}

/** What the report says of the trace. */
export interface Emitted {
  readonly state: string;
  readonly reason: string;
  readonly drafted: number;
  readonly sent: number;
  readonly spooled: number;
  readonly lost: number;
}

export const OUT = 'contextcore-export';
export const SPOOL = 'task-spans.otlp.jsonl';

const FLEET = `apiVersion: contextcore.io/v1alpha2
kind: ContextManifest
metadata:
  name: fleet
  owners: [{ team: platform, slack: '#platform' }]
spec:
  project: { id: fleet }
  business: { criticality: high, owner: platform }
  requirements: { availability: "99.9", latencyP99: 300ms, errorBudget: "0.1" }
  risks: [{ type: availability, description: A dependency is away, priority: P2 }]
  observability: { metricsInterval: 30s, alertChannels: ['#alerts'] }
  targets:
`;
