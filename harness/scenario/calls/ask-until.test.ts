import { expect } from 'chai';
import type { ScenarioResult } from '../../results/run.ts';
import { FakeCluster } from '../fake-cluster.fixture.ts';
import { scaledLimits } from '../../env/limits.ts';

describe('asking until an answer is so', () => {
  let cluster: FakeCluster;

  beforeEach(async () => {
    cluster = new FakeCluster();
    await cluster.start();
  });

  afterEach(() => cluster.stop());

  /** @param isSo - given the time since the first question, in milliseconds */
  const run = (isSo: (passedMs: number) => boolean): Promise<ScenarioResult> => {
    const startMs = cluster.clock.now();
    return cluster.run(async (t) => {
      const answer = await t.askUntil({
        what: 'the door is open',
        ask: () => Promise.resolve(isSo(cluster.clock.now() - startMs) ? 'open' : 'shut'),
        isSo: (door) => door === 'open',
        seen: (door) => `it is ${door}`,
        layer: 'backend',
      });
      t.note(`it is ${answer}`);
    });
  };

  it('passes with the first answer that is so', async () => {
    const asked: number[] = [];
    const result = await run((passedMs) => asked.push(passedMs) === 5);
    expect(result, result.seen).to.include({ verdict: 'pass' });
    expect(result.notes).to.deep.equal(['it is open']);
    expect(asked).to.have.length(5);
  });

  it('asks as long as the limits of the run say', async () => {
    const { servedMs } = scaledLimits(1);
    const late = (passedMs: number): boolean => passedMs >= servedMs;
    const soon = await run(late);
    expect(soon).to.include({ verdict: 'wrong', layer: 'backend' });
    expect(soon.expected).to.equal('the door is open within 1200 ms');
    expect(soon.seen).to.match(/^it is shut, asked \d+ times$/);

    Object.assign(cluster.env.limits, scaledLimits(2));
    expect((await run(late)).verdict).to.equal('pass');
  });

  it('is slow when the answer comes after the limit', async () => {
    const result = await run((passedMs) => passedMs > 1.2 * cluster.env.limits.servedMs);
    expect(result).to.include({ verdict: 'slow', layer: 'backend' });
  });
});
