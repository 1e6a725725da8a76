import { Option, type Command } from 'commander';
import { positiveNumber } from './command.ts';
import type { CompareFlags } from '../compare/compare-run.ts';

export function addCompare(program: Command, finish: (exitCode: number) => void): void {
  program
    .command('compare')
    .description('judge the figures of one run of the benchmarks beside those of another')
    .argument('<base>', 'the run to compare with: a run.json or its folder')
    .argument('<new>', 'the run to be judged')
    .addOption(
      new Option('--threshold <percent>', 'a figure that is worse by less is no regression')
        .argParser(positiveNumber)
        .default(10),
    )
    .option('--markdown <file>', 'write a summary for a pull request there')
    .option('--out <dir>', 'write compare.html there: curves and bars of both runs, one over the other')
    .option('--json', 'print the comparison as JSON on stdout')
    .action(async (base: string, fresh: string, flags: CompareFlags) => {
      const { compareRun } = await import('../compare/compare-run.ts');
      finish(await compareRun(base, fresh, flags));
    });
}
