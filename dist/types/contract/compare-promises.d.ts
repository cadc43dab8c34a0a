import type { Place } from '../host/place.js';
import type { Locate, Manifest } from '../manifest/manifest.js';
/** Something that a project promised before a change and promises less of after it. */
export interface WeakenedPromise {
    readonly code: 'objective_loosened' | 'criticality_lowered' | 'target_dropped' | 'risk_dropped' | 'channel_dropped';
    /** Dotted path of the field, or the target's name. */
    readonly ref: string;
    readonly before: string;
    /** Empty when it is gone. */
    readonly after: string;
    /** One sentence for a reviewer. */
    readonly message: string;
    /** In the manifest as it is now. */
    readonly place: Place;
}
/** What a manifest promises less than its earlier version did: looser objectives, a lower criticality, targets, risks and channels that are gone. */
export declare function comparePromises(before: Manifest, after: Manifest, locate: Locate): readonly WeakenedPromise[];
