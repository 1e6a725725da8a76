import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { OfficialTest } from '../../harness/results/official.ts';
import type { Run } from '../../harness/results/run.ts';
import { conclusionOf } from './conclusion.ts';
import { exampleRun } from '../testing/example-run.fixture.ts';
import { junitXml } from '../formats/junit.ts';
import { officialByUrgency } from './official.ts';
import { problemsWithRun } from '../run-file.ts';
import { summaryMarkdown } from '../formats/summary.ts';
import { writeReports } from '../write-reports.ts';

const report = 'kind: ConformanceReport\n';

function test(
  name: string,
  verdict: OfficialTest['verdict'],
  some: Partial<OfficialTest> = {},
): OfficialTest {
  const common = { durationMs: 10, features: ['Gateway'], checks: 1, failedChecks: [], output: [] };
  return { name, verdict, due: true, ...common, ...some };
}

function officialRun(tests: OfficialTest[]): Run {
  const success = { result: 'success', passed: 1, failed: 0, skipped: 0 } as const;
  return {
    ...exampleRun(),
    command: 'official',
    scenarios: [],
    load: [],
    official: {
      release: 'v1.6.3',
      profiles: ['GATEWAY-GRPC'],
      features: ['Gateway'],
      untestedFeatures: [],
      setUpMs: 1,
      durationMs: 2,
      tests,
      profileReports: [{ name: 'GATEWAY-GRPC', summary: 'Core tests succeeded.', core: success }],
      report,
      comparison: {
        official: { tests: 10, checks: 20, durationMs: 10_000 },
        routeproof: { tests: 100, checks: 900, durationMs: 20_000 },
      },
    },
  };
}

const unclaimed = test('U', 'not-run', { due: false, reason: 'not claimed: X' });
const gap = test('G', 'not-run', { reason: 'the suite skipped it' });
const wrong = test('W', 'wrong', { failedChecks: ['one'], output: ['wanted 200'] });

describe('reports of the official suite', () => {
  it('conclude a pass only when every test that had to run passed', () => {
    expect(conclusionOf(officialRun([test('A', 'pass'), unclaimed]))).to.include({
      state: 'passed',
      headline: 'All 1 official test passed',
    });
    expect(conclusionOf(officialRun([test('A', 'pass'), gap])).state).to.equal('incomplete');
    expect(conclusionOf(officialRun([test('A', 'pass'), gap, wrong])).state).to.equal('failed');
    expect(conclusionOf(officialRun([])).state).to.equal('incomplete');
    expect(conclusionOf({ ...officialRun([test('A', 'pass')]), aborted: 'killed' }).state).to.equal(
      'incomplete',
    );
  });

  it('conclude no pass without results, and the worse of the suite and the scenarios', () => {
    const run = officialRun([test('A', 'pass')]);
    delete run.official;
    expect(conclusionOf(run).state).to.equal('incomplete');
    const both = { ...officialRun([test('A', 'pass')]), scenarios: exampleRun().scenarios };
    expect(conclusionOf(both).state).to.equal('failed');
  });

  it('list failures first and what is not claimed last', () => {
    const sorted = officialByUrgency([unclaimed, test('A', 'pass'), gap, wrong]);
    expect(sorted.map(({ name }) => name)).to.deep.equal(['W', 'G', 'A', 'U']);
  });

  it('count a gap as an error in JUnit, what is not claimed as skipped', () => {
    const xml = junitXml(officialRun([test('A', 'pass'), gap, wrong, unclaimed]));
    expect(xml).to.contain('<testsuite name="official" tests="4" failures="1" errors="1" skipped="1"');
    expect(xml).to.contain('wanted 200');
  });

  it('name failures and gaps, and compare the pace, in the summary', () => {
    const text = summaryMarkdown(officialRun([test('A', 'pass'), gap, wrong, unclaimed]));
    expect(text).to.contain('`W` wrong: `one`').and.contain('`G` not run: `the suite skipped it`');
    expect(text).to.match(/\| official \| 10 \| 20 \| .+ \| 2\.0 \|/);
    expect(text).to.match(/\| routeproof \| 100 \| 900 \| .+ \| 45\.0 \|/);
  });

  it("write the suite's own ConformanceReport, and none when it wrote none", async () => {
    const dir = await mkdtemp(join(tmpdir(), 'routeproof-official-report-'));
    try {
      const run = officialRun([test('A', 'pass')]);
      expect(problemsWithRun(run)).to.deep.equal([]);
      const { conformanceReport } = await writeReports(run, join(dir, 'out'));
      expect(await readFile(conformanceReport ?? '', 'utf8')).to.equal(report);
      delete run.official?.report;
      expect((await writeReports(run, join(dir, 'out'))).conformanceReport).to.equal(undefined);
    } finally {
      await rm(dir, { recursive: true });
    }
  });
});
