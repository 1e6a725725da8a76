import { expect } from 'chai';
import type { LoadResult, Side } from '../results/load.ts';
import type { Leg } from './legs.ts';
import { resultOf } from './run-load.ts';
import type { BlockSamples } from './samples.ts';

const subject = { name: 'unary-latency', title: 'Latency' };
const legs = (['direct', 'gateway'] as const).map((side): Leg => ({
  side,
  case: '',
  rateRps: 100,
  target: '192.0.2.1:80',
}));
const plan = { rateRps: 100, blocks: 2, blockSeconds: 1, warmupSeconds: 1 };
const options = { subject, plan, cases: [{ name: '' }], legs };
const epoch = 1_700_000_000_000;

/** 100 calls in one second, latencies 1..100 times `unitMs`. */
function block(side: Side, index: number, unitMs: number, change: Partial<BlockSamples> = {}): BlockSamples {
  const firstMs = epoch + (index * 2 + (side === 'gateway' ? 1 : 0)) * 1000;
  const latencies = Array.from({ length: 100 }, (_, n): [number, number] => [
    firstMs + n * 10,
    (n + 1) * unitMs,
  ]);
  return {
    side,
    case: '',
    index,
    firstMs,
    lastMs: firstMs + 990,
    latencies,
    requests: 100,
    messages: 0,
    streamRates: [],
    failures: [],
    droppedIterations: 0,
    ...change,
  };
}

function result(samples: BlockSamples[]): LoadResult {
  return resultOf(options, samples, {}, 4000);
}

const sound = [
  block('direct', 0, 0.01),
  block('gateway', 0, 0.02),
  block('direct', 1, 0.01),
  block('gateway', 1, 0.02),
];

/** 100 microseconds of CPU for each of 100 calls a second. */
const costs = [-1, 999, 1999, 2999, 4000].map((atMs) => ({
  atMs: epoch + atMs,
  cpuNs: Math.ceil(atMs / 1000) * 1e7,
  memoryBytes: 1,
}));

describe('the result of a load run', () => {
  it('is valid when every call was made and answered', () => {
    expect(result(sound).invalid).to.deep.equal([]);
  });

  it('has percentiles over all blocks of a variant', () => {
    const [direct, gateway] = result(sound).variants;
    expect(direct?.latencyMs).to.include({ p50: 0.505, p90: 0.901, p99: 0.99, max: 1 });
    expect(gateway?.latencyMs).to.include({ p50: 1.01, p99: 1.98, p999: 2, max: 2, mean: 1.01 });
    expect(gateway).to.include({ requests: 200, achievedRateRps: 100 });
    expect(gateway?.percentiles[0]).to.deep.equal([0, 0.02]);
    expect(gateway?.percentiles.at(-1)).to.deep.equal([100, 2]);
    const values = gateway?.percentiles.map(([, latency]) => latency) ?? [];
    expect(values).to.deep.equal([...values].sort((a, b) => a - b));
  });

  it('places blocks and seconds on one time axis', () => {
    const blocks = result(sound).variants[1]?.blocks;
    expect(blocks?.map(({ startMs }) => startMs)).to.deep.equal([1000, 3000]);
    expect(blocks?.[1]?.series).to.deep.equal([{ atMs: 3000, requests: 100, p50Ms: 1.01, p99Ms: 1.98 }]);
  });

  it('divides the proxy’s CPU time in gateway blocks by their requests', () => {
    // 10 ms in each gateway block, 1 s in a direct one, which must not count.
    const cpu = [0, 1000, 2000, 3000, 4000].map((atMs, n) => ({
      atMs: epoch + atMs - (atMs === 4000 ? 0 : 1),
      cpuNs: [0, 0, 10e6, 1010e6, 1020e6][n] ?? 0,
      memoryBytes: 1000,
    }));
    const variants = resultOf(options, sound, { gateway: cpu }, 4000).variants;
    expect(variants[1]?.proxyCpuUsPerRequest).to.equal(100);
    expect(variants[0]).not.to.have.property('proxyCpuUsPerRequest');
  });

  it('has no CPU figure where the proxy could not be seen, or was replaced', () => {
    expect(result(sound).variants[1]).not.to.have.property('proxyCpuUsPerRequest');
    const replaced = [
      { atMs: epoch, cpuNs: 5e9, memoryBytes: 1 },
      { atMs: epoch + 5000, cpuNs: 1e6, memoryBytes: 1 },
    ];
    expect(resultOf(options, sound, { gateway: replaced }, 4000).variants[1]).not.to.have.property(
      'proxyCpuUsPerRequest',
    );
  });

  it('is invalid after a failed call, and says why it failed', () => {
    const failed = block('gateway', 1, 0.02, { failures: ['status 14: no', 'status 14: no', 'other'] });
    expect(result([...sound.slice(0, 3), failed]).invalid).to.deep.equal([
      'gateway: 3 of 200 calls failed, most often with "status 14: no"',
    ]);
  });

  it('is invalid after a dropped iteration', () => {
    const dropped = block('gateway', 1, 0.02, { droppedIterations: 7 });
    expect(result([...sound.slice(0, 3), dropped]).invalid[0]).to.match(/^gateway: 7 iterations dropped/);
  });

  it('keeps what a call costs the proxy where iterations were dropped', () => {
    const dropped = block('gateway', 1, 0.02, { droppedIterations: 1 });
    const { figures = [] } = resultOf(options, [...sound.slice(0, 3), dropped], { gateway: costs }, 4000);
    const of = (name: string) => figures.find((figure) => figure.name === name && figure.side === 'gateway');
    expect(of('proxyCpuUsPerRequest')).to.include({ value: 100 });
    expect(of('latencyP50Ms')?.invalid).to.have.length(1);
  });

  it('keeps it where the rate was nearly reached', () => {
    const late = block('gateway', 1, 0.02, { requests: 84 });
    const { invalid } = result([...sound.slice(0, 3), late]);
    expect(invalid).to.deep.equal(['gateway: 92 of 100 requests per second were reached']);
    const { figures = [] } = resultOf(options, [...sound.slice(0, 3), late], { gateway: costs }, 4000);
    const of = (name: string) => figures.find((figure) => figure.name === name && figure.side === 'gateway');
    expect(of('proxyCpuUsPerRequest')?.invalid).to.deep.equal([]);
    expect(of('latencyP50Ms')?.invalid).to.have.length(1);
  });

  it('is invalid when the rate was not reached or a block is missing', () => {
    const slow = block('gateway', 1, 0.02, { requests: 50 });
    expect(result([...sound.slice(0, 3), slow]).invalid).to.deep.equal([
      'gateway: 75 of 100 requests per second were reached',
    ]);
    expect(result(sound.slice(0, 3)).invalid).to.deep.equal(['gateway: 1 of 2 blocks have no samples']);
    expect(result([]).invalid).to.have.length.greaterThan(0);
  });

  it('is invalid on an unstable baseline, unless the difference is tiny', () => {
    const busy = [
      block('direct', 0, 0.01),
      block('gateway', 0, 0.02),
      block('direct', 1, 0.1),
      block('gateway', 1, 0.02),
    ];
    expect(result(busy).invalid[0]).to.match(/^the baseline is unstable: .* 0.505 and 5.05 ms/);
    const tiny = [
      block('direct', 0, 0.001),
      block('gateway', 0, 0.02),
      block('direct', 1, 0.005),
      block('gateway', 1, 0.02),
    ];
    expect(result(tiny).invalid).to.deep.equal([]);
  });

  it('is invalid when the load generator used up the machine', () => {
    const generator = [0, 1000, 2000, 3000, 4000].map((atMs) => ({
      atMs: epoch + atMs - (atMs === 4000 ? 0 : 1),
      // 1.9 of 2 CPUs in the direct blocks, a quarter of one beside them.
      cpuNs: [0, 1.9e9, 2.15e9, 4.05e9, 4.3e9][atMs / 1000] ?? 0,
      memoryBytes: 1,
    }));
    const { invalid, figures = [] } = resultOf(options, sound, { generator }, 4000, 2);
    expect(invalid).to.deep.equal([
      'direct: the load generator used 96 % of all CPUs: what was measured is k6',
    ]);
    expect(figures.find(({ side }) => side === 'direct')).not.to.have.property('value');
  });

  it('of several cases is invalid only when no figure of any is left', () => {
    const cases = [{ name: '1' }, { name: '2' }];
    const both = cases.flatMap(({ name }) => legs.map((leg): Leg => ({ ...leg, case: name })));
    const of = (failures: (name: string) => string[]): LoadResult => {
      const samples = cases.flatMap(({ name }) =>
        sound.map((each) => ({ ...each, case: name, failures: failures(name) })),
      );
      return resultOf({ ...options, cases, legs: both }, samples, {}, 4000);
    };
    expect(of((name) => (name === '2' ? ['no'] : [])).invalid).to.deep.equal([]);
    expect(of(() => ['no']).invalid).to.have.length(4);
  });
});
