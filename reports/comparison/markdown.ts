import type { LoadResult, Run } from '../../harness/results/run.ts';
import { formatBytes, formatMs } from '../figures/figures.ts';
import { reasonsNotToBelieve } from '../figures/load-validity.ts';
import { code, prose, row } from '../wording/markdown.ts';
import { envoyOf } from './envoy-of.ts';
import { comparedFigures, figureReasons } from './figures.ts';
import { cellOf, cellWords, clauseRows, clauseWords, scenarioIds, type Cell } from './cells.ts';

const intro = `# Implementations side by side

Made by \`routeproof matrix --write-docs\`; not to be edited by hand. Each column is an implementation of Gateway API in one version, on the local
cluster, with the same scenarios. docs/implementations.md says how each was installed, and what was seen where it fails.
`;

/**
 * docs/matrix.md: the implementations, then what differs between them. What none of them fails is only counted.
 *
 * @param runs - one for each implementation
 */
export function comparisonMarkdown(runs: readonly Run[]): string {
  return [
    intro,
    implementations(runs),
    machines(runs),
    '## Scenarios',
    legend,
    table(runs, scenarioRows(runs)),
    '## Clauses',
    'Failed: a scenario that stands for it got a wrong answer. Proven: every scenario that stands for it passed. Not proven: neither.',
    table(runs, clauseLines(runs)),
    ...loadSection(runs),
    ...figuresSection(runs),
    '',
  ].join('\n\n');
}

const legend = Object.values(cellWords)
  .map(({ symbol, label }) => `${symbol} ${label}`)
  .join(' · ');

function implementations(runs: readonly Run[]): string {
  const lines = runs.map((run) => {
    const { implementation, gatewayApi, totals } = run;
    const cells = run.scenarios.map(cellOf);
    const count = (cell: Cell): string => String(cells.filter((one) => one === cell).length);
    return row([
      `${prose(implementation.name)} ${prose(implementation.version)}`,
      prose(envoyOf(run)),
      `${prose(gatewayApi.version)} (${prose(gatewayApi.channel)})`,
      run.startedAt.slice(0, 10),
      count('pass'),
      count('known'),
      count('failed'),
      count('told'),
      count('left-out'),
      String(Number(count('absent')) + Number(count('setup-failed')) + missing(run, runs)),
      `${totals.clausesProven} / ${totals.clausesFailed}`,
    ]);
  });
  const head = [
    'implementation',
    'Envoy',
    'Gateway API',
    'from',
    'pass',
    'failed, known',
    'failed, not looked at',
  ];
  const rest = ['informational, otherwise', 'does not apply', 'not judged', 'clauses proven / failed'];
  return tableOf([...head, ...rest], 4, lines);
}

/** What it was measured on: one line for each machine. */
function machines(runs: readonly Run[]): string {
  const lines = runs.map(({ cluster: { provider, kubernetesVersion, cpus, cpuModel, memoryBytes } }) =>
    prose(
      `On the ${provider} cluster, Kubernetes ${kubernetesVersion}, ${cpus} CPUs (${cpuModel}), ${formatBytes(memoryBytes)} of memory.`,
    ),
  );
  return [...new Set(lines)].join('\n');
}

/** Scenarios of others that this run does not have. */
function missing(run: Run, runs: readonly Run[]): number {
  return scenarioIds(runs).length - run.scenarios.length;
}

interface Line {
  name: string;
  symbols: string[];
  /** Whether no column fails it: then it is only counted. */
  plain: boolean;
}

function scenarioRows(runs: readonly Run[]): Line[] {
  const columns = runs.map(({ scenarios }) => new Map(scenarios.map((result) => [result.id, result])));
  return scenarioIds(runs).map((id) => {
    const cells = columns.map((column) => cellOf(column.get(id)));
    return {
      name: id,
      symbols: cells.map((cell) => cellWords[cell].symbol),
      plain: !cells.some((cell) => cell === 'failed' || cell === 'known' || cell === 'setup-failed'),
    };
  });
}

function clauseLines(runs: readonly Run[]): Line[] {
  return clauseRows(runs).map(({ clause, states }) => ({
    name: clause,
    symbols: states.map((state) => clauseWords[state].symbol),
    plain: !states.includes('failed'),
  }));
}

function table(runs: readonly Run[], lines: Line[]): string {
  const shown = lines.filter(({ plain }) => !plain);
  const rest = lines.length - shown.length;
  const names = runs.map(({ implementation: { name } }) => prose(name));
  const rows = shown.map(({ name, symbols }) => row([code(name), ...symbols]));
  return [
    ...(shown.length === 0 ? [] : [tableOf(['', ...names], 1, rows)]),
    `${rest} of ${lines.length} are not listed: no implementation fails them.`,
  ].join('\n\n');
}

function loadSection(runs: readonly Run[]): string[] {
  const lines = runs.flatMap((run) => run.load.flatMap((load) => loadRows(run, load)));
  if (lines.length === 0) return [];
  const head = [
    'implementation',
    'benchmark',
    'calls a second',
    'path',
    'p50',
    'p90',
    'p99',
    'p99.9',
    'max',
    'proxy CPU a call',
  ];
  return [
    '## Latency',
    'One machine for generator, proxy and backend; the backend is called directly in between, so compare each gateway with its own direct line. docs/load.md says what the figures mean.',
    tableOf(head, 4, lines),
  ];
}

function loadRows(run: Run, load: LoadResult): string[] {
  const name = prose(run.implementation.name);
  const invalid = reasonsNotToBelieve(load);
  const rate = String(Math.round(load.targetRateRps));
  if (invalid.length > 0)
    return [
      row([
        name,
        code(load.subject),
        rate,
        `invalid: ${prose(invalid.join('; '))}`,
        ...Array<string>(6).fill(''),
      ]),
    ];
  return load.variants.map(({ name: path, latencyMs, proxyCpuUsPerRequest }) =>
    row([
      name,
      code(load.subject),
      rate,
      path,
      ...(['p50', 'p90', 'p99', 'p999', 'max'] as const).map((key) => formatMs(latencyMs[key])),
      proxyCpuUsPerRequest === undefined ? '' : `${Math.round(proxyCpuUsPerRequest)} µs`,
    ]),
  );
}

function figuresSection(runs: readonly Run[]): string[] {
  const figures = comparedFigures(runs);
  if (figures.length === 0) return [];
  const head = ['benchmark', 'figure', 'of', ...runs.map(({ implementation: { name } }) => prose(name))];
  const rows = figures.map(({ subject, title, of, cells }) =>
    row([code(subject), prose(title), prose(of), ...cells.map(({ text }) => prose(text))]),
  );
  const reasons = figureReasons(runs).map(
    ({ implementation, subject, reason }) => `- ${prose(implementation)}, ${code(subject)}: ${prose(reason)}`,
  );
  return [
    '## Figures',
    'Of benchmarks of calls the value, with its interval; of the control plane the median / the 99th percentile, or the one value. docs/load.md says what each is.',
    tableOf(head, 3, rows),
    ...(reasons.length === 0 ? [] : ['What is invalid or was not measured, and why:', reasons.join('\n')]),
  ];
}

/** @param texts - how many columns, from the left, are words and not figures or marks */
function tableOf(head: string[], texts: number, rows: string[]): string {
  const rule = head.map((_, index) => (index < texts ? '---' : '---:'));
  return [row(head), row(rule), ...rows].join('\n');
}
