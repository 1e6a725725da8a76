import type { OfficialComparison, OfficialPace, OfficialResult } from '../results/official.ts';
import type { ScenarioResult } from '../results/run.ts';

/** The tests of the suite that ran, without its set-up. */
export function paceOfSuite({ tests, setUpMs, durationMs }: OfficialResult): OfficialPace {
  const ran = tests.filter(({ verdict }) => verdict !== 'not-run');
  return {
    tests: ran.length,
    checks: ran.reduce((sum, { checks }) => sum + checks, 0),
    durationMs: durationMs - setUpMs,
  };
}

/**
 * The scenarios that ran, from the first one's start to the last one's end. A check is what the suite would write a subtest for: an
 * expectation about a status, or about the answers to a call (however often it was repeated until it settled).
 */
export function paceOfScenarios(scenarios: readonly ScenarioResult[]): OfficialPace {
  const ran = scenarios.filter(({ verdict }) => verdict !== 'not-run' && verdict !== 'setup-failed');
  const checks = ran.flatMap(({ timeline }) => timeline.filter(isCheck)).length;
  const start = Math.min(...ran.map(({ startedMs }) => startedMs));
  const end = Math.max(...ran.map(({ startedMs, durationMs }) => startedMs + durationMs));
  return { tests: ran.length, checks, durationMs: ran.length === 0 ? 0 : Math.round(end - start) };
}

function isCheck({ kind, ok }: ScenarioResult['timeline'][number]): boolean {
  return (kind === 'check' || kind === 'probe') && ok === true;
}

/** A line a side, for a person. */
export function comparisonLines(comparison: OfficialComparison | undefined): string[] {
  if (comparison === undefined) return [];
  const { official, routeproof } = comparison;
  const line = (name: string, { tests, checks, durationMs }: OfficialPace): string =>
    `${name.padEnd(14)} ${tests} tests, ${checks} checks in ${(durationMs / 1000).toFixed(1)} s: ${rate({ checks, durationMs }).toFixed(1)} checks a second`;
  const factor = rate(routeproof) / rate(official);
  return [
    line('official suite', official),
    line('routeproof', routeproof),
    `routeproof makes ${factor.toFixed(1)} times as many checks a second`,
  ];
}

function rate({ checks, durationMs }: Pick<OfficialPace, 'checks' | 'durationMs'>): number {
  return durationMs > 0 ? checks / (durationMs / 1000) : Number.NaN;
}
