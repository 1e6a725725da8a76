import type { ControlPlaneFigure, ControlPlaneResult } from '../../harness/results/control-plane.ts';
import { codesText, doubtsOf, isMeasured, reasonsOf, sizeText } from '../figures/control-plane.ts';
import { formatDuration, formatQuantity } from '../figures/figures.ts';
import { samplesChart, scalingCharts } from './control-plane-charts.ts';
import { h } from './dom.ts';

/** Benchmarks of the control plane: every figure with its samples, or why there is none. */
export function controlPlane(results: ControlPlaneResult[]): HTMLElement {
  return h(
    'section',
    { class: 'loads', 'aria-labelledby': 'control-plane-title' },
    h('header', {}, h('h2', { id: 'control-plane-title' }, 'Control plane')),
    results.map(controlPlaneBenchmark),
  );
}

/** One of them, with its charts. */
export function controlPlaneBenchmark(result: ControlPlaneResult): HTMLElement {
  const reasons = reasonsOf(result);
  return h(
    'article',
    { class: 'load control-plane' },
    h('h3', {}, result.subject),
    h('p', {}, `${result.title}. Took ${formatDuration(result.durationMs)}.`),
    reasons.length === 0 ? undefined : banner(result, reasons),
    result.figures.length === 0 ? undefined : table(result),
    h('div', { class: 'charts' }, samplesChart(result), scalingCharts(result)),
  );
}

function banner(result: ControlPlaneResult, reasons: string[]): HTMLElement {
  const head = isMeasured(result) ? 'Not everything was measured.' : 'Invalid measurement.';
  return h(
    'div',
    { class: 'invalid' },
    h('p', {}, h('b', {}, head)),
    h(
      'ul',
      {},
      reasons.map((reason) => h('li', {}, reason)),
    ),
  );
}

const columns = ['samples', 'p50', 'p90', 'p99', 'max'];

function table(result: ControlPlaneResult): HTMLElement {
  return h(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': `Figures of ${result.subject}` },
    h(
      'table',
      { class: 'figures' },
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          h('th', { scope: 'col' }, 'figure'),
          columns.map((c) => h('th', { scope: 'col', class: 'num' }, c)),
          h('th', { scope: 'col' }, 'why'),
        ),
      ),
      h('tbody', {}, result.figures.map(row)),
    ),
  );
}

function row(figure: ControlPlaneFigure): HTMLElement {
  const { summary, unit, samples } = figure;
  const valid = doubtsOf(figure).length === 0;
  const values =
    valid && summary !== undefined
      ? [summary.p50, summary.p90, summary.p99, summary.max].map((value) => formatQuantity(value, unit))
      : Array.from({ length: 4 }, () => 'invalid');
  return h(
    'tr',
    {},
    h('th', { scope: 'row', title: figure.name }, labelOf(figure)),
    h('td', { class: 'num' }, String(samples.length)),
    values.map((text) => h('td', { class: valid ? 'num' : 'num withheld' }, text)),
    h('td', {}, codesText(figure)),
  );
}

function labelOf(figure: ControlPlaneFigure): string {
  const size = sizeText(figure);
  return size === '' ? figure.title : `${figure.title} (${size})`;
}
