import type { ArtifactType } from './contract.js';
/**
 * Takes a member of the shelf `artifacts/` and answers it unchanged when it agrees with itself.
 * @throws TypeError naming the type and what contradicts what; that is a mistake in the shelf, never in a manifest.
 */
export declare function defineArtifactType(type: ArtifactType): ArtifactType;
