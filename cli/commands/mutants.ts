import { Option, type Command } from 'commander';
import { channelOption, listOf, localClusterOption, nameOption, wholeNumber } from './command.ts';
import { hostedRun } from '../cluster/hosted-run.ts';
import { isInside } from '../cluster/inside.ts';
import type { MutantsFlags } from '../faults/mutants-run.ts';

export function addMutants(program: Command, finish: (exitCode: number) => void): void {
  program
    .command('mutants')
    .description(
      "edit the bundled gateway's source in small ways, one by one, and see which edits no scenario notices",
    )
    .option('--file <parts>', 'only those of files with one of these in their path (A,B)', listOf)
    .option('--mutator <names>', 'only these kinds of edit, as Stryker names them (A,B)', listOf)
    .option('--mutant <ids>', 'only these (A,B), of --list', listOf)
    .addOption(
      new Option('--list', 'print them, and run nothing').conflicts([
        'sample',
        'seed',
        'channel',
        'concurrency',
        'alone',
        'replayOnly',
        'recording',
        'keep',
        'out',
      ]),
    )
    .addOption(new Option('--sample <n>', 'as many of them, by chance').argParser(wholeNumber(1)))
    .addOption(
      new Option(
        '--seed <n>',
        'the same sample of the same mutants for the same number (default: 1)',
      ).argParser(wholeNumber(0)),
    )
    .addOption(localClusterOption())
    .addOption(nameOption())
    .addOption(channelOption('Gateway API release channel (default: standard)'))
    .addOption(new Option('--concurrency <n>', 'mutants at a time (default: 3)').argParser(wholeNumber(1)))
    .addOption(
      new Option(
        '--alone',
        'one mutant and one scenario at a time: nothing else that changes can put right what a gateway has kept too long (slow)',
      ).conflicts(['concurrency']),
    )
    .addOption(
      new Option(
        '--replay-only',
        'stop after a recording of the scenarios has been translated with each mutant: says which make no difference there',
      ).conflicts(['sample', 'seed']),
    )
    .addOption(
      new Option(
        '--recording <file>',
        "of an earlier run's --out: only translate that one, without a cluster",
      ).conflicts(['sample', 'seed', 'channel', 'concurrency', 'alone', 'replayOnly', 'keep']),
    )
    .option('--keep', 'keep the cluster')
    .option('--out <dir>', 'where to write mutants.json; default: reports/out/<UTC time>-mutants')
    .addHelpText(
      'after',
      '\nFrom a checkout only. What survives is for somebody to look at: it breaks the spec and no scenario sees it, or it changes nothing that the spec speaks of. Exit code 1: one survived; 3: one could not be judged.',
    )
    .action(async (flags: MutantsFlags) => {
      const run = await import('../faults/mutants-run.ts');
      if (flags.list === true) {
        finish(await run.listMutants(flags));
        return;
      }
      if (flags.recording !== undefined) {
        finish(await run.replayRun(flags, flags.recording));
        return;
      }
      if (!isInside()) await run.useMutantsImage(flags, process.env);
      finish(await hostedRun(flags, (inside, signal) => run.mutantsRun(flags, inside, signal)));
    });
}
