import type { LoadFigure, LoadResult, Side } from '../../harness/results/load.ts';
import { caseText, figureDoubts, formatFigure } from '../figures/load-figures.ts';
import { axis, base, figure, powerOfTwoBelow, tooltip } from './chart-parts.ts';
import { sideSymbols } from './charts.ts';
import type { Child } from './dom.ts';
import type { Colours } from './theme.ts';

const sides: readonly Side[] = ['direct', 'floor', 'gateway'];

/** What grows from case to case on each side: a chart for each latency, cost and rate. Memory is better read in the table. */
export function caseCharts({ subject, figures = [] }: LoadResult): Child[] {
  const drawn = figures.filter(
    (each) =>
      sides.includes(each.side as Side) &&
      !/^added|Memory/.test(each.name) &&
      figureDoubts(each).length === 0 &&
      (each.value ?? 0) > 0,
  );
  return [...Map.groupBy(drawn, ({ name }) => name).values()].flatMap((points) => {
    const cases = [...new Map(points.map((each) => [each.case, each])).values()].toSorted(bySize);
    const [first] = points;
    if (first === undefined || cases.length < 2) return [];
    return [caseChart(`${subject}: ${first.title} by case`, first, cases, points)];
  });
}

function bySize(a: LoadFigure, b: LoadFigure): number {
  return (a.size ?? 0) - (b.size ?? 0);
}

function caseChart(label: string, first: LoadFigure, cases: LoadFigure[], points: LoadFigure[]): HTMLElement {
  return figure(first.title, label, (c) => ({
    ...base(c),
    tooltip: {
      ...tooltip(c),
      trigger: 'item',
      formatter: (p: { seriesName: string; name: string; value: number }) =>
        `${p.seriesName}, ${p.name}: ${formatFigure(p.value, first)}`,
    },
    // Sizes are far apart and begin with zero: names at equal distances read better than a scale.
    xAxis: {
      type: 'category',
      data: cases.map(caseText),
      ...axis(c),
      axisLabel: { color: c.muted },
    },
    yAxis: {
      type: 'log',
      logBase: 2,
      min: powerOfTwoBelow(Math.min(...points.map(({ value = 1 }) => value))),
      ...axis(c),
      axisLabel: { color: c.muted, formatter: (value: number) => formatFigure(value, first) },
    },
    series: sides.flatMap((side) => seriesOf(side, cases, points, c)),
  }));
}

function seriesOf(side: Side, cases: LoadFigure[], points: LoadFigure[], c: Colours): object[] {
  const own = points.filter((each) => each.side === side);
  if (own.length === 0) return [];
  const color = c[side];
  return [
    {
      name: side,
      type: 'line',
      data: cases.map((of) => own.find((each) => each.case === of.case)?.value ?? null),
      symbol: sideSymbols[side],
      symbolSize: 7,
      itemStyle: { color },
      lineStyle: { color, width: 2 },
    },
  ];
}
