import { type HandoffContractPayload, isDependencyManifest, isSource, loadSourceTree, validateOutbound, verifyContent } from 'export-tasks';

/** Hands work over only when the sources are ready and the contract holds; a payload that does not hold is thrown back with its faults. */
export async function handOver(payload: HandoffContractPayload, root: string): Promise<readonly string[]> {
  const now = new Date();
  const sources = await loadSourceTree(root, '.', (path) => isSource(path) || isDependencyManifest(path));
  const { summary, results } = verifyContent(
    sources,
    { dependencies: 'requirements.txt' },
    { taskId: payload.handoff_id, checkedAt: now.toISOString() },
  );
  if (!summary.all_passed) return results.flatMap(({ evidence }) => evidence.map(({ ref, description }) => `${ref}: ${description}`));
  validateOutbound('HandoffContract', payload, { now, emit: (event) => console.error(JSON.stringify(event)) });
  return [];
}
