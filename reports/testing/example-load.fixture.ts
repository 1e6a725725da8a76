import type {
  FigureSide,
  LoadBlock,
  LoadFigure,
  LoadResult,
  LoadVariant,
  Side,
} from '../../harness/results/load.ts';

/** 400 requests a second for 36 s in nine interleaved blocks; latencies by a fixed formula, shaped like a real run's. */
export function exampleLoad(): LoadResult {
  return {
    subject: 'unary-latency',
    title: 'Unary calls at a steady arrival rate, straight to the backend and through the gateway',
    invalid: [],
    targetRateRps: 400,
    durationMs: 36_000,
    variants: [
      variant('direct', 0.34, 0),
      { ...variant('floor', 0.62, 4000), proxyCpuUsPerRequest: 101.3 },
      { ...variant('gateway', 0.71, 8000), proxyCpuUsPerRequest: 118.4 },
    ],
    figures: [
      ...sides('latencyP50Ms', 'Latency, median', 'ms', [0.364, 0.664, 0.76]),
      ...sides('proxyCpuUsPerRequest', 'CPU time of the proxy for a request', 'us', [
        undefined,
        101.3,
        118.4,
      ]),
    ],
  };
}

const dropped = 'gateway: 37 iterations were dropped, so the slowest requests were never timed';

export function invalidLoad(): LoadResult {
  const load = exampleLoad();
  return {
    ...load,
    subject: 'large-messages',
    title: 'Messages of 64 KiB both ways',
    invalid: [dropped],
    figures: (load.figures ?? []).map(({ value: _value, interval: _interval, ...figure }) => ({
      ...figure,
      invalid: [dropped],
    })),
    variants: load.variants.map((v) => (v.name === 'gateway' ? { ...v, droppedIterations: 37 } : v)),
  };
}

function variant(name: Side, baseMs: number, firstBlockMs: number): LoadVariant {
  const at = (percentile: number): number =>
    baseMs * (1 + 0.28 * Math.log2(100.01 / (100.01 - percentile)) ** 1.35);
  const figures = { p50: at(50), p90: at(90), p99: at(99), p999: at(99.9), max: at(100) };
  const percentiles = [0, 10, 25, 50, 75, 90, 95, 99, 99.5, 99.9, 99.99, 100];
  const block = (startMs: number): LoadBlock => ({
    startMs,
    durationMs: 4000,
    requests: 1600,
    errors: 0,
    droppedIterations: 0,
    latencyMs: figures,
    series: Array.from({ length: 4 }, (_, second) => {
      const wobble = 1 + 0.12 * Math.sin(startMs / 900 + second * 1.7);
      return {
        atMs: startMs + second * 1000,
        requests: 400,
        p50Ms: figures.p50 * wobble,
        p99Ms: figures.p99 * wobble,
      };
    }),
  });
  return {
    name,
    requests: 4800,
    errors: 0,
    droppedIterations: 0,
    achievedRateRps: 400,
    latencyMs: { ...figures, mean: baseMs * 1.3 },
    percentiles: percentiles.map((p) => [p, at(p)]),
    blocks: [0, 12_000, 24_000].map((offset) => block(firstBlockMs + offset)),
  };
}

/** A benchmark of two cases, one of which could not be measured on one side. */
export function exampleCases(): LoadResult {
  const [direct] = exampleLoad().variants;
  const why =
    'gateway 1000: 3 iterations dropped, 300 requests per second were not kept up with; latencies leave them out';
  const of = (size: number): Partial<LoadFigure> => ({
    subject: 'rules',
    case: String(size),
    size,
    sizeOf: 'rules',
  });
  const figures = [1, 1000].flatMap((size) =>
    sides('latencyP50Ms', 'Latency, median', 'ms', [0.34, undefined, 0.71 + size / 1e4]).map((figure) => ({
      ...figure,
      ...of(size),
    })),
  );
  return {
    ...exampleLoad(),
    subject: 'rules',
    title: 'Unary calls that the last of many rules matches',
    variants: direct === undefined ? [] : [{ ...direct, case: '1' }],
    figures: figures.map((figure) => {
      if (figure.size === 1 || figure.side === 'direct') return figure;
      const { value: _value, interval: _interval, ...rest } = figure;
      return { ...rest, invalid: [why] };
    }),
  };
}

/** The same figure of each side that has it, and of two compared. */
function sides(
  name: string,
  title: string,
  unit: LoadFigure['unit'],
  [direct, floor, gateway]: [number | undefined, number | undefined, number],
): LoadFigure[] {
  const one = (side: FigureSide, value: number | undefined, of: LoadFigure['unit'] = unit): LoadFigure[] =>
    value === undefined
      ? []
      : [
          {
            subject: 'unary-latency',
            name,
            title,
            side,
            unit: of,
            better: 'lower',
            invalid: [],
            samples: [0.98, 1, 1.03].map((factor) => value * factor),
            calls: 4800,
            value,
            interval: { low: value * 0.97, high: value * 1.04, level: 0.95 },
          },
        ];
  const minus = (a: number, b: number | undefined): number | undefined => (b === undefined ? b : a - b);
  return [
    ...one('direct', direct),
    ...one('floor', floor),
    ...one('gateway', gateway),
    ...one('floor - direct', floor === undefined ? undefined : minus(floor, direct)),
    ...one('gateway - floor', minus(gateway, floor)),
    ...one('gateway / floor', floor === undefined ? undefined : gateway / floor, 'ratio'),
  ];
}
