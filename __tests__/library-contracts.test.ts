import { afterEach, expect, test } from '@jest/globals';
import {
  BoundaryEnforcementError,
  type BoundaryEvent,
  checkGapParity,
  loadSourceTree,
  summariseGates,
  validateInbound,
  validatePayload,
  verifyContent,
} from '../src/index.ts';
import { folder, removeFolders } from './commands/terminal.ts';
import { complete } from './gatekeeper/contracts/samples.ts';

afterEach(removeFolders);

const OCCASION = { taskId: 'T-1', checkedAt: '2026-01-15T09:30:00Z' };

test('the library judges payloads, and stops those that do not hold at the boundary', () => {
  expect(validatePayload('GateResult', complete.GateResult).is_valid).toBe(true);
  const events: BoundaryEvent[] = [];
  const boundary = { now: new Date(0), emit: (event: BoundaryEvent) => void events.push(event) };
  expect(() => validateInbound('GateResult', { ...complete.GateResult, phase: 'LATER' }, boundary)).toThrow(BoundaryEnforcementError);
  expect(events).toMatchObject([{ event_type: 'handoff.validation.inbound.failed', errors: [{ error_code: 'ENUM_MISMATCH' }] }]);
});

test('the library reads sources from disk and verifies their content, beside the gates that ask for no export', async () => {
  const root = await folder({ 'app.py': 'import flask\n# TODO: write\n', 'requirements.txt': 'requests\n' });
  const tree = await loadSourceTree(root, '.', () => true);
  const { results, summary } = verifyContent(tree, { dependencies: 'requirements.txt', protocol: 'grpc' }, OCCASION);
  expect(results.flatMap(({ evidence }) => evidence.map(({ type, ref }) => `${type} ${ref}`))).toEqual([
    'placeholder_found app.py:2',
    'missing_dependency flask',
    'protocol_mismatch app.py',
  ]);
  expect(summary).toMatchObject({ total_gates: 3, failed: 3, all_passed: false });
  expect(summariseGates([checkGapParity(['a'], ['a'], { ...OCCASION, gateId: 'g' })]).all_passed).toBe(true);
});
