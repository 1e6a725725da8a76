import type { Run, ScenarioResult } from '../../harness/results/run.ts';
import { headOf } from '../formats/embed.ts';
import { isFailure } from '../wording/verdicts.ts';
import type { ComparedRun } from './page-data.ts';

/** The runs for the page, and everything that did not go as it should in the order in which its evidence is packed. */
export function withEvidence(runs: readonly Run[]): { runs: ComparedRun[]; packed: ScenarioResult[] } {
  const packed: ScenarioResult[] = [];
  const compared = runs.map((run) => {
    const details: Record<string, number> = {};
    for (const scenario of run.scenarios.filter(needsEvidence)) {
      details[scenario.id] = packed.length;
      packed.push(scenario);
    }
    return { ...headOf(run), details };
  });
  return { runs: compared, packed };
}

function needsEvidence({ verdict }: ScenarioResult): boolean {
  return isFailure(verdict) || verdict === 'setup-failed';
}
