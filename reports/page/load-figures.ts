import type { LoadFigure, LoadResult } from '../../harness/results/load.ts';
import {
  figureDoubts,
  figureTable,
  formatFigure,
  intervalText,
  type FigureRow,
} from '../figures/load-figures.ts';
import { h, type Child } from './dom.ts';

/** Every figure of a benchmark with its interval: a line a figure, a column a side or a comparison. */
export function loadFigures(load: LoadResult): Child {
  const { sides, rows } = figureTable(load);
  if (rows.length === 0) return undefined;
  const hasCases = rows.some((row) => row.case !== '');
  return h(
    'div',
    {
      class: 'scroll',
      tabindex: 0,
      role: 'region',
      'aria-label': `Figures of ${load.subject} with intervals`,
    },
    h(
      'table',
      { class: 'figures intervals' },
      h('caption', {}, captionOf(load)),
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          h('th', { scope: 'col' }, 'figure'),
          hasCases ? h('th', { scope: 'col' }, 'of') : undefined,
          sides.map((side) => h('th', { scope: 'col', class: 'num' }, side.replace(' - ', ' − '))),
        ),
      ),
      h(
        'tbody',
        {},
        rows.map((row) => line(row, hasCases)),
      ),
    ),
  );
}

function captionOf({ figures = [] }: LoadResult): string {
  const blocks = Math.max(...figures.map(({ samples }) => samples.length));
  const [withInterval] = figures.filter(({ interval }) => interval !== undefined);
  if (withInterval?.interval === undefined) return `Of ${blocks} blocks: too few for intervals.`;
  return `Small: ${withInterval.interval.level * 100} % intervals by bootstrap over ${blocks} blocks.`;
}

function line({ title, case: of, cells }: FigureRow, hasCases: boolean): HTMLElement {
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, title),
    hasCases ? h('td', { class: 'case' }, of) : undefined,
    cells.map(cell),
  );
}

function cell(figure: LoadFigure | undefined): HTMLElement {
  if (figure === undefined) return h('td', { class: 'num' }, '–');
  const [doubt] = figureDoubts(figure);
  if (doubt !== undefined) return h('td', { class: 'num withheld', title: doubt }, 'invalid');
  const interval = intervalText(figure);
  return h(
    'td',
    { class: 'num' },
    formatFigure(figure.value ?? NaN, figure),
    interval === '' ? undefined : h('span', { class: 'interval' }, interval),
  );
}
