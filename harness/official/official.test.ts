import { expect } from 'chai';
import { officialExitCode } from '../results/official-exit-code.ts';
import type { OfficialResult, OfficialTest } from '../results/official.ts';
import { GoTestStream, type GoTest } from './go-test-stream.ts';
import { judgeTests, type Selection } from './judge-tests.ts';
import { profileReports } from './profile-reports.ts';
import { featuresOfProfiles } from './profiles.ts';

const selection: Selection = {
  features: new Set(['Gateway', 'GRPCRoute']),
  claimed: new Set(['Gateway', 'GRPCRoute', 'HTTPRoute']),
  runTest: undefined,
};

/** `>` stands for the ^V with which Go frames its own lines. */
function read(text: string): GoTest[] {
  const stream = new GoTestStream(
    () => undefined,
    () => 0,
  );
  for (const line of text.trim().split('\n')) stream.line(line.replace(/^>/, '\u0016'));
  return [...stream.tests.values()];
}

function judged(text: string, some: Partial<Selection> = {}): OfficialTest[] {
  return judgeTests(read(text), { ...selection, ...some });
}

describe('the stream of a Go test program', () => {
  const text = `
>=== RUN   TestConformance
>=== RUN   TestConformance/A
>=== PAUSE TestConformance/A
>=== RUN   TestConformance/B
    b.go:1: of B
>--- PASS: TestConformance/B (1.50s)
>=== CONT  TestConformance/A
    a.go:1: of A
>=== RUN   TestConformance/A/one
    --- FAIL: TestConformance/B (9.00s)
>=== NAME  TestConformance/A
    a.go:2: of A again
>    --- FAIL: TestConformance/A/one (0.01s)
>--- FAIL: TestConformance/A (0.02s)
>--- FAIL: TestConformance (2.00s)`;

  it('gives each test its outcome, its time and its lines', () => {
    const [, a, b, one] = read(text);
    expect(a).to.include({ name: 'TestConformance/A', outcome: 'fail', durationMs: 20 });
    expect(a?.output.map((line) => line.trim())).to.include.members(['a.go:1: of A', 'a.go:2: of A again']);
    expect(b).to.include({ outcome: 'pass', durationMs: 1500 });
    expect(b?.output).to.deep.equal(['    b.go:1: of B']);
    expect(one).to.include({ outcome: 'fail', durationMs: 10 });
  });

  it('takes no line of a test for one of Go', () => {
    expect(read(text).find(({ name }) => name === 'TestConformance/B')?.outcome).to.equal('pass');
  });

  it('keeps the first and the last lines of a talkative test', () => {
    const lines = Array.from({ length: 5000 }, (_, index) => `line ${index}`);
    const [, test] = read(
      ['>=== RUN   TestConformance', '>=== RUN   TestConformance/A', ...lines].join('\n'),
    );
    expect(test?.output).to.have.lengthOf(250);
    expect([test?.output[0], test?.output.at(-1)]).to.deep.equal(['line 0', 'line 4999']);
  });
});

describe('the tests of the official suite', () => {
  const run = (name: string, ...lines: string[]): string =>
    [`>=== RUN   TestConformance/${name}`, ...lines].join('\n');

  it('pass with the features that they rely on and the number of their innermost subtests', () => {
    const [test] = judged(`
${run('A', '  x.go:1: Running A, relying on the following features: Gateway-standard, GRPCRoute-experimental')}
>=== RUN   TestConformance/A/outer
>=== RUN   TestConformance/A/outer/one
>--- PASS: TestConformance/A/outer/one (0.01s)
>=== RUN   TestConformance/A/outer/two
>--- PASS: TestConformance/A/outer/two (0.01s)
>--- PASS: TestConformance/A/outer (0.02s)
>--- PASS: TestConformance/A (1.25s)`);
    expect(test).to.deep.include({ verdict: 'pass', due: true, checks: 2, durationMs: 1250 });
    expect(test?.features).to.deep.equal(['Gateway', 'GRPCRoute']);
  });

  it('say which subtest failed and what was printed last', () => {
    const [test] = judged(`
${run('A', '  x.go:1: wanted 200, got 404')}
>=== RUN   TestConformance/A/one
>--- FAIL: TestConformance/A/one (0.01s)
>--- FAIL: TestConformance/A (0.02s)`);
    expect(test).to.deep.include({ verdict: 'wrong', failedChecks: ['one'] });
    expect(test?.output.join()).to.contain('wanted 200');
  });

  for (const [what, line, due, reason] of [
    ['a feature that is not claimed', 'suite does not support ListenerSet', false, 'not claimed'],
    [
      'a feature of another profile',
      'suite does not support HTTPRoute',
      false,
      'no profile that was asked for',
    ],
    ['a feature that is claimed', 'suite does not support GRPCRoute', true, 'the suite skipped it'],
    ['any other reason', 'no usable address was given', true, 'no usable address'],
  ] as const) {
    it(`are not run for ${what}: ${due ? 'a gap' : 'no gap'}`, () => {
      const [test] = judged(
        run('A', `  x.go:1: Skipping A: ${line}`, '>--- SKIP: TestConformance/A (0.00s)'),
      );
      expect(test).to.include({ verdict: 'not-run', due, checks: 0 });
      expect(test?.reason).to.contain(reason);
    });
  }

  it('are no pass when a subtest was skipped, or when the suite ended before they did', () => {
    const tests = judged(`
${run('A', '>=== RUN   TestConformance/A/one', '>--- SKIP: TestConformance/A/one (0.00s)', '>--- PASS: TestConformance/A (0.00s)')}
${run('B')}`);
    expect(tests.map(({ verdict, due }) => [verdict, due])).to.deep.equal([
      ['not-run', true],
      ['not-run', true],
    ]);
  });

  it('are wrong once a subtest failed, also when the suite ended before they did', () => {
    const [test] = judged(`
${run('A')}
>=== RUN   TestConformance/A/one
>--- PASS: TestConformance/A/one (0.01s)
>=== RUN   TestConformance/A/two
>--- FAIL: TestConformance/A/two (0.01s)`);
    expect(test).to.deep.include({ verdict: 'wrong', failedChecks: ['two'] });
    const [around] = judged(`
${run('A')}
>=== RUN   TestConformance/A/one
>=== RUN   TestConformance/A/one/within
>--- PASS: TestConformance/A/one/within (0.01s)
>--- FAIL: TestConformance/A/one (0.01s)`);
    expect(around).to.include({ verdict: 'wrong' });
  });

  it('are one when one was asked for', () => {
    const text = `${run('A', '>--- PASS: TestConformance/A (0.00s)')}\n${run('B', '>--- SKIP: TestConformance/B (0.00s)')}`;
    expect(judged(text, { runTest: 'A' }).map(({ name }) => name)).to.deep.equal(['A']);
  });
});

describe('features of profiles', () => {
  it('leave out the routes of other profiles and keep those of the Gateway', () => {
    const claimed = [
      'HTTPRouteCORS',
      'GRPCRoute',
      'GatewayPort8080',
      'ListenerSet',
      'TLSRoute',
      'BackendTLSPolicy',
    ];
    expect(featuresOfProfiles(claimed, ['GATEWAY-GRPC'])).to.deep.equal([
      'GRPCRoute',
      'GatewayPort8080',
      'ListenerSet',
    ]);
    expect(featuresOfProfiles(claimed, ['GATEWAY-HTTP'])).to.deep.equal([
      'BackendTLSPolicy',
      'GatewayPort8080',
      'HTTPRouteCORS',
      'ListenerSet',
    ]);
  });
});

describe('the exit code of the official suite', () => {
  const test = (some: Partial<OfficialTest>): OfficialTest => ({
    name: 'A',
    verdict: 'pass',
    due: true,
    durationMs: 1,
    features: [],
    checks: 1,
    failedChecks: [],
    output: [],
    ...some,
  });
  const success = 'profiles: [{name: P, core: {result: success, statistics: {Passed: 1}}}]';
  const code = (tests: OfficialTest[], some: Partial<OfficialResult> = {}, report = success): number =>
    officialExitCode(
      {
        release: 'v1.6.3',
        profiles: [],
        features: [],
        untestedFeatures: [],
        setUpMs: 0,
        durationMs: 1,
        tests,
        profileReports: profileReports(report),
        report,
        ...some,
      },
      false,
    );
  const unclaimed = test({ verdict: 'not-run', due: false });

  it('is no success where the suite ended before its first test, and reported no profile', () => {
    expect(profileReports('profiles: null')).to.deep.equal([]);
    expect(code([test({})], {}, 'profiles: null')).to.equal(3);
  });

  it('is 0 only when all that had to run passed and the suite calls every profile a success', () => {
    expect(code([test({}), unclaimed])).to.equal(0);
    for (const result of ['partial', 'failure']) {
      expect(code([test({})], {}, success.replace('success', result))).to.equal(3);
      expect(code([test({})], {}, success.replace('}}]', `}, extended: {result: ${result}}}]`))).to.equal(3);
    }
  });

  it('is 1 when a test failed, whatever else happened', () => {
    expect(code([test({ verdict: 'wrong' }), test({ verdict: 'not-run' })])).to.equal(1);
  });

  it('is 3 for a gap, for no pass at all, without a report, without results and for an aborted run', () => {
    expect(code([test({}), test({ verdict: 'not-run' })])).to.equal(3);
    expect(code([unclaimed])).to.equal(3);
    expect(code([test({})], {}, '{}')).to.equal(3);
    expect(officialExitCode(undefined, false)).to.equal(3);
    const aborted = { tests: [test({})], runTest: 'A', report: '' } as unknown as OfficialResult;
    expect(officialExitCode(aborted, true)).to.equal(3);
  });

  it('is 0 for one test that was asked for, although the suite calls the others skipped', () => {
    expect(code([test({})], { runTest: 'A' }, success.replace('success', 'partial'))).to.equal(0);
  });
});
