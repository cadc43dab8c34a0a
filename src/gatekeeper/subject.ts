import type { JsonValue } from '../host/json.ts';
import type { GateResult, Spot } from './gate.ts';
import type { WorkFacts } from './work.ts';

/** Why a file that is there could not become a value. */
export type Unreadable = 'json' | 'encoding' | 'size' | 'directory' | 'outside' | 'denied';

/** A JSON file of an export or of a pipeline's directory. */
export type JsonFile =
  | { readonly state: 'absent' }
  | { readonly state: 'malformed'; readonly why: Unreadable }
  | { readonly state: 'read'; readonly value: JsonValue };

/** A file that the metadata names, as far as its digest goes. `outside` names leave the directories an export may speak of. */
export type NamedFile =
  | { readonly state: 'unnamed' }
  | { readonly state: 'missing' | 'outside'; readonly name: string }
  | { readonly state: 'malformed'; readonly name: string; readonly why: Unreadable }
  | { readonly state: 'read'; readonly name: string /** SHA-256 of the bytes, lower-case hex. */; readonly sha256: string };

/** An owned file that stands inside the export directory. */
export type OwnedFile =
  | { readonly state: 'read' /** By universal line ends; a last line without an end counts. */; readonly lines: number }
  | { readonly state: 'malformed'; readonly why: Unreadable };

/** A file a finding can point at. */
export interface SubjectFile {
  /** Relative to the workspace, `/` separators; absent where the file lies outside it and no reader of the repository can open it. */
  readonly path?: string;
  readonly text?: string;
}

/** The directory of a later step of the pipeline: what lies at its top, and the parsed JSON that the Three Questions look into. */
export interface DirectoryFacts {
  /** As given. */
  readonly name: string;
  readonly exists: boolean;
  /** Regular files, by code point. */
  readonly files: readonly string[];
  readonly json: ReadonlyMap<string, JsonFile>;
  /** Owned paths of the export that exist below it. */
  readonly present: ReadonlySet<string>;
}

/** Everything a gate may see: facts about an export directory, collected before any gate judges. Nothing here reads a disk. */
export interface Subject {
  /** The export directory as the user named it (for an export in staging, its final name). */
  readonly exportDir: string;
  /** The segments of its absolute path. */
  readonly exportPath: readonly string[];
  readonly onboarding: JsonFile;
  readonly provenance: JsonFile;
  readonly runProvenance: JsonFile;
  readonly source: NamedFile;
  readonly artifactManifest: NamedFile;
  readonly projectContext: NamedFile;
  /** Names at the top of the export directory. */
  readonly exportFiles: ReadonlySet<string>;
  /** Of the file names that metadata, provenance and inventory mention: those that exist inside the export directory. */
  readonly present: ReadonlySet<string>;
  /** Of `file_ownership`: paths that exist inside the export directory; paths that lead out of it are in `outside`. */
  readonly owned: ReadonlyMap<string, OwnedFile>;
  readonly outside: ReadonlySet<string>;
  readonly ingestion?: DirectoryFacts;
  readonly artisan?: DirectoryFacts;
  readonly taskId?: string;
  readonly traceId?: string;
  /** Percent, 0–100. */
  readonly minCoverage?: number;
  readonly files: Readonly<Partial<Record<Spot['file'], SubjectFile>>>;
  /** Candidates of the pipeline's directories by `ingestion/NAME`, `artisan/NAME`; owned files by `export/PATH`. */
  readonly named: ReadonlyMap<string, SubjectFile>;
  /** The user's own artifacts; absent where an export is judged by itself. */
  readonly work?: WorkFacts;
  /** Set by the engine once Gate 1 has answered; the Three Questions refer to it. */
  readonly gate1?: readonly GateResult[];
}
