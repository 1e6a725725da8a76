/** Releases of Gateway API whose official suite and CRDs are pinned under tools/official-RELEASE; the first is the default. */
export const officialReleases = ['v1.6.3', 'v1.7.0'] as const;
export type OfficialRelease = (typeof officialReleases)[number];

/** Of a release's CRDs. */
export type Channel = 'standard' | 'experimental';
