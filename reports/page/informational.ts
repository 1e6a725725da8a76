import { impliedFindings, isInformational } from '../../harness/results/tier.ts';
import type { Verdict } from '../../harness/results/run.ts';
import { scenarioFragment } from '../formats/filter.ts';
import type { PageRun, ScenarioHead } from '../formats/page-data.ts';
import { byUrgency, verdictWords } from '../wording/verdicts.ts';
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
    h('ul', { class: 'told' }, [...scenarios.flatMap(parts), ...scenarios.filter(isWhole).map(row)]),
  );
}

function told(run: PageRun): ScenarioHead[] {
  return byUrgency(run.scenarios).filter((s) => isWhole(s) || impliedFindings(s).length > 0);
}

/** Whether nothing but what is told is in it. */
function isWhole(s: ScenarioHead): boolean {
  return isInformational(s) && s.verdict !== 'not-run';
}

/** Parts that failed of a scenario that stands for more. */
function parts(s: ScenarioHead): HTMLElement[] {
  return impliedFindings(s).map(({ clauses, verdict, expected, seen }) =>
    h(
      'li',
      {},
      badge(verdict),
      ' ',
      h('a', { href: scenarioFragment(s.id) }, s.id),
      ` ${clauses.join(', ')}: ${expected}`,
      h('span', { class: 'seen' }, ` ${seen}`),
    ),
  );
}

function badge(verdict: Verdict): HTMLElement {
  const { symbol, label } = verdictWords[verdict];
  return h(
    'span',
    { class: `badge v-${verdict}` },
    h('span', { class: 'symbol', 'aria-hidden': 'true' }, symbol),
    label,
  );
}

function row(s: ScenarioHead): HTMLElement {
  return h(
    'li',
    {},
    badge(s.verdict),
    ' ',
    h('a', { href: scenarioFragment(s.id) }, s.id),
    ` ${s.title}`,
    s.verdict === 'pass' || s.seen === undefined ? undefined : h('span', { class: 'seen' }, ` ${s.seen}`),
  );
}
