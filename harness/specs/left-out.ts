import { officialReleases, type OfficialRelease } from '../../common/official-releases.ts';
import { holdsIn } from '../clauses/release.ts';
import type { LeftOut } from '../results/run.ts';
import { clausesThatCount, type RunRules } from '../env/run-rules.ts';
import type { ScenarioMeta } from './api.ts';

/** Why a scenario does not belong to a run; the first reason that is found. */
export interface LeftOutReason {
  by: LeftOut;
  reason: string;
}

export interface RunFacts {
  rules: RunRules;
  /** Features that the implementation claims. */
  claimed: ReadonlySet<string>;
  /** See RunEnv. */
  ownCluster: boolean;
}

/** Whether CRDs of that channel and release have what a scenario needs. */
export function isInChannel(
  { channel, standardSince }: Pick<ScenarioMeta, 'channel' | 'standardSince'>,
  installed: { channel: string; release: OfficialRelease },
): boolean {
  if (channel === undefined || channel === installed.channel) return true;
  return standardSince !== undefined && holdsIn({ since: standardSince }, installed.release);
}

export function leftOutOf(meta: ScenarioMeta, of: RunFacts): LeftOutReason | undefined {
  return (
    ofOtherRelease(meta, of.rules) ??
    ofOlderCrds(meta, of.rules) ??
    ofProfile(meta, of.rules) ??
    ofFeatures(meta, of.claimed) ??
    ofCluster(meta, of.ownCluster)
  );
}

function ofCluster(
  { exclusive, replacesController }: ScenarioMeta,
  ownCluster: boolean,
): LeftOutReason | undefined {
  if (ownCluster || (exclusive !== true && replacesController !== true)) return undefined;
  const what = exclusive === true ? 'changes CRDs' : 'replaces the controller';
  const reason = `it ${what}, which is done only on a cluster that is made for the run and ends with it`;
  return { by: 'cluster', reason };
}

function ofOtherRelease({ clauses }: ScenarioMeta, rules: RunRules): LeftOutReason | undefined {
  if (clausesThatCount(rules, clauses).length > 0) return undefined;
  const { release, crdRelease, olderCrds = crdRelease } = rules;
  const installed = olderCrds === release ? '' : ` with the CRDs of ${olderCrds} that are installed`;
  return { by: 'release', reason: `none of its clauses holds in Gateway API ${release}${installed}` };
}

/** What CRDs of releases before those known here should refuse was never looked at. */
function ofOlderCrds({ id, clauses }: ScenarioMeta, { olderCrds }: RunRules): LeftOutReason | undefined {
  const judgesCrds =
    id.startsWith('validation/') || clauses.some((clause) => clause.startsWith('validation-'));
  if (olderCrds === undefined || !judgesCrds) return undefined;
  const reason = `it judges the CRDs, and those that are installed (${olderCrds}) are older than ${officialReleases[0]}`;
  return { by: 'crds', reason };
}

function ofProfile(meta: ScenarioMeta, { profile }: RunRules): LeftOutReason | undefined {
  if (meta.profiles !== undefined) {
    if (meta.profiles.some((name) => name === profile.name)) return undefined;
    return { by: 'profile', reason: `it judges profile ${meta.profiles.join(', ')}, not ${profile.name}` };
  }
  for (const { id, instead, place, keeps = {}, leavesOut = {} } of profile.deviations) {
    const because = (what: string): LeftOutReason => ({
      by: 'profile',
      reason: `profile ${profile.name}, ${id}: ${what} (${profile.document}, ${place})`,
    });
    const own = leavesOut[meta.id];
    if (own !== undefined) return because(own);
    const clause = meta.clauses.find((each) => instead.includes(each));
    if (clause !== undefined && keeps[meta.id] === undefined)
      return because(`the document says otherwise than ${clause}`);
  }
  return undefined;
}

/** Core scenarios always run: an implementation cannot opt out of what core means. */
function ofFeatures(meta: ScenarioMeta, claimed: ReadonlySet<string>): LeftOutReason | undefined {
  if (meta.support === 'core') return undefined;
  const missing = (meta.features ?? []).filter((feature) => !claimed.has(feature));
  if (missing.length === 0) return undefined;
  return { by: 'feature', reason: `not claimed: the implementation does not claim ${missing.join(', ')}` };
}
