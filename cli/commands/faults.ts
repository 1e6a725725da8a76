import { Option, type Command } from 'commander';
import { clusterOption, listOf, nameOption, positiveNumber, wholeNumber } from '../command.ts';
import type { FaultsFlags } from '../faults-run.ts';
import { hostedRun } from '../hosted-run.ts';
import { insideCluster } from '../inside.ts';
import { setUpOfficialSuite, useOfficialImages } from '../official-set-up.ts';
import { officialReleases } from '../../common/official-releases.ts';

export function addFaults(program: Command, finish: (exitCode: number) => void): void {
  program
    .command('faults')
    .description(
      'plant known mistakes into the bundled gateway, one by one, and see that the scenarios notice',
    )
    .option('--fault <names>', 'only these faults (A,B)', listOf)
    .addOption(
      new Option(
        '--channel <channel>',
        'faults of this release channel (default: standard, or that of --fault)',
      ).choices(['standard', 'experimental']),
    )
    .addOption(clusterOption())
    .addOption(nameOption())
    .addOption(new Option('--concurrency <n>', 'faults at a time').argParser(wholeNumber(1)))
    .addOption(
      new Option('--limits-scale <factor>', 'multiply every time limit of a conformance run').argParser(
        positiveNumber,
      ),
    )
    .option(
      '--official',
      'run the official suite against the same faults as well, and show both (minutes each)',
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
      // Outside the cluster's network, which has no way to the registries.
      if (flags.official === true && insideCluster() === undefined) {
        await setUpOfficialSuite(officialReleases[0]);
        useOfficialImages(process.env);
      }
      finish(
        await hostedRun(flags, async (inside, signal) => {
          const { faultsRun } = await import('../faults-run.ts');
          return faultsRun(flags, inside, signal);
        }),
      );
    });
}
