import { countsAgainst } from './counts-against.ts';
import { isOutdated, isUnknown } from './known-failures.ts';
import { isLeftOut } from './left-out.ts';
import type { ScenarioResult } from './run.ts';

/**
 * 1 when the implementation gave a wrong answer, whatever else happened: that is the finding.
 * 3 when something could not be run, and so nothing is known about it: set-up failures, an aborted run, no scenario at all.
 * 3 as well when a known failure passes: the list that says so is wrong.
 * 0 otherwise. A scenario that does not apply is neither, and an informational one never fails.
 */
export function exitCodeFor(of: { scenarios: ScenarioResult[]; aborted: boolean }): 0 | 1 | 3 {
  const { scenarios } = of;
  if (scenarios.some((result) => countsAgainst(result) && isUnknown(result))) return 1;
  const couldNot = scenarios.some(
    (result) => (result.verdict === 'setup-failed' || result.verdict === 'not-run') && !isLeftOut(result),
  );
  const nothingShown = !scenarios.some(({ verdict, known }) => verdict === 'pass' || known !== undefined);
  return couldNot || of.aborted || scenarios.some(isOutdated) || nothingShown ? 3 : 0;
}
