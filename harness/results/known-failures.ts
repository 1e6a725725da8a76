import type { ScenarioResult } from './run.ts';

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
export function withKnown(results: ScenarioResult[], reasons: ReadonlyMap<string, string>): ScenarioResult[] {
  return results.map((result) => {
    const known = reasons.get(result.id);
    return known === undefined ? result : { ...result, known };
  });
}
