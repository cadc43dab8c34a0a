import type { Artifact } from '../contract/contract.js';
export interface PlannedTask {
    /** The artifact's id. */
    readonly taskId: string;
    readonly parentId: string;
    readonly artifact: Artifact;
    /** Known dependencies, in declared order. */
    readonly dependsOn: readonly string[];
    /** Declared ids that name no artifact here: listed, not linked. */
    readonly unknownDependencies: readonly string[];
    /** The cycle this task is a member of, in order, starting at its first member in contract order. */
    readonly cycle?: readonly string[];
}
export interface PlannedStory {
    /** `{project_id}-{artifact_type}-artifacts` */
    readonly taskId: string;
    readonly type: string;
    /** `Dashboard Artifacts (2 total, 1 needed)` */
    readonly title: string;
    /** needed + outdated (tasks.md §3). */
    readonly gapCount: number;
    readonly totalCount: number;
    readonly completedCount: number;
}
/** The contract as work (tasks.md §3–6). */
export interface Plan {
    readonly projectId: string;
    readonly epic: {
        /** `{project_id}-artifact-generation` */
        readonly taskId: string;
        readonly title: string;
        readonly gapCount: number;
        readonly totalCount: number;
        readonly completedCount: number;
        /** Completion over all tasks, 0–100; 100 when there are none. */
        readonly percentComplete: number;
    };
    /** One per artifact type with a task, in order of first appearance. */
    readonly stories: readonly PlannedStory[];
    /** Dependencies first (Kahn, contract order as tie-break); members of cycles in contract order. */
    readonly tasks: readonly PlannedTask[];
    readonly cycles: readonly (readonly string[])[];
    readonly warnings: readonly string[];
}
