import type { Verdict } from '../../harness/results/run.ts';
import type { PageRun, ScenarioHead } from '../formats/page-data.ts';
import { byUrgency, verdictOrder, verdictWords } from '../wording/verdicts.ts';
import { h } from './dom.ts';
import {
  filterFragment,
  isActive,
  matches,
  noFilter,
  parseFragment,
  scenarioFragment,
  type Filter,
} from '../formats/filter.ts';
import { scenarioRow } from './scenario.ts';

interface Row {
  scenario: ScenarioHead;
  element: HTMLDetailsElement;
}

/** The list of scenarios, worst first, with its filter. The address's fragment and the filter follow each other. */
export function scenarioList(run: PageRun): HTMLElement {
  const indexOf = new Map(run.scenarios.map((s, i) => [s, i]));
  const rows: Row[] = byUrgency(run.scenarios).map((scenario) => ({
    scenario,
    element: scenarioRow(scenario, indexOf.get(scenario) ?? -1, () =>
      setFragment(scenarioFragment(scenario.id)),
    ),
  }));
  const notice = h('p', { class: 'notice', role: 'status' });
  let filter = noFilter();

  const apply = (): void => {
    let shown = 0;
    for (const { scenario, element } of rows) {
      element.hidden = !matches(filter, scenario);
      if (!element.hidden) shown++;
    }
    notice.textContent =
      shown === rows.length ? `${shown} scenarios` : `${shown} of ${rows.length} scenarios`;
    form.show(filter);
  };
  const form = filterForm(run, (changed) => {
    filter = changed;
    setFragment(filterFragment(filter));
    apply();
  });
  const follow = (): void => {
    // An anchor of the page itself, such as #load-title.
    if (location.hash !== '' && !location.hash.includes('=')) return;
    const place = parseFragment(location.hash);
    if (place.scenario === undefined) {
      filter = place.filter;
      apply();
      if (isActive(filter)) section.scrollIntoView({ behavior: 'instant' });
      return;
    }
    const row = rows.find((r) => r.scenario.id === place.scenario);
    if (row?.element.hidden === true) filter = noFilter();
    apply();
    if (row === undefined) notice.textContent = `No scenario ${place.scenario} in this run`;
    else open(row.element);
  };
  const section = h(
    'section',
    { class: 'scenarios', id: 'scenarios', 'aria-labelledby': 'scenarios-title' },
    h('header', {}, h('h2', { id: 'scenarios-title' }, 'Scenarios'), notice),
    form.element,
    h(
      'div',
      { class: rows.length > 200 ? 'rows many' : 'rows' },
      rows.map((r) => r.element),
    ),
  );
  addEventListener('hashchange', follow);
  // After the page is in place, so that there is something to scroll to.
  queueMicrotask(follow);
  return section;
}

function open(element: HTMLDetailsElement): void {
  element.open = true;
  element.querySelector('summary')?.focus({ preventScroll: true });
  element.scrollIntoView({ block: 'start', behavior: 'instant' });
}

/** Without an entry in the history for every letter typed. */
function setFragment(fragment: string): void {
  history.replaceState(null, '', fragment === '#' ? location.pathname + location.search : fragment);
}

interface FilterForm {
  element: HTMLElement;
  show(filter: Filter): void;
}

function filterForm(run: PageRun, onChange: (filter: Filter) => void): FilterForm {
  let current = noFilter();
  const change = (part: Partial<Filter>): void => onChange({ ...current, ...part });
  const text = h('input', {
    type: 'search',
    placeholder: 'Search id, title, clause, what was seen',
    'aria-label': 'Search scenarios',
    oninput: () => change({ text: text.value }),
  });
  const suite = select('Suite', [...new Set(run.scenarios.map((s) => s.suite))].toSorted(), (value) =>
    change({ suite: value }),
  );
  const clause = select('Clause', [...new Set(run.scenarios.flatMap((s) => s.clauses))].toSorted(), (value) =>
    change({ clause: value }),
  );
  const verdicts = verdictOrder
    .filter((v) => run.scenarios.some((s) => s.verdict === v))
    .map((v) => {
      const toggle = (): void => change({ verdicts: toggled(current.verdicts, v) });
      const symbol = h('span', { class: 'symbol', 'aria-hidden': 'true' }, verdictWords[v].symbol);
      return {
        v,
        button: h(
          'button',
          { type: 'button', class: `toggle v-${v}`, 'aria-pressed': 'false', onclick: toggle },
          symbol,
          verdictWords[v].label,
        ),
      };
    });
  const reset = h('button', { type: 'button', class: 'reset', onclick: () => onChange(noFilter()) }, 'Clear');
  const element = h(
    'search',
    { class: 'filter' },
    text,
    suite,
    clause,
    h(
      'div',
      { class: 'toggles', role: 'group', 'aria-label': 'Verdicts' },
      verdicts.map((x) => x.button),
    ),
    reset,
  );
  const show = (filter: Filter): void => {
    current = filter;
    if (text.value !== filter.text) text.value = filter.text;
    suite.value = filter.suite;
    clause.value = filter.clause;
    for (const { v, button } of verdicts) button.setAttribute('aria-pressed', String(filter.verdicts.has(v)));
    reset.hidden = !isActive(filter);
  };
  return { element, show };
}

function toggled(verdicts: Set<Verdict>, verdict: Verdict): Set<Verdict> {
  const others = [...verdicts].filter((v) => v !== verdict);
  return new Set(verdicts.has(verdict) ? others : [...others, verdict]);
}

function select(label: string, options: string[], onChange: (value: string) => void): HTMLSelectElement {
  const element = h(
    'select',
    { 'aria-label': label, onchange: () => onChange(element.value) },
    h('option', { value: '' }, `Any ${label.toLowerCase()}`),
    options.map((option) => h('option', { value: option }, option)),
  );
  return element;
}
