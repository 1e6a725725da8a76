import { expect } from 'chai';
import { ceilingFigures } from './ceiling-figure.ts';
import { legData } from './leg-data.ts';
import type { Leg } from './legs.ts';
import type { BlockSamples } from './samples.ts';

const rates = [100, 200, 400];
const legs = rates.map((rateRps): Leg => ({ side: 'gateway', case: String(rateRps), rateRps, target: '' }));

function block(rate: number, index: number, droppedIterations: number): BlockSamples {
  return {
    side: 'gateway',
    case: String(rate),
    index,
    firstMs: index * 1000,
    lastMs: index * 1000 + 900,
    latencies: [],
    requests: rate,
    messages: 0,
    streamRates: [],
    failures: [],
    droppedIterations,
  };
}

/** @param heldUpTo - the highest rate without a dropped iteration, of each block */
function figure(heldUpTo: number[], generatorShares: number[] = [0.1, 0.2, 0.4]) {
  const samples = heldUpTo.flatMap((held, index) =>
    rates.map((rate) => block(rate, index, rate > held ? 3 : 0)),
  );
  const [found] = ceilingFigures({
    subject: 'ceiling',
    legs: legs.map((leg) => legData(leg, samples, heldUpTo.length, {})),
    samples,
    blocks: heldUpTo.length,
    blockSeconds: 1,
    generatorShares,
  });
  return found;
}

describe('the highest rate that was held', () => {
  it('is that of each block, and their mean', () => {
    const { samples, value, invalid, better } = figure([200, 200, 100, 200, 200, 100]) ?? {};
    expect({ samples, value, invalid, better }).to.deep.equal({
      samples: [200, 200, 100, 200, 200, 100],
      value: 1000 / 6,
      invalid: [],
      better: 'higher',
    });
  });

  it('is not known where every rate was held', () => {
    const found = figure([400, 400]);
    expect(found?.invalid[0]).to.match(/lies above 400 requests per second/);
    expect(found).not.to.have.property('value');
  });

  it('is not known where not even the lowest was held in every block', () => {
    expect(figure([200, 0])?.invalid[0]).to.match(/in 1 of 2 blocks not even 100 requests per second/);
  });

  it('is that of the load generator where it gave way first', () => {
    expect(figure([200, 200], [0.1, 0.4, 0.93])?.invalid[0]).to.match(
      /at 400 requests per second the load generator used 93 % of all CPUs/,
    );
  });
});
