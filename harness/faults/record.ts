import { given } from '../../common/given.ts';
import type {
  FaultResult,
  FaultsRecord,
  FaultsResults,
  FaultsRun,
  OfficialFaultResult,
} from '../results/faults.ts';
import type { FaultSpec } from './fault-spec.ts';
import { faultNotRun } from './judge.ts';
import { isAimedAlike } from './known-results.ts';
import { assembleResults, countOfficial } from './merge.ts';

/**
 * What is known of all faults once a run is counted in: of each fault what was found out last, and when. What could not be run leaves
 * what was known before, and so does the official suite where it was not asked. Scenarios that are idle are known from the last run of
 * all faults, but for those that a fault has turned red since.
 *
 * @param record - what was known so far
 * @param run - one, or several merged
 * @param faults - all that there are, in their order; results of others are dropped
 */
export function updateRecord(
  record: FaultsResults | undefined,
  run: FaultsRun,
  faults: readonly FaultSpec[],
): FaultsRecord {
  const former = resultsByName(record);
  const latest = resultsByName(run);
  const isOfAll = faults.every(({ name }) => latest.has(name));
  const results = faults.map((fault) => {
    const known = [latest, former].flatMap((of) => of.get(fault.name) ?? []);
    return (
      laterOf(
        known.filter((result) => isAimedAlike(fault, result)),
        run.startedAt,
      ) ?? faultNotRun(fault, 'not tried since it is what it is now', 0)
    );
  });
  const ofScenarios = isOfAll ? run : (record ?? run);
  const red = new Set(results.flatMap(({ catches }) => catches.map(({ scenario }) => scenario)));
  const {
    aborted: _aborted,
    resumed: _resumed,
    complete: _complete,
    official = record?.official,
    ...facts
  } = run;
  return assembleResults({
    ...facts,
    parts: ofScenarios.parts,
    allTried: results.every(({ outcome }) => outcome !== 'not-run'),
    faults: results,
    ...(official === undefined ? {} : { official: { ...official, ...countOfficial(results) } }),
    excluded: ofScenarios.excluded,
    leftOut: ofScenarios.leftOut,
    idleScenarios: ofScenarios.idleScenarios.filter((id) => !red.has(id)),
  });
}

function resultsByName(run: FaultsResults | undefined): Map<string, FaultResult> {
  return new Map((run?.faults ?? []).map((result) => [result.name, result]));
}

/** @param known - the latest first */
function laterOf(known: readonly FaultResult[], testedAt: string): FaultResult | undefined {
  const result = known.find(({ outcome }) => outcome !== 'not-run') ?? known[0];
  if (result === undefined) return undefined;
  const outcomes = known.flatMap(({ official }) => official ?? []);
  const official: OfficialFaultResult | undefined =
    outcomes.find(({ outcome }) => outcome !== 'not-run') ?? outcomes[0];
  const { official: _, catches, ...facts } = result;
  return {
    testedAt,
    ...facts,
    catches: catches.map(({ scenario, verdict, tier, layer }) => ({
      scenario,
      verdict,
      ...given({ tier }),
      layer,
    })),
    ...given({ official }),
  };
}
