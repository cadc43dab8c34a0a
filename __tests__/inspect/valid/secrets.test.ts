import { expect, test } from '@jest/globals';
import { validateArtifactFile } from '../../../src/inspect/valid/validate-file.ts';

test('what a file holds of secrets is not quoted in what is said of it', async () => {
  const token = `xoxb-${'1'.repeat(12)}-${'a'.repeat(24)}`;
  const text = `route: {receiver: "${token}"}\nreceivers: [{name: x}]\n`;
  const { errors } = await validateArtifactFile('notification_policy', { path: 'a.yml', text });
  expect(errors).not.toEqual([]);
  expect(JSON.stringify(errors)).not.toContain(token);
  expect(JSON.stringify(errors)).toContain('[redacted]');
});
