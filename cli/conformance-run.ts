import pc from 'picocolors';
import type { Run } from '../harness/results/run.ts';
import { runConformance, type RunConformanceOptions } from '../harness/run-conformance.ts';
import { writeReports } from '../reports/index.ts';
import type { HostFlags } from './hosted-run.ts';
import type { Inside } from './inside.ts';
import { outDir } from './out-dir.ts';
import { progressLine } from './progress.ts';
import { shortLoad } from './load-run.ts';

export interface ConformanceFlags extends HostFlags {
  suite?: string[];
  scenario?: string[];
  clause?: string[];
  profile: string;
  gatewayClass: string;
  repeat: number;
  concurrency?: number;
  limitsScale: number;
  load: boolean;
  out?: string;
  json?: true;
}

/** Runs the scenarios, then the short benchmark, and writes every report. @returns the exit code */
export async function conformanceRun(
  flags: ConformanceFlags,
  inside: Inside,
  signal: AbortSignal,
): Promise<number> {
  const { run, exitCode } = await runConformance(optionsOf(flags, inside, signal));
  // A benchmark of a gateway that could not be set up, or after Ctrl-C, would only hide the reason.
  const loadExit = flags.load && run.aborted === undefined ? await shortLoad(run, signal) : 0;
  const { dir, html } = await writeReports(run, outDir(flags.out, 'conformance', new Date(run.startedAt)));
  printTotals(run, flags.json === true);
  progressLine(`report: ${html}`);
  progressLine(`results: ${dir}`);
  return exitCode === 0 ? loadExit : exitCode;
}

function optionsOf(flags: ConformanceFlags, inside: Inside, signal: AbortSignal): RunConformanceOptions {
  return {
    gatewayClass: flags.gatewayClass,
    install: inside.upMs !== undefined || inside.provider === 'local',
    ...(flags.suite === undefined ? {} : { suites: flags.suite }),
    ...(flags.scenario === undefined ? {} : { scenarios: flags.scenario }),
    ...(flags.clause === undefined ? {} : { clauses: flags.clause }),
    ...(flags.concurrency === undefined ? {} : { concurrency: flags.concurrency }),
    repeat: flags.repeat,
    limitsScale: flags.limitsScale,
    keep: flags.keep === true,
    profile: flags.profile,
    cluster: {
      provider: inside.provider,
      name: inside.name,
      ...(inside.upMs === undefined ? {} : { upMs: inside.upMs }),
    },
    versions: inside.versions,
    kubeconfigPath: inside.kubeconfigPath,
    progress: (line) => process.stderr.write(`${line}\n`),
    signal,
  };
}

function printTotals(run: Run, json: boolean): void {
  if (json) {
    process.stdout.write(`${JSON.stringify(run.totals)}\n`);
    return;
  }
  const { totals } = run;
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
  if (run.aborted !== undefined) process.stdout.write(`${pc.red('aborted:')} ${run.aborted}\n`);
}
