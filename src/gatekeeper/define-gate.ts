import { type Gate, PHASES } from './gate.ts';

/** The gate, checked for what every gate must tell; a member of the shelf that tells less is a mistake of ours and throws. */
export function defineGate(gate: Gate): Gate {
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(gate.key))
    throw new TypeError(`A gate's key is kebab-case, such as "gap-parity"; "${gate.key}" is not.`);
  for (const word of ['title', 'asks', 'why'] as const) {
    if (gate[word].trim() === '') throw new TypeError(`The gate "${gate.key}" says nothing under "${word}"; write one sentence.`);
  }
  if (gate.reads.length === 0)
    throw new TypeError(`The gate "${gate.key}" does not say what it reads; list files or sections under "reads".`);
  if (!PHASES.includes(gate.phase) || !PHASES.includes(gate.stage))
    throw new TypeError(`The gate "${gate.key}" names a phase that does not exist.`);
  if (gate.fails.blocking && gate.fails.severity !== 'error' && gate.fails.severity !== 'critical') {
    throw new TypeError(`The gate "${gate.key}" blocks with the severity "${gate.fails.severity}"; only "error" and "critical" can block.`);
  }
  return gate;
}
