import { expect } from 'chai';
import type { LoadFigure, Side } from '../results/load.ts';
import { calibratedRate } from './calibrate.ts';

function figure(side: Side, size: number, invalid: string[] = []): LoadFigure {
  return {
    subject: 'ceiling',
    name: 'latencyP50Ms',
    title: 'Latency, median',
    side,
    case: String(size),
    size,
    sizeOf: 'rps',
    unit: 'ms',
    better: 'lower',
    invalid,
    samples: [1],
    calls: size,
  };
}

describe('calibration', () => {
  it('takes half of the highest rate that every side held, with all lower ones', () => {
    const figures = [100, 200, 400, 800].flatMap((size) => [
      figure('direct', size),
      // What is held above a rate that was not is luck.
      figure('gateway', size, size === 400 ? ['gateway 400: 3 iterations dropped'] : []),
    ]);
    const { rateRps, why } = calibratedRate({ figures });
    expect(rateRps).to.equal(100);
    expect(why).to.equal('200 calls a second were held (then: gateway 400: 3 iterations dropped)');
  });

  it('takes half of the highest tried where all were held', () => {
    expect(calibratedRate({ figures: [figure('gateway', 100), figure('gateway', 1600)] }).rateRps).to.equal(
      800,
    );
  });

  it('takes little where not even the lowest was', () => {
    const { rateRps, why } = calibratedRate({ figures: [figure('gateway', 100, ['busy'])] });
    expect([rateRps, why]).to.deep.equal([50, 'not even 100 calls a second were held (busy)']);
  });
});
