import type { Gate } from '../../gatekeeper/gate.ts';
import type { Explanation } from './explanation.ts';
import { gateExamples } from './gate-examples.ts';

/** What a gate asks, why, what it reads, how grave a failure is, and what passing and failing look like. */
export function explainGate(gate: Gate): Explanation {
  const { key, title, group, phase, stage, fails, asks, why, reads } = gate;
  const examples = gateExamples.get(key);
  const stops = fails.severity === 'critical' || (fails.severity === 'error' && fails.blocking);
  const consequence = stops ? 'it stops the pipeline' : 'it is told and stops nothing';
  return {
    document: {
      kind: 'gate',
      gate: key,
      title,
      group,
      phase,
      stage,
      asks,
      why,
      reads,
      fails: { ...fails },
      ...(examples && { examples: { ...examples } }),
    },
    lines: [
      `${title} (gate ${key})`,
      '',
      `Asks    ${asks}`,
      `Why     ${why}`,
      `Reads   ${reads.join(', ')}`,
      `Grave   a failure is of severity ${fails.severity}: ${consequence}. What one finding weighs may differ; .contextcore-quality.yaml sets`,
      `        another level with "gates: {${key}: ${fails.severity === 'warning' ? 'error' : 'warning'}}", or leaves the question out with "off".`,
      `When    in the stage ${stage}; what it judges belongs to ${phase}.`,
      ...(examples ? [`Passes  ${examples.pass}`, `Fails   ${examples.fail}`] : []),
    ],
  };
}
