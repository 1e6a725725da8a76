import type { OfficialResult } from './official.ts';

/**
 * 1 when a test failed; 3 when one that had to run did not, when the suite did not come to its end, or when it calls a profile less
 * than a success although no test failed; 0 otherwise.
 */
export function officialExitCode(official: OfficialResult | undefined, aborted: boolean): 0 | 1 | 3 {
  if (official === undefined) return 3;
  if (official.tests.some(({ verdict }) => verdict === 'wrong')) return 1;
  return aborted || !isComplete(official) ? 3 : 0;
}

/** Whether all that was to be tested was. */
export function isComplete({ tests, profileReports, report, runTest }: OfficialResult): boolean {
  if (report === undefined || tests.some(({ verdict, due }) => verdict === 'not-run' && due)) return false;
  if (!tests.some(({ verdict }) => verdict === 'pass')) return false;
  // A single test is all that was asked for; the suite then calls every other one skipped.
  if (runTest !== undefined) return true;
  const statuses = profileReports.flatMap(({ core, extended }) =>
    extended === undefined ? [core] : [core, extended],
  );
  return statuses.length > 0 && statuses.every(({ result }) => result === 'success');
}
