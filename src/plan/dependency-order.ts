/** Node → the nodes it depends on, all by index. */
export type Graph = readonly (readonly number[])[];

/**
 * Groups and orders the nodes so that what a group depends on stands before it (Kahn); where several could be next, the one with the smallest index is. A
 * group is one node, or the nodes of a cycle in ascending order: they share their place, since none of them can come first.
 */
export function orderDependenciesFirst(graph: Graph): readonly (readonly number[])[] {
  const plain = inOrder(graph, (node) => node);
  // Most plans have no cycle, and then every node is a group.
  if (plain.length === graph.length) return plain.map((node) => [node]);
  const groups = stronglyConnected(graph);
  const groupOf = new Map(groups.flatMap((members, group) => members.map((member) => [member, group] as const)));
  const between = groups.map((members, group) => [...outside(graph, members, group, groupOf)]);
  return inOrder(between, (group) => groups[group]![0]!).map((group) => groups[group]!);
}

/** Kahn's algorithm. Nodes of a cycle, and what waits for them, are left out. */
function inOrder(graph: Graph, rank: (node: number) => number): readonly number[] {
  const dependents: number[][] = graph.map(() => []);
  graph.forEach((dependencies, node) => {
    for (const dependency of dependencies) dependents[dependency]!.push(node);
  });
  const pending = graph.map((dependencies) => dependencies.length);
  const ready = new Ready(rank);
  pending.forEach((count, node) => {
    if (count === 0) ready.push(node);
  });
  const order: number[] = [];
  for (let node = ready.pop(); node !== undefined; node = ready.pop()) {
    order.push(node);
    for (const dependent of dependents[node]!) if (--pending[dependent]! === 0) ready.push(dependent);
  }
  return order;
}

/** The walk through a group along its dependencies, from its first member on; empty when the group is no cycle. */
export function cycleOf(graph: Graph, members: readonly number[]): readonly number[] {
  const [first] = members;
  if (first === undefined || (members.length === 1 && !graph[first]!.includes(first))) return [];
  const inside = new Set(members);
  const walked = new Set<number>();
  const stack = [first];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (walked.has(node)) continue;
    walked.add(node);
    stack.push(...graph[node]!.filter((next) => inside.has(next) && !walked.has(next)).toReversed());
  }
  return [...walked];
}

function outside(graph: Graph, members: readonly number[], group: number, groupOf: ReadonlyMap<number, number>): ReadonlySet<number> {
  const groups = new Set(members.flatMap((member) => graph[member]!.map((dependency) => groupOf.get(dependency)!)));
  groups.delete(group);
  return groups;
}

/** Tarjan's algorithm with a stack of its own: a chain of ten thousand dependencies must not exhaust the call stack. Members ascend. */
function stronglyConnected(graph: Graph): readonly (readonly number[])[] {
  const order = new Array<number>(graph.length).fill(-1);
  const low = new Array<number>(graph.length).fill(-1);
  const open: number[] = [];
  const isOpen = new Set<number>();
  const groups: number[][] = [];
  let clock = 0;

  const enter = (node: number) => {
    order[node] = low[node] = clock++;
    open.push(node);
    isOpen.add(node);
  };
  const close = (root: number) => {
    const members = open.splice(open.lastIndexOf(root));
    for (const member of members) isOpen.delete(member);
    groups.push(members.sort((a, b) => a - b));
  };

  for (let start = 0; start < graph.length; start++) {
    if (order[start] !== -1) continue;
    enter(start);
    const path = [{ node: start, next: 0 }];
    while (path.length > 0) {
      const step = path[path.length - 1]!;
      const dependency = graph[step.node]![step.next++];
      if (dependency === undefined) {
        path.pop();
        const parent = path[path.length - 1]?.node;
        if (parent !== undefined) low[parent] = Math.min(low[parent]!, low[step.node]!);
        if (low[step.node] === order[step.node]) close(step.node);
      } else if (order[dependency] === -1) {
        enter(dependency);
        path.push({ node: dependency, next: 0 });
      } else if (isOpen.has(dependency)) {
        low[step.node] = Math.min(low[step.node]!, order[dependency]!);
      }
    }
  }
  return groups;
}

/** A binary heap of what can come next, smallest rank first. */
class Ready {
  readonly #heap: number[] = [];
  readonly #rank: (item: number) => number;

  constructor(rank: (item: number) => number) {
    this.#rank = rank;
  }

  push(item: number): void {
    const heap = this.#heap;
    let at = heap.push(item) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#rank(heap[parent]!) <= this.#rank(item)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = item;
  }

  pop(): number | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (top === undefined || last === undefined || heap.length === 0) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && this.#rank(heap[child + 1]!) < this.#rank(heap[child]!)) child++;
      if (this.#rank(heap[child]!) >= this.#rank(last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return top;
  }
}
