import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import pc from 'picocolors';
import { RouteproofError } from '../../common/errors.ts';
import type { Channel } from '../../common/official-releases.ts';
import { describeMutant, type Mutant } from '../../harness/mutants/mutant.ts';
import type { MutantResult } from '../../harness/mutants/mutant-result.ts';
import { replayMutants, runMutants } from '../../harness/mutants/run-mutants.ts';
import { sourceTree } from '../../harness/mutants/source-tree.ts';
import { interruptible, type HostFlags } from '../cluster/hosted-run.ts';
import { useImages } from '../cluster/images-file.ts';
import type { Inside } from '../cluster/inside.ts';
import { outDir } from '../output/out-dir.ts';
import { progressLine } from '../output/progress.ts';

export interface MutantsFlags extends HostFlags {
  file?: string[];
  mutator?: string[];
  mutant?: string[];
  list?: true;
  sample?: number;
  seed?: number;
  channel?: Channel;
  concurrency?: number;
  alone?: true;
  replayOnly?: true;
  recording?: string;
  out?: string;
}

const mutantsAtATime = 3;
const scenariosAtATime = 5;

/** Before a cluster starts: makes the instrumented gateway, and lets its image stand for it. @throws RouteproofError USAGE */
export async function useMutantsImage(flags: MutantsFlags, env: NodeJS.ProcessEnv): Promise<void> {
  progressLine('instrumenting the source of the bundled gateway');
  const { imagesFile, mutants } = await sourceTree();
  chosenBy(flags, mutants);
  useImages(imagesFile, env);
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
  const tree = await sourceTree();
  const { sample, seed = 1, concurrency = mutantsAtATime } = flags;
  await inside.up;
  return written(flags, signal, (dir, onResult) =>
    runMutants({
      tree,
      mutants: chosenBy(flags, tree.mutants),
      dir,
      replayOnly: flags.replayOnly === true,
      ...(sample === undefined ? {} : { sample: { count: sample, seed } }),
      concurrency: isAlone ? 1 : concurrency,
      scenariosAtATime: isAlone ? 1 : scenariosAtATime,
      channel: flags.channel ?? 'standard',
      kubeconfigPath: inside.kubeconfigPath,
      disposable: inside.isOwn && flags.keep !== true,
      progress: progressLine,
      onResult,
      signal,
    }),
  );
}

/** @returns the exit code */
export async function replayRun(flags: MutantsFlags, recording: string): Promise<number> {
  const tree = await sourceTree();
  const mutants = chosenBy(flags, tree.mutants);
  return interruptible((signal) =>
    written(flags, signal, (_, onResult) =>
      replayMutants({ tree, mutants, progress: progressLine, onResult, signal }, resolve(recording)),
    ),
  );
}

/** Results go into mutants.jsonl one by one, so that none is lost, and all of them into mutants.json at the end. */
async function written(
  flags: MutantsFlags,
  signal: AbortSignal,
  run: (dir: string, onResult: (result: MutantResult) => void) => Promise<MutantResult[]>,
): Promise<number> {
  const dir = outDir(flags.out, 'mutants', new Date());
  await mkdir(dir, { recursive: true });
  const lines = createWriteStream(join(dir, 'mutants.jsonl'));
  try {
    const results = await run(dir, (result) => {
      lines.write(`${JSON.stringify(result)}\n`);
      process.stdout.write(`${mutantLine(result)}\n`);
    });
    await writeFile(join(dir, 'mutants.json'), `${JSON.stringify(results, null, 1)}\n`);
    return told(results, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    progressLine('interrupted: what was known by then is in mutants.jsonl');
    return 3;
  } finally {
    lines.end();
    progressLine(`results: ${dir}`);
  }
}

function told(results: readonly MutantResult[], signal: AbortSignal): number {
  const count = (outcome: MutantResult['outcome']): number =>
    results.filter((result) => result.outcome === outcome).length;
  const counts = [
    [count('caught'), 'caught'],
    [count('survived'), 'survived'],
    [count('stillborn'), 'do not start'],
    [count('unreached'), 'unreached'],
    [count('no-difference'), 'make no difference'],
    [count('not-tried'), 'not tried'],
    [count('not-run'), 'not run'],
  ];
  process.stdout.write(
    `${String(results.length)} mutants: ${counts.map((each) => each.join(' ')).join(', ')}\n`,
  );
  if (count('survived') > 0) return 1;
  return count('not-run') > 0 || signal.aborted ? 3 : 0;
}

/** @throws RouteproofError USAGE - a value that fits no mutant, or none fits all */
function chosenBy({ file, mutator, mutant }: MutantsFlags, mutants: readonly Mutant[]): Mutant[] {
  const fits: [string, string[] | undefined, (each: Mutant, value: string) => boolean][] = [
    ['--file', file, (each, value) => each.file.includes(value)],
    ['--mutator', mutator, (each, value) => each.mutator === value],
    ['--mutant', mutant, (each, value) => each.id === value],
  ];
  const fail = (seen: string): never => {
    const kinds = [...new Set(mutants.map((each) => each.mutator))].sort().join(', ');
    throw new RouteproofError('USAGE', 'no mutant is like that', {
      seen,
      hint: `kinds of edit: ${kinds}; routeproof mutants --list`,
    });
  };
  for (const [option, values = [], isLike] of fits)
    for (const value of values) if (!mutants.some((each) => isLike(each, value))) fail(`${option} ${value}`);
  const chosen = mutants.filter((each) =>
    fits.every(([, values, isLike]) => values?.some((value) => isLike(each, value)) ?? true),
  );
  if (chosen.length > 0) return chosen;
  return fail(
    fits
      .flatMap(([option, values]) => (values === undefined ? [] : [`${option} ${values.join(',')}`]))
      .join(' '),
  );
}

function mutantLine({ mutant, outcome, by, seen, durationMs }: MutantResult): string {
  const paint = outcome === 'caught' ? pc.green : outcome === 'survived' ? pc.red : pc.dim;
  const how = by === undefined ? (seen ?? '').split('\n')[0] : `by ${by}`;
  const took = durationMs === 0 ? '' : pc.dim(` ${(durationMs / 1000).toFixed(1)} s ${how ?? ''}`);
  return `${paint(outcome.padEnd(9))} ${mutant.id} ${describeMutant(mutant)}${took}`;
}
