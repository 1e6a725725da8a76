import type { ControlPlaneFigure, ControlPlaneResult } from '../../harness/results/control-plane.ts';

/** One benchmark at three sizes, one of whose figures is invalid, and one that could not be measured. */
export function exampleControlPlane(): ControlPlaneResult[] {
  return [
    {
      subject: 'route-propagation',
      title: 'From the API write of one route to the first call served by it',
      invalid: [],
      durationMs: 61_000,
      figures: [
        figure(10, 6.1),
        figure(300, 6.4),
        figure(3000, 7.2),
        {
          ...figure(10_000, 9),
          name: 'addServedMs',
          title: 'One route added, until it is served',
          invalid: ['the probe called less than every 5 ms in 40 of 300 cases: the machine is too busy'],
        },
        {
          name: 'lostCalls',
          title: 'Calls lost meanwhile',
          unit: 'calls',
          invalid: [],
          samples: [15],
          summary: { samples: 1, p50: 15, p90: 15, p99: 15, max: 15, mean: 15 },
          codes: { UNAVAILABLE: 12, 'wrong backend': 3 },
        },
      ],
      notMeasured: [{ what: 'bytesToProxy', why: 'the processes of the proxy cannot be seen from here' }],
    },
    {
      subject: 'restart',
      title: 'Restarts under load',
      invalid: ['the Gateway of the benchmark was not programmed'],
      durationMs: 60_000,
      figures: [],
      notMeasured: [],
    },
  ];
}

/** 100 samples of a fixed shape, with a tail as real ones have. */
function figure(size: number, baseMs: number): ControlPlaneFigure {
  const samples = Array.from(
    { length: 100 },
    (_, i) => baseMs * (1 + 0.3 * Math.log2(100.5 / (100 - i)) ** 1.4),
  );
  const at = (index: number): number => samples[index] ?? 0;
  return {
    name: 'changeServedMs',
    title: 'One route changed, until it is served',
    unit: 'ms',
    size,
    sizeOf: 'routes',
    invalid: [],
    samples,
    summary: { samples: 100, p50: at(50), p90: at(90), p99: at(98), max: at(99), mean: at(60) },
  };
}
