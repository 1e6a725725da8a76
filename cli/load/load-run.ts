import { messageOf, RouteproofError } from '../../common/errors.ts';
import { given } from '../../common/given.ts';
import { ConformanceSession } from '../../harness/run/conformance-session.ts';
import { runSubjects } from '../../harness/control-plane/run-subjects.ts';
import { addLoad } from '../../harness/load/add-load.ts';
import { benchmark, oneCase } from '../../harness/load/benchmark.ts';
import { calibratedRate, calibrationPlan, calibrationRates } from '../../harness/load/calibrate.ts';
import { mustHaveOperator } from '../../harness/load/runners/k6-operator.ts';
import { podLoadRules } from '../../harness/existing/rights.ts';
import type { RunnerKind } from '../../harness/load/runners/runner.ts';
import type { LoadPlan, LoadSubject } from '../../harness/load/subject.ts';
import { ceiling, rateCases } from '../../harness/load/subjects/ceiling.ts';
import { unaryLatency } from '../../harness/load/subjects/unary-latency.ts';
import type { ControlPlaneResult } from '../../harness/results/control-plane.ts';
import type { HistoryEntry } from '../../harness/results/history.ts';
import type { LoadResult, Run } from '../../harness/results/run.ts';
import type { RunEnv } from '../../harness/env/run-env.ts';
import { appendHistory, historyEntry, pageAssets, readHistory, writeReports } from '../../reports/index.ts';
import { currentCommit } from '../output/current-commit.ts';
import type { ExistingFlags } from '../cluster/existing-cluster.ts';
import type { HostFlags } from '../cluster/hosted-run.ts';
import type { Inside } from '../cluster/inside.ts';
import { controlPlaneLines, loadLines } from './load-lines.ts';
import { crossCheckedSubject } from './load-cross-check.ts';
import { runnerOf } from './load-runner.ts';
import { mustBeSubjects } from './load-subjects.ts';
import { outDir } from '../output/out-dir.ts';
import { progressLine } from '../output/progress.ts';
import { sessionOptions } from '../cluster/session-options.ts';

export interface LoadFlags extends HostFlags, ExistingFlags {
  subject?: string[];
  gatewayClass: string;
  fault?: string;
  implementation?: string;
  profile: string;
  rate?: number;
  sizes?: number[];
  quick?: true;
  out?: string;
  record?: string;
  limitsScale: number;
  runner?: RunnerKind;
  parallelism?: number;
  k6Image?: string;
  crossCheck?: true;
}

/** About 9 s in all: three blocks of 1 s each way at a rate that two busy cores hold. */
const shortPlan: LoadPlan = { rateRps: 300, blocks: 3, blockSeconds: 1, warmupSeconds: 1 };

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
        await benchmark(env, {
          subject: unaryLatency,
          plan: shortPlan,
          cases: oneCase,
          // With the floor there would be two blocks each in the same time, and its Envoy to start: see docs/load.md.
          sides: ['direct', 'gateway'],
          progress: progressLine,
          signal,
        }),
      ];
    } catch (error) {
      this.failure = messageOf(error);
      progressLine(this.failure);
      return [];
    }
  };
}

/**
 * Benchmarks alone, longer. Figures that may not be believed are reported as such and are no failure of the gateway.
 *
 * @returns the exit code: 0, or 3 when a subject has no valid figure or other load generators do not confirm k6's
 */
export async function loadRun(flags: LoadFlags, inside: Inside, signal: AbortSignal): Promise<number> {
  const earlier = flags.record === undefined ? [] : await readHistory(flags.record);
  const session = new ConformanceSession([], {
    ...sessionOptions(flags, inside, signal),
    ...(flags.runner === undefined ? {} : { rights: podLoadRules[flags.runner] }),
    ...given({ fault: flags.fault }),
  });
  await session.start();
  const results: Measured = { loads: [], controlPlane: [] };
  const { loads, controlPlane } = results;
  const failure = await measure(session, { flags, signal, results }).then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  // What was made goes away, and the connections that keep this process alive.
  const { run } = await session.finish();
  if (failure !== undefined && !signal.aborted && loads.length + controlPlane.length === 0)
    throw failure.error;
  run.command = 'load';
  if (failure !== undefined) run.aborted ??= messageOf(failure.error);
  await addLoad(run, loads);
  if (controlPlane.length > 0) run.controlPlane = controlPlane;
  // A trend is of whole runs.
  if (flags.record !== undefined && run.aborted === undefined)
    run.history = [...earlier, await recorded(run, flags.record)];
  const { html } = await writeReports(run, outDir(flags.out, 'load', new Date(run.startedAt)));
  for (const line of [...loads.flatMap(loadLines), ...controlPlane.flatMap(controlPlaneLines)])
    process.stdout.write(`${line}\n`);
  if (run.aborted !== undefined) process.stdout.write(`aborted: ${run.aborted}\n`);
  progressLine(`report: ${html}`);
  // What was measured is written; what went wrong is told as if nothing had been.
  if (failure !== undefined && !signal.aborted) throw failure.error;
  const isMeasured =
    run.aborted === undefined &&
    loads.every(({ invalid }) => invalid.length === 0) &&
    controlPlane.every(hasValidFigure);
  return isMeasured && loads.every(isConfirmed) ? 0 : 3;
}

interface Measured {
  loads: LoadResult[];
  controlPlane: ControlPlaneResult[];
}

/** Puts each result into `results` when it is there, so that what comes later cannot lose it. */
async function measure(
  session: ConformanceSession,
  {
    flags,
    signal,
    results: { loads, controlPlane },
  }: { flags: LoadFlags; signal: AbortSignal; results: Measured },
): Promise<void> {
  const { env } = session;
  if (env === undefined)
    throw new RouteproofError('LOAD_FAILED', session.engine.aborted ?? 'the cluster could not be set up', {
      hint: session.engine.aborted === undefined ? 'what was said above says why' : undefined,
    });
  const chosen = mustBeSubjects(flags.subject);
  const length = flags.quick === true ? 'quick' : 'long';
  const rate = await rateOf(env, flags, chosen.load, signal);
  const runner = runnerOf(flags);
  if (runner?.kind === 'k6-operator') await mustHaveOperator(env.kube);
  for (const subject of chosen.load) {
    const plan = subject.plans[length];
    const rateRps = flags.rate ?? (subject.calibrated === true ? rate : undefined) ?? plan.rateRps;
    loads.push(
      await benchmark(env, {
        subject,
        plan: { ...plan, rateRps },
        cases: subject.cases?.[length] ?? oneCase,
        ...given({ runner }),
        crossCheck: flags.crossCheck === true && subject.name === crossCheckedSubject,
        progress: progressLine,
        signal,
      }),
    );
  }
  await runSubjects(env, chosen.controlPlane, {
    length,
    onResult: (result) => controlPlane.push(result),
    ...(flags.sizes === undefined ? {} : { sizes: flags.sizes.toSorted((a, b) => a - b) }),
    progress: progressLine,
    signal,
  });
}

/**
 * What the machine holds, where nobody said a rate and minutes are spent on measuring; the quick runs have fixed ones, to be compared. What
 * pods hold cannot be tried with one generator.
 */
async function rateOf(
  env: RunEnv,
  { rate, quick, runner }: LoadFlags,
  subjects: readonly LoadSubject[],
  signal: AbortSignal,
): Promise<number | undefined> {
  if (
    rate !== undefined ||
    quick === true ||
    runner !== undefined ||
    !subjects.some(({ calibrated }) => calibrated)
  )
    return undefined;
  const result = await benchmark(env, {
    subject: ceiling,
    plan: calibrationPlan,
    cases: rateCases(...calibrationRates),
    sides: ['direct', 'gateway'],
    progress: progressLine,
    signal,
  });
  const { rateRps, why } = calibratedRate(result);
  progressLine(`calibration: ${why}; measuring at ${rateRps} calls a second`);
  return rateRps;
}

/** Adds the run to the history. */
async function recorded(run: Run, file: string): Promise<HistoryEntry> {
  const entry = historyEntry(run, await currentCommit());
  await appendHistory(file, entry);
  return entry;
}

/** Asked for, a second opinion must have been had, and none may be another. */
function isConfirmed({ crossChecks }: LoadResult): boolean {
  if (crossChecks === undefined) return true;
  const verdicts = crossChecks.map(({ verdict }) => verdict);
  return verdicts.includes('agrees') && !verdicts.includes('disagrees');
}

function hasValidFigure({ invalid, ended, figures }: ControlPlaneResult): boolean {
  return ended === undefined && invalid.length === 0 && figures.some((figure) => figure.invalid.length === 0);
}
