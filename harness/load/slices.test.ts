import { expect } from 'chai';
import type { Side } from '../results/load.ts';
import type { BlockSamples } from './samples.ts';
import { breakNotes, brokenStreams, inSlices } from './slices.ts';

/** A message every 100 ms for four seconds, on ten streams that have ended. */
function whole(side: Side, failures: string[] = []): BlockSamples {
  return {
    side,
    case: '',
    index: 0,
    firstMs: 1000,
    lastMs: 5000,
    latencies: Array.from({ length: 40 }, (_, n) => [1000 + n * 100, n]),
    requests: 10,
    messages: 0,
    streamRates: [],
    failures,
    droppedIterations: 0,
  };
}

describe('one long block', () => {
  it('is cut into slices after its warm-up', () => {
    const plan = { rateRps: 10, blocks: 2, blockSeconds: 1, warmupSeconds: 1 };
    const slices = inSlices([whole('gateway')], plan);
    expect(slices.map(({ index, firstMs, requests }) => [index, firstMs, requests])).to.deep.equal([
      [0, 2000, 10],
      [1, 3000, 10],
    ]);
    expect(slices[1]?.latencies[0]).to.deep.equal([3000, 20]);
  });
});

describe('streams that broke', () => {
  it('are a figure of their side, with why beside it', () => {
    const samples = [whole('direct'), whole('gateway', ['reset', 'reset', 'ended'])];
    const [direct, gateway] = brokenStreams('long-streams', samples);
    expect([direct?.value, gateway?.value, gateway?.calls, gateway?.invalid]).to.deep.equal([0, 3, 10, []]);
    expect(breakNotes(samples)).to.deep.equal(['gateway: 2 times reset', 'gateway: 1 times ended']);
  });

  it('say nothing of a proxy where the backend lost some too', () => {
    const [, gateway] = brokenStreams('long-streams', [whole('direct', ['reset']), whole('gateway')]);
    expect(gateway?.invalid[0]).to.match(/1 streams straight to the backend broke too/);
    expect(gateway).not.to.have.property('value');
  });
});
