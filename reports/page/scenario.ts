import type { ImpliedFinding } from '../../harness/results/run.ts';
import { impliedFindings } from '../../harness/results/tier.ts';
import type { ScenarioDetail, ScenarioHead } from '../formats/page-data.ts';
import { bundlePath } from '../formats/bundle-path.ts';
import { formatDuration } from '../figures/figures.ts';
import { isFailure, verdictWords } from '../wording/verdicts.ts';
import { calls } from './calls.ts';
import { chain } from './chain.ts';
import { codeBlock } from './code-block.ts';
import { unpackDetail } from './data.ts';
import { h, replaceChildren, type Child } from './dom.ts';
import { faultFinding, repetitions } from './fault-finding.ts';
import { filterFragment, noFilter } from '../formats/filter.ts';
import { lazyDetails } from './lazy.ts';
import { objects } from './objects.ts';
import { timeline } from './timeline.ts';

/** One row of the list. Its evidence is unpacked and drawn when it is first opened. */
export function scenarioRow(scenario: ScenarioHead, index: number, onOpen: () => void): HTMLDetailsElement {
  const body = h('div', { class: 'detail' });
  const row = h('details', { class: `scenario v-${scenario.verdict}` }, rowSummary(scenario), body);
  let drawn = false;
  row.addEventListener('toggle', () => {
    if (row.open) onOpen();
    if (drawn || !row.open) return;
    drawn = true;
    unpackDetail(index).then(
      (detail) => replaceChildren(body, scenarioContent(scenario, detail)),
      (error: unknown) =>
        replaceChildren(
          body,
          h('p', { class: 'error' }, `The evidence cannot be unpacked: ${String(error)}`),
        ),
    );
  });
  return row;
}

function rowSummary(s: ScenarioHead): HTMLElement {
  const { symbol, label } = verdictWords[s.verdict];
  return h(
    'summary',
    {},
    h('span', { class: 'badge' }, h('span', { class: 'symbol', 'aria-hidden': 'true' }, symbol), label),
    h('span', { class: 'id' }, s.id),
    s.layer === undefined || s.verdict === 'not-run'
      ? undefined
      : h('span', { class: 'layer' }, `at ${s.layer}`),
    h('span', { class: 'took' }, s.verdict === 'not-run' ? '' : formatDuration(s.durationMs)),
    h('span', { class: 'title' }, s.title),
    s.verdict === 'pass' || s.seen === undefined ? undefined : h('span', { class: 'seen' }, s.seen),
  );
}

/**
 * What an opened scenario shows.
 *
 * @param base - where the files of its run are, seen from the page; ends with a slash
 */
export function scenarioContent(s: ScenarioHead, detail: ScenarioDetail, base = ''): Child {
  const failed = isFailure(s.verdict);
  return [
    h('p', { class: 'verdict-line' }, verdictLine(s)),
    s.verdict === 'pass' ? undefined : expectedAndSeen(s),
    s.known === undefined ? undefined : h('p', { class: 'remark' }, h('b', {}, 'Known. '), s.known),
    s.verdict === 'not-run' ? undefined : chain(s, detail),
    impliedFindings(s).map(implied),
    s.notes.map((note) => h('p', { class: 'remark' }, h('b', {}, 'Note. '), note)),
    repetitions(s),
    failed ? [faultFinding(s, detail), repro(s, detail, base)] : undefined,
    about(s),
    part('Timeline', detail.timeline.length, () => timeline(detail.timeline)),
    part('Calls', detail.calls.length, () =>
      calls(detail.calls, failed && !detail.calls.some(({ role }) => role === 'failed')),
    ),
    part('Objects', detail.objects.length, () => objects(detail.objects)),
    part('Logs', detail.logs.length, () =>
      detail.logs.map((log) =>
        lazyDetails(
          'log',
          [
            h('span', { class: 'method' }, log.source),
            h('span', { class: 'muted' }, `${log.lines.length} lines`),
          ],
          () => codeBlock(log.lines.join('\n'), `log of ${log.source}`),
          false,
        ),
      ),
    ),
    failed ? undefined : repro(s, detail, base),
  ];
}

function verdictLine(s: ScenarioHead): string {
  const where = s.layer === undefined || s.verdict === 'not-run' ? '' : ` at layer ${s.layer}`;
  return `${verdictWords[s.verdict].label}${where}: ${verdictWords[s.verdict].meaning}.`;
}

function expectedAndSeen(s: ScenarioHead): HTMLElement {
  return h(
    'dl',
    { class: 'expected-seen' },
    h(
      'div',
      {},
      h('dt', {}, s.verdict === 'not-run' ? 'Needs' : 'Expected'),
      h('dd', {}, s.expected ?? 'not recorded'),
    ),
    h('div', { class: 'was' }, h('dt', {}, 'Seen'), h('dd', {}, s.seen ?? 'not recorded')),
  );
}

/** The verdict holds without it. */
function implied({ clauses, verdict, layer, expected, seen }: ImpliedFinding): HTMLElement {
  return h(
    'p',
    { class: 'remark' },
    h('b', {}, `Informational, ${verdictWords[verdict].label} at ${layer}. `),
    `${clauses.join(', ')}: expected ${expected}; seen: ${seen}`,
  );
}

function about(s: ScenarioHead): HTMLElement {
  const clause = (id: string): HTMLElement =>
    h('a', { class: 'clause', href: filterFragment({ ...noFilter(), clause: id }) }, id);
  return h(
    'dl',
    { class: 'about' },
    h('div', {}, h('dt', {}, 'Proves'), h('dd', {}, s.clauses.map(clause))),
    h('div', {}, h('dt', {}, 'Support'), h('dd', {}, s.support)),
    s.features.length === 0
      ? undefined
      : h('div', {}, h('dt', {}, 'Needs'), h('dd', {}, s.features.join(', '))),
  );
}

function repro(s: ScenarioHead, { repro: found }: ScenarioDetail, base: string): Child {
  if (found === undefined) return undefined;
  const path = `${base}${bundlePath(s.id)}`;
  return h(
    'section',
    { class: 'part repro' },
    h('h3', {}, 'See it by hand'),
    codeBlock(found.commands.join('\n'), 'commands', 'shell'),
    s.verdict === 'pass'
      ? undefined
      : h(
          'p',
          { class: 'bundle' },
          'As files, beside this report: ',
          h('a', { href: `${path}/README.md` }, path),
          ' (manifests for kubectl apply, versions, evidence).',
        ),
    found.manifest === ''
      ? undefined
      : lazyDetails('manifest', 'Manifest', () => codeBlock(found.manifest, 'manifest', 'yaml'), false),
  );
}

function part(title: string, count: number, view: () => Child): Child {
  if (count === 0) return undefined;
  return h(
    'section',
    { class: 'part' },
    h('h3', {}, title, h('span', { class: 'tally' }, ` ${count}`)),
    view(),
  );
}
