import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** What stands of the artifacts: nothing, each where it is found, or the same files under names that nobody looks for. */
export type Standing = 'nothing' | 'artifacts' | 'renamed';

const common = path.resolve(import.meta.dirname, '../__tests__/stories/common');
const TARGET = '    - kind: Deployment\n      name: ledger\n      namespace: bank\n';

/** A repository of many services, each with what the bank of the stories has for its ledger: seven artifacts; every third has no rules for Loki yet. */
export async function writeBrownfield(folder: string, services: number, standing: Standing): Promise<void> {
  const names = Array.from({ length: services }, (_, index) => `svc-${index}`);
  const manifest = await readFile(path.join(common, '.contextcore.yaml'), 'utf8');
  if (!manifest.includes(TARGET)) throw new Error('The manifest of the stories does not declare the ledger as it did; see TARGET.');
  await writeFile(
    path.join(folder, '.contextcore.yaml'),
    manifest.replace(TARGET, names.map((name) => TARGET.replace('ledger', name)).join('')),
  );
  if (standing === 'nothing') return;
  const files = (await readdir(common, { recursive: true })).filter((file) => path.basename(file).includes('ledger'));
  for (const file of files) {
    const text = await readFile(path.join(common, file), 'utf8');
    await mkdir(path.join(folder, path.dirname(file)), { recursive: true });
    for (const [index, name] of names.entries()) {
      if (file.includes('loki') && index % 3 === 2) continue;
      const own = `${file.replaceAll('ledger', name)}${standing === 'renamed' ? '.txt' : ''}`;
      // A metric's name has no hyphen.
      const words = text.replaceAll('ledger_', name.replace('-', '_').concat('_')).replaceAll('ledger', name);
      await writeFile(path.join(folder, own), words.replaceAll('Ledger', name.replace('svc-', 'Svc')));
    }
  }
}
