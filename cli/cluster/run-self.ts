import { execa } from 'execa';
import { progressLine } from '../output/progress.ts';

/**
 * Runs a command of routeproof in a process of its own, its output on standard error: one part of what several make together.
 *
 * @returns its exit code; its results are in the files that it has written
 */
export async function runSelf(args: readonly string[]): Promise<number> {
  progressLine(`routeproof ${args.join(' ')}`);
  const { exitCode } = await execa(process.execPath, [process.argv[1] ?? '', ...args], {
    stdio: ['ignore', 2, 2],
    reject: false,
  });
  return exitCode ?? 3;
}
