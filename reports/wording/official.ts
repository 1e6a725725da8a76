import { isComplete } from '../../harness/results/official-exit-code.ts';
import type { OfficialResult, OfficialTest } from '../../harness/results/official.ts';
import type { Run } from '../../harness/results/run.ts';

/** What a run may claim. */
export interface Conclusion {
  /** `incomplete` is neither: nothing wrong was seen, but not all could be judged. */
  state: 'passed' | 'failed' | 'incomplete';
  /** A short sentence for the top of a page. */
  headline: string;
  /** What keeps it from being a plain pass, each in one sentence. */
  caveats: string[];
}

type Judged = Pick<Run, 'aborted' | 'official'>;

/** What a run of the official suite may claim. A test that had to run and did not is never counted as a pass. */
export function officialConclusion({ aborted, official }: Judged): Conclusion {
  const caveats = aborted === undefined ? [] : [`The run ended early: ${aborted}`];
  if (official === undefined)
    return { state: 'incomplete', headline: 'The official suite judged nothing', caveats };
  const due = official.tests.filter((test) => test.due);
  const passed = due.filter(({ verdict }) => verdict === 'pass').length;
  const failed = due.filter(({ verdict }) => verdict === 'wrong').length;
  caveats.push(...caveatsOf(official));
  if (failed > 0) return { state: 'failed', headline: `${failed} of ${testsOf(due.length)} failed`, caveats };
  if (aborted !== undefined || !isComplete(official))
    return { state: 'incomplete', headline: `${passed} of ${testsOf(due.length)} passed`, caveats };
  return { state: 'passed', headline: `All ${testsOf(due.length)} passed`, caveats };
}

function caveatsOf({ tests, untestedFeatures, runTest, report }: OfficialResult): string[] {
  const notRun = tests.filter(({ verdict, due }) => verdict === 'not-run' && due).length;
  const unclaimed = tests.filter(({ due }) => !due).length;
  return [
    ...(runTest === undefined ? [] : [`Only the test ${runTest} was asked for.`]),
    ...(report === undefined ? ['The suite wrote no report of its own.'] : []),
    ...(notRun > 0
      ? [`${testsOf(notRun)} not run although what they need is claimed; the list says why.`]
      : []),
    ...(unclaimed > 0 ? [`${testsOf(unclaimed)} not run: they need features that are not claimed.`] : []),
    ...(untestedFeatures.length > 0
      ? [`Claimed, but relied on by no test that ran: ${untestedFeatures.join(', ')}.`]
      : []),
  ];
}

/** Failures first, then what did not run although it had to, passes, and what is not claimed; by name within each. */
export function officialByUrgency(tests: readonly OfficialTest[]): OfficialTest[] {
  const rank = ({ verdict, due }: OfficialTest): number =>
    verdict === 'wrong' ? 0 : verdict === 'pass' ? 2 : due ? 1 : 3;
  return tests.toSorted((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : Number(a.name > b.name)));
}

function testsOf(count: number): string {
  return `${count} official ${count === 1 ? 'test' : 'tests'}`;
}
