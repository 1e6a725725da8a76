import { clauseRows, clauseWords } from '../../comparison/cells.ts';
import type { ComparedRun } from '../../comparison/page-data.ts';
import { scenarioFragment } from '../../formats/filter.ts';
import { verdictWords } from '../../wording/verdicts.ts';
import { h } from '../dom.ts';
import { comparedRow, type ComparedRow } from './row.ts';

/** A row for every clause; it opens to the scenarios that stand for it. */
export function clauseRowsOf(runs: ComparedRun[]): ComparedRow[] {
  return clauseRows(runs).map(({ clause, states }) => {
    const marks = states.map((state, index) => ({
      name: runs[index]?.implementation.name ?? '',
      ...clauseWords[state],
    }));
    return {
      id: clause,
      element: comparedRow(clause, '', marks, () => runs.map((run) => standingFor(clause, run))),
      failed: states.includes('failed'),
      words: clause.toLowerCase(),
    };
  });
}

function standingFor(clause: string, run: ComparedRun): HTMLElement {
  const scenarios = run.scenarios.filter(({ clauses }) => clauses.includes(clause));
  return h(
    'p',
    { class: 'finding' },
    h('b', {}, run.implementation.name),
    scenarios.length === 0
      ? h('span', { class: 'muted' }, 'no scenario of it was run')
      : scenarios.map(({ id, verdict }) =>
          h(
            'a',
            { href: scenarioFragment(id), class: `v-${verdict}` },
            `${verdictWords[verdict].symbol} ${id}`,
          ),
        ),
  );
}
