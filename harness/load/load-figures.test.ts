import { expect } from 'chai';
import type { LoadFigure, Side } from '../results/load.ts';
import type { CpuSample } from '../proxies/cpu-time.ts';
import { legData } from './leg-data.ts';
import type { Leg, LoadCase } from './legs.ts';
import { loadFigures } from './load-figures.ts';
import type { BlockSamples } from './samples.ts';

const epoch = 1_700_000_000_000;
const blocks = 6;
const order: Side[] = ['direct', 'floor', 'gateway'];
/** What a call takes on each side, and a call's CPU time. */
const unitMs = { direct: 1, floor: 1.5, gateway: 1.8 };
const cpuUs = { floor: 100, gateway: 130 };

/** Ten calls in a second; the whole block is slower by `wobble`, whatever the side. */
function block(side: Side, caseName: string, index: number, wobble: number): BlockSamples {
  const firstMs = epoch + index * 10_000 + order.indexOf(side) * 1000;
  return {
    side,
    case: caseName,
    index,
    firstMs,
    lastMs: firstMs + 900,
    latencies: Array.from({ length: 10 }, (_, n) => [firstMs + n * 90, unitMs[side] * wobble]),
    requests: 10,
    messages: 0,
    streamRates: [],
    failures: [],
    droppedIterations: 0,
  };
}

const wobbles = [1, 1.2, 0.9, 1.1, 1, 1.3];
const samples = order.flatMap((side) => wobbles.map((wobble, index) => block(side, '', index, wobble)));

/** CPU time that grows in the side's own blocks only, by `us` a call. */
function cpuOf(side: 'floor' | 'gateway'): CpuSample[] {
  return wobbles.flatMap((_, index) => {
    const firstMs = epoch + index * 10_000 + order.indexOf(side) * 1000;
    const each = 10 * cpuUs[side] * 1000;
    return [
      { atMs: firstMs - 1, cpuNs: index * each, memoryBytes: 50e6 + index * 100 },
      { atMs: firstMs + 901, cpuNs: (index + 1) * each, memoryBytes: 50e6 + index * 100 + 100 },
    ];
  });
}

function figures(
  change: { timeReasons?: string[]; samples?: BlockSamples[]; cases?: LoadCase[] } = {},
): LoadFigure[] {
  const cases = change.cases ?? [{ name: '' }];
  const legs = cases.flatMap(({ name }) =>
    order.map((side): Leg => ({ side, case: name, rateRps: 10, target: '192.0.2.1:80' })),
  );
  const processes = { floor: cpuOf('floor'), gateway: cpuOf('gateway') };
  return loadFigures({
    subject: { name: 'unary-latency', againstFirst: cases.length > 1 },
    cases,
    legs: legs.map((leg) => legData(leg, change.samples ?? samples, blocks, processes)),
    blocks,
    legReasons: legs.map(() => []),
    timeReasons: legs.map(() => change.timeReasons ?? []),
  });
}

function one(all: LoadFigure[], side: string, name: string, caseName?: string): LoadFigure {
  const found = all.filter((each) => each.side === side && each.name === name && each.case === caseName);
  expect(found, `${name} of ${side}`).to.have.length(1);
  return found[0] as LoadFigure;
}

describe('figures of a benchmark', () => {
  it('say what Envoy costs and what the configuration adds', () => {
    const all = figures();
    expect(one(all, 'floor - direct', 'latencyP50Ms').value).to.be.closeTo(0.525, 1e-9);
    expect(one(all, 'gateway - floor', 'proxyCpuUsPerRequest').value).to.be.closeTo(30, 1e-9);
    expect(one(all, 'gateway / floor', 'proxyCpuUsPerRequest').value).to.be.closeTo(1.3, 1e-9);
    expect(one(all, 'gateway / floor', 'latencyP99Ms').value).to.be.closeTo(1.2, 1e-9);
    expect(all.filter(({ side }) => side === 'gateway - direct')).to.deep.equal([]);
  });

  it('compare blocks that lay beside each other: what disturbs all sides is in no ratio', () => {
    const { interval, samples: each } = one(figures(), 'gateway / floor', 'latencyP50Ms');
    expect(each).to.have.length(blocks);
    for (const ratio of each) expect(ratio).to.be.closeTo(1.2, 1e-6);
    const { low, high } = one(figures(), 'gateway', 'latencyP50Ms').interval ?? { low: 0, high: 0 };
    expect(low).to.be.lessThan(1.8 * 1.05);
    expect(high).to.be.greaterThan(1.8 * 1.05);
    expect(interval?.level).to.equal(0.95);
  });

  it('describe themselves', () => {
    expect(one(figures(), 'gateway', 'proxyMemoryGrowthBytesPerRequest')).to.deep.equal({
      subject: 'unary-latency',
      name: 'proxyMemoryGrowthBytesPerRequest',
      title: "Growth of the proxy's memory for a request",
      side: 'gateway',
      unit: 'bytes',
      better: 'lower',
      invalid: [],
      samples: [10, 10, 10, 10, 10, 10],
      calls: 60,
      value: 10,
      interval: { low: 10, high: 10, level: 0.95 },
    });
  });

  it('on a machine that wanders are costs without times', () => {
    const all = figures({ timeReasons: ['unstable'] });
    expect(one(all, 'gateway', 'latencyP50Ms')).to.deep.include({ invalid: ['unstable'] });
    expect(one(all, 'gateway', 'latencyP50Ms')).not.to.have.property('value');
    expect(one(all, 'gateway', 'proxyCpuUsPerRequest').value).to.be.closeTo(130, 1e-9);
    expect(one(all, 'gateway / floor', 'proxyCpuUsPerRequest').value).to.be.closeTo(1.3, 1e-9);
    expect(one(all, 'gateway / floor', 'latencyP50Ms')).not.to.have.property('value');
  });

  it('of a block that is missing are invalid, and no zero', () => {
    const all = figures({ samples: samples.filter(({ side, index }) => side !== 'floor' || index !== 2) });
    const cost = one(all, 'gateway / floor', 'proxyCpuUsPerRequest');
    expect(cost.invalid).to.deep.equal(['gateway / floor: it could not be seen in every block']);
    expect(cost).not.to.have.property('value');
  });

  it('of a case are told against the first case too', () => {
    const cases: LoadCase[] = [
      { name: '1', size: 1, sizeOf: 'rules' },
      { name: '1000', size: 1000, sizeOf: 'rules' },
    ];
    const both = cases.flatMap(({ name }, n) =>
      order.flatMap((side) => wobbles.map((_, index) => block(side, name, index, n + 1))),
    );
    const all = figures({ cases, samples: both });
    expect(one(all, 'gateway', 'addedLatencyP50Ms', '1000')).to.deep.include({
      value: 1.8,
      size: 1000,
      sizeOf: 'rules',
      title: 'Latency, median, added to that of 1',
    });
  });
});
