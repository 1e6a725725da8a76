import {
  isKnownOfficially,
  type FaultResult,
  type FaultsResults,
  type OfficialFaultResult,
} from '../../harness/results/faults.ts';

const intro = `# Planted faults

Made by \`make faults DOCS=1\` out of faults.json beside it; not to be edited by hand. Each line is a mistake that is planted into the bundled gateway
(gateway/faults), and what the scenarios made of it. "Layer" is what the verdicts blame; a fault is explained when a scenario that proves
one of the clauses it violates blames a layer at which it is. Where no catch proves such a clause and none blames such a layer, it is
unexplained: an accident of the cluster looks like that, and it fails the run as a survivor does.
`;

/** docs/faults.md: what became of every fault, area by area. */
export function faultsMarkdown(run: FaultsResults): string {
  const areas = [...new Set(run.faults.map(({ area }) => area))];
  const both = officialTotals(run);
  const parts = [
    intro,
    totals(run),
    ...testedBetween(run),
    ...(both === undefined
      ? []
      : [`On the same faults, ${both}. It was ended at the first check that failed.${unseen(run)}\n`]),
    ...areas.map((area) => section(area, run.faults, both !== undefined)),
  ];
  if (run.idleScenarios.length > 0) {
    parts.push('## Scenarios that no fault turns red\n', ...run.idleScenarios.map((id) => `- \`${id}\``), '');
  }
  if (run.excluded.length > 0) {
    parts.push(
      '## Left out, because they failed on the healthy gateway\n',
      ...run.excluded.map(({ scenario, verdict }) => `- \`${scenario}\`: ${verdict}`),
      '',
    );
  }
  return `${parts.join('\n')}\n`.replaceAll(/\n{3,}/g, '\n\n').replace(/\n+$/, '\n');
}

function totals({
  totals: { faults, caught, unexplained, survived, notRun, explained },
}: FaultsResults): string {
  const rest = [
    ...(unexplained === 0 ? [] : [`, ${unexplained} unexplained`]),
    ...(notRun === 0 ? [] : [`, ${notRun} not run`]),
  ].join('');
  return `${faults} faults: ${caught} caught, ${explained} of them explained by clause and layer, ${survived} survived${rest}.\n`;
}

/** When results of several runs stand together. */
function testedBetween({ faults }: FaultsResults): string[] {
  const days = faults.flatMap(({ testedAt }) => testedAt?.slice(0, 10) ?? []).sort();
  const [first] = days;
  const last = days.at(-1);
  if (first === undefined || last === undefined) return [];
  return [first === last ? `Tested on ${first}.\n` : `Tested between ${first} and ${last}.\n`];
}

/** Both rates, where the official suite ran against the same faults. */
export function officialTotals({ faults: all, official }: FaultsResults): string | undefined {
  if (official === undefined) return undefined;
  const both = all.filter(isKnownOfficially);
  if (both.length === 0) return undefined;
  const caught = both.filter(({ outcome }) => outcome === 'caught').length;
  const of = (count: number): string =>
    `${count} of ${both.length} (${((100 * count) / both.length).toFixed(0)} %)`;
  const start = `routeproof caught ${of(caught)}, the official suite ${official.release} (${official.profile})`;
  if (both.length === all.length) return `${start} ${of(official.caught)}`;
  const rest = `it was not run against ${all.length - both.length} more`;
  const unseen = both.filter(isUnseen).length;
  if (unseen === 0) return `${start} ${of(official.caught)}; ${rest}`;
  // Those come first and are all survivors: a rate over them and the few that it ran against would be none of all.
  const ran = both.length - unseen;
  const rate = ran === 0 ? '' : ` (${((100 * official.caught) / ran).toFixed(0)} %)`;
  return `${start} ${official.caught} of the ${ran} that it ran against${rate}; ${unseen} more make no difference to anything that it does, and ${rest}`;
}

function isUnseen({ official }: FaultResult): boolean {
  return official?.known === 'no-difference';
}

function unseen({ faults }: FaultsResults): string {
  const count = faults.filter(isUnseen).length;
  if (count === 0) return '';
  return ` Against ${String(count)} of them it did not run: with what the healthy gateway was given in the whole suite, a gateway with the fault
writes the same statuses and tells Envoy the same ("no difference").`;
}

function section(area: string, faults: readonly FaultResult[], both: boolean): string {
  const rows = faults.filter((fault) => fault.area === area).map((fault) => row(fault, both));
  const head = ['Fault', 'What the gateway does wrong', 'After', 'Caught by', 'Layer'];
  if (both) head.push('Official suite');
  return [`## ${area}\n`, line(head), line(head.map(() => '---')), ...rows, ''].join('\n');
}

/** Longer lists tell nothing more. */
const named = 3;

function row(fault: FaultResult, both: boolean): string {
  const { name, title, reference, outcome, catches, clauses, layerNamed } = fault;
  const ids = catches.map(({ scenario }) => `\`${scenario}\``);
  const more = ids.length > named ? ` and ${ids.length - named} more` : '';
  const list = ids.slice(0, named).join(', ') + more + toldOnly(catches);
  const by =
    outcome === 'caught' ? list : outcome === 'unexplained' ? `**unexplained**: ${list}` : `**${outcome}**`;
  const layers = [...new Set(catches.map(({ layer }) => layer))].join(', ');
  const about = `${title} (${clauses.join(', ')})`;
  return line([
    `\`${name}\``,
    about,
    reference ?? '',
    by,
    layerNamed ? layers : `${layers} (not named)`,
    ...(both ? [officialCell(fault.official)] : []),
  ]);
}

function officialCell(official: OfficialFaultResult | undefined): string {
  if (official === undefined || official.outcome === 'not-run') return '';
  if (official.known === 'no-difference') return '**survived**: no difference';
  if (official.outcome !== 'caught') return `**${official.outcome}**`;
  return official.tests.map((test) => `\`${test}\``).join(', ');
}

/** One line for a person, when the official suite has ended on a fault. */
export function officialFaultLine(
  name: string,
  { outcome, tests, ran, known, reason, durationMs }: OfficialFaultResult,
): string {
  const took = `${(durationMs / 1000).toFixed(1)} s`.padStart(7);
  if (outcome === 'caught') return `  caught    ${took}  ${name}: by the official suite, ${tests.join(', ')}`;
  if (outcome === 'not-run') return `  NOT RUN   ${took}  ${name}: official suite: ${reason ?? ''}`;
  if (known === 'no-difference')
    return `  SURVIVED  ${took}  ${name}: no difference to anything that the official suite does (${ran} tests)`;
  return `  SURVIVED  ${took}  ${name}: the official suite (${ran} tests)`;
}

/** A fault against inferred clauses alone fails no run. */
function toldOnly(catches: FaultResult['catches']): string {
  return catches.every(({ tier }) => tier === 'informational') ? ' (informational)' : '';
}

function line(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
}

/** One line for a person, when a fault has ended. */
export function faultLine(fault: FaultResult): string {
  const took = `${(fault.durationMs / 1000).toFixed(1)} s`.padStart(7);
  const { name, outcome, catches } = fault;
  if (outcome === 'survived')
    return `  SURVIVED  ${took}  ${name}: ${fault.title} (${fault.scenarios} scenarios)`;
  if (outcome === 'not-run') return `  NOT RUN   ${took}  ${name}: ${fault.reason ?? ''}`;
  const [first] = catches;
  const more = catches.length > 1 ? ` and ${catches.length - 1} more` : '';
  const unclear = [
    ...(fault.clauseNamed ? [] : ['no clause of it named']),
    ...(fault.layerNamed || fault.layers.some((layer) => layer === first?.layer)
      ? []
      : [`layer ${first?.layer ?? '?'} named, not ${fault.layers.join(' or ')}`]),
  ];
  const note = unclear.length === 0 ? `, at ${first?.layer ?? '?'}` : `; ${unclear.join(', ')}`;
  const word = outcome === 'unexplained' ? 'UNEXPLAINED' : 'caught   ';
  return `  ${word} ${took}  ${name}: by ${first?.scenario ?? ''}${more}${toldOnly(catches)}${note}`;
}
