import type { SourceTree } from '../gatekeeper/content/source-tree.js';
/** Which files a reader wants, by path below the directory. */
export type Wanted = (path: string) => boolean;
/**
 * Reads the sources below a directory: no vendored, built or git-ignored trees, no links. Bounded in number and size; what is left out for that, or is no UTF-8 text, is told.
 * A directory that is not there is an outcome and not an empty tree.
 */
export declare function loadSourceTree(root: string, dir: string, wanted: Wanted): Promise<SourceTree>;
