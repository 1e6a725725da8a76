import type { OfficialComparison, OfficialResult, OfficialTest } from '../../harness/results/official.ts';
import { formatDuration } from '../figures/figures.ts';
import { officialByUrgency } from '../wording/official.ts';
import { verdictWords } from '../wording/verdicts.ts';
import { h, type Child } from './dom.ts';

/** What the official suite found: its own words on each profile, then a row a test. */
export function officialTests(official: OfficialResult): HTMLElement {
  return h(
    'section',
    { class: 'official', 'aria-labelledby': 'official-title' },
    h('header', {}, h('h2', { id: 'official-title' }, `Official suite ${official.release}`)),
    h(
      'ul',
      {},
      official.profileReports.map(({ name, summary }) => h('li', {}, h('b', {}, name), ` ${summary}`)),
    ),
    official.comparison === undefined ? undefined : comparison(official.comparison),
    table(
      'Tests of the official suite',
      ['verdict', 'test', 'time', 'checks', 'features'],
      officialByUrgency(official.tests).map(testRow),
    ),
  );
}

function testRow(test: OfficialTest): HTMLElement {
  const { symbol, label } = verdictWords[test.verdict];
  const what = test.verdict === 'not-run' && !test.due ? 'not claimed' : label;
  return h(
    'tr',
    { class: `v-${test.verdict}` },
    h('td', {}, h('span', { class: 'symbol', 'aria-hidden': 'true' }, symbol), ` ${what}`),
    h('td', {}, h('code', {}, test.name), why(test)),
    h('td', { class: 'num' }, test.verdict === 'not-run' ? '–' : formatDuration(test.durationMs)),
    h('td', { class: 'num' }, String(test.checks)),
    h('td', {}, test.features.join(', ')),
  );
}

/** Why it was not run, or what failed and the last that it printed. */
function why({ verdict, due, reason, failedChecks, output }: OfficialTest): Child {
  if (verdict === 'pass' || !due) return undefined;
  if (verdict === 'not-run') return h('p', {}, reason ?? 'no reason was recorded');
  return [
    failedChecks.map((check) => h('p', {}, check)),
    h('details', {}, h('summary', {}, 'What it printed last'), h('pre', {}, output.join('\n'))),
  ];
}

function comparison(of: OfficialComparison): HTMLElement {
  const rows = (['official', 'routeproof'] as const).map((name) => {
    const { tests, checks, durationMs } = of[name];
    const rate = durationMs > 0 ? (checks / (durationMs / 1000)).toFixed(1) : '–';
    const cells = [String(tests), String(checks), formatDuration(durationMs), rate];
    return h(
      'tr',
      {},
      h('th', { scope: 'row' }, name),
      cells.map((cell) => h('td', { class: 'num' }, cell)),
    );
  });
  return table('Pace beside the scenarios', ['', 'tests', 'checks', 'time', 'checks a second'], rows);
}

function table(label: string, heads: string[], rows: HTMLElement[]): HTMLElement {
  return h(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': label },
    h(
      'table',
      {},
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          heads.map((head) => (head === '' ? h('td', {}) : h('th', { scope: 'col' }, head))),
        ),
      ),
      h('tbody', {}, rows),
    ),
  );
}
