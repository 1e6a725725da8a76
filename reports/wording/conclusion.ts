import { countsAgainst } from '../../harness/results/counts-against.ts';
import { differs } from '../../harness/results/differs.ts';
import type { Run, ScenarioResult } from '../../harness/results/run.ts';
import { impliedFindings, unjudgedClaims } from '../../harness/results/tier.ts';
import { isMeasured } from '../figures/control-plane.ts';
import { officialConclusion, type Conclusion } from './official.ts';
import { countVerdicts, isFailure } from './verdicts.ts';
import { reasonsNotToBelieve } from '../figures/load-validity.ts';

/** Whole runs, and runs whose evidence is packed apart. */
type Judged = Pick<
  Run,
  'command' | 'aborted' | 'load' | 'controlPlane' | 'official' | 'implementation' | 'repeat'
> & {
  scenarios: Pick<
    ScenarioResult,
    'id' | 'verdict' | 'support' | 'features' | 'leftOut' | 'tier' | 'implied' | 'repeats'
  >[];
};

const states: readonly Conclusion['state'][] = ['failed', 'incomplete', 'passed'];

/** What a run as a whole may claim: the worst of what the scenarios and the official suite say. */
export function conclusionOf(run: Judged): Conclusion {
  if (run.command !== 'official') return scenarioConclusion(run);
  const official = officialConclusion(run);
  if (run.scenarios.length === 0) return official;
  const ours = scenarioConclusion(run);
  const state = states.find((one) => one === official.state || one === ours.state) ?? 'incomplete';
  const caveats = [...new Set([...official.caveats, ...ours.caveats])];
  return { state, headline: `${official.headline}; ${ours.headline.toLowerCase()}`, caveats };
}

/** A scenario that was not judged is never counted as a pass. */
function scenarioConclusion(run: Judged): Conclusion {
  const counts = countVerdicts(run.scenarios);
  const failed = run.scenarios.filter(countsAgainst).length;
  const told = run.scenarios.filter((s) => isFailure(s.verdict)).length - failed;
  const { load, controlPlane = [] } = run;
  const benchmarks = load.length + controlPlane.length;
  const invalidLoads =
    load.filter((each) => reasonsNotToBelieve(each).length > 0).length +
    controlPlane.filter((each) => !isMeasured(each)).length;
  const caveats: string[] = [];
  if (run.aborted !== undefined) caveats.push(`The run ended early: ${run.aborted}`);
  const repeated = repeatedRuns(run);
  if (repeated !== undefined && repeated.differed > 0) caveats.push(`${repeated.text}.`);
  if (counts['setup-failed'] > 0)
    caveats.push(`${scenariosOf(counts['setup-failed'])} could not be set up, so nothing is known there.`);
  if (counts['not-run'] > 0) caveats.push(`${scenariosOf(counts['not-run'])} not run; the list says why.`);
  const gaps = [...unjudgedClaims(run).keys()];
  if (gaps.length > 0) caveats.push(`Claimed, but not all of it was judged: ${gaps.join(', ')}.`);
  if (invalidLoads > 0)
    caveats.push(`${plural(invalidLoads, 'benchmark')} invalid: the figures are not shown.`);
  if (told > 0)
    caveats.push(
      `${plural(told, 'informational scenario')} saw something else; that is told and no failure.`,
    );
  const parts = run.scenarios.filter((s) => impliedFindings(s).length > 0).length;
  if (parts > 0)
    caveats.push(
      `${scenariosOf(parts)} saw something else in a part that the specification only implies; that is told and no failure.`,
    );

  const total = run.scenarios.length;
  const judged = total - counts['setup-failed'] - counts['not-run'] - told;
  if (failed > 0) return { state: 'failed', headline: `${failed} of ${scenariosOf(judged)} failed`, caveats };
  const nothingRan = judged === 0 && (run.command === 'conformance' || benchmarks === 0);
  const incomplete =
    run.aborted !== undefined ||
    counts['setup-failed'] > 0 ||
    nothingRan ||
    gaps.length > 0 ||
    invalidLoads > 0;
  if (total === 0 && benchmarks === 0)
    return { state: 'incomplete', headline: 'Nothing was judged', caveats };
  if (total === 0) {
    const valid = benchmarks - invalidLoads;
    const measured = valid > 0 ? `${plural(valid, 'benchmark')} measured` : 'No valid measurement';
    return { state: incomplete ? 'incomplete' : 'passed', headline: measured, caveats };
  }
  if (incomplete)
    return { state: 'incomplete', headline: `${counts.pass} of ${scenariosOf(total)} passed`, caveats };
  const which = told > 0 ? 'count' : 'ran';
  const all = judged === total ? `All ${scenariosOf(total)} passed` : `All ${judged} that ${which} passed`;
  return { state: 'passed', headline: all, caveats };
}

/** `30 runs, 1 scenario differed`; undefined where everything was run once. */
export function repeatedRuns(run: {
  repeat?: number;
  scenarios: Pick<ScenarioResult, 'repeats'>[];
}): { text: string; differed: number } | undefined {
  if (run.repeat === undefined) return undefined;
  const differed = run.scenarios.filter(differs).length;
  return { text: `${plural(run.repeat, 'run')}, ${scenariosOf(differed)} differed`, differed };
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function scenariosOf(count: number): string {
  return plural(count, 'scenario');
}
