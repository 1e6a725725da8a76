import { Option, type Command } from 'commander';
import { limitsScaleOption, listOf, wholeNumber } from './command.ts';
import { matrixSubjects, mustBeSubjects } from '../load/load-subjects.ts';
import type { MatrixFlags } from '../compare/matrix-run.ts';

export function addMatrix(program: Command, finish: (exitCode: number) => void): void {
  program
    .command('matrix')
    .description(
      'run every implementation of implementations/ and the bundled gateway, and put them side by side',
    )
    .argument(
      '[run...]',
      'runs that there are already, each a run.json or its folder: nothing is run, only compared',
    )
    .option('--implementation <names>', 'only these (A,B); routeproof is the bundled gateway', listOf)
    .option('--suite <names>', 'only these suites (A,B)', listOf)
    .option('--scenario <ids>', 'only these scenarios (suite/name)', listOf)
    .addOption(new Option('--concurrency <n>', 'scenarios at a time').argParser(wholeNumber(1)))
    .addOption(limitsScaleOption())
    .option('--no-load', 'leave the benchmarks away')
    .addOption(
      new Option(
        '--subject <name,...>',
        `which benchmarks, as \`load\` takes them (default: ${matrixSubjects.join(',')})`,
      ).argParser(listOf),
    )
    .option('--quick', 'shorter benchmarks: all of an implementation within about 5 min')
    .option('--write-docs', 'write docs/matrix.md too')
    .option('--out <dir>', 'where to write; default: reports/out/<UTC time>-matrix')
    .action(async (runs: string[], flags: MatrixFlags) => {
      mustBeSubjects(flags.subject);
      const { matrixRun } = await import('../compare/matrix-run.ts');
      finish(await matrixRun(runs, flags));
    });
}
