import type { ComparedRun } from '../../comparison/page-data.ts';
import type { LoadResult, LoadVariant } from '../../../harness/results/run.ts';
import { formatMs } from '../../figures/figures.ts';
import { reasonsNotToBelieve } from '../../figures/load-validity.ts';
import { h, type Child } from '../dom.ts';
import { lazyDetails } from '../lazy.ts';
import { benchmark } from '../load.ts';

const percentiles = ['p50', 'p90', 'p99', 'p999', 'max'] as const;
const columns = ['p50', 'p90', 'p99', 'p99.9', 'max', 'proxy CPU'];

/** The figures of every benchmark in one table, and each with its charts below. */
export function comparisonLoad(runs: ComparedRun[]): HTMLElement {
  const measured = runs.flatMap((run) => run.load.map((load) => ({ run, load })));
  return h(
    'section',
    { class: 'loads', 'aria-labelledby': 'load-title' },
    h('header', {}, h('h2', { id: 'load-title' }, 'Load')),
    h(
      'p',
      { class: 'muted' },
      'One machine for generator, proxy and backend; the backend is called directly in between. Compare each gateway with its own direct line.',
    ),
    h(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Figures of all implementations' },
      h(
        'table',
        { class: 'figures' },
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            ['implementation', 'benchmark', 'path'].map((name) => h('th', { scope: 'col' }, name)),
            columns.map((name) => h('th', { scope: 'col', class: 'num' }, name)),
          ),
        ),
        h('tbody', {}, measured.map(rowsOf)),
      ),
    ),
    h('div', { class: 'part' }, measured.map(charts)),
  );
}

function rowsOf({ run, load }: { run: ComparedRun; load: LoadResult }): Child {
  const reasons = reasonsNotToBelieve(load);
  const about = [
    h('th', { scope: 'row' }, run.implementation.name),
    h('td', { class: 'case' }, `${load.subject}, ${Math.round(load.targetRateRps)}/s`),
  ];
  if (reasons.length > 0)
    return h('tr', {}, about, h('td', { class: 'withheld', colspan: 7 }, `invalid: ${reasons.join('; ')}`));
  return load.variants.map((variant) =>
    h(
      'tr',
      {},
      about.map((cell) => cell.cloneNode(true)),
      h('td', {}, variant.name),
      figures(variant),
    ),
  );
}

function figures({ latencyMs, proxyCpuUsPerRequest: cpu }: LoadVariant): Child {
  const texts = percentiles.map((key) => formatMs(latencyMs[key]));
  return [...texts, cpu === undefined ? '–' : `${Math.round(cpu)} µs/request`].map((text) =>
    h('td', { class: 'num' }, text),
  );
}

function charts({ run, load }: { run: ComparedRun; load: LoadResult }): HTMLElement {
  return lazyDetails(
    'elsewhere',
    `${run.implementation.name}: ${load.subject}`,
    () => benchmark(load),
    false,
  );
}
