import { expect } from 'chai';
import type { LoadResult, LoadVariant } from '../../results/load.ts';
import { compared, crossChecked, crossCheckText } from './cross-check.ts';
import type { Generator } from './generator.ts';
import { ghzMeasurement } from './ghz.ts';
import { framed, h2loadMeasurement } from './h2load.ts';

const variant = (name: LoadVariant['name']): LoadVariant => ({
  name,
  requests: 1_000,
  errors: 0,
  droppedIterations: 0,
  achievedRateRps: 100,
  latencyMs: { p50: 1, p90: 2, p99: 8, p999: 9, max: 10, mean: 1 },
  percentiles: [],
  blocks: [],
});
const result: LoadResult = {
  subject: 'unary-latency',
  title: 'Latency',
  invalid: [],
  targetRateRps: 100,
  durationMs: 1,
  variants: [variant('direct'), variant('gateway')],
};
const legs = (['direct', 'gateway'] as const).map((side) => ({
  side,
  case: '',
  rateRps: 100,
  target: 'a:1',
}));
const options = { result, legs, progress: () => undefined, signal: new AbortController().signal };
const generator = (measure: Generator['measure']): Generator => ({ name: 'ghz', measure });
const steady = (ms: number, rateRps = 100) => ({
  latenciesMs: Array.from({ length: 100 }, () => ms),
  rateRps,
});
const agreement = (ms: number, rateRps?: number): boolean[] =>
  compared(variant('gateway'), steady(ms, rateRps)).map(({ agrees }) => agrees);

describe('cross-check of the load generator', () => {
  it('agrees within the bounds, and not beyond any of them', () => {
    expect(agreement(4)).to.deep.equal([true, false, true]);
    expect(agreement(1.5)).to.deep.equal([true, true, false]);
    expect(
      compared(variant('gateway'), { latenciesMs: [1.4, 1.4, 9], rateRps: 96 }).map(({ agrees }) => agrees),
    ).to.deep.equal([true, true, true]);
    expect(agreement(1, 94)[0]).to.equal(false);
    expect(agreement(1, 106)[0]).to.equal(false);
  });

  it('is of every side, and disagrees where one figure does', async () => {
    const [good] = await crossChecked(options, [
      generator(() => Promise.resolve({ latenciesMs: [1, 1, 7], rateRps: 99 })),
    ]);
    expect([good?.verdict, good?.figures.length]).to.deep.equal(['agrees', 6]);
    const [bad] = await crossChecked(options, [
      generator(({ leg }) => Promise.resolve(steady(leg.side === 'direct' ? 4 : 1))),
    ]);
    expect(bad?.verdict).to.equal('disagrees');
    expect(bad === undefined ? '' : crossCheckText(bad)).to.contain(
      'direct latencyP50Ms 4 beside 1 of k6 (not within a factor of 1.5, or 0.5 ms apart)',
    );
  });

  it('of a generator that is missing or fails is not measured, and no pass', async () => {
    const [check] = await crossChecked(options, [
      generator(() => Promise.reject(new Error('not installed: no ghz\nthere'))),
    ]);
    expect(check).to.deep.equal({
      generator: 'ghz',
      verdict: 'not measured',
      why: 'not installed: no ghz; there',
      figures: [],
    });
  });

  it('of a run that is not valid is not measured', async () => {
    const invalid = { ...result, invalid: ['the machine is busy'] };
    const [check] = await crossChecked({ ...options, result: invalid }, [
      generator(() => Promise.resolve(steady(1))),
    ]);
    expect(check?.why).to.equal('the run with k6 is not valid: the machine is busy');
  });

  it('reads what ghz writes', () => {
    const output = {
      count: 2,
      total: 2e7,
      statusCodeDistribution: { OK: 2 },
      details: [{ latency: 1e6 }, { latency: 3e6 }],
    };
    expect(ghzMeasurement(JSON.stringify(output))).to.deep.equal({ latenciesMs: [1, 3], rateRps: 100 });
    const failed = { ...output, statusCodeDistribution: { OK: 1, Unavailable: 1 } };
    expect(() => ghzMeasurement(JSON.stringify(failed))).to.throw('1 of 2 calls of ghz failed: Unavailable');
  });

  it('reads what h2load writes, and frames a call for it', () => {
    expect(h2loadMeasurement('17\t200\t1500\n18\t200\t500\n', 1)).to.deep.equal({
      latenciesMs: [1.5, 0.5],
      rateRps: 2,
    });
    expect(() => h2loadMeasurement('17\t200\t1500\n18\t503\t500\n', 1)).to.throw('1 of 2 requests');
    expect(() => h2loadMeasurement('', 1)).to.throw('0 of 0 requests');
    expect(framed('ab').toString('hex')).to.equal('00000000040a026162');
  });
});
