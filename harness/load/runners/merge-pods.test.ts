import { expect } from 'chai';
import { readHistogram } from '../histogram.ts';
import type { Leg } from '../legs.ts';
import { resultOf } from '../run-load.ts';
import { unaryLatency } from '../subjects/unary-latency.ts';
import { mergePods, type MergeInput } from './merge-pods.ts';
import type { PodBlock, PodReport } from './pod-report.ts';

const leg: Leg = { side: 'gateway', case: '', rateRps: 20, target: '10.0.0.1:80' };
const quantiles = [0, 50, 100];

function block(changes: Partial<PodBlock> = {}): PodBlock {
  return {
    name: 'gateway_0',
    requests: 3,
    droppedIterations: 0,
    failed: 0,
    firstMs: 10_000,
    lastMs: 10_900,
    latencies: 3,
    stepsUs: [1_000, 1_000, 1_000],
    ...changes,
  };
}

function report(pod: string, changes: Partial<PodBlock> = {}): PodReport {
  return { pod, quantiles, blocks: [block(changes)], failures: [] };
}

function merge(reports: PodReport[], changes: Partial<MergeInput> = {}) {
  return mergePods({ reports, legs: [leg], blocks: 1, parallelism: reports.length, doubts: [], ...changes });
}

describe('results of several pods', () => {
  it('are one block: calls added, latencies of all in one histogram', () => {
    const other = {
      firstMs: 10_020,
      lastMs: 10_950,
      requests: 5,
      droppedIterations: 2,
      stepsUs: [9_000, 0, 0],
    };
    const [merged, ...more] = merge([report('a'), report('b', other)]);
    expect(more).to.deep.equal([]);
    expect(merged).to.deep.include({ requests: 8, droppedIterations: 2, firstMs: 10_000, lastMs: 10_950 });
    expect(merged?.latencies.map(([, ms]) => ms)).to.deep.equal([1, 2, 3, 9, 9, 9]);
    expect(merged?.doubts).to.deep.equal([]);
    const histogram = readHistogram(merged?.histogram ?? '');
    expect(histogram.count).to.equal(6);
    expect(histogram.at(100)).to.be.closeTo(9, 0.01);
  });

  it('have a reason for each failed call, as virtual users told them', () => {
    const failing: PodReport = {
      ...report('a', { failed: 3 }),
      failures: [
        { block: 'gateway_0', reason: 'refused' },
        { block: 'direct_0', reason: 'of another' },
      ],
    };
    const [merged] = merge([failing, report('b', { failed: 1 })]);
    expect(merged?.failures).to.deep.equal(['refused', 'refused', 'refused', 'a reason that was not told']);
  });

  it('are in doubt where pods did not begin a block together', () => {
    // Two pods at 20 calls a second: each has one in 100 ms.
    expect(merge([report('a'), report('b', { firstMs: 10_350 })])[0]?.doubts).to.deep.equal([]);
    expect(merge([report('a'), report('b', { firstMs: 10_351 })])[0]?.doubts).to.deep.equal([
      'gateway: pods began block 1 351 ms apart, more than 350: they did not call at the same time',
    ]);
  });

  it('are in doubt where a pod made no calls in a block', () => {
    const silent = { requests: 0, latencies: 0, stepsUs: [0, 0, 0], firstMs: 0, lastMs: 0 };
    expect(merge([report('a'), report('b', silent)])[0]?.doubts).to.deep.equal([
      'gateway: 1 of 2 pods made no calls in block 1',
    ]);
    expect(merge([report('a', silent)])).to.deep.equal([]);
  });

  it('make no valid figure when a pod has failed, or arrivals were dropped', () => {
    const plan = { rateRps: 20, blocks: 1, blockSeconds: 1, warmupSeconds: 1 };
    const invalidOf = (samples: ReturnType<typeof merge>) =>
      resultOf({ subject: unaryLatency, plan, cases: [{ name: '' }], legs: [leg] }, samples, {}, 1_000);
    const whole = { requests: 20 };
    expect(invalidOf(merge([report('a', whole)])).invalid).to.deep.equal([]);
    const failed = invalidOf(merge([report('a', whole)], { doubts: ['pod b failed: out of memory'] }));
    expect(failed.invalid).to.deep.equal(['pod b failed: out of memory']);
    expect(failed.figures?.map(({ value }) => value)).to.deep.equal([undefined, undefined]);
    const dropped = invalidOf(merge([report('a', { ...whole, droppedIterations: 1 })]));
    expect(dropped.invalid.join()).to.include('gateway: 1 iterations dropped');
  });
});
