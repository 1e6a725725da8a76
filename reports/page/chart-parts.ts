import { LineChart } from 'echarts/charts';
import {
  AriaComponent,
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  TooltipComponent,
} from 'echarts/components';
import { init, use, type EChartsType } from 'echarts/core';
import type { EChartsCoreOption } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { formatMs } from '../figures/figures.ts';
import { h } from './dom.ts';
import { colours, onThemeChange, type Colours } from './theme.ts';

use([
  LineChart,
  GridComponent,
  TooltipComponent,
  LegendComponent,
  MarkAreaComponent,
  AriaComponent,
  SVGRenderer,
]);

/** Lines of one chart, told apart without colours. */
export const symbols = ['circle', 'emptyCircle', 'triangle', 'emptyTriangle', 'rect', 'emptyRect', 'diamond'];

export function base(c: Colours): EChartsCoreOption {
  return {
    animation: false,
    textStyle: { fontFamily: 'system-ui, sans-serif' },
    aria: { enabled: false },
    grid: { left: 8, right: 16, top: 40, bottom: 8, containLabel: true },
    legend: { top: 0, left: 0, itemWidth: 26, textStyle: { color: c.text } },
  };
}

export function tooltip(c: Colours): object {
  return { backgroundColor: c.surface, borderColor: c.line, textStyle: { color: c.text }, confine: true };
}

/** For points of a percentile curve: nines, milliseconds, and the percentile as a person writes it. */
export function percentileTooltip(c: Colours): object {
  return {
    ...tooltip(c),
    trigger: 'item',
    formatter: (p: { seriesName: string; value: [number, number, number] }) =>
      `${p.seriesName}: p${p.value[2]} = ${formatMs(p.value[1])}`,
  };
}

export function axis(c: Colours): object {
  return {
    axisLine: { lineStyle: { color: c.line } },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: c.line, opacity: 0.6 } },
  };
}

/** Of nines: 0 is the minimum, 2 is p99, and each further nine takes the same room. */
export function percentileAxis(c: Colours): object {
  return {
    type: 'value',
    min: 0,
    interval: 1,
    ...axis(c),
    axisLabel: {
      color: c.muted,
      formatter: (nines: number) => (nines === 0 ? '0 %' : `${percentileOf(nines)} %`),
    },
  };
}

/** A chart that draws itself once it has room, and again when the colours change. */
export function figure(title: string, label: string, option: (c: Colours) => EChartsCoreOption): HTMLElement {
  const holder = h('div', { class: 'chart', role: 'img', 'aria-label': label });
  let chart: EChartsType | undefined;
  const draw = (): void => {
    if (holder.clientWidth === 0) return;
    chart ??= init(holder, null, { renderer: 'svg' });
    chart.resize();
    chart.setOption(option(colours()), { notMerge: true });
  };
  new ResizeObserver(draw).observe(holder);
  onThemeChange(draw);
  return h('figure', {}, h('figcaption', {}, title), holder);
}

/** Of a place on an axis where each further nine takes the same room: 2 is 99 %. */
export function percentileOf(nines: number): string {
  return String(Number((100 * (1 - 10 ** -nines)).toFixed(Math.max(0, Math.ceil(nines) - 1))));
}

export function powerOfTwoBelow(ms: number): number {
  return 2 ** Math.floor(Math.log2(ms));
}
