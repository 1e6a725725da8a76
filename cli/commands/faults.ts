import { InvalidArgumentError, Option, type Command } from 'commander';
import {
  channelOption,
  limitsScaleOption,
  localClusterOption,
  listOf,
  nameOption,
  wholeNumber,
} from './command.ts';
import type { FaultsShard } from '../../harness/results/faults.ts';
import { RouteproofError } from '../../common/errors.ts';
import type { AllPartsFlags } from '../faults/all-parts.ts';
import type { FaultsFlags, MergeFlags } from '../faults/faults-run.ts';
import { hostedRun } from '../cluster/hosted-run.ts';
import { isInside } from '../cluster/inside.ts';
import { setUpCrds, setUpOfficialSuite, useOfficialImages } from '../official/official-set-up.ts';
import { officialReleases } from '../../common/official-releases.ts';

export function addFaults(program: Command, finish: (exitCode: number) => void): void {
  const command = program
    .command('faults')
    .description(
      'plant known mistakes into the bundled gateway, one by one, and see that the scenarios notice',
    )
    .option('--fault <names>', 'only these faults (A,B)', listOf)
    .addOption(
      new Option(
        '--all',
        'the faults of every release and channel, one part after the other, and put the results together',
      ).conflicts(['channel', 'gatewayApiVersion', 'keep']),
    )
    .option('--write-docs', 'with --all: put the results into docs/faults.json and docs/faults.md')
    .addOption(channelOption('faults of this release channel (default: standard, or that of --fault)'))
    .addOption(
      new Option(
        '--gateway-api-version <release>',
        `faults in what this release of Gateway API adds (default: ${officialReleases[0]}, or that of --fault)`,
      ).choices(officialReleases),
    )
    .addOption(
      new Option(
        '--shard <i/n>',
        'every n-th fault only, from the i-th on; `faults merge` puts shards together',
      ).argParser(shardOf),
    )
    .option(
      '--resume <dir>',
      'take over what an earlier run has found out (its --out, or docs/faults.json), and run the rest',
    )
    .addOption(localClusterOption())
    .addOption(nameOption())
    .addOption(new Option('--concurrency <n>', 'faults at a time').argParser(wholeNumber(1)))
    .addOption(limitsScaleOption('multiply every time limit of a conformance run'))
    .option(
      '--official',
      'run the official suite against the same faults as well, and show both (minutes each)',
    )
    .option('--keep', 'keep the cluster')
    .option('--out <dir>', 'where to write faults.json and faults.md; default: reports/out/<UTC time>-faults')
    .option('--json', 'print the results as JSON on stdout')
    .addHelpText(
      'after',
      '\nExit code 1: a fault survived, or was caught only where none of its clauses and layers is, or in a complete run a scenario stayed green with every fault.',
    )
    .action(async (flags: FaultsFlags & AllPartsFlags & { all?: true }) => {
      if (flags.all === true) {
        const { allPartsRun } = await import('../faults/all-parts.ts');
        finish(await allPartsRun(flags));
        return;
      }
      if (flags.writeDocs === true) throw writesMerged();
      if (!isInside()) await prepare(flags);
      finish(
        await hostedRun(flags, async (inside, signal) => {
          const { faultsRun } = await import('../faults/faults-run.ts');
          return faultsRun(flags, inside, signal);
        }),
      );
    });
  command
    .command('merge <dirs...>')
    .description('put the results of several runs together: shards, releases, channels')
    .option('--write-docs', 'put the results into docs/faults.json and docs/faults.md')
    .option('--out <dir>', 'where to write faults.json and faults.md; default: reports/out/<UTC time>-faults')
    .option('--json', 'print the results as JSON on stdout')
    .action(async (dirs: string[], flags: MergeFlags) => {
      const { faultsMerge } = await import('../faults/faults-run.ts');
      finish(await faultsMerge(dirs, flags));
    });
}

function writesMerged(): RouteproofError {
  return new RouteproofError('USAGE', 'docs/faults.json is written from results of all parts', {
    object: '--write-docs',
    hint: 'give --all too, or put what there is together: routeproof faults merge --write-docs DIR',
  });
}

/** Outside the cluster's network, which has no way to the registries. */
async function prepare(flags: FaultsFlags): Promise<void> {
  const { releaseOfRun } = await import('../faults/faults-run.ts');
  const release = releaseOfRun(flags);
  if (release !== officialReleases[0]) await setUpCrds(release);
  if (flags.official !== true) return;
  await setUpOfficialSuite(release);
  useOfficialImages(process.env);
}

/** @throws InvalidArgumentError */
function shardOf(text: string): FaultsShard {
  const [, index, of] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number);
  if (index !== undefined && of !== undefined && index >= 1 && index <= of) return { index, of };
  throw new InvalidArgumentError('i/n is wanted, for example 1/4.');
}
