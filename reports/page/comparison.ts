import type { ComparedRun } from '../comparison/page-data.ts';
import { comparedFigures } from '../comparison/figures.ts';
import { comparisonHeadline } from '../comparison/headline.ts';
import { comparisonFigures } from './comparison/figures.ts';
import { comparisonLoad } from './comparison/load.ts';
import { comparisonRows } from './comparison/rows.ts';
import { implementations } from './comparison/implementations.ts';
import { append, h } from './dom.ts';
import { themeButton, watchTheme } from './theme.ts';

const runs = JSON.parse(document.getElementById('run')?.textContent ?? '') as ComparedRun[];
const report = document.getElementById('report') ?? document.body;
const measured = runs.some(({ load }) => load.length > 0);
const figures = comparedFigures(runs);
watchTheme();
append(report, [
  h('a', { class: 'skip', href: '#compared-title' }, 'Skip to the comparison'),
  h(
    'header',
    { class: 'masthead' },
    h('p', { class: 'wordmark' }, 'routeproof', h('span', {}, ' matrix')),
    h(
      'nav',
      { 'aria-label': 'Page' },
      h('a', { href: '#compared-title' }, 'Scenarios and clauses'),
      measured ? h('a', { href: '#load-title' }, 'Load') : undefined,
      figures.length > 0 ? h('a', { href: '#figures-title' }, 'Figures') : undefined,
      themeButton(),
    ),
  ),
  h(
    'main',
    {},
    implementations(runs, comparisonHeadline(runs)),
    comparisonRows(runs),
    measured ? comparisonLoad(runs) : undefined,
    figures.length > 0 ? comparisonFigures(runs, figures) : undefined,
  ),
  h(
    'footer',
    {},
    `Made by routeproof ${runs.at(-1)?.versions['routeproof'] ?? ''} from ${runs.length} runs; the whole report of each is below runs/ beside this file.`,
  ),
]);
