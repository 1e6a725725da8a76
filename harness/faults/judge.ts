import { given } from '../../common/given.ts';
import type { ClauseIndex } from '../clauses/clause-facts.ts';
import type { FaultCatch, FaultResult } from '../results/faults.ts';
import type { ScenarioResult, Verdict } from '../results/run.ts';
import { impliedFindings, isInformational } from '../results/tier.ts';
import type { FaultSpec } from './fault-spec.ts';

/** Verdicts against the implementation. A scenario that could not run catches nothing. */
export const red: ReadonlySet<Verdict> = new Set<Verdict>(['wrong', 'slow', 'unstable']);

/** Splits scenarios into those that prove a clause that the fault violates, and all others. */
export function aimedAt<T extends { clauses: readonly string[] }>(
  fault: FaultSpec,
  scenarios: readonly T[],
): { aimed: T[]; others: T[] } {
  const isAimed = ({ clauses }: T): boolean => clauses.some((clause) => fault.clauses.includes(clause));
  return { aimed: scenarios.filter(isAimed), others: scenarios.filter((each) => !isAimed(each)) };
}

/**
 * The scenarios that noticed; by id, so that two runs can be compared. What is only told does not fail a run, so that it is no catch of
 * a fault against stated clauses alone.
 */
export function catchesIn(
  fault: FaultSpec,
  results: readonly ScenarioResult[],
  index: ClauseIndex,
): FaultCatch[] {
  const maybeTold = fault.clauses.some((clause) => index.get(clause)?.informational === true);
  const counting = results
    .filter((result) => red.has(result.verdict) && (maybeTold || !isInformational(result)))
    .map((result): FaultCatch => {
      const { id, verdict, layer = 'apply', expected = '', seen = '' } = result;
      const tier = isInformational(result) ? ({ tier: 'informational' } as const) : {};
      return { scenario: id, verdict, ...tier, layer, expected, seen };
    });
  return [
    ...counting,
    ...results.filter(({ verdict }) => !red.has(verdict)).flatMap((one) => toldBy(fault, one)),
  ].sort((a, b) => (a.scenario < b.scenario ? -1 : 1));
}

/** What a scenario tells that holds otherwise; only of clauses that the fault violates. */
function toldBy(fault: FaultSpec, result: ScenarioResult): FaultCatch[] {
  const finding = impliedFindings(result).find(({ clauses }) =>
    clauses.some((clause) => fault.clauses.includes(clause)),
  );
  if (finding === undefined) return [];
  const { verdict, layer, expected, seen } = finding;
  return [{ scenario: result.id, verdict, tier: 'informational', layer, expected, seen }];
}

/** Whether one of them blames a layer at which the fault is. */
export function blamesLayerOf(fault: FaultSpec, catches: readonly FaultCatch[]): boolean {
  return catches.some(({ layer }) => fault.layers.includes(layer));
}

/** What came of one fault. Scenarios that fail on the healthy gateway must not be among `results`. */
export function judgeFault(
  fault: FaultSpec,
  results: readonly ScenarioResult[],
  of: { clauses: ClauseIndex; durationMs: number },
): FaultResult {
  const catches = catchesIn(fault, results, of.clauses);
  const clausesOf = new Map(results.map(({ id, clauses }) => [id, clauses]));
  const naming = catches.filter(({ scenario }) =>
    clausesOf.get(scenario)?.some((clause) => fault.clauses.includes(clause)),
  );
  const unrun = results.filter(({ verdict }) => verdict === 'setup-failed' || verdict === 'not-run');
  const ran = results.length - unrun.length;
  const common = {
    ...describeFault(fault),
    clauseNamed: naming.length > 0,
    layerNamed: blamesLayerOf(fault, naming),
    catches,
    scenarios: ran,
    durationMs: Math.round(of.durationMs),
  };
  if (catches.length > 0)
    return {
      ...common,
      outcome: naming.length > 0 || blamesLayerOf(fault, catches) ? 'caught' : 'unexplained',
    };
  if (ran > 0 && unrun.length === 0) return { ...common, outcome: 'survived' };
  const [first] = unrun;
  const reason = first === undefined ? 'no scenario could be run' : `${first.id}: ${first.seen ?? ''}`;
  return { ...common, outcome: 'not-run', reason };
}

/** A fault that could not be tried, and why. */
export function faultNotRun(fault: FaultSpec, reason: string, durationMs: number): FaultResult {
  return {
    ...describeFault(fault),
    outcome: 'not-run',
    reason,
    clauseNamed: false,
    layerNamed: false,
    catches: [],
    scenarios: 0,
    durationMs: Math.round(durationMs),
  };
}

function describeFault({
  name,
  title,
  area,
  clauses,
  layers,
  reference,
}: FaultSpec): Pick<FaultResult, 'name' | 'title' | 'area' | 'clauses' | 'layers' | 'reference'> {
  return {
    name,
    title,
    area,
    clauses: [...clauses],
    layers: [...layers],
    ...given({ reference }),
  };
}

/** 1 when a fault survived or is unexplained, or in a complete run no fault turns a scenario red; 3 when something could not be run, the official suite included. */
export function faultsExitCode(of: {
  faults: readonly FaultResult[];
  excluded: readonly unknown[];
  idleScenarios: readonly string[];
  aborted: boolean;
}): 0 | 1 | 3 {
  const { faults, excluded, idleScenarios, aborted } = of;
  if (faults.some(({ outcome }) => outcome === 'survived' || outcome === 'unexplained')) return 1;
  const isUnknown = ({ outcome, official }: FaultResult): boolean =>
    outcome === 'not-run' || official?.outcome === 'not-run';
  if (aborted || excluded.length > 0 || faults.some(isUnknown)) return 3;
  return idleScenarios.length > 0 ? 1 : 0;
}
