import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { projectRoot } from '../../common/tools.ts';
import type { Run } from '../../harness/results/run.ts';

describe('routeproof conformance against a gateway that is wrong', function () {
  // A control plane and a proxy have to start.
  this.timeout(240_000);
  let dir: string;
  before(() => (dir = mkdtempSync(join(tmpdir(), 'rp-failure-'))));
  after(() => rmSync(dir, { recursive: true, force: true }));

  const conformance = (...args: string[]) =>
    execa(process.execPath, [join(projectRoot, 'cli/main.ts'), 'conformance', '--no-load', ...args], {
      reject: false,
      env: { ROUTEPROOF_STATE: dir },
    });
  const runOf = (out: string): Run => JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')) as Run;

  it('says of a failure how often it fails, what the call gives elsewhere, and how to see it again', async () => {
    const out = join(dir, 'failing');
    const fault = ['--fault', 'exact-method-is-prefix', '--scenario', 'method/exact'];
    const { exitCode, stdout, stderr } = await conformance(...fault, '--limits-scale', '2', '--out', out);
    expect(exitCode, stderr).to.equal(1);
    expect(stdout).to.include('1 wrong');
    expect(stderr).to.include('alone method/exact (wrong) passed 0 of 5 runs');
    expect(stderr).to.match(/repro: {4}.*failing\/repro\/method\/exact\n/);
    const { scenarios, implementation } = runOf(out);
    expect(implementation.name).to.equal('routeproof with fault exact-method-is-prefix');
    expect(scenarios[0]).to.include({ verdict: 'wrong', layer: 'routed' });
    expect(scenarios[0]?.rerun).to.include({ runs: 5, passed: 0, low: 0 });
    expect(scenarios[0]?.comparisons?.map(({ with: place, ok }) => [place, ok])).to.deep.equal([
      ['http-route', true],
    ]);
    const failed = scenarios[0]?.evidence.calls.find(({ role }) => role === 'failed');
    expect(failed?.backend).to.include({ method: 'echo.Echo/EchoV2' });
    expect(scenarios[0]?.repro?.commands[0]).to.equal(
      'routeproof conformance --scenario method/exact --fault exact-method-is-prefix --limits-scale 2 --keep',
    );
    const bundle = readdirSync(join(out, 'repro/method/exact'));
    expect(bundle).to.include.members(['00-namespaces.yaml', 'README.md', 'evidence', 'versions.txt']);
  });

  it('keeps the verdict of each of several runs, and says how many scenarios differed', async () => {
    const out = join(dir, 'repeated');
    const twice = ['--scenario', 'method/regex-invalid', '--repeat', '2', '--limits-scale', '2'];
    const { exitCode, stdout, stderr } = await conformance(...twice, '--out', out);
    expect(exitCode, stderr).to.equal(0);
    expect(stdout).to.include('2 runs, 0 scenarios differed');
    const { repeat, scenarios } = runOf(out);
    expect(repeat).to.equal(2);
    expect(scenarios[0]?.repeats?.map(({ verdict }) => verdict)).to.deep.equal(['pass', 'pass']);
  });

  it('refuses a fault that there is none of before anything starts', async () => {
    const { exitCode, stderr } = await conformance('--fault', 'exact-method-is-prefx');
    expect(exitCode).to.equal(2);
    expect(stderr).to.include('did you mean exact-method-is-prefix').and.not.include('etcd');
  });
});
