import type { HistoryEntry, HistoryFigure } from '../../harness/results/history.ts';
import { formatQuantity } from '../figures/figures.ts';
import { axis, base, figure, symbols, tooltip } from './chart-parts.ts';
import { h, type Child } from './dom.ts';
import type { Colours } from './theme.ts';

/** Two points are the least that make a line. */
const leastRuns = 2;

export function hasTrend(history: readonly HistoryEntry[] | undefined): history is HistoryEntry[] {
  return (history?.length ?? 0) >= leastRuns;
}

/** Each figure over the runs of a history; one that a run has not measured leaves a gap. */
export function trend(history: readonly HistoryEntry[]): HTMLElement {
  const figures = new Map(history.flatMap((entry) => entry.figures.map((each) => [each.key, each] as const)));
  const charts = Map.groupBy(figures.values(), ({ subject, title, side }) =>
    [subject, title, side].join(' '),
  );
  return h(
    'section',
    { class: 'loads', 'aria-labelledby': 'trend-title' },
    h('header', {}, h('h2', { id: 'trend-title' }, 'Trend')),
    h(
      'article',
      { class: 'load' },
      h('p', {}, `${history.length} runs, oldest first. ${machineNote(history)}`),
      h(
        'div',
        { class: 'charts' },
        [...charts.values()].map((lines) => trendChart(history, lines)),
      ),
    ),
  );
}

function machineNote(history: readonly HistoryEntry[]): string {
  const machines = new Set(history.map(({ machine }) => `${machine.cpus} x ${machine.cpuModel}`));
  if (machines.size === 1) return `All on ${[...machines].join()}.`;
  return `On ${machines.size} kinds of machine: times of one say nothing of those of another.`;
}

function trendChart(history: readonly HistoryEntry[], lines: readonly HistoryFigure[]): Child {
  const [first] = lines;
  if (first === undefined) return undefined;
  const title = [first.title, first.side].filter((part) => part !== '').join(', ');
  const format = (value: number): string => formatQuantity(value, first.unit);
  return figure(
    `${first.subject}: ${title}`,
    `${first.subject}: ${title} over ${history.length} runs`,
    (c) => ({
      ...base(c),
      ...(lines.length === 1 && { legend: { show: false } }),
      tooltip: {
        ...tooltip(c),
        trigger: 'axis',
        valueFormatter: (value: unknown) => (typeof value === 'number' ? format(value) : '–'),
      },
      xAxis: { type: 'category', data: history.map(nameOf), ...axis(c), axisLabel: { color: c.muted } },
      // Noise of one percent fills a chart that is cut: only ratios, which lie about 1, need that.
      yAxis: {
        type: 'value',
        scale: first.unit === 'ratio',
        ...axis(c),
        axisLabel: { color: c.muted, formatter: format },
      },
      series: lines.map((line, index) => seriesOf(history, line, c, index)),
    }),
  );
}

function seriesOf(
  history: readonly HistoryEntry[],
  { key, of }: HistoryFigure,
  c: Colours,
  index: number,
): object {
  const colors = [c.gateway, c.direct, c.floor];
  const color = colors[index % colors.length];
  return {
    name: of === '' ? 'value' : of,
    type: 'line',
    data: history.map(({ figures }) => figures.find((each) => each.key === key)?.value ?? null),
    symbol: symbols[index % symbols.length],
    symbolSize: 7,
    itemStyle: { color },
    lineStyle: { color, width: 2 },
  };
}

function nameOf({ commit, startedAt }: HistoryEntry): string {
  return commit === undefined ? startedAt.slice(0, 16).replace('T', ' ') : commit.slice(0, 8);
}
