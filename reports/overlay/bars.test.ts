import { expect } from 'chai';
import { exampleRun } from '../testing/example-run.fixture.ts';
import { runLike } from '../regressions/runs.fixture.ts';
import type { Run } from '../../harness/results/run.ts';
import { barGroups } from './bars.ts';
import type { OverlaidRun } from './page-data.ts';

function overlaid(run: Run, letter: string): OverlaidRun {
  const { implementation, startedAt, cluster, load, controlPlane = [] } = run;
  return { letter, implementation, startedAt, cluster, load, controlPlane };
}

describe('bars of several runs', () => {
  const slower = runLike({ seed: 2, gatewayMs: 0.75, doubt: 'gateway: 9 iterations dropped' });
  const runs = [overlaid(runLike({ seed: 1 }), 'A'), overlaid(slower, 'B')];
  const group = (title: string, unit: string) =>
    barGroups(runs).find((each) => each.title === title && each.unit === unit);

  it('put the same figure of each run beside the others, and nothing in place of an invalid one', () => {
    const latency = group('Latency, median', 'ms');
    expect(latency?.bars.map(({ of }) => of)).to.deep.equal(['direct', 'floor', 'gateway']);
    const [direct, , gateway] = latency?.bars ?? [];
    expect(direct?.values)
      .to.have.length(2)
      .and.to.satisfy((values: number[]) => values.every((each) => each > 0));
    expect(gateway?.values[0]).to.be.closeTo(0.55, 0.05);
    expect(gateway?.values[1]).to.equal(undefined);
  });

  it('keep ratios apart, and leave out what no run has', () => {
    expect(group('Latency, median', 'ratio')?.bars.map(({ of }) => of)).to.deep.equal(['gateway / floor']);
    expect(barGroups([overlaid({ ...exampleRun(), load: [], controlPlane: [] }, 'A')])).to.deep.equal([]);
  });

  it('of the control plane stand by size', () => {
    const sent = barGroups(runs).find(({ title }) => title === 'bytesToProxyPerChange');
    expect(sent?.bars.map(({ of }) => of)).to.deep.equal(['100 routes', '1000 routes', '5000 routes']);
  });
});
