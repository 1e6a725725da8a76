import { given } from '../../common/given.ts';
import { officialReleases, type OfficialRelease } from '../../common/official-releases.ts';
import { readClauseIndex, type ClauseIndex } from '../clauses/clause-facts.ts';
import { holdsIn } from '../clauses/release.ts';
import { readProfile, type Profile } from '../profiles/profile.ts';

/** What counts as right in a run. */
export interface RunRules {
  /** The release of Gateway API whose clauses hold. */
  release: OfficialRelease;
  /** The release whose form the installed CRDs take. */
  crdRelease: OfficialRelease;
  /** The version of installed CRDs that are older than all releases known here: what these refuse and lack is nobody's fault. */
  olderCrds?: string;
  clauses: ClauseIndex;
  profile: Profile;
}

/** @throws RouteproofError USAGE - an unknown profile; INVALID_INPUT */
export function runRules(
  of: { release?: OfficialRelease; crdRelease?: OfficialRelease; olderCrds?: string; profile?: string } = {},
): RunRules {
  const release = of.release ?? officialReleases[0];
  return {
    release,
    crdRelease: of.crdRelease ?? release,
    ...given({ olderCrds: of.olderCrds }),
    clauses: readClauseIndex(),
    profile: readProfile(of.profile ?? 'standard'),
  };
}

/** Whether the release of this run makes that statement, and the CRDs have what it is about. */
export function clauseHolds(rules: RunRules, clause: string): boolean {
  const { crds = false, ...bounds } = rules.clauses.get(clause) ?? {};
  const installed = rules.olderCrds ?? rules.crdRelease;
  return holdsIn(bounds, rules.release) && (!crds || holdsIn(bounds, installed));
}

/** Those of `clauses` that the release of this run says. */
export function clausesThatCount(rules: RunRules, clauses: readonly string[]): string[] {
  return clauses.filter((clause) => clauseHolds(rules, clause));
}

/** Those of `clausesThatCount` that a scenario is judged by: not those that the profile's document says otherwise of. */
export function clausesJudged(rules: RunRules, clauses: readonly string[]): string[] {
  const otherwise = new Set(rules.profile.deviations.flatMap(({ instead }) => instead));
  return clausesThatCount(rules, clauses).filter((clause) => !otherwise.has(clause));
}

/** Whether all of these are only implied by the spec, or contradict it elsewhere: what is seen there is told, and no more. */
export function isAllTold({ clauses: index }: RunRules, clauses: readonly string[]): boolean {
  return clauses.length > 0 && clauses.every((clause) => index.get(clause)?.informational === true);
}
