import type { OfficialTest } from '../results/official.ts';
import type { GoTest } from './go-test-stream.ts';

/** What the suite was to test. */
export interface Selection {
  /** Features that the suite was told of. */
  features: ReadonlySet<string>;
  /** Features that the class claims, whatever the profiles. */
  claimed: ReadonlySet<string>;
  runTest: string | undefined;
}

const root = 'TestConformance';
const outputLines = 40;

/** The suite's tests out of the stream; with `runTest` that one alone, because the suite prints all others as skipped. */
export function judgeTests(tests: Iterable<GoTest>, selection: Selection): OfficialTest[] {
  const all = [...tests];
  return all
    .filter(({ name }) => name.startsWith(`${root}/`) && name.split('/').length === 2)
    .filter(({ name }) => selection.runTest === undefined || name === `${root}/${selection.runTest}`)
    .map((test) => judge(test, all, selection))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function judge(test: GoTest, all: GoTest[], selection: Selection): OfficialTest {
  const within = all.filter(({ name }) => name.startsWith(`${test.name}/`));
  const leaves = within.filter(({ name }) => !within.some((other) => other.name.startsWith(`${name}/`)));
  const shortName = test.name.slice(root.length + 1);
  const checks = Math.max(1, leaves.length);
  const common = { name: shortName, durationMs: test.durationMs, checks, failedChecks: [], output: [] };
  // A subtest that was skipped proves nothing, though Go calls the test around it passed.
  const skipped = within.find(({ outcome }) => outcome === 'skip');
  if (test.outcome === 'pass' && skipped === undefined)
    return { ...common, verdict: 'pass', due: true, features: featuresOf(test) };
  // A subtest's failure is its test's, also where the suite was ended before it said so.
  if (test.outcome === 'fail' || within.some(({ outcome }) => outcome === 'fail')) {
    const failedChecks = leaves
      .filter(({ outcome }) => outcome === 'fail')
      .map(({ name }) => name.slice(test.name.length + 1));
    const output = test.output.slice(-outputLines);
    return { ...common, verdict: 'wrong', due: true, features: featuresOf(test), failedChecks, output };
  }
  return { ...common, verdict: 'not-run', checks: 0, ...whyNot(skipped ?? test, test, selection) };
}

function whyNot(
  skipped: GoTest,
  test: GoTest,
  { claimed, features }: Selection,
): Pick<OfficialTest, 'due' | 'features' | 'reason'> {
  if (skipped.outcome === 'running')
    return { due: true, features: featuresOf(test), reason: 'the suite ended before it did' };
  const feature = lastMatch(test, /: suite does not support (\S+)$/);
  if (feature !== undefined && !features.has(feature)) {
    const reason = claimed.has(feature)
      ? `${feature} belongs to no profile that was asked for`
      : `not claimed: GatewayClass.status.supportedFeatures has no ${feature}`;
    return { due: false, features: [feature], reason };
  }
  const said = skipped.output.at(-1)?.trim() ?? 'it gave no reason';
  return { due: true, features: featuresOf(test), reason: `the suite skipped it: ${said}` };
}

/** The suite prints `Name-channel` for each. */
function featuresOf(test: GoTest): string[] {
  const list = lastMatch(test, /relying on the following features: (.+)$/);
  return (list ?? '')
    .split(', ')
    .map((item) => item.replace(/-[a-z]+$/, ''))
    .filter((item) => item !== '');
}

function lastMatch(test: GoTest, pattern: RegExp): string | undefined {
  return test.output.map((line) => pattern.exec(line)?.[1]).findLast((found) => found !== undefined);
}
