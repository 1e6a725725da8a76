import type { OverlaidRun, OverlayPage } from '../../overlay/page-data.ts';
import { h } from '../dom.ts';

const columns = ['run', 'implementation', 'started', 'machine'];

/** Which letter is which run, and the answer where they were judged. */
export function overlaidRuns(runs: OverlaidRun[], judged: OverlayPage['judged']): HTMLElement {
  return h(
    'section',
    { class: 'loads', 'aria-labelledby': 'headline' },
    h('h1', { id: 'headline' }, judged?.conclusion ?? `${runs.length} runs`),
    (judged?.notes ?? []).map((note) => h('p', { class: 'muted' }, note)),
    h(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Runs' },
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
        h('tbody', {}, runs.map(row)),
      ),
    ),
  );
}

function row({ letter, implementation, startedAt, cluster }: OverlaidRun): HTMLElement {
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, letter),
    h('td', {}, `${implementation.name} ${implementation.version}`),
    h('td', {}, startedAt),
    h('td', {}, `${cluster.cpus} × ${cluster.cpuModel}, ${cluster.provider}`),
  );
}
