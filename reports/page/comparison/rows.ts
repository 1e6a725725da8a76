import type { ComparedRun } from '../../comparison/page-data.ts';
import { parseFragment } from '../../formats/filter.ts';
import { h, replaceChildren } from '../dom.ts';
import { clauseRowsOf } from './clause-rows.ts';
import type { ComparedRow } from './row.ts';
import { scenarioRowsOf } from './scenario-rows.ts';

type View = 'scenarios' | 'clauses';

/** Scenarios or clauses in rows, implementations in columns; a row opens to what was seen. The address may name a scenario or a clause. */
export function comparisonRows(runs: ComparedRun[]): HTMLElement {
  const rows: Record<View, ComparedRow[]> = { scenarios: scenarioRowsOf(runs), clauses: clauseRowsOf(runs) };
  let view: View = 'scenarios';
  const list = h('div', { class: 'rows many' });
  const notice = h('p', { class: 'notice', role: 'status' });
  const text = h('input', {
    type: 'search',
    placeholder: 'Search id, title, clause',
    'aria-label': 'Search',
    oninput: () => apply(),
  });
  const all = h('input', { type: 'checkbox', id: 'show-all', onchange: () => apply() });
  const apply = (): void => {
    const words = text.value.toLowerCase().split(/\s+/);
    let shown = 0;
    for (const { element, failed, words: about } of rows[view]) {
      element.hidden = !(all.checked || failed) || !words.every((word) => about.includes(word));
      if (!element.hidden) shown++;
    }
    notice.textContent = `${shown} of ${rows[view].length} ${view}${all.checked ? '' : ' that some implementation fails'}`;
  };
  const show = (wanted: View): void => {
    view = wanted;
    replaceChildren(
      list,
      rows[view].map(({ element }) => element),
    );
    for (const button of buttons) button.setAttribute('aria-pressed', String(button.value === view));
    apply();
  };
  const buttons = (['scenarios', 'clauses'] as const).map((value) =>
    h(
      'button',
      { type: 'button', value, onclick: () => show(value) },
      value === 'scenarios' ? 'Scenarios' : 'Clauses',
    ),
  );
  const follow = (): void => {
    const { scenario, filter } = parseFragment(location.hash);
    const id = scenario ?? filter.clause;
    if (id === '') return;
    text.value = '';
    show(scenario === undefined ? 'clauses' : 'scenarios');
    const row = rows[view].find((one) => one.id === id);
    if (row === undefined) notice.textContent = `Nothing called ${id} here`;
    else open(row.element);
  };
  addEventListener('hashchange', follow);
  show('scenarios');
  // After the page is in place, so that there is something to scroll to.
  queueMicrotask(follow);
  return h(
    'section',
    { class: 'comparison', 'aria-labelledby': 'compared-title', style: `--columns:${runs.length}` },
    h(
      'header',
      {},
      h('h2', { id: 'compared-title' }, 'Side by side'),
      h('div', { class: 'switch', role: 'group', 'aria-label': 'Show' }, buttons),
    ),
    h('search', { class: 'filter' }, text, h('label', { for: 'show-all' }, all, ' Also what nobody fails')),
    notice,
    h(
      'div',
      { class: 'columns', 'aria-hidden': 'true' },
      h('span', {}),
      runs.map(({ implementation: { name } }) => h('span', {}, name)),
    ),
    list,
  );
}

/** A row that nobody fails is shown when a link names it. */
function open(element: HTMLDetailsElement): void {
  element.hidden = false;
  element.open = true;
  element.querySelector('summary')?.focus({ preventScroll: true });
  element.scrollIntoView({ block: 'start', behavior: 'instant' });
}
