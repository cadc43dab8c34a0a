import { expect, test } from '@jest/globals';
import type { ArtifactStatus, Contract } from '../../src/contract/contract.ts';
import type { GateResult } from '../../src/gatekeeper/gate.ts';
import { dateResults } from '../../src/story/work-facts.ts';

const contract = (status: ArtifactStatus) =>
  ({ artifacts: [{ id: 'a', type: 'dashboard', priority: 'required', parameters: {}, dependsOn: [], status }] }) as unknown as Contract;
const result = (gate: string) => ({ gate, group: 'gate-1', evidence: [{ finding: true, artifact: 'a' }] }) as unknown as GateResult;

test.each([
  ['mapping-completeness', 'exists', 'needed', 'new'],
  ['mapping-completeness', 'needed', 'needed', 'known'],
  ['parameter-resolvability', 'exists', 'needed', 'known'],
] as const)('of an unchanged manifest a finding of %s on an artifact that was %s and is %s is %s', (gate, before, now, state) => {
  const [dated] = dateResults([result(gate)], contract(now), true, contract(before));
  expect(dated?.evidence).toMatchObject([{ state }]);
});
