import { cellOf, cellWords, scenarioIds } from '../../comparison/cells.ts';
import type { ComparedRun } from '../../comparison/page-data.ts';
import { runFolder } from '../../comparison/run-folder.ts';
import type { ScenarioHead } from '../../formats/page-data.ts';
import { unpackDetail } from '../data.ts';
import { h, replaceChildren, type Child } from '../dom.ts';
import { lazyDetails } from '../lazy.ts';
import { scenarioContent } from '../scenario.ts';
import { comparedRow, type ComparedRow, type Mark } from './row.ts';

interface Compared {
  run: ComparedRun;
  scenario: ScenarioHead | undefined;
}

/** A row for every scenario that any of the runs has. */
export function scenarioRowsOf(runs: ComparedRun[]): ComparedRow[] {
  const columns = runs.map(({ scenarios }) => new Map(scenarios.map((s) => [s.id, s])));
  return scenarioIds(runs).map((id) => {
    const compared = runs.map((run, index): Compared => ({ run, scenario: columns[index]?.get(id) }));
    const known = compared.find(({ scenario }) => scenario !== undefined)?.scenario;
    const cells = compared.map(({ scenario }) => cellOf(scenario));
    return {
      id,
      element: comparedRow(id, known?.title ?? '', compared.map(markOf), () => compared.map(finding)),
      failed: cells.some((cell) => cell === 'failed' || cell === 'known'),
      words: [id, known?.title, ...(known?.clauses ?? [])].join('\n').toLowerCase(),
    };
  });
}

function markOf({ run, scenario }: Compared): Mark {
  const cell = cellOf(scenario);
  return { name: run.implementation.name, ...cellWords[cell], strong: cell === 'failed' };
}

/** What one implementation did: a line, or all of its evidence where it did not pass. */
function finding({ run, scenario }: Compared): Child {
  const { symbol, label, look } = cellWords[cellOf(scenario)];
  const head = [
    h('span', { class: 'symbol', 'aria-hidden': 'true' }, symbol),
    h('b', {}, run.implementation.name),
    h('span', {}, label),
    scenario?.seen === undefined ? undefined : h('span', { class: 'muted' }, scenario.seen),
  ];
  const index = scenario === undefined ? undefined : run.details[scenario.id];
  if (scenario === undefined || index === undefined) return h('p', { class: `finding v-${look}` }, head);
  return lazyDetails(`finding v-${look}`, head, () => evidence(run, scenario, index), true);
}

function evidence(run: ComparedRun, scenario: ScenarioHead, index: number): HTMLElement {
  const holder = h('div', { class: `detail v-${scenario.verdict}` });
  unpackDetail(index).then(
    (detail) => replaceChildren(holder, scenarioContent(scenario, detail, `${runFolder(run)}/`)),
    (error: unknown) =>
      replaceChildren(
        holder,
        h('p', { class: 'error' }, `The evidence cannot be unpacked: ${String(error)}`),
      ),
  );
  return holder;
}
