import { resolve } from 'node:path';
import type { SourceFile, SourceTree } from '../gatekeeper/content/source-tree.ts';
import { readBounded } from './files.ts';
import { listTree, type Tree, TreeError } from './tree.ts';

/** Which files a reader wants, by path below the directory. */
export type Wanted = (path: string) => boolean;

/** More than any file has that a person wrote. */
const FILE_BYTES = 1024 * 1024;
const MOST_FILES = 20_000;
const MOST_BYTES = 256 * 1024 * 1024;

/** Build output lies in such directories where no ignore file says so. */
const BUILT = /(?:^|\/)(?:dist|build|target|obj|\.next|\.venv|venv|__pycache__|\.tox|\.gradle)\//;

/**
 * Reads the sources below a directory: no vendored, built or git-ignored trees, no links. Bounded in number and size; what is left out for that, or is no UTF-8 text, is told.
 * A directory that is not there is an outcome and not an empty tree.
 */
export async function loadSourceTree(root: string, dir: string, wanted: Wanted): Promise<SourceTree> {
  let tree: Tree;
  try {
    tree = await listTree(root, dir);
  } catch (error) {
    if (error instanceof TreeError) return { state: 'absent', dir };
    throw error;
  }
  const files: SourceFile[] = [];
  const unread: { path: string; why: string }[] = [];
  let bytes = 0;
  for (const path of tree.files.filter((file) => wanted(file) && !BUILT.test(file))) {
    const isFull = files.length >= MOST_FILES || bytes >= MOST_BYTES;
    const read = isFull ? undefined : await readBounded(resolve(root, dir), path, FILE_BYTES);
    const text = read?.ok ? utf8(read.bytes) : undefined;
    if (text !== undefined) files.push({ path, text });
    else
      unread.push({
        path,
        why: isFull ? 'more was read already than is read at once' : read?.ok ? 'it is not UTF-8 text' : reasonOf(read?.code),
      });
    bytes += read?.ok ? read.bytes.length : 0;
  }
  return { state: 'read', files, unread };
}

function reasonOf(code: string | undefined): string {
  return code === 'too-big' ? `it is larger than ${FILE_BYTES} bytes` : 'it cannot be read';
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
