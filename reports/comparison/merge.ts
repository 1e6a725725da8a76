import { given } from '../../common/given.ts';
import { totalsOf } from '../../harness/results/assemble.ts';
import type { ControlPlaneResult } from '../../harness/results/control-plane.ts';
import { isLeftOut } from '../../harness/results/left-out.ts';
import type { LoadResult, Run, ScenarioResult } from '../../harness/results/run.ts';
import { RouteproofError } from '../../common/errors.ts';
import { reasonsNotToBelieve } from '../figures/load-validity.ts';

/**
 * One run for each implementation and version, made of the runs that there are of it, in the order of the first of each.
 *
 * A long run can be made in parts: of a scenario the latest result counts that says something, of a benchmark the latest figure.
 *
 * @throws RouteproofError INVALID_INPUT - the runs were judged by different rules, so that they compare nothing
 */
export function mergeRuns(runs: readonly Run[]): Run[] {
  mustBeJudgedAlike(runs);
  const inOrder = runs.toSorted((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
  return [...Map.groupBy(inOrder, implementationKey).values()].map(merged);
}

function implementationKey({ implementation: { name, version } }: Run): string {
  return JSON.stringify([name, version]);
}

function mustBeJudgedAlike(runs: readonly Run[]): void {
  const rules = new Set(runs.map(rulesOf));
  if (rules.size <= 1) return;
  throw new RouteproofError('INVALID_INPUT', 'these runs cannot be compared', {
    seen: [...rules].join('; '),
    hint: 'give runs with the same release of Gateway API and the same profile',
  });
}

function rulesOf({ gatewayApi: { version, release = version }, profile }: Run): string {
  return `Gateway API ${version}, judged by ${release}, profile ${profile}`;
}

function merged(parts: Run[]): Run {
  const [first] = parts;
  const last = parts.at(-1);
  if (first === undefined || last === undefined) throw new Error('nothing to merge');
  const scenarios = new Map<string, ScenarioResult>();
  const load = new Map<string, LoadResult>();
  const controlPlane = new Map<string, ControlPlaneResult>();
  for (const part of parts) {
    for (const result of part.scenarios) {
      if (!scenarios.has(result.id) || saysSomething(result)) scenarios.set(result.id, result);
    }
    for (const result of part.load) keepBest(load, result, (each) => reasonsNotToBelieve(each).length === 0);
    for (const result of part.controlPlane ?? []) keepBest(controlPlane, result, isWhole);
  }
  const results = [...scenarios.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const { aborted, ...facts } = last;
  const unreached = results.some((result) => !saysSomething(result));
  const lastLoad = parts.findLast(({ command }) => command === 'load');
  const why = unreached ? aborted : lastLoad?.aborted;
  return {
    ...facts,
    command: results.length > 0 ? 'conformance' : last.command,
    startedAt: first.startedAt,
    durationMs: parts.reduce((sum, { durationMs }) => sum + durationMs, 0),
    // Why a part ended early is told as long as a scenario is missing for it, or the last benchmarks ended so.
    ...given({ aborted: why }),
    versions: Object.assign({}, ...parts.map(({ versions }) => versions)) as Run['versions'],
    scenarios: results,
    load: [...load.values()],
    ...(controlPlane.size === 0 ? {} : { controlPlane: [...controlPlane.values()] }),
    totals: totalsOf(results),
  };
}

/** The latest, unless it failed and an earlier one did not. */
function keepBest<T extends { subject: string }>(
  kept: Map<string, T>,
  result: T,
  isGood: (result: T) => boolean,
): void {
  const before = kept.get(result.subject);
  if (before === undefined || isGood(result) || !isGood(before)) kept.set(result.subject, result);
}

function isWhole({ invalid, ended }: ControlPlaneResult): boolean {
  return invalid.length === 0 && ended === undefined;
}

/** A scenario that a run did not come to says nothing beside one that did. */
function saysSomething(result: ScenarioResult): boolean {
  return result.verdict !== 'not-run' || isLeftOut(result);
}
