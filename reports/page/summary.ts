import type { PageRun } from '../formats/page-data.ts';
import type { Verdict } from '../../harness/results/run.ts';
import { conclusionOf } from '../wording/conclusion.ts';
import { formatBytes, formatDuration } from '../figures/figures.ts';
import { countVerdicts, verdictOrder, verdictWords } from '../wording/verdicts.ts';
import { filterFragment, noFilter } from '../formats/filter.ts';
import { h, type Child } from './dom.ts';

const marks = { passed: '✓', failed: '✕', incomplete: '!' };

/** The top of the page: what the run may claim, how many of what, and where it was measured. */
export function summary(run: PageRun): HTMLElement {
  const { state, headline, caveats } = conclusionOf(run);
  return h(
    'section',
    { class: `summary is-${state}`, 'aria-labelledby': 'headline' },
    h(
      'div',
      { class: 'claim' },
      h(
        'h1',
        { id: 'headline' },
        h('span', { class: 'mark', 'aria-hidden': 'true' }, marks[state]),
        h('span', {}, headline),
      ),
      h('p', { class: 'subject' }, subject(run)),
      caveats.length > 0
        ? h(
            'ul',
            { class: 'caveats' },
            caveats.map((c) => h('li', {}, c)),
          )
        : undefined,
      run.scenarios.length > 0 ? verdictBar(run) : undefined,
    ),
    facts(run),
  );
}

function subject(run: PageRun): string {
  const { name, version } = run.implementation;
  const profile = run.profile === 'standard' ? '' : `, profile ${run.profile}`;
  const { version: installed, channel, release = installed } = run.gatewayApi;
  const judged = release === installed ? '' : `, judged by ${release}`;
  return `${name} ${version} on Gateway API ${installed}, ${channel} channel${judged}${profile}`;
}

function verdictBar(run: PageRun): Child {
  const counts = countVerdicts(run.scenarios);
  const present = verdictOrder.filter((v) => counts[v] > 0);
  const segment = (v: Verdict): HTMLElement =>
    h('span', { class: `segment v-${v}`, style: `flex-grow:${counts[v]}` });
  const link = (v: Verdict): HTMLElement =>
    h(
      'li',
      {},
      h(
        'a',
        {
          class: `count v-${v}`,
          href: filterFragment({ ...noFilter(), verdicts: new Set([v]) }),
          title: verdictWords[v].meaning,
        },
        h('span', { class: 'symbol', 'aria-hidden': 'true' }, verdictWords[v].symbol),
        h('b', {}, String(counts[v])),
        ` ${verdictWords[v].label}`,
      ),
    );
  return h(
    'div',
    { class: 'verdicts' },
    h('div', { class: 'bar', 'aria-hidden': 'true' }, present.map(segment)),
    h('ul', { class: 'counts', 'aria-label': 'Scenarios by verdict' }, present.map(link)),
  );
}

function facts(run: PageRun): HTMLElement {
  const { cluster, implementation, totals, versions } = run;
  const started = new Date(run.startedAt);
  const machine = `${cluster.cpus} × ${cluster.cpuModel}, ${formatBytes(cluster.memoryBytes)}`;
  const up = cluster.upMs === undefined ? '' : `, up in ${formatDuration(cluster.upMs)}`;
  const { reachedBy } = cluster;
  const rows: [string, Child][] = [
    ['Started', h('time', { datetime: run.startedAt, title: started.toString() }, utc(run.startedAt))],
    ['Took', formatDuration(run.durationMs)],
    ['Clauses', `${totals.clausesProven} proven, ${totals.clausesFailed} failed`],
    ['Class', `${implementation.gatewayClass} (${implementation.controllerName})`],
    ['Cluster', `${cluster.provider} ${cluster.name}, Kubernetes ${cluster.kubernetesVersion}${up}`],
    ...(reachedBy === undefined ? [] : [['Reached', reachedBy] as [string, Child]]),
    ['Machine', machine],
    [
      'Versions',
      Object.entries(versions).map(([name, version]) =>
        h('span', { class: 'version' }, `${name} ${version}`),
      ),
    ],
  ];
  if (run.scenarios.length === 0) rows.splice(2, 1);
  return h(
    'dl',
    { class: 'facts' },
    rows.map(([term, value]) => h('div', {}, h('dt', {}, term), h('dd', {}, value))),
  );
}

/** Always UTC, so that a printed page means the same everywhere. */
function utc(startedAt: string): string {
  return `${startedAt.slice(0, 10)} ${startedAt.slice(11, 16)} UTC`;
}
