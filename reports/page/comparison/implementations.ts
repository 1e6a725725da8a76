import { cellOf, cellWords, type Cell } from '../../comparison/cells.ts';
import { envoyOf } from '../../comparison/envoy-of.ts';
import type { ComparedRun } from '../../comparison/page-data.ts';
import { runFolder } from '../../comparison/run-folder.ts';
import { formatDuration } from '../../figures/figures.ts';
import { h } from '../dom.ts';

const order = Object.keys(cellWords) as Cell[];

/** The top of the page: what was compared, each with its versions and how it did. */
export function implementations(runs: ComparedRun[], headline: string): HTMLElement {
  const [first] = runs;
  return h(
    'section',
    { class: 'compared', 'aria-labelledby': 'headline' },
    h('h1', { id: 'headline' }, headline),
    h(
      'p',
      { class: 'subject' },
      `Gateway API ${first?.gatewayApi.version ?? 'unknown'}, profile ${first?.profile ?? ''}`,
    ),
    h('div', { class: 'cards' }, runs.map(card)),
  );
}

function card(run: ComparedRun): HTMLElement {
  const { implementation, cluster, gatewayApi, totals } = run;
  const cells = run.scenarios.map(cellOf);
  const counts = order
    .map((cell) => ({ cell, count: cells.filter((one) => one === cell).length }))
    .filter(({ count }) => count > 0);
  return h(
    'article',
    { class: 'card' },
    h('h2', {}, implementation.name, h('span', { class: 'muted' }, ` ${implementation.version}`)),
    h(
      'div',
      { class: 'bar', 'aria-hidden': 'true' },
      counts.map(({ cell, count }) =>
        h('span', { class: `segment v-${cellWords[cell].look}`, style: `flex-grow:${count}` }),
      ),
    ),
    h(
      'ul',
      { class: 'counts', 'aria-label': `Scenarios of ${implementation.name}` },
      counts.map(({ cell, count }) => tally(cell, count)),
    ),
    run.aborted === undefined ? undefined : h('p', { class: 'error' }, `Ended early: ${run.aborted}`),
    h(
      'p',
      { class: 'muted' },
      `${totals.clausesProven} clauses proven, ${totals.clausesFailed} failed. From ${run.startedAt.slice(0, 10)}, ${formatDuration(run.durationMs)}. `,
      `Envoy ${envoyOf(run)}, Kubernetes ${cluster.kubernetesVersion}, CRDs of the ${gatewayApi.channel} channel, ${cluster.cpus} CPUs. `,
      h('a', { href: `${runFolder(run)}/report.html` }, `Report of ${implementation.name}`),
    ),
  );
}

function tally(cell: Cell, count: number): HTMLElement {
  const { symbol, label, look } = cellWords[cell];
  return h(
    'li',
    { class: `count v-${look}` },
    h('span', { class: 'symbol', 'aria-hidden': 'true' }, symbol),
    h('b', {}, String(count)),
    ` ${label}`,
  );
}
