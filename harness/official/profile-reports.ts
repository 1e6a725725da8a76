import { parse } from 'yaml';
import type { OfficialCounts, OfficialProfileReport } from '../results/official.ts';

interface Status {
  result?: OfficialCounts['result'];
  statistics?: { Passed?: number; Failed?: number; Skipped?: number };
}

interface Report {
  /** null where the suite ended before its first test. */
  profiles?: { name?: string; summary?: string; core?: Status; extended?: Status }[] | null;
}

/** What the suite's ConformanceReport says of each profile, by name. */
export function profileReports(report: string | undefined): OfficialProfileReport[] {
  const { profiles } = (report === undefined ? {} : parse(report)) as Report;
  return (profiles ?? [])
    .map(({ name = '', summary = '', core, extended }) => ({
      name,
      summary,
      core: countsOf(core),
      ...(extended === undefined ? {} : { extended: countsOf(extended) }),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function countsOf(status: Status | undefined): OfficialCounts {
  const { Passed = 0, Failed = 0, Skipped = 0 } = status?.statistics ?? {};
  // A status without a result says nothing, and so never success.
  return { result: status?.result ?? 'partial', passed: Passed, failed: Failed, skipped: Skipped };
}
