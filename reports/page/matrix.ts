import type { PageRun, ScenarioHead } from '../formats/page-data.ts';
import { byUrgency, clauseStates, verdictWords, type ClauseState } from '../wording/verdicts.ts';
import { h, replaceChildren } from './dom.ts';
import { filterFragment, noFilter, scenarioFragment } from '../formats/filter.ts';

type View = 'scenarios' | 'clauses';

const clauseMarks: Record<ClauseState, { symbol: string; label: string; look: string }> = {
  failed: { symbol: '✕', label: 'failed', look: 'wrong' },
  unproven: { symbol: '–', label: 'not proven', look: 'not-run' },
  proven: { symbol: '✓', label: 'proven', look: 'pass' },
};

/** Every suite in a row with its scenarios, or the clauses they prove, as links. */
export function matrix(run: PageRun): HTMLElement {
  const body = h('div', { class: 'suites' });
  const show = (view: View): void => {
    replaceChildren(body, suiteRows(run, view));
    for (const button of buttons) button.setAttribute('aria-pressed', String(button.value === view));
  };
  const buttons = (['scenarios', 'clauses'] as const).map((view) =>
    h(
      'button',
      { type: 'button', value: view, onclick: () => show(view) },
      view === 'scenarios' ? 'Scenarios' : 'Clauses',
    ),
  );
  show('scenarios');
  return h(
    'section',
    { class: 'matrix', 'aria-labelledby': 'matrix-title' },
    h(
      'header',
      {},
      h('h2', { id: 'matrix-title' }, 'Suites'),
      h('div', { class: 'switch', role: 'group', 'aria-label': 'Show' }, buttons),
    ),
    body,
  );
}

function suiteRows(run: PageRun, view: View): HTMLElement[] {
  const states = clauseStates(run.scenarios);
  return [...Map.groupBy(run.scenarios, (s) => s.suite)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([suite, scenarios]) => {
      const tiles = view === 'scenarios' ? scenarioTiles(scenarios) : clauseTiles(scenarios, states);
      const right = tiles.filter((tile) => tile.classList.contains('v-pass')).length;
      return h(
        'div',
        { class: 'suite' },
        h(
          'h3',
          {},
          h('a', { href: filterFragment({ ...noFilter(), suite }) }, suite),
          h('span', { class: 'tally' }, ` ${right}/${tiles.length}`),
        ),
        h(
          'ul',
          { class: 'tiles', 'aria-label': `${suite}: ${right} of ${tiles.length} right` },
          tiles.map((t) => h('li', {}, t)),
        ),
      );
    });
}

function scenarioTiles(scenarios: ScenarioHead[]): HTMLElement[] {
  return byUrgency(scenarios).map((s) => {
    const { symbol, label } = verdictWords[s.verdict];
    const name = s.id.startsWith(`${s.suite}/`) ? s.id.slice(s.suite.length + 1) : s.id;
    return tile(scenarioFragment(s.id), s.verdict, symbol, label, name, s.title);
  });
}

function clauseTiles(scenarios: ScenarioHead[], states: Map<string, ClauseState>): HTMLElement[] {
  return [...new Set(scenarios.flatMap((s) => s.clauses))]
    .map((clause) => ({ clause, mark: clauseMarks[states.get(clause) ?? 'unproven'] }))
    .toSorted((a, b) => clauseRank(a.mark.label) - clauseRank(b.mark.label) || (a.clause < b.clause ? -1 : 1))
    .map(({ clause, mark }) =>
      tile(
        filterFragment({ ...noFilter(), clause }),
        mark.look,
        mark.symbol,
        mark.label,
        clause,
        `clause ${clause}`,
      ),
    );
}

function clauseRank(label: string): number {
  return Object.values(clauseMarks).findIndex((mark) => mark.label === label);
}

function tile(
  href: string,
  look: string,
  symbol: string,
  label: string,
  name: string,
  title: string,
): HTMLElement {
  return h(
    'a',
    { class: `tile v-${look}`, href, title: `${label}: ${title}` },
    h('span', { class: 'symbol', 'aria-hidden': 'true' }, symbol),
    h('span', { class: 'sr' }, `${label}: `),
    h('span', { class: 'name' }, name),
  );
}
