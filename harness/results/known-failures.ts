import type { ScenarioResult } from './run.ts';

/** A scenario that an implementation fails, for a reason that somebody has looked at. */
export interface KnownFailure {
  scenario: string;
  reason: string;
  /** The reason is a fault that comes and goes: a pass proves nothing, and is no error of the list. */
  sometimes?: true;
  source?: string;
}

type Result = Pick<ScenarioResult, 'verdict' | 'known'>;

/** Whether the implementation is not known to fail it. */
export function isUnknown({ known }: Result): boolean {
  return known === undefined;
}

/** Whether a scenario that is listed as a known failure passes: somebody has mended it, or the reason was wrong. */
export function isOutdated({ verdict, known }: Result): boolean {
  return known !== undefined && verdict === 'pass';
}

/** The results with the reasons of those that are listed. */
export function withKnown(results: ScenarioResult[], listed: readonly KnownFailure[]): ScenarioResult[] {
  return results.map((result) => {
    const known = listed.find(({ scenario }) => scenario === result.id);
    const isNews = known === undefined || (known.sometimes === true && result.verdict === 'pass');
    return isNews ? result : { ...result, known: known.reason };
  });
}
