import { basename, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Document } from '../export/document.ts';
import { yamlText } from '../export/yaml-text.ts';
import { readBounded } from '../host/files.ts';
import { ReplaceFileError, type ReplaceOptions, replaceFile } from '../host/replace-file.ts';
import type { World } from '../host/world.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { migratedDocument, rewriteAsV2 } from '../manifest/migrate-text.ts';
import { parseManifest } from '../manifest/parse-manifest.ts';
import { visible } from '../report/escape-terminal.ts';
import { faultLines } from '../reporters/fault-text.ts';
import { type Call, type Command, type Terminal, UsageError } from './command.ts';
import { pathFlags } from './flags.ts';

/** Turns a v1.1 manifest into a v2 one that loads again and says all that the first said (spec/manifest.md §12). */
export const migrate: Command = {
  name: 'migrate',
  summary: 'Turn a v1.1 manifest into a v2 one.',
  args: [],
  flags: [
    ...pathFlags,
    { flags: '-o, --output <file>', describes: 'where the result goes (default: stdout)' },
    { flags: '-i, --in-place', describes: 'replace the manifest, keeping it as .v1.yaml.bak' },
    { flags: '--note <text>', describes: 'what the changelog says of the migration' },
    { flags: '--dry-run', describes: 'print the result, write nothing' },
  ],
  act: async (call, world, terminal) => {
    const path = call.text('path');
    if (path === undefined) throw new UsageError('migrate needs the manifest: --path .contextcore.yaml');
    const read = await readBounded(world.root, path, MANIFEST_BYTES);
    if (!read.ok) throw new UsageError(read.message);
    const parsed = parseManifest(read.bytes, path);
    if (parsed.version === 'v2') return refuse(terminal, `${path} is a v2 manifest already; there is nothing to migrate.`);
    if (!parsed.ok) {
      for (const fault of parsed.faults) terminal.err(faultLines(fault, { colour: false }).trimEnd());
      return refuse(terminal, `${path} cannot be migrated before it is a valid v1.1 manifest.`);
    }
    const note = call.text('note')?.trim();
    const date = world.clock.now().toISOString().slice(0, 10);
    const migrated = migrateText(read.bytes, path, { date, ...(note && { text: note }) });
    if (!migrated.keepsComments)
      terminal.err('Comments were not kept: with anchors, aliases or a layout from before 1.1 the text cannot be moved about.');
    await deliver(call, path, migrated.text, world, terminal);
    return 0;
  },
};

const MANIFEST_BYTES = 256 * 1024 * 1024;

function refuse(terminal: Terminal, message: string): 1 {
  terminal.err(visible(message));
  return 1;
}

interface MigratedText {
  readonly text: string;
  readonly keepsComments: boolean;
}

/** The text rewritten where that comes to the same manifest as the value written out, and else the value. Both load again: what would not is our bug. */
function migrateText(bytes: Uint8Array, path: string, note: { readonly date: string; readonly text?: string }): MigratedText {
  const document = migratedDocument(bytes, path, note);
  if (!document) throw new Error(`${path} was valid and could not be read again`);
  const plain = yamlText(document as Document);
  const wanted = manifestOf(plain, path);
  if (!wanted) throw new Error(`the migrated text of ${path} would not load`);
  const rewritten = rewriteAsV2(new TextDecoder().decode(bytes), document);
  if (rewritten !== undefined && isDeepStrictEqual(manifestOf(rewritten, path), wanted)) return { text: rewritten, keepsComments: true };
  return { text: plain, keepsComments: !/(?:^|\s)#/m.test(new TextDecoder().decode(bytes)) };
}

/** What a text says, in plain objects. */
function manifestOf(text: string, path: string): Manifest | undefined {
  const parsed = parseManifest(Buffer.from(text), path);
  return parsed.ok && parsed.version === 'v2' ? (JSON.parse(JSON.stringify(parsed.manifest)) as Manifest) : undefined;
}

async function deliver(call: Call, path: string, text: string, world: World, terminal: Terminal): Promise<void> {
  const output = call.text('output');
  const inPlace = call.flag('inPlace') === true;
  if (call.flag('dryRun') === true || (!inPlace && output === undefined)) return terminal.out(text);
  const to = inPlace ? path : output!;
  const backup = `${basename(path).replace(/(?<=.)\.[^.]*$/, '')}.v1.yaml.bak`;
  await write(world, to, text, inPlace ? { backup } : {});
  terminal.err(visible(inPlace ? `${path} is a v2 manifest now; the old one is ${backup}, beside it.` : `${to} was written.`));
}

async function write(world: World, path: string, text: string, options: ReplaceOptions): Promise<void> {
  try {
    await replaceFile(resolve(world.root, path), path, Buffer.from(text), options);
  } catch (error) {
    throw error instanceof ReplaceFileError ? new UsageError(error.message) : error;
  }
}
