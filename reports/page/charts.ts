import type { LoadResult, LoadVariant } from '../../harness/results/load.ts';
import { formatMs } from '../figures/figures.ts';
import {
  axis,
  base,
  figure,
  percentileAxis,
  percentileTooltip,
  powerOfTwoBelow,
  tooltip,
} from './chart-parts.ts';
import type { Colours } from './theme.ts';

/** Latency by percentile; the axis is stretched so that each further nine takes the same room. */
export function percentileChart(load: LoadResult): HTMLElement {
  return figure(
    'Latency by percentile',
    `${load.subject}: latency by percentile, direct and through each proxy`,
    (c) => ({
      ...base(c),
      tooltip: percentileTooltip(c),
      xAxis: percentileAxis(c),
      yAxis: latencyAxis(c, load.variants),
      series: load.variants.map((v) => ({
        name: v.name,
        type: 'line',
        data: ninesOf(v),
        smooth: 0.15,
        symbolSize: 7,
        showSymbol: true,
        ...line(v.name, 'solid', c),
      })),
    }),
  );
}

/** p50 and p99 of every second, with the blocks in which each path was measured. */
export function timeChart(load: LoadResult): HTMLElement {
  return figure(
    'Latency over time',
    `${load.subject}: median and 99th percentile of each second, block by block`,
    (c) => ({
      ...base(c),
      // Six names need two lines.
      grid: { left: 8, right: 16, top: 62, bottom: 8, containLabel: true },
      tooltip: {
        ...tooltip(c),
        trigger: 'item',
        formatter: (p: { seriesName: string; value: [number, number] }) =>
          `${p.seriesName} at ${p.value[0].toFixed(0)} s: ${formatMs(p.value[1])}`,
      },
      xAxis: {
        type: 'value',
        min: 0,
        max: endSeconds(load),
        ...axis(c),
        axisLabel: { color: c.muted, formatter: '{value} s' },
      },
      yAxis: latencyAxis(c, load.variants),
      series: load.variants.flatMap((v) => [
        {
          name: `${v.name} p50`,
          type: 'line',
          data: perSecond(v, 'p50Ms'),
          symbolSize: 5,
          ...line(v.name, 'solid', c),
          markArea: blocks(v, c),
        },
        {
          name: `${v.name} p99`,
          type: 'line',
          data: perSecond(v, 'p99Ms'),
          symbolSize: 5,
          ...line(v.name, 'dashed', c),
        },
      ]),
    }),
  );
}

/** The slowest request stands at 1 − 1/requests; percentiles beyond that would only repeat it. */
export function ninesOf(v: LoadVariant): [number, number, number][] {
  const last = Math.log10(Math.max(10, v.requests));
  return v.percentiles
    .filter(([p]) => p >= 100 || -Math.log10(1 - p / 100) < last)
    .map(([p, ms]): [number, number, number] => [p >= 100 ? last : -Math.log10(1 - p / 100), ms, p])
    .filter(([, ms]) => ms > 0);
}

function endSeconds(load: LoadResult): number {
  const ends = load.variants.flatMap((v) => v.blocks.map((b) => b.startMs + b.durationMs));
  return Math.ceil(Math.max(1000, ...ends) / 1000);
}

/** A gap between blocks: null ends a line. */
function perSecond(v: LoadVariant, key: 'p50Ms' | 'p99Ms'): [number, number | null][] {
  return v.blocks.flatMap((block) => [
    ...block.series.map((point): [number, number | null] => [
      point.atMs / 1000,
      point[key] > 0 ? point[key] : null,
    ]),
    [(block.startMs + block.durationMs) / 1000, null],
  ]);
}

function blocks(v: LoadVariant, c: Colours): object | undefined {
  if (v.name !== 'gateway') return undefined;
  return {
    silent: true,
    itemStyle: { color: c.gateway, opacity: 0.07 },
    data: v.blocks.map((b) => [{ xAxis: b.startMs / 1000 }, { xAxis: (b.startMs + b.durationMs) / 1000 }]),
  };
}

/** Logarithmic: medians and worst cases are a factor of ten apart, and both matter. */
export function latencyAxis(c: Colours, variants: readonly LoadVariant[]): object {
  const all = variants
    .flatMap((v) => [...v.percentiles.map(([, ms]) => ms), v.latencyMs.max])
    .filter((ms) => ms > 0);
  return {
    type: 'log',
    logBase: 2,
    min: powerOfTwoBelow(Math.min(...all)),
    ...axis(c),
    axisLabel: { color: c.muted, formatter: (ms: number) => `${ms} ms` },
  };
}

/** Told apart without colour too. */
export const sideSymbols = { direct: 'emptyCircle', floor: 'emptyTriangle', gateway: 'circle' } as const;

function line(name: LoadVariant['name'], type: 'solid' | 'dashed', c: Colours): object {
  const color = c[name];
  return {
    symbol: sideSymbols[name],
    itemStyle: { color },
    lineStyle: { color, type, width: 2 },
  };
}
