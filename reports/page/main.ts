import { controlPlane } from './control-plane.ts';
import { embeddedRun } from './data.ts';
import { append, h } from './dom.ts';
import { hasInformational, informational } from './informational.ts';
import { loads } from './load.ts';
import { matrix } from './matrix.ts';
import { officialTests } from './official.ts';
import { scenarioList } from './scenario-list.ts';
import { summary } from './summary.ts';
import { themeButton, watchTheme } from './theme.ts';
import { hasTrend, trend } from './trend.ts';

const run = embeddedRun();
const benchmarks = run.controlPlane ?? [];
const report = document.getElementById('report') ?? document.body;
watchTheme();
append(report, [
  run.scenarios.length > 0
    ? h('a', { class: 'skip', href: '#scenarios' }, 'Skip to the scenarios')
    : undefined,
  h(
    'header',
    { class: 'masthead' },
    h('p', { class: 'wordmark' }, 'routeproof', h('span', {}, ` ${run.command}`)),
    h(
      'nav',
      { 'aria-label': 'Page' },
      run.scenarios.length > 0 ? h('a', { href: '#scenarios-title' }, 'Scenarios') : undefined,
      hasInformational(run) ? h('a', { href: '#informational-title' }, 'Informational') : undefined,
      run.official === undefined ? undefined : h('a', { href: '#official-title' }, 'Official suite'),
      run.load.length > 0 ? h('a', { href: '#load-title' }, 'Load') : undefined,
      benchmarks.length > 0 ? h('a', { href: '#control-plane-title' }, 'Control plane') : undefined,
      hasTrend(run.history) ? h('a', { href: '#trend-title' }, 'Trend') : undefined,
      themeButton(),
    ),
  ),
  h(
    'main',
    {},
    summary(run),
    run.official === undefined ? undefined : officialTests(run.official),
    run.scenarios.length > 0 ? matrix(run) : undefined,
    informational(run),
    run.scenarios.length > 0 ? scenarioList(run) : undefined,
    run.load.length > 0 ? loads(run.load) : undefined,
    benchmarks.length > 0 ? controlPlane(benchmarks) : undefined,
    hasTrend(run.history) ? trend(run.history) : undefined,
  ),
  h(
    'footer',
    {},
    `Made by routeproof ${run.versions['routeproof'] ?? ''} from run.json, schema version ${run.schemaVersion}.`,
  ),
]);
