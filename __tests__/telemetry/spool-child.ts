// Run by a test and killed in the middle: spools a large trace, sending it where the argument says.
import { draftSpans } from '../../src/telemetry/draft-spans.ts';
import { emit } from '../../src/telemetry/emit.ts';
import { manyArtifacts, shopInput, testWorld } from './shop.ts';

const [root = '', endpoint = ''] = process.argv.slice(2);
const drafts = draftSpans(shopInput({ artifacts: manyArtifacts(6000) }));
process.stdout.write(`${drafts.spans.length}\n`);
await emit(drafts, { mode: 'auto', endpoint, timeoutMs: 20_000, spoolPath: 'spool.jsonl' }, testWorld(root));
