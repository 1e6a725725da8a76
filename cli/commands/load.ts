import { Option, type Command } from 'commander';
import {
  startedClusterOption,
  gatewayClassOption,
  implementationOption,
  nameOption,
  positiveNumber,
  profileOption,
  wholeNumber,
} from '../command.ts';
import { hostedRun } from '../hosted-run.ts';
import { implementationNeeds } from '../implementation-needs.ts';
import type { LoadFlags } from '../load-run.ts';
import { prepareRun } from '../prepare-run.ts';

export function addLoad(program: Command, finish: (exitCode: number) => void): void {
  program
    .command('load')
    .description('measure latency through the gateway beside the same backend called directly')
    .option('--subject <name>', 'what to measure: a script in suites/load', 'unary-latency')
    .addOption(new Option('--rate <rps>', 'calls a second').argParser(wholeNumber(1)))
    .option('--quick', 'about 15 s instead of 2 min')
    .addOption(profileOption().choices(['standard']))
    .addOption(gatewayClassOption())
    .addOption(implementationOption().conflicts('gatewayClass'))
    .addOption(startedClusterOption())
    .addOption(nameOption())
    .addOption(
      new Option('--limits-scale <factor>', 'multiply every time limit').argParser(positiveNumber).default(1),
    )
    .option('--keep', 'keep the cluster')
    .option('--out <dir>', 'where to write the reports; default: reports/out/<UTC time>-load')
    .action(async (flags: LoadFlags) => {
      const needs = await implementationNeeds(flags.implementation);
      await prepareRun({ ...flags, ...needs });
      finish(
        await hostedRun({ ...flags, ...needs }, async (inside, signal) => {
          const { loadRun } = await import('../load-run.ts');
          return loadRun(flags, inside, signal);
        }),
      );
    });
}
