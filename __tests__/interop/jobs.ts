import { cp } from 'node:fs/promises';
import path from 'node:path';
import { type Env, ROOT, type Workspace, workspace } from '../cli/export-tasks.ts';

/** The shop of the demo: three services, a blocking gate, an open question. */
export async function shop(): Promise<Workspace> {
  const made = await workspace();
  await cp(path.join(ROOT, '.github/examples/shop'), made.root, { recursive: true });
  return made;
}

/** So many services, nothing of what they owe is there. */
export function services(count: number): Promise<Workspace> {
  const targets = Array.from({ length: count }, (_, at) => `    - { kind: Deployment, name: service-${String(at).padStart(4, '0')}, namespace: fleet }`);
  return workspace({ '.contextcore.yaml': FLEET + targets.join('\n') + '\n' });
}

/** Runs the whole flow into `out`. A verdict may be red; a run that breaks may not. */
export async function run(place: Workspace, args: readonly string[] = [], env: Env = {}, out = 'out'): Promise<Emitted> {
  const mapping = (await place.text('tasks.json').catch(() => '')) === '' ? [] : ['--task-mapping', 'tasks.json'];
  const ran = await place.run(['run', '--output-dir', out, ...mapping, ...args], env);
  if (ran.code !== 0 && ran.code !== 1) throw new Error(`run ended with ${ran.code}: ${ran.stderr}${ran.stdout}`);
  return (await place.json(`${out}/export-tasks-report.json`)).emission;
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
