import type { EChartsCoreOption } from 'echarts/core';
import type { ControlPlaneFigure, ControlPlaneResult } from '../../harness/results/control-plane.ts';
import { doubtsOf, sizeText } from '../figures/control-plane.ts';
import { formatMs, formatQuantity } from '../figures/figures.ts';
import {
  axis,
  base,
  figure,
  percentileAxis,
  percentileOf,
  powerOfTwoBelow,
  symbols,
  tooltip,
} from './chart-parts.ts';
import type { Child } from './dom.ts';
import type { Colours } from './theme.ts';

/** Fewer samples are better read in the table. */
const leastSamples = 10;

/** Every sample of every valid figure in milliseconds, by percentile; each further nine takes the same room. */
export function samplesChart({ subject, figures }: ControlPlaneResult): Child {
  const drawn = valid(figures).filter(
    ({ unit, samples }) => unit === 'ms' && samples.length >= leastSamples && Math.min(...samples) > 0,
  );
  if (drawn.length === 0) return undefined;
  const least = Math.min(...drawn.flatMap(({ samples }) => samples));
  return figure('Time by percentile', `${subject}: times by percentile`, (c) => ({
    ...base(c),
    tooltip: {
      ...tooltip(c),
      trigger: 'item',
      formatter: (p: { seriesName: string; value: [number, number] }) =>
        `${p.seriesName}: p${percentileOf(p.value[0])} = ${formatMs(p.value[1])}`,
    },
    xAxis: percentileAxis(c),
    yAxis: valueAxis(c, 'ms', least),
    series: drawn.map((each, index) => ({
      name: `${each.name} ${sizeText(each)}`.trim(),
      type: 'line',
      data: ninesOf(each.samples),
      showSymbol: false,
      ...look(index, c),
    })),
  }));
}

/** Median and 99th percentile of each figure that was measured at several sizes, over the size. */
export function scalingCharts({ subject, figures }: ControlPlaneResult): Child[] {
  const byName = Map.groupBy(
    valid(figures).filter(({ size }) => size !== undefined),
    ({ name }) => name,
  );
  return [...byName].flatMap(([name, points]) => {
    const [first] = points;
    if (first === undefined || points.length < 2) return [];
    return [
      scalingChart(`${subject}: ${name} over the number of ${first.sizeOf ?? 'objects'}`, first, points),
    ];
  });
}

function scalingChart(
  label: string,
  { title, unit, sizeOf = 'routes' }: ControlPlaneFigure,
  points: ControlPlaneFigure[],
): HTMLElement {
  const least = Math.min(...points.map(({ summary }) => summary?.p50 ?? 0));
  const over = (key: 'p50' | 'p99'): [number, number][] =>
    points.flatMap(({ size = 0, summary }) => (summary === undefined ? [] : [[size, summary[key]]]));
  return figure(title, label, (c) => ({
    ...base(c),
    tooltip: {
      ...tooltip(c),
      trigger: 'item',
      formatter: (p: { seriesName: string; value: [number, number] }) =>
        `${p.seriesName} at ${p.value[0]} ${sizeOf}: ${formatQuantity(p.value[1], unit)}`,
    },
    xAxis: {
      type: 'log',
      ...axis(c),
      axisLabel: { color: c.muted, formatter: (size: number) => `${size} ${sizeOf}` },
    },
    yAxis: valueAxis(c, unit, least),
    series: (['p50', 'p99'] as const).map((key, index) => ({
      name: key,
      type: 'line',
      data: over(key),
      symbolSize: 7,
      ...look(index, c),
    })),
  }));
}

function valid(figures: ControlPlaneFigure[]): ControlPlaneFigure[] {
  return figures.filter((each) => doubtsOf(each).length === 0);
}

/** The slowest of n samples stands at 1 − 1/n; percentiles beyond that would only repeat it. */
function ninesOf(samples: number[]): [number, number][] {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted.map((ms, index) => [-Math.log10(1 - index / sorted.length), ms]);
}

/** Logarithmic where it can be: a median and a worst case are far apart, and both matter. */
function valueAxis(c: Colours, unit: ControlPlaneFigure['unit'], least: number): EChartsCoreOption {
  const scale =
    least > 0 ? { type: 'log', logBase: 2, min: powerOfTwoBelow(least) } : { type: 'value', min: 0 };
  return {
    ...scale,
    ...axis(c),
    axisLabel: { color: c.muted, formatter: (value: number) => formatQuantity(value, unit) },
  };
}

/** Told apart by more than a colour. */
function look(index: number, c: Colours): object {
  const color = index % 2 === 0 ? c.gateway : c.direct;
  const type = (['solid', 'dashed', 'dotted'] as const)[Math.floor(index / 2) % 3];
  return {
    symbol: symbols[index % symbols.length],
    itemStyle: { color },
    lineStyle: { color, type, width: 2 },
  };
}
