import type { LoadResult, LoadVariant } from '../../../harness/results/run.ts';
import { reasonsNotToBelieve } from '../../figures/load-validity.ts';
import type { OverlaidRun } from '../../overlay/page-data.ts';
import { base, figure, percentileAxis, percentileTooltip } from '../chart-parts.ts';
import { latencyAxis, ninesOf } from '../charts.ts';
import { h, type Child } from '../dom.ts';
import { lookOf } from './look.ts';

interface Curve {
  letter: string;
  /** Place of the run among all. */
  run: number;
  variant: LoadVariant;
}

/** Of each path of each benchmark the latencies of all runs by percentile, one over the other, on a logarithmic scale. */
export function overlaidCurves(runs: OverlaidRun[]): Child {
  const all = runs.flatMap((of, run) =>
    of.load.flatMap((load) =>
      reasonsNotToBelieve(load).length > 0
        ? []
        : load.variants.map((variant) => ({ key: keyOf(load, variant), letter: of.letter, run, variant })),
    ),
  );
  const missing = runs.flatMap((of) => of.load.flatMap((load) => missingText(of, load)));
  if (all.length === 0 && missing.length === 0) return undefined;
  const charts = [...Map.groupBy(all, ({ key }) => key)].map(([key, curves]) => chart(key, curves));
  return h(
    'section',
    { class: 'loads', 'aria-labelledby': 'curves-title' },
    h('header', {}, h('h2', { id: 'curves-title' }, 'Latency by percentile')),
    missing.map((text) => h('p', { class: 'muted' }, text)),
    h('div', { class: 'charts' }, charts),
  );
}

function keyOf({ subject }: LoadResult, { name, case: of = '' }: LoadVariant): string {
  return `${subject}, ${name}${of === '' ? '' : ` ${of}`}`;
}

/** A run that is not drawn must not look as if it had not been made. */
function missingText({ letter }: OverlaidRun, load: LoadResult): string[] {
  const reasons = reasonsNotToBelieve(load);
  return reasons.length === 0 ? [] : [`${letter}: ${load.subject} is not valid: ${reasons.join('; ')}`];
}

function chart(key: string, curves: Curve[]): HTMLElement {
  return figure(key, `${key}: latency by percentile of ${curves.length} runs`, (c) => ({
    ...base(c),
    tooltip: percentileTooltip(c),
    xAxis: percentileAxis(c),
    yAxis: latencyAxis(
      c,
      curves.map(({ variant }) => variant),
    ),
    series: curves.map(({ letter, run, variant }) => {
      const { color, symbol, type } = lookOf(run, c);
      return {
        name: letter,
        type: 'line',
        data: ninesOf(variant),
        smooth: 0.15,
        symbolSize: 7,
        symbol,
        itemStyle: { color },
        lineStyle: { color, type, width: 2 },
      };
    }),
  }));
}
