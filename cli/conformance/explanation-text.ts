import pc from 'picocolors';
import type { Explanation } from '../../harness/explain/explain.ts';

type Of<Kind extends Explanation['kind']> = Extract<Explanation, { kind: Kind }>;

/** An explanation as a person reads it: what it says, then what is tied to it, each with its sentence. */
export function explanationText(explanation: Explanation): string {
  const lines = {
    clause: () => clauseLines(explanation as Of<'clause'>),
    scenario: () => scenarioLines(explanation as Of<'scenario'>),
    fault: () => faultLines(explanation as Of<'fault'>),
  }[explanation.kind]();
  return `${lines.join('\n')}\n`;
}

function clauseLines({ clause, scenarios, faults }: Of<'clause'>): string[] {
  const { id, says, level, support, channel, standardSince, since, until, source, check, reason } = clause;
  return [
    `${pc.bold(id)}  clause`,
    says,
    '',
    ...field('level', `${level}, ${support}`),
    ...field(
      'channel',
      standardSince === undefined ? channel : `${channel}, standard since ${standardSince}`,
    ),
    ...field('release', [since && `since ${since}`, until && `until ${until}`].filter(Boolean).join(', ')),
    ...field('source', source),
    ...field('seen by', check),
    ...field('unseen', reason),
    ...list('scenarios that prove it', scenarios, reason === undefined ? 'none' : 'none, no black box can'),
    ...list('planted faults that break it, and so turn those red', faults, 'none'),
  ];
}

function scenarioLines({ scenario, clauses, faults }: Of<'scenario'>): string[] {
  const {
    id,
    title,
    support,
    features = [],
    channel,
    standardSince,
    backends = [],
    guards = [],
    spec,
    files,
  } = scenario;
  const others = standardSince === undefined ? '' : ` (from ${standardSince} on, either)`;
  return [
    `${pc.bold(id)}  scenario`,
    title,
    '',
    ...field('support', support),
    ...field(
      'needs',
      [...features, ...(channel === undefined ? [] : [`the ${channel} channel${others}`])].join(', '),
    ),
    ...field('backends', backends.join(', ')),
    ...field('guards', guards.join(', ')),
    ...field('spec', spec),
    ...field('manifests', files.join(', ')),
    ...field('run it', `routeproof conformance --scenario ${id} --no-load`),
    ...list('clauses that it proves', clauses, 'none'),
    ...list('planted faults that aim at it', faults, 'none'),
  ];
}

function faultLines({ fault, clauses, scenarios }: Of<'fault'>): string[] {
  const { name, title, area, layers, reference } = fault;
  return [
    `${pc.bold(name)}  planted fault`,
    title,
    '',
    ...field('area', area),
    ...field('layer', layers.join(' or ')),
    ...field('real bug', reference),
    ...field('judge it', `routeproof faults --fault ${name}`),
    ...field('see it', `routeproof conformance --fault ${name} ${aim(fault.clauses, scenarios)}`),
    ...list('clauses that it breaks', clauses, 'none'),
    ...list('scenarios expected to catch it', scenarios, 'none'),
  ];
}

/** What has those scenarios run and few others, on a line that can be read. */
function aim(clauses: readonly string[], scenarios: Of<'fault'>['scenarios']): string {
  if (clauses.length <= fewClauses) return `--clause ${clauses.join()}`;
  const suites = new Set(scenarios.map(({ name }) => name.split('/')[0]));
  return `--suite ${[...suites].join()}`;
}

const fewClauses = 10;

function field(name: string, value: string | undefined): string[] {
  return value === undefined || value === '' ? [] : [`  ${pc.dim(name.padEnd(10))} ${value}`];
}

function list(title: string, items: { name: string; title: string }[], none: string): string[] {
  if (items.length === 0) return ['', `${title}: ${none}`];
  return ['', `${title}:`, ...items.map(({ name, title: says }) => `  ${name}\n      ${pc.dim(says)}`)];
}
