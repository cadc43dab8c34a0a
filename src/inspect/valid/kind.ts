import type { Source } from './documents.ts';
import type { Book, FieldProgram } from './reading.ts';
import type { Soon } from './soon.ts';

export interface ValidateOptions {
  /** Whether a path of the workspace is a file or folder, for the links of a runbook; without it links are not followed. */
  readonly exists?: (path: string) => boolean;
  /** Headings that a runbook must have; those of the contract otherwise. */
  readonly sections?: readonly string[];
  /** The programs that can be asked too; any, when absent. */
  readonly programs?: ReadonlySet<FieldProgram>;
}

/** One kind of artifact: how to tell whether a file of it is fit for its purpose. */
export interface Kind {
  /** The artifact type's name in the contract. */
  readonly type: string;
  readonly check: (source: Source, book: Book, options: ValidateOptions) => Soon<void>;
}
