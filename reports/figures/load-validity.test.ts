import { expect } from 'chai';
import type { LoadResult, LoadVariant } from '../../harness/results/run.ts';
import { exampleCases, exampleLoad } from '../testing/example-load.fixture.ts';
import { reasonsNotToBelieve } from './load-validity.ts';

function withGateway(change: Partial<LoadVariant>): LoadResult {
  const load = exampleLoad();
  return { ...load, variants: load.variants.map((v) => (v.name === 'gateway' ? { ...v, ...change } : v)) };
}

describe('reasonsNotToBelieve', () => {
  it('has none for a clean measurement', () => {
    expect(reasonsNotToBelieve(exampleLoad())).to.deep.equal([]);
  });

  it("repeats the load runner's own reasons", () => {
    expect(reasonsNotToBelieve({ ...exampleLoad(), invalid: ['noise', 'noise'] })).to.deep.equal(['noise']);
  });

  it('distrusts errors, drops and emptiness even when the load runner did not', () => {
    expect(reasonsNotToBelieve(withGateway({ errors: 2 }))).to.deep.equal(['gateway: 2 requests failed']);
    expect(reasonsNotToBelieve(withGateway({ droppedIterations: 3 }))).to.deep.equal([
      'gateway: 3 iterations were dropped',
    ]);
    expect(reasonsNotToBelieve(withGateway({ requests: 0 }))).to.deep.equal(['gateway: no request was made']);
    expect(reasonsNotToBelieve({ ...exampleLoad(), variants: [] })).to.deep.equal(['nothing was measured']);
  });

  it('distrusts a latency that is no number', () => {
    const latencyMs = { p50: 1, p90: 1, p99: NaN, p999: 1, max: 1, mean: 1 };
    expect(reasonsNotToBelieve(withGateway({ latencyMs }))).to.deep.equal([
      'gateway: a latency is missing or negative',
    ]);
  });

  it('believes a benchmark of several cases as long as one figure stands', () => {
    expect(reasonsNotToBelieve(exampleCases())).to.deep.equal([]);
    const none = exampleCases().figures?.map(({ value: _value, ...figure }) => ({
      ...figure,
      invalid: ['busy'],
    }));
    expect(reasonsNotToBelieve({ ...exampleCases(), figures: none ?? [] })).to.deep.equal(['busy']);
  });
});
