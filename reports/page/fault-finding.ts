import type { CallRecord, Comparison, Rerun, Verdict } from '../../harness/results/run.ts';
import { describePassRate } from '../../harness/results/pass-rate.ts';
import type { ScenarioDetail, ScenarioHead } from '../formats/page-data.ts';
import { verdictWords } from '../wording/verdicts.ts';
import { bothEnds } from './calls.ts';
import { codeBlock } from './code-block.ts';
import { h, type Child } from './dom.ts';
import { lazyDetails } from './lazy.ts';

/** What tells whose fault a failure is: the failed call from both ends, the same elsewhere, how often it fails. */
export function faultFinding(s: ScenarioHead, { calls, comparisons = [] }: ScenarioDetail): Child {
  const failed = calls.find(({ role }) => role === 'failed');
  return [
    failed === undefined ? undefined : section('Both ends of the call', bothEnds(failed)),
    comparisons.length === 0 ? undefined : section('The same call elsewhere', comparisons.map(comparison)),
    s.unreadyPods === undefined
      ? undefined
      : section(
          'Pods of its Gateways that were not ready',
          codeBlock(s.unreadyPods.join('\n'), 'Pods', 'text'),
        ),
    s.rerun === undefined ? undefined : section('Again, alone', rerun(s.rerun)),
  ];
}

/** Verdicts of several runs in their order, and how often each came. */
export function repetitions({ repeats = [] }: ScenarioHead): Child {
  if (repeats.length === 0) return undefined;
  const verdicts = repeats.map(({ verdict }) => verdict);
  const counts = [...Map.groupBy(verdicts, (verdict) => verdict)].map(
    ([verdict, some]) => `${some.length} ${verdictWords[verdict].label}`,
  );
  const same = new Set(verdicts).size === 1;
  return section(
    `${repeats.length} runs`,
    h('p', {}, marks(verdicts), ` ${counts.join(', ')}: ${same ? 'all the same' : 'they differ'}.`),
  );
}

function section(title: string, ...content: Child[]): HTMLElement {
  return h('section', { class: 'part' }, h('h3', {}, title), content);
}

const places: Record<Comparison['with'], string> = {
  backend: 'Without the gateway',
  'http-route': 'As HTTPRoute',
};

function comparison({ with: place, text, ok, call, manifest }: Comparison): Child {
  const look = ok === undefined ? 'neutral' : ok ? 'good' : 'bad';
  const head = [
    h('span', { class: `outcome ${look}`, 'aria-hidden': 'true' }, ok === undefined ? '–' : ok ? '✓' : '✕'),
    h('b', {}, places[place]),
    h('span', {}, text),
  ];
  if (call === undefined && manifest === undefined) return h('p', { class: 'elsewhere' }, head);
  return lazyDetails('elsewhere', head, () => evidence(call, manifest), false);
}

function evidence(call: CallRecord | undefined, manifest: string | undefined): Child {
  return [
    call === undefined ? undefined : bothEnds(call),
    manifest === undefined ? undefined : codeBlock(manifest, 'HTTPRoute', 'yaml'),
  ];
}

function rerun(result: Rerun): Child {
  const share =
    result.limitsShare === 1 ? '' : ` Each was given ${percent(result.limitsShare)} of the time limits.`;
  if (result.runs === 0)
    return h('p', {}, `It was not run again: ${result.stopped ?? 'it could not be set up'}.`);
  const stopped = result.stopped === undefined ? '' : ` Fewer than planned: ${result.stopped}.`;
  return h(
    'p',
    {},
    marks(result.verdicts),
    ` With nothing beside it, it ${describePassRate(result)}.${share}${stopped} The verdict stays.`,
  );
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function marks(verdicts: Verdict[]): HTMLElement {
  return h(
    'span',
    { class: 'marks' },
    verdicts.map((verdict) => {
      const { symbol, label } = verdictWords[verdict];
      return h(
        'span',
        { class: `mark v-${verdict}`, title: label },
        h('span', { class: 'symbol', 'aria-hidden': 'true' }, symbol),
        h('span', { class: 'sr' }, `${label} `),
      );
    }),
  );
}
