import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import pc from 'picocolors';
import { RouteproofError } from '../common/errors.ts';
import { describeMutant, type Mutant } from '../harness/mutants/mutant.ts';
import { replayMutants, runMutants, type MutantResult } from '../harness/mutants/run-mutants.ts';
import { sourceTree } from '../harness/mutants/source-tree.ts';
import type { HostFlags } from './hosted-run.ts';
import type { Inside } from './inside.ts';
import { outDir } from './out-dir.ts';
import { progressLine } from './progress.ts';

export interface MutantsFlags extends HostFlags {
  file?: string[];
  mutator?: string[];
  mutant?: string[];
  list?: true;
  sample?: number;
  seed: number;
  channel: 'standard' | 'experimental';
  concurrency: number;
  alone?: true;
  replayOnly?: true;
  recording?: string;
  out?: string;
}

/** Before a cluster starts: makes the instrumented gateway, and lets its image stand for it. */
export async function useMutantsImage(env: NodeJS.ProcessEnv): Promise<void> {
  progressLine('instrumenting the source of the bundled gateway');
  const { imagesFile } = await sourceTree();
  env['ROUTEPROOF_IMAGES'] = [imagesFile, env['ROUTEPROOF_IMAGES'] ?? ''].filter(Boolean).join(delimiter);
}

/** @returns the exit code */
export async function listMutants(flags: MutantsFlags): Promise<number> {
  const mutants = chosenBy(flags, (await sourceTree()).mutants);
  for (const mutant of mutants) process.stdout.write(`${mutant.id} ${describeMutant(mutant)}\n`);
  return 0;
}

/** @returns the exit code */
export async function mutantsRun(flags: MutantsFlags, inside: Inside, signal: AbortSignal): Promise<number> {
  const isAlone = flags.alone === true;
  const dir = outDir(flags.out, 'mutants', new Date());
  await mkdir(dir, { recursive: true });
  const tree = await sourceTree();
  const results = await runMutants({
    tree,
    mutants: chosenBy(flags, tree.mutants),
    dir,
    replayOnly: flags.replayOnly === true,
    ...(flags.sample === undefined ? {} : { sample: { count: flags.sample, seed: flags.seed } }),
    concurrency: isAlone ? 1 : flags.concurrency,
    scenariosAtATime: isAlone ? 1 : 5,
    channel: flags.channel,
    kubeconfigPath: inside.kubeconfigPath,
    disposable: inside.isOwn && flags.keep !== true,
    progress: progressLine,
    onResult: (result) => process.stdout.write(`${mutantLine(result)}\n`),
    signal,
  });
  return tell(results, dir, signal);
}

/** @returns the exit code */
export async function replayRun(flags: MutantsFlags, recording: string): Promise<number> {
  const dir = outDir(flags.out, 'mutants', new Date());
  await mkdir(dir, { recursive: true });
  const tree = await sourceTree();
  const { signal } = new AbortController();
  const results = await replayMutants(
    {
      tree,
      mutants: chosenBy(flags, tree.mutants),
      progress: progressLine,
      onResult: (result) => process.stdout.write(`${mutantLine(result)}\n`),
      signal,
    },
    resolve(recording),
  );
  return tell(results, dir, signal);
}

async function tell(results: readonly MutantResult[], dir: string, signal: AbortSignal): Promise<number> {
  await writeFile(join(dir, 'mutants.json'), `${JSON.stringify(results, null, 1)}\n`);
  const count = (outcome: MutantResult['outcome']): number =>
    results.filter((result) => result.outcome === outcome).length;
  process.stdout.write(
    `${String(results.length)} mutants: ${String(count('caught'))} caught, ${String(count('survived'))} survived, ${String(count('stillborn'))} do not start, ${String(count('unreached'))} unreached, ${String(count('no-difference'))} make no difference, ${String(count('not-run'))} not run\n`,
  );
  progressLine(`results: ${dir}`);
  if (count('survived') > 0) return 1;
  return count('not-run') > 0 || signal.aborted ? 3 : 0;
}

/** @throws RouteproofError USAGE - none fits */
function chosenBy({ file, mutator, mutant }: MutantsFlags, mutants: readonly Mutant[]): Mutant[] {
  const chosen = mutants.filter(
    (each) =>
      (file?.some((part) => each.file.includes(part)) ?? true) &&
      (mutator?.includes(each.mutator) ?? true) &&
      (mutant?.includes(each.id) ?? true),
  );
  if (chosen.length > 0) return chosen;
  const said = { '--file': file, '--mutator': mutator, '--mutant': mutant };
  throw new RouteproofError('USAGE', 'no mutant is all of that', {
    seen: Object.entries(said)
      .flatMap(([option, values]) => (values === undefined ? [] : [`${option} ${values.join(',')}`]))
      .join(' '),
    hint: `kinds of edit: ${[...new Set(mutants.map((each) => each.mutator))].sort().join(', ')}; routeproof mutants --list`,
  });
}

function mutantLine({ mutant, outcome, by, seen, durationMs }: MutantResult): string {
  const paint = outcome === 'caught' ? pc.green : outcome === 'survived' ? pc.red : pc.dim;
  const how = by === undefined ? (seen ?? '').split('\n')[0] : `by ${by}`;
  return `${paint(outcome.padEnd(9))} ${mutant.id} ${describeMutant(mutant)} ${pc.dim(`${(durationMs / 1000).toFixed(1)} s ${how ?? ''}`)}`;
}
