import { given } from '../../common/given.ts';
import type { ControlPlaneFigure, ControlPlaneResult } from '../../harness/results/control-plane.ts';
import type { LoadFigure, LoadResult, Run } from '../../harness/results/run.ts';
import { caseText } from '../figures/load-figures.ts';
import type { Events } from './exact.ts';

/** A figure of a run, of whatever benchmark, as far as comparing it goes. */
export interface RunFigure {
  /** The same in another run of the same figure. */
  key: string;
  subject: string;
  name: string;
  title: string;
  /** `gateway / floor`, or '' of the control plane. */
  side: string;
  /** `1000 rules`, `3000 routes`, or ''. */
  of: string;
  size?: number;
  unit: string;
  better: 'lower' | 'higher';
  invalid: readonly string[];
  /** What stands for the figure; absent of an invalid one. */
  value?: number;
  /** The figure's own, where it has one. */
  interval?: { low: number; high: number };
  samples: Samples;
  /** Of what must not happen: why the machine was so busy that it may be its doing. */
  busy?: string;
}

export type Samples =
  | { kind: 'blocks'; values: readonly number[] }
  /** Single measurements, of which this percentile (0 to 1) is the figure. */
  | { kind: 'single'; values: readonly number[]; share: number }
  | { kind: 'events'; events: Events }
  /** The state of one process: its blocks are no samples of what another run's process would have. */
  | { kind: 'state' };

/** Percentiles of the control plane's samples that are compared. */
const shares = [0.5, 0.99] as const;

/** Everything that can be compared. Differences of two sides or cases are left out: ratios say the same, and have no zero in their way. */
export function runFigures({ load, controlPlane = [] }: Run): RunFigure[] {
  return [...load.flatMap(ofLoad), ...controlPlane.flatMap(ofControlPlane)];
}

function ofLoad(result: LoadResult): RunFigure[] {
  const figures = (result.figures ?? []).filter(
    ({ side, name }) => !side.includes(' - ') && !name.startsWith('added'),
  );
  const busy = busyOf(result);
  return [...lostOf(result), ...figures.map((figure) => ({ ...ofFigure(figure), ...given({ busy }) }))];
}

/** Calls straight to the backend wandered or were late: one that is too late through the gateway says little of that. */
function busyOf({ figures = [] }: LoadResult): string | undefined {
  const direct = figures.filter(({ side, name }) => side === 'direct' && name === 'latencyP50Ms');
  return direct.flatMap(({ invalid }) => invalid)[0];
}

/** A failed call makes the latencies beside it invalid; that calls fail is itself what there is to tell. */
function lostOf(result: LoadResult): RunFigure[] {
  const { subject, variants } = result;
  const busy = busyOf(result);
  return variants.map(({ name: side, case: of = '', errors, requests }) => ({
    key: `${subject} lostCalls ${side} ${of}`,
    subject,
    name: 'lostCalls',
    title: 'Calls lost',
    side,
    of,
    unit: 'calls',
    better: 'lower',
    invalid: [],
    value: errors,
    samples: { kind: 'events', events: { lost: errors, calls: requests } },
    ...given({ busy }),
  }));
}

function ofFigure(figure: LoadFigure): RunFigure {
  const { subject, name, title, side, size, unit, better, invalid, value, interval } = figure;
  const of = caseText(figure);
  return {
    key: `${subject} ${name} ${side} ${of}`,
    ...{ subject, name, title, side, of, unit, better, invalid },
    ...given({ size, value }),
    ...(interval !== undefined && { interval: { low: interval.low, high: interval.high } }),
    samples: samplesOf(figure),
  };
}

function samplesOf({ name, unit, value = 0, calls, samples }: LoadFigure): Samples {
  if (unit === 'streams') return { kind: 'events', events: { lost: value, calls } };
  return name === 'proxyMemoryBytes' ? { kind: 'state' } : { kind: 'blocks', values: samples };
}

function ofControlPlane({ subject, invalid: why, figures, busy }: ControlPlaneResult): RunFigure[] {
  return figures.flatMap((figure) => {
    const { name, title, size, sizeOf, unit } = figure;
    const of = size === undefined ? '' : `${size} ${sizeOf ?? ''}`.trim();
    const common = {
      key: `${subject} ${name} ${of}`,
      ...{ subject, name, title, side: '', of, unit, better: 'lower' as const },
      ...given({ size }),
      invalid: [...why, ...figure.invalid],
      ...given({ busy }),
    };
    if (name.endsWith('LostCalls')) return [{ ...common, ...lostCalls(figure, figures), ...sideOf(figure) }];
    // How many calls were made is no merit.
    if (unit === 'calls') return [];
    if (figure.averages === true) return [{ ...average(common, figure), ...sideOf(figure) }];
    return shares
      .filter((share) => share === 0.5 || figure.samples.length >= 1 / (1 - share))
      .map((share): RunFigure => percentile(common, figure, share));
  });
}

function lostCalls(
  { name, size, samples }: ControlPlaneFigure,
  figures: readonly ControlPlaneFigure[],
): Pick<RunFigure, 'value' | 'samples'> {
  const madeBy = name.replace(/LostCalls$/, 'Calls');
  const lost = sum(samples);
  const calls = sum(figures.find((each) => each.name === madeBy && each.size === size)?.samples ?? []);
  return { value: lost, samples: { kind: 'events', events: { lost, calls } } };
}

/** Of calls while nothing changes: `gatewayLostCalls` and `directLostCalls` of a benchmark are one figure of two sides. */
function sideOf({ name }: ControlPlaneFigure): Partial<Pick<RunFigure, 'name' | 'side'>> {
  if (name === 'proxyCpuPerCallMs') return { side: 'gateway' };
  const side = ['direct', 'gateway'].find((each) => name === `${each}LostCalls`);
  return side === undefined ? {} : { name: 'lostCalls', side };
}

/** Rounds of changes are compared as blocks of calls are. */
function average(
  common: Omit<RunFigure, 'samples' | 'value'>,
  { samples, summary }: ControlPlaneFigure,
): RunFigure {
  return {
    ...common,
    ...(summary !== undefined && { value: summary.mean }),
    samples: { kind: 'blocks', values: samples },
  };
}

function percentile(
  common: Omit<RunFigure, 'samples' | 'value'>,
  { samples, summary }: ControlPlaneFigure,
  share: (typeof shares)[number],
): RunFigure {
  const label = share === 0.5 ? 'median' : '99th percentile';
  const value = share === 0.5 ? summary?.p50 : summary?.p99;
  return {
    ...common,
    key: `${common.key} ${label}`,
    title: samples.length === 1 ? common.title : `${common.title} (${label})`,
    ...given({ value }),
    samples: { kind: 'single', values: samples, share },
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Whether it counts what must not happen: calls lost, streams broken. */
export function isLoss({ samples }: RunFigure): boolean {
  return samples.kind === 'events';
}
