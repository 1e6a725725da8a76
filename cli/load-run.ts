import { messageOf, RouteproofError } from '../common/errors.ts';
import { ConformanceSession } from '../harness/conformance-session.ts';
import { addLoad } from '../harness/load/add-load.ts';
import { benchmark } from '../harness/load/benchmark.ts';
import { longPlan, shortPlan, type LoadPlan } from '../harness/load/run-load.ts';
import type { LoadResult } from '../harness/results/run.ts';
import type { RunEnv } from '../harness/run-env.ts';
import { pageAssets, writeReports } from '../reports/index.ts';
import type { HostFlags } from './hosted-run.ts';
import type { Inside } from './inside.ts';
import { outDir } from './out-dir.ts';
import { progressLine } from './progress.ts';
import { sessionOptions } from './session-options.ts';

export interface LoadFlags extends HostFlags {
  subject: string;
  gatewayClass: string;
  implementation?: string;
  profile: string;
  rate?: number;
  quick?: true;
  out?: string;
  limitsScale: number;
}

/** A measuring step for a run whose scenarios must be reported even when the load generator fails. */
export class LoadStep {
  /** Why there is no figure; undefined while all is well. */
  failure: string | undefined;

  readonly measure = async (env: RunEnv, signal: AbortSignal): Promise<LoadResult[]> => {
    progressLine('measuring latency: about 9 s');
    // Half a second of work for the report, done while the load generator starts and warms up; what goes wrong is told when it is needed.
    pageAssets().catch(() => undefined);
    try {
      return [
        await benchmark(env, { subject: 'unary-latency', plan: shortPlan, progress: progressLine, signal }),
      ];
    } catch (error) {
      this.failure = messageOf(error);
      progressLine(this.failure);
      return [];
    }
  };
}

/**
 * The benchmark alone, longer. Figures that may not be believed are reported as such and are no failure of the gateway.
 *
 * @returns the exit code: 0, or 3 when no valid figure could be measured
 */
export async function loadRun(flags: LoadFlags, inside: Inside, signal: AbortSignal): Promise<number> {
  const session = new ConformanceSession([], sessionOptions(flags, inside, signal));
  await session.start();
  const { env } = session;
  if (env === undefined)
    throw new RouteproofError('LOAD_FAILED', session.engine.aborted ?? 'the cluster could not be set up');
  const plan: LoadPlan = flags.quick === true ? shortPlan : longPlan;
  const result = await benchmark(env, {
    subject: flags.subject,
    plan: flags.rate === undefined ? plan : { ...plan, rateRps: flags.rate },
    progress: progressLine,
    signal,
  });
  const { run } = await session.finish();
  run.command = 'load';
  await addLoad(run, [result]);
  const { html } = await writeReports(run, outDir(flags.out, 'load', new Date(run.startedAt)));
  printFigures(result);
  progressLine(`report: ${html}`);
  return result.invalid.length === 0 ? 0 : 3;
}

function printFigures(result: LoadResult): void {
  process.stdout.write(`${result.title}, ${result.targetRateRps} calls a second\n`);
  if (result.invalid.length > 0) {
    process.stdout.write(`  invalid: ${result.invalid.join('; ')}\n`);
    return;
  }
  for (const { name, latencyMs, requests, proxyCpuUsPerRequest } of result.variants) {
    const cost =
      proxyCpuUsPerRequest === undefined ? '' : `, ${proxyCpuUsPerRequest.toFixed(0)} us of proxy CPU a call`;
    const figures = (['p50', 'p90', 'p99', 'p999', 'max'] as const).map(
      (key) => `${key} ${latencyMs[key].toFixed(2)}`,
    );
    process.stdout.write(`  ${name.padEnd(8)} ${figures.join('  ')} ms (${requests} calls${cost})\n`);
  }
}
