import { isInformational } from '../../harness/results/tier.ts';
import { scenarioFragment } from '../filter.ts';
import type { PageRun, ScenarioHead } from '../page-data.ts';
import { byUrgency, verdictWords } from '../verdicts.ts';
import { h } from './dom.ts';

/** Whether the run has anything for the section. */
export function hasInformational(run: PageRun): boolean {
  return told(run).length > 0;
}

/** What the spec only implies, or contradicts itself about, apart from what is held against the implementation. */
export function informational(run: PageRun): HTMLElement | undefined {
  const scenarios = told(run);
  if (scenarios.length === 0) return undefined;
  return h(
    'section',
    { class: 'informational', 'aria-labelledby': 'informational-title' },
    h('header', {}, h('h2', { id: 'informational-title' }, 'Informational')),
    h(
      'p',
      { class: 'remark' },
      'What the specification only implies, or contradicts itself about: told, and never a failure.',
    ),
    h('ul', { class: 'told' }, scenarios.map(row)),
  );
}

function told(run: PageRun): ScenarioHead[] {
  return byUrgency(run.scenarios).filter((s) => isInformational(s) && s.verdict !== 'not-run');
}

function row(s: ScenarioHead): HTMLElement {
  const { symbol, label } = verdictWords[s.verdict];
  return h(
    'li',
    {},
    h(
      'span',
      { class: `badge v-${s.verdict}` },
      h('span', { class: 'symbol', 'aria-hidden': 'true' }, symbol),
      label,
    ),
    ' ',
    h('a', { href: scenarioFragment(s.id) }, s.id),
    ` ${s.title}`,
    s.verdict === 'pass' || s.seen === undefined ? undefined : h('span', { class: 'seen' }, ` ${s.seen}`),
  );
}
