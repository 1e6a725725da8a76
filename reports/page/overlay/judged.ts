import { formatQuantity } from '../../figures/figures.ts';
import type { OverlayPage } from '../../overlay/page-data.ts';
import { effectText, nameOf } from '../../regressions/text.ts';
import { h } from '../dom.ts';

type Judged = NonNullable<OverlayPage['judged']>;

const columns = ['figure', 'A', 'B', 'B / A (99 %)', 'verdict', 'where, or why'];

/** Every figure that both runs have, with the verdict on the second. */
export function judgedFigures({ figures }: Judged): HTMLElement {
  return h(
    'section',
    { class: 'loads', 'aria-labelledby': 'judged-title' },
    h('header', {}, h('h2', { id: 'judged-title' }, 'Verdicts')),
    h(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Verdicts on all figures' },
      h(
        'table',
        { class: 'figures' },
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            columns.map((name) => h('th', { scope: 'col' }, name)),
          ),
        ),
        h('tbody', {}, figures.map(row)),
      ),
    ),
  );
}

function row(figure: Judged['figures'][number]): HTMLElement {
  const { base, fresh, unit, verdict, isRegression, place, why } = figure;
  const value = (of: number | undefined): string => (of === undefined ? '–' : formatQuantity(of, unit));
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, nameOf(figure)),
    h('td', { class: 'num' }, value(base)),
    h('td', { class: 'num' }, value(fresh)),
    h('td', { class: 'case' }, effectText(figure)),
    h('td', { class: isRegression ? 'case bad' : 'case' }, verdict),
    h('td', {}, [place, why].filter((part) => part !== undefined).join('; ')),
  );
}
