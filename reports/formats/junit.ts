import { countsAgainst } from '../../harness/results/counts-against.ts';
import type { OfficialTest } from '../../harness/results/official.ts';
import { describePassRate } from '../../harness/results/pass-rate.ts';
import type { LoadResult, Run, ScenarioResult } from '../../harness/results/run.ts';
import { impliedFindings } from '../../harness/results/tier.ts';
import { reasonsNotToBelieve } from '../figures/load-validity.ts';
import { isFailure, suitesOf, verdictWords } from '../wording/verdicts.ts';

/**
 * JUnit XML as CI systems read it: a testsuite per suite, a testcase per scenario. Wrong, slow and unstable are
 * failures unless the scenario is informational, setup-failed is an error, not-run is skipped with its reason. Benchmarks are testcases of suite `load`.
 */
export function junitXml(run: Run): string {
  const suites = suitesOf(run).map((suite) =>
    testsuite(
      suite,
      run.scenarios.filter((s) => s.suite === suite).map((s) => testcase(s)),
      run.startedAt,
    ),
  );
  if (run.official !== undefined)
    suites.push(testsuite('official', run.official.tests.map(officialTestcase), run.startedAt));
  if (run.load.length > 0) suites.push(testsuite('load', run.load.map(loadTestcase), run.startedAt));
  if (run.aborted !== undefined) {
    const error = element('error', { message: run.aborted, type: 'aborted' }, []);
    suites.push(
      testsuite('run', [testcaseElement('run', 'ran to its end', run.durationMs, [error])], run.startedAt),
    );
  }
  const totals = sum(suites);
  const root = element(
    'testsuites',
    { name: `routeproof ${run.command}`, ...totals, time: seconds(run.durationMs) },
    suites.map((s) => s.xml),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}\n`;
}

interface Counts {
  tests: number;
  failures: number;
  errors: number;
  skipped: number;
}
interface Case {
  xml: string;
  outcome: 'passed' | 'failures' | 'errors' | 'skipped';
  durationMs: number;
}
type Suite = Counts & { xml: string };

function testsuite(name: string, cases: Case[], timestamp: string): Suite {
  const count = (outcome: Case['outcome']): number => cases.filter((c) => c.outcome === outcome).length;
  const counts: Counts = {
    tests: cases.length,
    failures: count('failures'),
    errors: count('errors'),
    skipped: count('skipped'),
  };
  const time = seconds(cases.reduce((total, c) => total + c.durationMs, 0));
  const xml = element(
    'testsuite',
    { name, ...counts, time, timestamp },
    cases.map((c) => c.xml),
  );
  return { xml, ...counts };
}

function testcase(scenario: ScenarioResult): Case {
  const children = [properties(scenario)];
  const message = oneLine(scenario);
  const type = scenario.layer === undefined ? scenario.verdict : `${scenario.verdict} at ${scenario.layer}`;
  if (countsAgainst(scenario)) children.push(element('failure', { message, type }, [text(body(scenario))]));
  else if (isFailure(scenario.verdict))
    children.push(element('skipped', { message: `informational, no failure: ${message}` }, []));
  if (scenario.verdict === 'setup-failed')
    children.push(element('error', { message, type }, [text(body(scenario))]));
  if (scenario.verdict === 'not-run') children.push(element('skipped', { message }, []));
  const told = impliedFindings(scenario).map(
    ({ clauses, verdict, layer, expected, seen }) =>
      `informational, no failure: ${verdict} at ${layer} (${clauses.join(', ')}): expected ${expected}; seen: ${seen}`,
  );
  if (told.length > 0) children.push(element('system-out', {}, [text(told.join('\n'))]));
  return testcaseElement(scenario.suite, scenario.id, scenario.durationMs, children);
}

/** One that had to run and did not is an error: nothing is known there. */
function officialTestcase(test: OfficialTest): Case {
  const message = test.reason ?? test.failedChecks[0] ?? 'failed';
  const children: string[] = [];
  if (test.verdict === 'wrong') {
    const lines = [...test.failedChecks.map((check) => `failed: ${check}`), ...test.output];
    children.push(element('failure', { message, type: test.verdict }, [text(lines.join('\n'))]));
  }
  if (test.verdict === 'not-run') children.push(element(test.due ? 'error' : 'skipped', { message }, []));
  return testcaseElement('official', test.name, test.durationMs, children);
}

function loadTestcase(load: LoadResult): Case {
  const reasons = reasonsNotToBelieve(load);
  const children =
    reasons.length === 0
      ? []
      : [element('error', { message: reasons.join('; '), type: 'invalid measurement' }, [])];
  return testcaseElement('load', load.subject, load.durationMs, children);
}

function testcaseElement(classname: string, name: string, durationMs: number, children: string[]): Case {
  const has = (tag: string): boolean => children.some((child) => child.startsWith(`<${tag} `));
  const outcome = has('failure')
    ? 'failures'
    : has('error')
      ? 'errors'
      : has('skipped')
        ? 'skipped'
        : 'passed';
  return {
    xml: element('testcase', { classname, name, time: seconds(durationMs) }, children),
    outcome,
    durationMs,
  };
}

function properties(scenario: ScenarioResult): string {
  const entries: [string, string][] = [
    ['title', scenario.title],
    ['verdict', scenario.verdict],
    ['support', scenario.support],
    ['clauses', scenario.clauses.join(' ')],
  ];
  if (scenario.layer !== undefined) entries.push(['layer', scenario.layer]);
  if (scenario.rerun !== undefined && scenario.rerun.runs > 0)
    entries.push(['again, alone', describePassRate(scenario.rerun)]);
  return element(
    'properties',
    {},
    entries.map(([name, value]) => element('property', { name, value }, [])),
  );
}

function oneLine(scenario: ScenarioResult): string {
  if (scenario.verdict === 'not-run') return scenario.seen ?? scenario.notes[0] ?? 'no reason was recorded';
  const seen = scenario.seen ?? verdictWords[scenario.verdict].meaning;
  return scenario.layer === undefined ? seen : `${scenario.layer}: ${seen}`;
}

function body(scenario: ScenarioResult): string {
  const lines = [
    `${scenario.id}: ${scenario.title}`,
    `layer:    ${scenario.layer ?? 'unknown'}`,
    `expected: ${scenario.expected ?? 'not recorded'}`,
    `seen:     ${scenario.seen ?? 'not recorded'}`,
    `clauses:  ${scenario.clauses.join(', ')}`,
  ];
  lines.push(...(scenario.comparisons ?? []).map(({ text: beside }) => `beside:   ${beside}`));
  lines.push(...(scenario.unreadyPods ?? []).map((line) => `pods:     ${line}`));
  if (scenario.repro !== undefined) {
    lines.push('', 'To see it by hand:', ...scenario.repro.commands, '', scenario.repro.manifest);
  }
  return lines.join('\n');
}

function sum(suites: Counts[]): Counts {
  const total: Counts = { tests: 0, failures: 0, errors: 0, skipped: 0 };
  for (const suite of suites) {
    total.tests += suite.tests;
    total.failures += suite.failures;
    total.errors += suite.errors;
    total.skipped += suite.skipped;
  }
  return total;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

function element(name: string, attributes: Record<string, string | number>, children: string[]): string {
  const attrs = Object.entries(attributes)
    .map(
      ([key, value]) => ` ${key}="${text(String(value)).replaceAll('\n', '&#10;').replaceAll('\t', '&#9;')}"`,
    )
    .join('');
  return children.length === 0 ? `<${name}${attrs} />` : `<${name}${attrs}>${children.join('')}</${name}>`;
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** XML 1.0 forbids most control characters and lone surrogates, even escaped; raw metadata may hold both. */
function text(value: string): string {
  return value
    .toWellFormed()
    .replaceAll(/[^\P{Cc}\t\n\u007f-\u009f]|[\ufffe\uffff]/gu, '\ufffd')
    .replaceAll(/[&<>"]/g, (c) => entities[c] ?? c);
}
