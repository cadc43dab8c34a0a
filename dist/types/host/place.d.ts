/** Where something stands in a file a reader can open. Lines and columns start at 1; columns count UTF-16 units. */
export interface Place {
    /** Path relative to the workspace, `/` separators. */
    readonly file: string;
    readonly line: number;
    readonly column?: number;
    readonly endLine?: number;
    readonly endColumn?: number;
}
