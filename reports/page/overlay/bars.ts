import { BarChart } from 'echarts/charts';
import { use } from 'echarts/core';
import { formatQuantity } from '../../figures/figures.ts';
import { barGroups, type BarGroup } from '../../overlay/bars.ts';
import type { OverlaidRun } from '../../overlay/page-data.ts';
import { axis, base, figure, tooltip } from '../chart-parts.ts';
import { h, type Child } from '../dom.ts';
import { lookOf } from './look.ts';

use([BarChart]);

/** Every figure of all runs side by side, as bars and with its intervals in a table. */
export function overlaidBars(runs: OverlaidRun[]): Child {
  const groups = barGroups(runs);
  if (groups.length === 0) return undefined;
  const letters = runs.map(({ letter }) => letter);
  return h(
    'section',
    { class: 'loads', 'aria-labelledby': 'bars-title' },
    h('header', {}, h('h2', { id: 'bars-title' }, 'Figures')),
    h(
      'div',
      { class: 'charts' },
      groups.map((group) => chart(group, letters)),
    ),
    table(groups, letters),
  );
}

function chart(group: BarGroup, letters: string[]): HTMLElement {
  const { subject, title, unit, bars } = group;
  return figure(`${subject}: ${title}`, `${subject}: ${title} of ${letters.length} runs`, (c) => ({
    ...base(c),
    tooltip: {
      ...tooltip(c),
      trigger: 'item',
      formatter: (p: { seriesName: string; name: string; value: number }) =>
        `${p.seriesName}${p.name === '' ? '' : `, ${p.name}`}: ${formatQuantity(p.value, unit)}`,
    },
    xAxis: { type: 'category', data: bars.map(({ of }) => of), ...axis(c), axisLabel: { color: c.muted } },
    yAxis: {
      type: 'value',
      min: 0,
      ...axis(c),
      axisLabel: { color: c.muted, formatter: (value: number) => formatQuantity(value, unit) },
    },
    series: letters.map((name, run) => {
      const { color } = lookOf(run, c);
      return {
        name,
        type: 'bar',
        data: bars.map(({ values }) => values[run] ?? null),
        itemStyle: { color },
        label: { show: true, position: 'top', color: c.text, formatter: name },
      };
    }),
  }));
}

function table(groups: BarGroup[], letters: string[]): HTMLElement {
  return h(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Figures of all runs' },
    h(
      'table',
      { class: 'figures' },
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          ['figure', 'of'].map((name) => h('th', { scope: 'col' }, name)),
          letters.map((name) => h('th', { scope: 'col', class: 'num' }, name)),
        ),
      ),
      h(
        'tbody',
        {},
        groups.flatMap((group) => group.bars.map((bar) => row(group, bar))),
      ),
    ),
  );
}

function row(
  { subject, title, unit }: BarGroup,
  { of, values, intervals }: BarGroup['bars'][number],
): HTMLElement {
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, `${subject}: ${title}`),
    h('td', {}, of),
    values.map((value, run) => {
      const interval = intervals[run];
      return h(
        'td',
        { class: value === undefined ? 'num withheld' : 'num' },
        value === undefined ? 'none valid' : formatQuantity(value, unit),
        interval === undefined
          ? undefined
          : h(
              'span',
              { class: 'interval' },
              `${formatQuantity(interval.low, unit)} to ${formatQuantity(interval.high, unit)}`,
            ),
      );
    }),
  );
}
