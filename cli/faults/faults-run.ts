import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pc from 'picocolors';
import { given } from '../../common/given.ts';
import type { OfficialRelease, Channel } from '../../common/official-releases.ts';
import { projectRoot } from '../../common/tools.ts';
import { faults } from '../../gateway/faults/catalog.ts';
import { readClauseIndex } from '../../harness/clauses/clause-facts.ts';
import { crdFaults } from '../../harness/faults/crds/crd-fault.ts';
import { faultsExitCode } from '../../harness/faults/judge.ts';
import { mergeRuns } from '../../harness/faults/merge.ts';
import { updateRecord } from '../../harness/faults/record.ts';
import { runFaults } from '../../harness/faults/run-faults.ts';
import { selectFaults, type Asked } from '../../harness/faults/selection.ts';
import { knownClauses } from '../../harness/specs/validate.ts';
import type { FaultsRun, FaultsShard } from '../../harness/results/faults.ts';
import { faultsRecordText, readFaultsResults, readFaultsRun } from '../../reports/faults/faults-file.ts';
import { faultLine, faultsMarkdown, officialFaultLine, officialTotals } from '../../reports/faults/faults.ts';
import type { HostFlags } from '../cluster/hosted-run.ts';
import type { Inside } from '../cluster/inside.ts';
import { outDir } from '../output/out-dir.ts';
import { plantedFaults } from './planted-faults.ts';
import { progressLine } from '../output/progress.ts';

export interface FaultsFlags extends HostFlags {
  fault?: string[];
  limitsScale?: number;
  concurrency?: number;
  channel?: Channel;
  gatewayApiVersion?: OfficialRelease;
  shard?: FaultsShard;
  resume?: string;
  official?: true;
  out?: string;
  json?: true;
}

/** Runs the scenarios against every fault, and says which of them nobody noticed. @returns the exit code */
export async function faultsRun(flags: FaultsFlags, inside: Inside, signal: AbortSignal): Promise<number> {
  const { run, exitCode } = await runFaults({
    faults,
    cluster: { provider: inside.provider, name: inside.name },
    versions: (await inside.up).versions,
    disposable: inside.isOwn && flags.keep !== true,
    kubeconfigPath: inside.kubeconfigPath,
    progress: progressLine,
    onResult: (result) => {
      if (flags.json !== true) process.stdout.write(`${faultLine(result)}\n`);
    },
    onOfficial: (name, result) => {
      if (flags.json !== true) process.stdout.write(`${officialFaultLine(name, result)}\n`);
    },
    official: flags.official === true,
    signal,
    asked: askedBy(flags),
    ...(flags.resume === undefined ? {} : { resume: await readFaultsResults(flags.resume) }),
    ...given({ limitsScale: flags.limitsScale, concurrency: flags.concurrency }),
  });
  const dir = await writeResults(run, flags);
  print(run, flags.json === true);
  progressLine(`results: ${dir}`);
  return exitCode;
}

function askedBy(flags: FaultsFlags): Asked {
  return {
    ...given({
      only: flags.fault,
      channel: flags.channel,
      release: flags.gatewayApiVersion,
      shard: flags.shard,
    }),
  };
}

/** The release of Gateway API that a run will be of. @throws RouteproofError UNKNOWN_FAULT, USAGE */
export function releaseOfRun(flags: FaultsFlags): OfficialRelease {
  const all = { gateway: faults, crds: crdFaults(knownClauses()) };
  return selectFaults(all, askedBy(flags), readClauseIndex()).part.release;
}

export interface MergeFlags {
  writeDocs?: true;
  out?: string;
  json?: true;
}

/** Puts the results of several runs together. @returns the exit code */
export async function faultsMerge(dirs: readonly string[], flags: MergeFlags): Promise<number> {
  const run = mergeRuns(await Promise.all(dirs.map(readFaultsRun)));
  const dir = await writeResults(run, flags);
  if (flags.writeDocs === true) await updateDocs(run);
  print(run, flags.json === true);
  progressLine(`results: ${dir}`);
  return faultsExitCode({ ...run, aborted: run.aborted !== undefined });
}

async function writeResults(run: FaultsRun, flags: { out?: string }): Promise<string> {
  const dir = outDir(flags.out, 'faults', new Date(run.startedAt));
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, 'faults.json'), `${JSON.stringify(run, null, 1)}\n`);
  await writeFile(join(dir, 'faults.md'), faultsMarkdown(run));
  return dir;
}

/** docs/faults.json and the page that is made of it. */
async function updateDocs(run: FaultsRun): Promise<void> {
  const file = join(projectRoot, 'docs/faults.json');
  const before = existsSync(file) ? await readFaultsResults(file) : undefined;
  const record = updateRecord(before, run, plantedFaults());
  await writeFile(file, faultsRecordText(record));
  await writeFile(join(projectRoot, 'docs/faults.md'), faultsMarkdown(record));
}

function print(run: FaultsRun, json: boolean): void {
  if (json) {
    process.stdout.write(`${JSON.stringify(run)}\n`);
    return;
  }
  const { faults: all, caught, unexplained, survived, notRun, explained } = run.totals;
  const seconds = (run.durationMs / 1000).toFixed(1);
  const parts = [
    pc.green(`${caught} caught`),
    `${explained} of them explained by clause and layer`,
    ...(unexplained > 0 ? [pc.red(`${unexplained} unexplained`)] : []),
    ...(survived > 0 ? [pc.red(`${survived} survived`)] : []),
    ...(notRun > 0 ? [pc.red(`${notRun} not run`)] : []),
  ];
  process.stdout.write(`${all} faults in ${seconds} s: ${parts.join(', ')}\n`);
  const both = officialTotals(run);
  if (both !== undefined) process.stdout.write(`${both}\n`);
  for (const { name, title, outcome } of run.faults)
    if (outcome === 'survived' || outcome === 'unexplained')
      process.stdout.write(`${pc.red(`${outcome}:`)} ${name}: ${title}\n`);
  for (const { scenario, verdict, seen } of run.excluded)
    process.stdout.write(`${pc.red('excluded:')} ${scenario}: ${verdict} on the healthy gateway: ${seen}\n`);
  if (run.idleScenarios.length > 0)
    process.stdout.write(
      `${pc.red(`no fault turns ${run.idleScenarios.length} scenarios red:`)} ${run.idleScenarios.join(', ')}\n`,
    );
  if (run.aborted !== undefined) process.stdout.write(`${pc.red('aborted:')} ${run.aborted}\n`);
}
