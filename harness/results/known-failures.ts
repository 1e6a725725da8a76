import type { ScenarioResult } from './run.ts';

/** A scenario that an implementation fails, for a reason that somebody has looked at. */
export interface KnownFailure {
  scenario: string;
  reason: string;
  /** The reason is a fault that comes and goes: a pass proves nothing, and is no error of the list. It needs `says`. */
  sometimes?: true;
  /** Words of what was expected or seen when it fails for that reason. With other words it fails for another one, which is not known. */
  says?: string;
  source?: string;
}

type Result = Pick<ScenarioResult, 'verdict' | 'known'>;
type Told = Pick<ScenarioResult, 'verdict' | 'expected' | 'seen'>;

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
    return known !== undefined && isOf(known, result) ? { ...result, known: known.reason } : result;
  });
}

function isOf({ sometimes, says }: KnownFailure, { verdict, expected = '', seen = '' }: Told): boolean {
  if (verdict === 'pass') return sometimes !== true;
  return says === undefined || `${expected}\n${seen}`.includes(says);
}
