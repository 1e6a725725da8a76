import type { CrossCheck, CrossCheckFigure, LoadResult } from '../../harness/results/load.ts';
import { crossCheckLabels, crossCheckValue } from '../figures/cross-check.ts';
import { h, type Child } from './dom.ts';

/** What other load generators measured, beside k6: a verdict on each, and its figures. */
export function crossChecks({ subject, crossChecks: checks = [] }: LoadResult): Child {
  if (checks.length === 0) return undefined;
  return h(
    'div',
    { class: 'cross-check' },
    h('h4', {}, 'Other load generators'),
    h('ul', {}, checks.map(verdict)),
    checks.some(({ figures }) => figures.length > 0) ? table(subject, checks) : undefined,
  );
}

function verdict({ generator, verdict: of, why }: CrossCheck): HTMLElement {
  return h('li', {}, h('b', {}, `${generator}: ${of}`), why === undefined ? '' : `: ${why}`);
}

const columns = ['generator', 'path', 'figure', 'k6', 'other', 'verdict', 'bound'];

function table(subject: string, checks: CrossCheck[]): HTMLElement {
  return h(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': `Other load generators of ${subject}` },
    h(
      'table',
      { class: 'figures' },
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          columns.map((column) => h('th', { scope: 'col' }, column)),
        ),
      ),
      h(
        'tbody',
        {},
        checks.flatMap(({ generator, figures }) => figures.map((figure) => row(generator, figure))),
      ),
    ),
  );
}

function row(generator: string, figure: CrossCheckFigure): HTMLElement {
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, generator),
    h('td', {}, figure.side),
    h('td', {}, crossCheckLabels[figure.name]),
    h('td', { class: 'num' }, crossCheckValue(figure, figure.k6)),
    h('td', { class: 'num' }, crossCheckValue(figure, figure.other)),
    h('td', { class: figure.agrees ? '' : 'bad' }, figure.agrees ? 'agrees' : 'disagrees'),
    h('td', {}, figure.bound),
  );
}
