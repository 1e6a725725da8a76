import { Option, type Command } from 'commander';
import {
  clusterOption,
  existingClusterOptions,
  gatewayApiVersionOption,
  gatewayClassOption,
  implementationOption,
  installedChannelOption,
  limitsScaleOption,
  listOf,
  nameOption,
  profileOption,
  wholeNumber,
} from './command.ts';
import type { ConformanceFlags } from '../conformance/conformance-run.ts';
import { mustFitCluster } from '../cluster/existing-cluster.ts';
import { hostedRun } from '../cluster/hosted-run.ts';
import { implementationNeeds } from '../cluster/implementation-needs.ts';
import { prepareRun } from '../conformance/prepare-run.ts';

export function addConformance(program: Command, finish: (exitCode: number) => void): void {
  const command = program.command('conformance');
  for (const option of existingClusterOptions()) command.addOption(option);
  command
    .description('apply every scenario, assert routing and status, write reports')
    .option('--suite <names>', 'only these suites (A,B)', listOf)
    .option('--scenario <ids>', 'only these scenarios (suite/name)', listOf)
    .option('--clause <ids>', 'only scenarios that prove these clauses', listOf)
    .addOption(profileOption())
    .addOption(gatewayApiVersionOption())
    .addOption(installedChannelOption())
    .option(
      '--supported-features <names>',
      'judge by these features instead of those that the GatewayClass claims',
      listOf,
    )
    .addOption(gatewayClassOption())
    .addOption(implementationOption().conflicts(['gatewayClass', 'fault', 'dialect']))
    .addOption(
      new Option(
        '--fault <name>',
        'against the bundled gateway, or CRDs, with this planted mistake, to see what a failure looks like (see: explain)',
      ).conflicts('gatewayClass'),
    )
    .addOption(
      new Option(
        '--dialect <name>',
        "against the bundled gateway as a profile's document describes it, to prove the profile",
      ).conflicts(['gatewayClass', 'fault']),
    )
    .addOption(clusterOption())
    .addOption(nameOption())
    .addOption(new Option('--repeat <n>', 'run everything n times').argParser(wholeNumber(1)).default(1))
    .addOption(new Option('--concurrency <n>', 'scenarios at a time').argParser(wholeNumber(1)))
    .addOption(limitsScaleOption().default(1))
    .option('--no-rerun', 'do not run failures again, alone, to tell their pass rate')
    .option('--keep', 'keep the cluster and what the scenarios applied')
    .option('--no-load', 'leave the latency benchmark away')
    .option('--out <dir>', 'where to write the reports; default: reports/out/<UTC time>-conformance')
    .option('--json', 'print the totals as JSON on stdout')
    // Of the run in a pod: its results go through the log.
    .addOption(
      new Option('--deliver <json>').hideHelp().argParser((text: string): unknown => JSON.parse(text)),
    )
    .action(async (flags: ConformanceFlags) => {
      if (flags.fault !== undefined) {
        const { mustBeFault } = await import('../faults/planted-faults.ts');
        mustBeFault(flags.fault);
      }
      if (flags.dialect !== undefined) {
        const { mustBeDialect } = await import('../faults/planted-faults.ts');
        mustBeDialect(flags.dialect);
      }
      mustFitCluster(flags);
      const needs = await implementationNeeds(flags.implementation);
      await prepareRun({ ...flags, ...needs });
      if (flags.inCluster === true) {
        const { inClusterRun } = await import('../conformance/in-cluster-run.ts');
        finish(await inClusterRun(flags));
        return;
      }
      finish(
        await hostedRun({ ...flags, ...needs }, async (inside, signal) => {
          const { conformanceRun } = await import('../conformance/conformance-run.ts');
          return conformanceRun(flags, inside, signal);
        }),
      );
    });
}
