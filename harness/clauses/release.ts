import { officialReleases, type OfficialRelease } from '../../common/official-releases.ts';

/**
 * The release whose clauses a cluster is judged by: the newest of those served here that its CRDs are not older than, and the oldest
 * one for CRDs older than all of them.
 *
 * @param version - a bundle version such as `v1.6.4`, or `unknown`
 * @returns undefined when it names no release, as the bundles of unreleased branches do
 */
export function servedRelease(version: string): OfficialRelease | undefined {
  const installed = numbersOf(version);
  if (installed === undefined) return undefined;
  const notNewer = officialReleases.filter((release) => compare(numbersOf(release) ?? [], installed) <= 0);
  return notNewer.at(-1) ?? officialReleases[0];
}

/**
 * Whether CRDs of that version are of a minor release before all that are served here; patch releases change no field. A version that
 * names no release is taken for a new one.
 */
export function isBeforeAll(version: string): boolean {
  const minorOf = (release: string): number[] | undefined => numbersOf(release)?.slice(0, 2);
  const installed = minorOf(version);
  return installed !== undefined && compare(installed, minorOf(officialReleases[0]) ?? []) < 0;
}

/** Whether a statement with these bounds, both of them included, is made by that release (or version of installed CRDs). */
export function holdsIn(
  { since, until }: { since?: string | undefined; until?: string | undefined },
  release: string,
): boolean {
  const asked = numbersOf(release) ?? [];
  const isBefore = since !== undefined && compare(asked, numbersOf(since) ?? []) < 0;
  const isAfter = until !== undefined && compare(asked, numbersOf(until) ?? []) > 0;
  return !isBefore && !isAfter;
}

/** A release candidate counts as its release. */
function numbersOf(version: string): number[] | undefined {
  const match = /^v(\d+)\.(\d+)\.(\d+)/.exec(version);
  return match?.slice(1).map(Number);
}

function compare(left: readonly number[], right: readonly number[]): number {
  const at = left.findIndex((number, index) => number !== right[index]);
  return at === -1 ? 0 : (left[at] ?? 0) - (right[at] ?? 0);
}
