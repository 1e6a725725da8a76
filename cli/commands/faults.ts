import { Option, type Command } from 'commander';
import { clusterOption, listOf, nameOption, positiveNumber, wholeNumber } from '../command.ts';
import type { FaultsFlags } from '../faults-run.ts';
import { hostedRun } from '../hosted-run.ts';

export function addFaults(program: Command, finish: (exitCode: number) => void): void {
  program
    .command('faults')
    .description(
      'plant known mistakes into the bundled gateway, one by one, and see that the scenarios notice',
    )
    .option('--fault <names>', 'only these faults (A,B)', listOf)
    .addOption(clusterOption())
    .addOption(nameOption())
    .addOption(new Option('--concurrency <n>', 'faults at a time').argParser(wholeNumber(1)))
    .addOption(
      new Option('--limits-scale <factor>', 'multiply every time limit of a conformance run').argParser(
        positiveNumber,
      ),
    )
    .option('--write-docs', 'write docs/faults.md, after a complete run')
    .option('--keep', 'keep the cluster')
    .option('--out <dir>', 'where to write faults.json and faults.md; default: reports/out/<UTC time>-faults')
    .option('--json', 'print the results as JSON on stdout')
    .addHelpText(
      'after',
      '\nExit code 1: a fault survived, or in a complete run a scenario stayed green with every fault.',
    )
    .action(async (flags: FaultsFlags) => {
      finish(
        await hostedRun(flags, async (inside, signal) => {
          const { faultsRun } = await import('../faults-run.ts');
          return faultsRun(flags, inside, signal);
        }),
      );
    });
}
