import { defineGate } from '../gatekeeper/define-gate.ts';
import {
  confirmation,
  count,
  entrySpot,
  fails,
  finding,
  kindOf,
  malformed,
  onboardingSpot,
  passes,
  pointer,
} from '../gatekeeper/evidence.ts';
import type { Evidence } from '../gatekeeper/gate.ts';
import { sectionOf } from '../gatekeeper/read-subject.ts';
import type { JsonObject } from '../host/json.ts';

const KEY = 'artifact_dependency_graph';

export const dependencyCycles = defineGate({
  key: 'dependency-cycles',
  title: 'Dependency cycles',
  phase: 'EXPORT_CONTRACT',
  stage: 'EXPORT_CONTRACT',
  group: 'ours',
  fails: { severity: 'warning', blocking: false },
  asks: 'Can the artifacts be made one after the other, each after those it depends on?',
  why: 'In a circle of dependencies nothing comes first, and a step that follows the order never ends.',
  reads: [KEY],
  judge: (subject) => {
    const section = sectionOf(subject, KEY);
    if (section.state === 'absent')
      return { outcome: 'skipped', code: 'input_absent', reason: 'The export names no dependencies between artifacts.' };
    if (section.state === 'malformed') {
      return fails('The dependencies cannot be read.', NEXT, [
        malformed('onboarding', `/${KEY}`, `"${KEY}" is ${kindOf(section.value)}; it must be an object of lists by artifact id.`),
      ]);
    }
    const wrong = Object.entries(section.value).flatMap(([id, needs]) =>
      Array.isArray(needs)
        ? []
        : [
            malformed(
              'onboarding',
              pointer(KEY, id),
              `The dependencies of "${id}" are ${kindOf(needs)}; they must be a list of artifact ids.`,
            ),
          ],
    );
    const cycles = findCycles(section.value);
    if (wrong.length + cycles.length === 0) {
      const edges = Object.keys(section.value).length;
      return passes('No artifact depends on itself.', [
        confirmation('dependencies_acyclic', KEY, `${count(edges, 'artifact')} with dependencies, no circle among them.`),
      ]);
    }
    const reason = cycles.length > 0 ? `${count(cycles.length, 'circle')} of dependencies.` : 'Dependencies cannot be read.';
    return fails(reason, NEXT, [...wrong, ...cycles.map(dependencyCycle)]);
  },
});

const NEXT = 'Take out one dependency of each circle where the artifact manifest is made, and export again.';

function dependencyCycle(cycle: readonly string[]): Evidence {
  const first = cycle[0]!;
  const way = [...cycle, first].join(' -> ');
  return finding('dependency_cycle', way, `Each of these waits for the next: ${way}.`, {
    artifact: first,
    at: [entrySpot(first), onboardingSpot(KEY, first)],
  });
}

/** One circle per way back that a walk in the order of the graph comes upon. The walk keeps its own stack: chains may be long. */
function findCycles(graph: JsonObject): readonly (readonly string[])[] {
  const needs = new Map(
    Object.entries(graph).map(([id, list]) => [
      id,
      Array.isArray(list) ? list.filter((item): item is string => typeof item === 'string') : [],
    ]),
  );
  const done = new Set<string>();
  const cycles: (readonly string[])[] = [];
  for (const start of needs.keys()) {
    const path: { readonly id: string; next: number }[] = [];
    const onPath = new Map<string, number>();
    const enter = (id: string) => {
      onPath.set(id, path.length);
      path.push({ id, next: 0 });
    };
    if (!done.has(start)) enter(start);
    while (path.length > 0) {
      const top = path.at(-1)!;
      const next = needs.get(top.id)?.[top.next];
      top.next += 1;
      if (next === undefined) {
        path.pop();
        onPath.delete(top.id);
        done.add(top.id);
      } else if (onPath.has(next)) {
        cycles.push(path.slice(onPath.get(next)).map((step) => step.id));
      } else if (!done.has(next) && needs.has(next)) {
        enter(next);
      }
    }
  }
  return cycles;
}
