import { Option, type Command } from 'commander';
import { officialReleases } from '../../common/official-releases.ts';
import {
  channelOption,
  localClusterOption,
  gatewayClassOption,
  listOf,
  limitsScaleOption,
  nameOption,
} from './command.ts';
import { hostedRun } from '../cluster/hosted-run.ts';
import { isInside } from '../cluster/inside.ts';
import type { OfficialFlags } from '../official/official-run.ts';
import { setUpOfficialSuite, useOfficialImages } from '../official/official-set-up.ts';

export function addOfficial(program: Command, finish: (exitCode: number) => void): void {
  program
    .command('official')
    .description('run the unmodified official conformance suite against the same cluster and class')
    .addOption(
      new Option('--gateway-api-version <release>', 'release of the suite and its CRDs')
        .choices(officialReleases)
        .default(officialReleases[0]),
    )
    .option('--profile <names>', 'conformance profiles (default: GATEWAY-GRPC,GATEWAY-HTTP)', listOf)
    .option('--run-test <name>', 'only this test of the suite')
    .option('--supported-features <names>', 'test these instead of what the GatewayClass claims', listOf)
    .option('--compare', 'run the scenarios as well and print checks per second of both')
    .addOption(channelOption().default('standard'))
    .addOption(gatewayClassOption())
    .addOption(localClusterOption())
    .addOption(nameOption())
    .addOption(limitsScaleOption("multiply every time limit but the suite's own").default(1))
    .option('--keep', 'keep the cluster and what the suite applied to begin with')
    .option('--out <dir>', 'where to write the reports; default: reports/out/<UTC time>-official')
    .option('--json', 'print the results as JSON on stdout')
    .action(async (flags: OfficialFlags) => {
      const { mustBeProfiles, officialRun } = await import('../official/official-run.ts');
      mustBeProfiles(flags.profile);
      // Outside the cluster's network, which has no way to the registries.
      if (!isInside()) {
        await setUpOfficialSuite(flags.gatewayApiVersion);
        useOfficialImages(process.env);
      }
      finish(await hostedRun(flags, (inside, signal) => officialRun(flags, inside, signal)));
    });
}
