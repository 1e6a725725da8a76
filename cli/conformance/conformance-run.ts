import { relative } from 'node:path';
import pc from 'picocolors';
import { given } from '../../common/given.ts';
import type { OfficialRelease, Channel } from '../../common/official-releases.ts';
import { deliveryLines } from '../../harness/existing/runner/delivery.ts';
import { differs } from '../../harness/results/differs.ts';
import type { Run } from '../../harness/results/run.ts';
import { runConformance, type RunConformanceOptions } from '../../harness/run/run-conformance.ts';
import { bundleDir, writeReports } from '../../reports/index.ts';
import type { Delivery } from '../cluster/by-hand.ts';
import type { ExistingFlags } from '../cluster/existing-cluster.ts';
import type { HostFlags } from '../cluster/hosted-run.ts';
import type { Inside } from '../cluster/inside.ts';
import { outDir } from '../output/out-dir.ts';
import { progressLine } from '../output/progress.ts';
import { LoadStep } from '../load/load-run.ts';
import { linesBesideTotals } from './run-lines.ts';
import { sessionOptions } from '../cluster/session-options.ts';

export interface ConformanceFlags extends HostFlags, ExistingFlags {
  suite?: string[];
  scenario?: string[];
  clause?: string[];
  profile: string;
  gatewayApiVersion?: OfficialRelease;
  channel?: Channel;
  supportedFeatures?: string[];
  gatewayClass: string;
  implementation?: string;
  fault?: string;
  dialect?: string;
  repeat: number;
  rerun: boolean;
  concurrency?: number;
  limitsScale: number;
  load: boolean;
  out?: string;
  json?: true;
  inCluster?: true;
  runnerImage?: string;
  /** Of a run in a pod: how the user's kubectl is told which cluster it is. */
  deliver?: Delivery;
}

/** Runs the scenarios, then the short benchmark, and writes every report. @returns the exit code */
export async function conformanceRun(
  flags: ConformanceFlags,
  inside: Inside,
  signal: AbortSignal,
): Promise<number> {
  const load = new LoadStep();
  const out = outDir(flags.out, 'conformance', new Date());
  const { run, exitCode } = await runConformance({
    ...optionsOf(flags, inside, signal),
    bundleOf: (id) => relative(process.cwd(), bundleDir(out, id)),
    ...(isMeasured(flags) ? { measure: load.measure } : {}),
  });
  if (flags.deliver !== undefined) for (const line of deliveryLines(run)) process.stdout.write(`${line}\n`);
  else await report(run, out, flags);
  return exitCode === 0 && load.failure !== undefined ? 3 : exitCode;
}

/** Writes the reports, and says in short what is in them. */
export async function report(run: Run, out: string, { json }: { json?: true }): Promise<void> {
  const { dir, html } = await writeReports(run, out);
  printTotals(run, json === true);
  progressLine(`report: ${html}`);
  progressLine(`results: ${dir}`);
}

/**
 * What a gateway with a planted fault costs is nobody's figure, a profile's listeners are not those of the benchmark, and what lies on another way
 * to the gateway would be measured with it.
 */
function isMeasured({ load, fault, dialect, profile, connectTo, portForward }: ConformanceFlags): boolean {
  if (connectTo !== undefined || portForward === true) return false;
  return load && fault === undefined && dialect === undefined && profile === 'standard';
}

function optionsOf(flags: ConformanceFlags, inside: Inside, signal: AbortSignal): RunConformanceOptions {
  const implant = flags.fault ?? flags.dialect;
  return {
    ...sessionOptions(flags, inside, signal),
    repeat: flags.repeat,
    rerun: flags.rerun,
    ...given({
      fault: implant,
      suites: flags.suite,
      scenarios: flags.scenario,
      clauses: flags.clause,
      concurrency: flags.concurrency,
    }),
  };
}

function printTotals(run: Run, json: boolean): void {
  if (json) {
    process.stdout.write(`${JSON.stringify(run.totals)}\n`);
    return;
  }
  const { totals, repeat } = run;
  const rest = (['wrong', 'slow', 'unstable', 'setup-failed', 'not-run'] as const).filter(
    (verdict) => totals[verdict] > 0,
  );
  const parts = [
    pc.green(`${totals.pass} pass`),
    ...rest.map((verdict) => pc.red(`${totals[verdict]} ${verdict}`)),
  ];
  const seconds = (run.durationMs / 1000).toFixed(1);
  process.stdout.write(
    `${totals.scenarios} scenarios in ${seconds} s: ${parts.join(', ')}; ${totals.clausesProven} clauses proven, ${totals.clausesFailed} failed\n`,
  );
  if (repeat !== undefined) {
    const differing = run.scenarios.filter(differs).length;
    process.stdout.write(
      `${repeat} runs, ${differing === 0 ? '0' : pc.red(String(differing))} scenarios differed\n`,
    );
  }
  for (const line of linesBesideTotals(run)) process.stdout.write(`${line}\n`);
  // The whole message has been shown when it happened, and is in the reports.
  const [why] = run.aborted?.split('\n') ?? [];
  if (why !== undefined) process.stdout.write(`${pc.red('aborted:')} ${why}\n`);
}
