import { countsAgainst } from '../../harness/results/counts-against.ts';
import type { ControlPlaneFigure, ControlPlaneResult } from '../../harness/results/control-plane.ts';
import { isLeftOut } from '../../harness/results/left-out.ts';
import type { OfficialComparison, OfficialResult } from '../../harness/results/official.ts';
import { describePassRate } from '../../harness/results/pass-rate.ts';
import type { ImpliedFinding, Run, ScenarioResult } from '../../harness/results/run.ts';
import { impliedFindings, isInformational } from '../../harness/results/tier.ts';
import { bundlePath } from './bundle-path.ts';
import { conclusionOf, repeatedRuns } from '../wording/conclusion.ts';
import { codesText, doubtsOf, sizeText } from '../figures/control-plane.ts';
import { formatDuration, formatQuantity } from '../figures/figures.ts';
import { loadSection } from './load-summary.ts';
import { code, prose, row } from '../wording/markdown.ts';
import { officialByUrgency } from '../wording/official.ts';
import { byUrgency, countVerdicts, isFailure, verdictOrder, verdictWords } from '../wording/verdicts.ts';

/** GitHub cuts a step summary at 1 MiB and a comment at 65,536 characters; fifty lines of failures stay below both. */
const maxListed = 50;

/** A short Markdown page for a pull request or a CI step summary: failures first, one line each. */
export function summaryMarkdown(run: Run): string {
  const { state, headline, caveats } = conclusionOf(run);
  const mark = { passed: '✓', failed: '✕', incomplete: '!' }[state];
  const sections = [
    `## ${mark} routeproof ${run.command}: ${headline}`,
    caveats.map((caveat) => `- ${prose(caveat)}`).join('\n'),
    facts(run),
    ...(run.official === undefined ? [] : officialSection(run.official)),
    ...problems(run),
    run.scenarios.length > 0 ? suiteTable(run) : '',
    ...loadSection(run.load),
    ...controlPlaneSection(run.controlPlane ?? []),
  ];
  return `${sections.filter((s) => s !== '').join('\n\n')}\n`;
}

function facts(run: Run): string {
  const { name, version } = run.implementation;
  const { reachedBy } = run.cluster;
  const repeated = repeatedRuns(run);
  return [
    `${prose(name)} ${prose(version)}`,
    `Gateway API ${prose(run.gatewayApi.version)} (${prose(run.gatewayApi.channel)})${judgedAs(run)}`,
    `profile ${prose(run.profile)}`,
    `${prose(run.cluster.provider)} cluster, Kubernetes ${prose(run.cluster.kubernetesVersion)}`,
    ...(reachedBy === undefined ? [] : [`reached by ${code(reachedBy)}`]),
    formatDuration(run.durationMs),
    ...(repeated === undefined ? [] : [repeated.text]),
    run.startedAt,
  ].join(' · ');
}

/** Said only where the clauses are of another release than the CRDs. */
function judgedAs({ gatewayApi: { version, release } }: Run): string {
  return release === undefined || release === version ? '' : `, judged by ${prose(release)}`;
}

function officialSection(official: OfficialResult): string[] {
  const reports = official.profileReports.map(({ name, summary }) => `- ${code(name)}: ${prose(summary)}`);
  const failed = officialByUrgency(official.tests).filter(({ verdict, due }) => due && verdict !== 'pass');
  const lines = failed.slice(0, maxListed).map(({ name, verdict, reason, failedChecks, output }) => {
    const { symbol, label } = verdictWords[verdict];
    return `- ${symbol} ${code(name)} ${label}: ${code(reason ?? failedChecks[0] ?? output.at(-1) ?? 'nothing printed')}`;
  });
  if (failed.length > maxListed) lines.push(`- and ${failed.length - maxListed} more: see report.html`);
  return [
    `### Official suite ${prose(official.release)}`,
    reports.join('\n'),
    lines.join('\n'),
    official.comparison === undefined ? '' : comparisonTable(official.comparison),
  ];
}

function comparisonTable(comparison: OfficialComparison): string {
  const rows = (['official', 'routeproof'] as const).map((name) => {
    const { tests, checks, durationMs } = comparison[name];
    const rate = durationMs > 0 ? (checks / (durationMs / 1000)).toFixed(1) : '–';
    return row([name, String(tests), String(checks), formatDuration(durationMs), rate]);
  });
  return [
    row(['', 'tests', 'checks', 'time', 'checks a second']),
    row(['---', '---:', '---:', '---:', '---:']),
    ...rows,
  ].join('\n');
}

function problems(run: Run): string[] {
  const listed = byUrgency(run.scenarios).filter((s) => s.verdict !== 'pass');
  const failures = listed.filter(countsAgainst);
  const unjudged = listed.filter((s) => !isFailure(s.verdict) && !isLeftOut(s));
  const leftOut = listed.filter(isLeftOut);
  return [
    ...(failures.length > 0 ? [`### Failures\n\n${problemList(failures)}`] : []),
    ...informational(run),
    ...(unjudged.length > 0 ? [`### Not judged\n\n${problemList(unjudged)}`] : []),
    ...(leftOut.length > 0 ? [`### Left out\n\n${problemList(leftOut)}`] : []),
  ];
}

/** What the spec only implies or contradicts itself about: never among the failures, so that nobody counts it there. */
function informational(run: Run): string[] {
  const told = byUrgency(run.scenarios).filter(isInformational);
  const [otherwise, asExpected] = [
    told.filter(({ verdict }) => isFailure(verdict)),
    told.filter(({ verdict }) => verdict === 'pass'),
  ];
  const parts = run.scenarios.flatMap((s) => impliedFindings(s).map((finding) => partLine(s, finding)));
  if (otherwise.length + asExpected.length + parts.length === 0) return [];
  const passed = asExpected.map(({ id }) => code(id)).join(', ');
  return [
    '### Informational',
    'What the specification only implies, or contradicts itself about: told, and never a failure.',
    [...parts.slice(0, maxListed), problemList(otherwise)].filter((line) => line !== '').join('\n'),
    asExpected.length > 0 ? `- ${verdictWords.pass.symbol} as expected: ${passed}` : '',
  ];
}

function partLine({ id }: ScenarioResult, finding: ImpliedFinding): string {
  const { clauses, verdict, layer, expected, seen } = finding;
  const what = `${verdictWords[verdict].symbol} ${code(id)} ${verdictWords[verdict].label} at **${layer}**`;
  return `- ${what}, only ${clauses.map(code).join(', ')}: expected ${code(expected)}, seen ${code(seen)}`;
}

function problemList(scenarios: ScenarioResult[]): string {
  const lines = scenarios.slice(0, maxListed).map(problemLine);
  if (scenarios.length > maxListed) lines.push(`- and ${scenarios.length - maxListed} more: see report.html`);
  return lines.join('\n');
}

function problemLine(s: ScenarioResult): string {
  const where = s.layer === undefined ? '' : ` at **${s.layer}**`;
  const expected = s.expected === undefined ? '' : ` expected ${code(s.expected)},`;
  const seen = ` seen ${code(s.seen ?? s.notes[0] ?? 'nothing recorded')}`;
  const alone =
    s.rerun === undefined || s.rerun.runs === 0
      ? ''
      : `; again, alone, it ${prose(describePassRate(s.rerun))}`;
  const bundle = s.repro === undefined ? '' : `; ${code(bundlePath(s.id))}`;
  return `- ${verdictWords[s.verdict].symbol} ${code(s.id)} ${verdictWords[s.verdict].label}${where}:${expected}${seen}${alone}${bundle}`;
}

function suiteTable(run: Run): string {
  const totals = countVerdicts(run.scenarios);
  // Columns nobody needs make the table too wide for a pull request's comment.
  const shown = verdictOrder.filter((v) => v === 'pass' || totals[v] > 0).toReversed();
  const heads = shown.map((v) => verdictWords[v].label);
  const rows = [...Map.groupBy(run.scenarios, (s) => s.suite)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([suite, scenarios]) => {
      const counts = countVerdicts(scenarios);
      return row([code(suite), ...shown.map((v) => String(counts[v])), String(scenarios.length)]);
    });
  return [
    row(['suite', ...heads, 'all']),
    row(['---', ...shown.map(() => '---:'), '---:']),
    ...rows,
    row(['**all**', ...shown.map((v) => `**${totals[v]}**`), `**${run.scenarios.length}**`]),
  ].join('\n');
}

function controlPlaneSection(results: ControlPlaneResult[]): string[] {
  if (results.length === 0) return [];
  const head = ['benchmark', 'figure', 'at', 'p50', 'p99', 'max', 'samples', 'why'];
  const rows = results.flatMap(({ subject, figures }) =>
    figures.filter((each) => doubtsOf(each).length === 0).map((each) => controlPlaneRow(subject, each)),
  );
  const table = [row(head), row(head.map((_, i) => (i < 3 || i === 7 ? '---' : '---:'))), ...rows].join('\n');
  const doubts = results.flatMap(({ subject, invalid, ended, figures, notMeasured }) => [
    ...invalid.map((reason) => `- ! ${code(subject)} invalid: ${prose(reason)}`),
    ...(ended === undefined ? [] : [`- ! ${code(subject)} ended early: ${prose(ended)}`]),
    ...figures.flatMap((each) =>
      doubtsOf(each).map(
        (doubt) =>
          `- ! ${code(subject)} ${code(`${each.name} ${sizeText(each)}`.trim())} invalid: ${prose(doubt)}`,
      ),
    ),
    ...notMeasured.map(({ what, why }) => `- ${code(subject)} ${prose(what)}, not measured: ${prose(why)}`),
  ]);
  return [
    '### Control plane',
    ...(rows.length > 0 ? [table] : []),
    ...(doubts.length > 0 ? [doubts.join('\n')] : []),
  ];
}

function controlPlaneRow(subject: string, figure: ControlPlaneFigure): string {
  const { p50 = 0, p99 = 0, max = 0, samples = 0 } = figure.summary ?? {};
  const values = [p50, p99, max].map((value) => formatQuantity(value, figure.unit));
  const why = codesText(figure);
  return row([
    code(subject),
    code(figure.name),
    sizeText(figure),
    ...values,
    String(samples),
    why === '' ? '' : code(why),
  ]);
}
