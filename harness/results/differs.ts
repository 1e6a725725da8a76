import type { ScenarioResult } from './run.ts';

/** Whether the runs of a scenario did not all give the same verdict. */
export function differs({ repeats = [] }: Pick<ScenarioResult, 'repeats'>): boolean {
  return new Set(repeats.map(({ verdict }) => verdict)).size > 1;
}
