import { figureReasons, type ComparedFigure } from '../../comparison/figures.ts';
import type { ComparedRun } from '../../comparison/page-data.ts';
import { controlPlaneBenchmark } from '../control-plane.ts';
import { h } from '../dom.ts';
import { lazyDetails } from '../lazy.ts';

/** Every figure of every benchmark, the implementations beside each other; below, what is missing and why, and each run's charts. */
export function comparisonFigures(runs: ComparedRun[], figures: ComparedFigure[]): HTMLElement {
  const reasons = figureReasons(runs);
  return h(
    'section',
    { class: 'loads', 'aria-labelledby': 'figures-title' },
    h('header', {}, h('h2', { id: 'figures-title' }, 'Figures')),
    h(
      'p',
      { class: 'muted' },
      'Of benchmarks of calls the value, with its interval; of the control plane the median / the 99th percentile, or the one value.',
    ),
    table(runs, figures),
    reasons.length === 0
      ? undefined
      : h(
          'details',
          { class: 'elsewhere' },
          h('summary', {}, `Invalid or not measured, and why (${reasons.length})`),
          h(
            'ul',
            {},
            reasons.map(({ implementation, subject, reason }) =>
              h('li', {}, `${implementation}, ${subject}: ${reason}`),
            ),
          ),
        ),
    h('div', { class: 'part' }, charts(runs)),
  );
}

function table(runs: ComparedRun[], figures: ComparedFigure[]): HTMLElement {
  const names = runs.map(({ implementation: { name } }) => name);
  return h(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Figures of all benchmarks' },
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
          names.map((name) => h('th', { scope: 'col', class: 'num' }, name)),
        ),
      ),
      [...Map.groupBy(figures, ({ subject }) => subject)].map(([subject, rows]) =>
        h(
          'tbody',
          {},
          h('tr', { class: 'group' }, h('th', { scope: 'rowgroup', colspan: 2 + runs.length }, subject)),
          rows.map(row),
        ),
      ),
    ),
  );
}

function row({ title, of, cells }: ComparedFigure): HTMLElement {
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, title),
    h('td', { class: 'case' }, of),
    cells.map(({ text, valid }) => h('td', { class: valid ? 'num' : 'num withheld' }, text)),
  );
}

function charts(runs: ComparedRun[]): HTMLElement[] {
  return runs.flatMap(({ implementation: { name }, controlPlane = [] }) =>
    controlPlane.map((result) =>
      lazyDetails('elsewhere', `${name}: ${result.subject}`, () => controlPlaneBenchmark(result), false),
    ),
  );
}
