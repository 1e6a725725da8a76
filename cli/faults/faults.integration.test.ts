import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { projectRoot } from '../../common/tools.ts';
import type { FaultsRun } from '../../harness/results/faults.ts';

describe('routeproof faults', function () {
  // Two proxies and a control plane have to start, and limits to pass in vain.
  this.timeout(240_000);
  let dir: string;
  before(() => (dir = mkdtempSync(join(tmpdir(), 'rp-faults-'))));
  after(() => rmSync(dir, { recursive: true, force: true }));

  const faults = (...args: string[]) =>
    execa(process.execPath, [join(projectRoot, 'cli/main.ts'), 'faults', ...args], {
      reject: false,
      env: { ROUTEPROOF_STATE: dir },
    });

  it('catches one fault of traffic and one of status, by clause and layer', async () => {
    const names = ['service-only-is-prefix', 'no-matching-hostname-wrong-reason'];
    const out = join(dir, 'out');
    const { exitCode, stdout, stderr } = await faults('--fault', names.join(), '--out', out, '--json');
    const run = JSON.parse(stdout) as FaultsRun;
    expect(exitCode, stderr).to.equal(0);
    expect(run.faults.map(({ name }) => name)).to.have.members(names);
    for (const fault of run.faults)
      expect(fault, fault.name).to.include({ outcome: 'caught', clauseNamed: true, layerNamed: true });
    expect(run).to.include({ complete: false }).and.to.have.deep.property('excluded', []);
    expect(JSON.parse(readFileSync(join(out, 'faults.json'), 'utf8'))).to.deep.equal(run);

    const merged = await faults('merge', out, '--out', join(dir, 'merged'), '--json');
    expect(merged.exitCode, merged.stderr).to.equal(0);
    expect((JSON.parse(merged.stdout) as FaultsRun).faults).to.deep.equal(run.faults);
  });

  it('refuses results that are none, and shards that there are none of', async () => {
    const nothing = await faults('merge', dir);
    expect(nothing.exitCode).to.equal(2);
    expect(nothing.stderr).to.contain('is not a faults.json');
    const shard = await faults('--shard', '3/2');
    expect(shard.exitCode).to.equal(2);
    expect(shard.stderr).to.contain('i/n is wanted');
  });

  it('refuses a fault that there is none of', async () => {
    const { exitCode, stderr } = await faults('--fault', 'service-only-is-prefx');
    expect(exitCode).to.equal(2);
    expect(stderr).to.contain('did you mean service-only-is-prefix');
  });
});
