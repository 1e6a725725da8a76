import type { LoadResult, LoadVariant } from '../../harness/results/load.ts';
import { formatDuration, formatMs } from '../figures/figures.ts';
import { figureReasons } from '../figures/load-figures.ts';
import { hasCases, reasonsNotToBelieve } from '../figures/load-validity.ts';
import { caseCharts } from './case-charts.ts';
import { percentileChart, timeChart } from './charts.ts';
import { crossChecks } from './cross-check.ts';
import { h, type Child } from './dom.ts';
import { loadFigures } from './load-figures.ts';

/** Benchmarks: charts and a table, or, when the figures may not be believed, the reasons and no figure. */
export function loads(results: LoadResult[]): HTMLElement {
  return h(
    'section',
    { class: 'loads', 'aria-labelledby': 'load-title' },
    h('header', {}, h('h2', { id: 'load-title' }, 'Load')),
    results.map(benchmark),
  );
}

/** One benchmark with its charts. */
export function benchmark(load: LoadResult): HTMLElement {
  const reasons = reasonsNotToBelieve(load);
  const valid = reasons.length === 0;
  return h(
    'article',
    { class: 'load' },
    h('h3', {}, load.subject),
    h(
      'p',
      {},
      `${load.title}. Open arrival rate of ${Math.round(load.targetRateRps)} requests a second for ${formatDuration(load.durationMs)}.`,
    ),
    (load.notes ?? []).map((note) => h('p', {}, note)),
    banner(load, reasons),
    hasCases(load) ? undefined : table(load, valid),
    loadFigures(load),
    valid ? h('div', { class: 'charts' }, charts(load)) : undefined,
    crossChecks(load),
  );
}

function charts(load: LoadResult): Child[] {
  return hasCases(load) ? caseCharts(load) : [percentileChart(load), timeChart(load)];
}

/** Of a benchmark of several cases some may stand where others do not. */
function banner(load: LoadResult, reasons: string[]): Child {
  if (reasons.length > 0)
    return invalidBanner('Invalid measurement.', ' Its latencies are not shown.', reasons);
  const some = figureReasons(load);
  return some.length === 0 ? undefined : invalidBanner('Not everything was measured.', '', some);
}

function invalidBanner(head: string, more: string, reasons: string[]): HTMLElement {
  return h(
    'div',
    { class: 'invalid' },
    h('p', {}, h('b', {}, head), more),
    h(
      'ul',
      {},
      reasons.map((reason) => h('li', {}, reason)),
    ),
  );
}

const columns = ['p50', 'p90', 'p99', 'p99.9', 'max', 'requests', 'rate', 'errors', 'dropped', 'proxy CPU'];

function table(load: LoadResult, valid: boolean): HTMLElement {
  const [direct, floor, gateway] = (['direct', 'floor', 'gateway'] as const).map((side) =>
    load.variants.find(({ name }) => name === side),
  );
  return h(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': `Figures of ${load.subject}` },
    h(
      'table',
      { class: 'figures' },
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          h('th', { scope: 'col' }, 'path'),
          columns.map((c) => h('th', { scope: 'col', class: 'num' }, c)),
        ),
      ),
      h(
        'tbody',
        {},
        load.variants.map((v) => variantRow(v, valid)),
        valid ? [addedRow(direct, floor), addedRow(floor ?? direct, gateway)] : undefined,
      ),
    ),
  );
}

function variantRow(v: LoadVariant, valid: boolean): HTMLElement {
  const { p50, p90, p99, p999, max } = v.latencyMs;
  const cpu = v.proxyCpuUsPerRequest === undefined ? '–' : `${Math.round(v.proxyCpuUsPerRequest)} µs/request`;
  const measured = valid
    ? [p50, p90, p99, p999, max].map(formatMs)
    : Array.from({ length: 5 }, () => 'invalid');
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, h('span', { class: `swatch ${v.name}`, 'aria-hidden': 'true' }), v.name),
    measured.map((text) => h('td', { class: valid ? 'num' : 'num withheld' }, text)),
    num(String(v.requests)),
    num(valid ? `${Math.round(v.achievedRateRps)}/s` : 'invalid'),
    num(String(v.errors), v.errors > 0),
    num(String(v.droppedIterations), v.droppedIterations > 0),
    num(valid || v.proxyCpuUsPerRequest === undefined ? cpu : 'invalid'),
  );
}

/** A difference of percentiles, not a percentile of differences: hence the wording. */
function addedRow(lower: LoadVariant | undefined, upper: LoadVariant | undefined): Child {
  if (lower === undefined || upper === undefined) return undefined;
  const keys = ['p50', 'p90', 'p99', 'p999', 'max'] as const;
  const cell = (key: (typeof keys)[number]): Child => {
    const difference = upper.latencyMs[key] - lower.latencyMs[key];
    return num(`${difference < 0 ? '−' : '+'}${formatMs(Math.abs(difference))}`);
  };
  return h(
    'tr',
    { class: 'added' },
    h('th', { scope: 'row' }, `${upper.name} − ${lower.name}`),
    keys.map(cell),
    h('td', { colspan: 5 }),
  );
}

function num(text: string, bad = false): HTMLElement {
  return h('td', { class: bad ? 'num bad' : 'num' }, text);
}
