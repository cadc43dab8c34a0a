/** A file as the content gates see it. */
export interface SourceFile {
    /** Relative to the tree, `/` separators. */
    readonly path: string;
    readonly text: string;
}
/** The sources of a project, in code-point order of their paths; or that there are none to look at. */
export type SourceTree = {
    readonly state: 'read';
    readonly files: readonly SourceFile[];
    /** Sources that could not be read, each with why: no gate has seen them. */
    readonly unread: readonly {
        readonly path: string;
        readonly why: string;
    }[];
} | {
    readonly state: 'absent';
    readonly dir: string;
};
export declare const SOURCE_SUFFIXES: readonly ['.py', '.go', '.js', '.ts', '.java', '.cs', '.proto'];
/** A file in one of the languages that the content gates read. */
export declare function isSource(path: string): boolean;
export declare function isDockerfile(path: string): boolean;
/** A list of what a project's code may import. */
export declare function isDependencyManifest(path: string): boolean;
export declare function baseName(path: string): string;
/** Lines with their numbers, from 1. */
export declare function numberedLines(text: string): readonly (readonly [line: string, number: number])[];
/** The line, from 1, on which an offset lies. */
export declare function lineAt(text: string, offset: number): number;
