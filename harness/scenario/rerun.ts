import { given } from '../../common/given.ts';
import { passRateInterval } from '../results/pass-rate.ts';
import type { Rerun, ScenarioResult, Verdict } from '../results/run.ts';
import type { RunEnv } from '../env/run-env.ts';
import type { Limits } from '../env/limits.ts';
import type { Registered } from '../specs/registry.ts';
import { runScenario } from './run-scenario.ts';

/** Fixed beforehand: how many are made may not depend on what they give. */
export const rerunTimes = 5;

/** A run that nothing runs beside needs a fraction of the limits, which allow for sixteen scenarios on a slow machine. */
const aloneShare = 0.25;
/** Whatever starts proxies and pods takes what it takes. */
const startShare = 0.5;

const usedUp = 'the time for running failures again was used up';

export interface RerunOptions {
  env: RunEnv;
  /** Aborts the run. */
  signal: AbortSignal;
  /** Milliseconds that are left for this scenario. */
  budgetMs: number;
}

/** Runs a failed scenario again, one run after the other, in namespaces of their own. To be called while nothing else runs. */
export async function rerunAlone(
  scenario: Registered,
  failed: Pick<ScenarioResult, 'verdict'>,
  { env, signal, budgetMs }: RerunOptions,
): Promise<Rerun> {
  const share = failed.verdict === 'slow' ? 1 : aloneShare;
  const left = new Set<string>();
  const alone = {
    ...env,
    limits: aloneLimits(env.limits, share),
    explain: false,
    keep: false,
    throwaway: false,
    furnished: undefined,
    leftNamespaces: left,
  };
  const used = AbortSignal.timeout(Math.max(0, Math.round(budgetMs)));
  const verdicts: Verdict[] = [];
  let stopped = budgetMs > 0 ? undefined : usedUp;
  while (verdicts.length < rerunTimes && stopped === undefined) {
    const { verdict, seen } = await runScenario(scenario, alone, {
      signal: AbortSignal.any([signal, used]),
      startedMs: 0,
    });
    if (signal.aborted) stopped = 'the run was aborted';
    else if (used.aborted) stopped = usedUp;
    else if (verdict === 'not-run') stopped = seen ?? 'it could not be run';
    else verdicts.push(verdict);
  }
  await leave(env, left);
  return { ...summed(verdicts), limitsShare: share, ...given({ stopped }) };
}

/** What was applied is kept of the run that gave the verdict, and of no other. */
async function leave(env: RunEnv, namespaces: ReadonlySet<string>): Promise<void> {
  if (!env.keep) {
    for (const name of namespaces) env.leftNamespaces.add(name);
    return;
  }
  const info = await env.kube.kindInfo('Namespace');
  await Promise.allSettled([...namespaces].map((name) => env.kube.delete(info, undefined, name)));
}

/** A set-up that fails says nothing about the implementation. */
function summed(verdicts: Verdict[]): Pick<Rerun, 'runs' | 'passed' | 'low' | 'high' | 'verdicts'> {
  const runs = verdicts.filter((verdict) => verdict !== 'setup-failed').length;
  const passed = verdicts.filter((verdict) => verdict === 'pass').length;
  return { runs, passed, ...passRateInterval(passed, runs), verdicts };
}

function aloneLimits(limits: Limits, share: number): Limits {
  const { gatewayMs, workloadMs } = limits;
  const starting = Math.max(share, startShare);
  return {
    ...limits,
    statusMs: limits.statusMs * share,
    servedMs: limits.servedMs * share,
    callMs: limits.callMs * share,
    deletedMs: limits.deletedMs * share,
    gatewayMs: gatewayMs * starting,
    workloadMs: workloadMs * starting,
  };
}
