import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'chai';
import { execa } from 'execa';
import { projectRoot } from '../../common/tools.ts';
import { readRun } from '../../reports/index.ts';

describe('routeproof load that is interrupted', function () {
  // A control plane, a proxy, and a few hundred routes.
  this.timeout(240_000);
  let dir: string;
  before(() => (dir = mkdtempSync(join(tmpdir(), 'rp-cut-'))));
  after(() => rmSync(dir, { recursive: true, force: true }));

  /** Ends with SIGTERM when a line of its progress has `text`. */
  async function interruptedAt(text: string, subjects: string, sizes: string) {
    const options = ['--quick', '--limits-scale', '4', '--out', join(dir, sizes)];
    const args = ['load', '--subject', subjects, '--sizes', sizes, ...options];
    const running = execa(process.execPath, [join(projectRoot, 'cli/main.ts'), ...args], {
      reject: false,
      forceKillAfterDelay: false,
      env: { ROUTEPROOF_STATE: dir, NO_COLOR: '1' },
    });
    for await (const line of createInterface({ input: running.stderr })) if (line.includes(text)) break;
    running.kill('SIGTERM');
    const { exitCode, stdout, stderr } = await running;
    expect(exitCode, stderr).to.equal(3);
    expect(stdout, stderr).to.include('aborted: interrupted by SIGTERM');
    const run = await readRun(join(dir, sizes, 'run.json'));
    expect(run.aborted).to.equal('interrupted by SIGTERM');
    return (run.controlPlane ?? []).map(({ subject, ended, figures }) => ({
      subject,
      ended,
      sizes: [...new Set(figures.map(({ size }) => size))],
    }));
  }

  it('has the benchmarks that were done by then', async () => {
    const results = await interruptedAt('gateway-scale, about', 'route-propagation,gateway-scale', '3,6');
    expect(results).to.deep.equal([{ subject: 'route-propagation', ended: undefined, sizes: [3, 6] }]);
  });

  it('has what a benchmark had measured, and says that it is not all', async () => {
    const results = await interruptedAt('route-propagation: 200 routes', 'route-propagation', '3,200');
    expect(results).to.deep.equal([
      { subject: 'route-propagation', ended: 'interrupted by SIGTERM', sizes: [3] },
    ]);
  });
});
