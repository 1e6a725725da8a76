import pc from 'picocolors';
import type { OfficialRelease, Channel } from '../../common/official-releases.ts';
import { officialProfiles, type OfficialProfile } from '../../harness/official/profiles.ts';
import { runOfficial, type OfficialOptions } from '../../harness/official/run-official.ts';
import { comparisonLines, paceOfScenarios, paceOfSuite } from '../../harness/official/pace.ts';
import type { OfficialResult } from '../../harness/results/official.ts';
import type { Run } from '../../harness/results/run.ts';
import { runConformance } from '../../harness/run/run-conformance.ts';
import { mustBeKnown } from '../../common/known-names.ts';
import { writeReports } from '../../reports/index.ts';
import type { HostFlags } from '../cluster/hosted-run.ts';
import type { Inside } from '../cluster/inside.ts';
import { outDir } from '../output/out-dir.ts';
import { progressLine } from '../output/progress.ts';
import { runOptions, sessionOptions } from '../cluster/session-options.ts';

export interface OfficialFlags extends HostFlags {
  gatewayApiVersion: OfficialRelease;
  profile?: string[];
  runTest?: string;
  supportedFeatures?: string[];
  compare?: true;
  channel: Channel;
  gatewayClass: string;
  limitsScale: number;
  out?: string;
  json?: true;
}

/** @throws RouteproofError USAGE - a profile that the suite does not have for Gateways of HTTP and gRPC */
export function mustBeProfiles(names: string[] | undefined): OfficialProfile[] {
  return (names ?? officialProfiles).map((name) =>
    mustBeKnown('USAGE', 'conformance profile', name, officialProfiles),
  );
}

/** Runs the official suite and writes every report. @returns the exit code */
export async function officialRun(
  flags: OfficialFlags,
  inside: Inside,
  signal: AbortSignal,
): Promise<number> {
  const outcome = await runOfficial(optionsOf(flags, inside, signal));
  const { run } = outcome;
  const exitCode = flags.compare === true ? await compare(outcome, flags, inside, signal) : outcome.exitCode;
  const { dir, html } = await writeReports(run, outDir(flags.out, 'official', new Date(run.startedAt)));
  if (flags.json === true) process.stdout.write(`${JSON.stringify(run.official ?? null)}\n`);
  else if (run.official !== undefined) printResult(run.official);
  const [why] = run.aborted?.split('\n') ?? [];
  if (why !== undefined && flags.json === undefined) process.stdout.write(`${pc.red('aborted:')} ${why}\n`);
  progressLine(`report: ${html}`);
  progressLine(`results: ${dir}`);
  return exitCode;
}

/**
 * Runs every scenario after the suite, on the same cluster and class, and puts both paces beside each other.
 *
 * @returns the exit code of both: a wrong answer of either first, then what either could not run
 */
async function compare(
  { run, exitCode }: { run: Run; exitCode: number },
  flags: OfficialFlags,
  inside: Inside,
  signal: AbortSignal,
): Promise<number> {
  const { official } = run;
  // Without results of the suite there is nothing to stand beside.
  if (official === undefined || signal.aborted) return exitCode;
  const flagsOfScenarios = { ...flags, profile: 'standard' };
  const ours = await runConformance(sessionOptions(flagsOfScenarios, inside, signal));
  run.scenarios = ours.run.scenarios;
  run.totals = ours.run.totals;
  run.durationMs += ours.run.durationMs;
  if (run.aborted === undefined && ours.run.aborted !== undefined) run.aborted = ours.run.aborted;
  official.comparison = { official: paceOfSuite(official), routeproof: paceOfScenarios(ours.run.scenarios) };
  return [exitCode, ours.exitCode].includes(1) ? 1 : Math.max(exitCode, ours.exitCode);
}

function optionsOf(flags: OfficialFlags, inside: Inside, signal: AbortSignal): OfficialOptions {
  return {
    ...runOptions(flags, inside, signal),
    release: flags.gatewayApiVersion,
    profiles: mustBeProfiles(flags.profile),
    runTest: flags.runTest,
    supportedFeatures: flags.supportedFeatures,
    channel: flags.channel,
    // A cluster that ends with the run needs no cleaning, unless the scenarios are to have it for themselves.
    keep: flags.keep === true || (inside.isOwn && flags.compare === undefined),
  };
}

function printResult(official: OfficialResult): void {
  const of = (verdict: string): number => official.tests.filter((test) => test.verdict === verdict).length;
  const due = official.tests.filter((test) => test.verdict === 'not-run' && test.due).length;
  const parts = [
    pc.green(`${of('pass')} pass`),
    ...(of('wrong') > 0 ? [pc.red(`${of('wrong')} wrong`)] : []),
    ...(due > 0 ? [pc.red(`${due} not run although claimed`)] : []),
    `${of('not-run') - due} not claimed`,
  ];
  const seconds = (official.durationMs / 1000).toFixed(1);
  process.stdout.write(`official suite ${official.release} in ${seconds} s: ${parts.join(', ')}\n`);
  for (const { name, summary } of official.runTest === undefined ? official.profileReports : [])
    process.stdout.write(`  ${name}: ${summary}\n`);
  for (const line of comparisonLines(official.comparison)) process.stdout.write(`  ${line}\n`);
  if (official.untestedFeatures.length > 0)
    process.stdout.write(
      `  claimed, but no test of the suite ran: ${official.untestedFeatures.join(', ')}\n`,
    );
}
