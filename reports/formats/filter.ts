import type { ScenarioHead } from './page-data.ts';
import type { Verdict } from '../../harness/results/run.ts';
import { verdictOrder } from '../wording/verdicts.ts';

/** What the reader asked to see. The address's fragment holds it, so that a link shows the same. */
export interface Filter {
  verdicts: Set<Verdict>;
  suite: string;
  clause: string;
  text: string;
}

export function noFilter(): Filter {
  return { verdicts: new Set(), suite: '', clause: '', text: '' };
}

export function isActive(filter: Filter): boolean {
  return filter.verdicts.size > 0 || filter.suite !== '' || filter.clause !== '' || filter.text !== '';
}

/** Every word must be found somewhere in what is known of the scenario. */
export function matches(filter: Filter, scenario: ScenarioHead): boolean {
  if (filter.verdicts.size > 0 && !filter.verdicts.has(scenario.verdict)) return false;
  if (filter.suite !== '' && scenario.suite !== filter.suite) return false;
  if (filter.clause !== '' && !scenario.clauses.includes(filter.clause)) return false;
  if (filter.text.trim() === '') return true;
  const text = searchable(scenario);
  return filter.text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

const texts = new WeakMap<ScenarioHead, string>();

function searchable(s: ScenarioHead): string {
  let text = texts.get(s);
  if (text === undefined) {
    const parts = [
      s.id,
      s.title,
      s.verdict,
      s.layer,
      s.support,
      s.expected,
      s.seen,
      ...s.clauses,
      ...s.notes,
    ];
    text = parts.join('\n').toLowerCase();
    texts.set(s, text);
  }
  return text;
}

export interface Place {
  scenario?: string;
  filter: Filter;
}

/** `#scenario=hostname/exact` or `#verdict=wrong,slow&suite=header&clause=ID&q=words`. */
export function parseFragment(fragment: string): Place {
  const params = new URLSearchParams(fragment.replace(/^#/, ''));
  const asked = (params.get('verdict') ?? '').split(',');
  const filter: Filter = {
    verdicts: new Set(verdictOrder.filter((v) => asked.includes(v))),
    suite: params.get('suite') ?? '',
    clause: params.get('clause') ?? '',
    text: params.get('q') ?? '',
  };
  const scenario = params.get('scenario');
  return scenario === null ? { filter } : { scenario, filter };
}

export function scenarioFragment(id: string): string {
  return `#scenario=${encode(id)}`;
}

export function filterFragment(filter: Filter): string {
  const parts: string[] = [];
  if (filter.verdicts.size > 0) parts.push(`verdict=${[...filter.verdicts].join(',')}`);
  if (filter.suite !== '') parts.push(`suite=${encode(filter.suite)}`);
  if (filter.clause !== '') parts.push(`clause=${encode(filter.clause)}`);
  if (filter.text !== '') parts.push(`q=${encode(filter.text)}`);
  return `#${parts.join('&')}`;
}

/** Slashes stay: `#scenario=hostname/exact` is a link people can read. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll('%2F', '/');
}
