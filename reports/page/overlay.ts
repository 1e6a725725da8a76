import type { OverlayPage } from '../overlay/page-data.ts';
import { append, h } from './dom.ts';
import { overlaidBars } from './overlay/bars.ts';
import { overlaidCurves } from './overlay/curves.ts';
import { judgedFigures } from './overlay/judged.ts';
import { overlaidRuns } from './overlay/runs.ts';
import { themeButton, watchTheme } from './theme.ts';

const { runs, judged } = JSON.parse(document.getElementById('run')?.textContent ?? '') as OverlayPage;
const report = document.getElementById('report') ?? document.body;
watchTheme();
append(report, [
  h(
    'header',
    { class: 'masthead' },
    h('p', { class: 'wordmark' }, 'routeproof', h('span', {}, ' compare')),
    h('nav', { 'aria-label': 'Page' }, themeButton()),
  ),
  h(
    'main',
    {},
    overlaidRuns(runs, judged),
    judged === undefined ? undefined : judgedFigures(judged),
    overlaidCurves(runs),
    overlaidBars(runs),
  ),
  h('footer', {}, `Made by routeproof from the run.json of ${runs.length} runs.`),
]);
