import { Option, type Command } from 'commander';
import type { ToolName } from '../../common/tools.ts';
import { defaultK6Image, runnerKinds } from '../../harness/load/runners/runner.ts';
import {
  existingClusterOptions,
  gatewayClassOption,
  implementationOption,
  limitsScaleOption,
  listOf,
  loadClusterOption,
  nameOption,
  profileOption,
  wholeNumber,
} from './command.ts';
import { mustFitCluster } from '../cluster/existing-cluster.ts';
import { hostedRun } from '../cluster/hosted-run.ts';
import { implementationNeeds } from '../cluster/implementation-needs.ts';
import type { LoadFlags } from '../load/load-run.ts';
import { mustFitCrossCheck } from '../load/load-cross-check.ts';
import { mustFitRunner } from '../load/load-runner.ts';
import { mustBeSubjects } from '../load/load-subjects.ts';
import { prepareRun } from '../conformance/prepare-run.ts';

/** A benchmark itself does not run in a pod, only its load generator does. */
const ofOtherPod = new Set<string | undefined>(['--in-cluster', '--runner-image']);

export function addLoad(program: Command, finish: (exitCode: number) => void): void {
  const command = program.command('load');
  for (const option of existingClusterOptions()) if (!ofOtherPod.has(option.long)) command.addOption(option);
  command
    .description('measure what calls through the gateway cost, and what changes of its configuration do')
    .addOption(
      new Option(
        '--subject <name,...>',
        'what to measure: names, or control-plane for all that concern it (default: unary-latency)',
      ).argParser(listOf),
    )
    .addOption(new Option('--rate <rps>', 'calls a second').argParser(wholeNumber(1)))
    .addOption(
      new Option(
        '--sizes <n,...>',
        'numbers of routes for subjects that grow, instead of their own',
      ).argParser(sizesOf),
    )
    .addOption(
      new Option(
        '--runner <kind>',
        'run k6 in pods of the cluster, as an indexed Job or as a TestRun of the k6-operator, instead of beside this process',
      ).choices(runnerKinds),
    )
    .addOption(
      new Option(
        '--parallelism <n>',
        '--runner: how many pods, each with its share of --rate (default: 2)',
      ).argParser(wholeNumber(1)),
    )
    .option('--k6-image <image>', `--runner: the image of k6 (default: ${defaultK6Image})`)
    .option(
      '--cross-check',
      'have ghz and, where it is installed, h2load make the calls of unary-latency too, and compare what they measure',
    )
    .option('--quick', 'fewer samples and smaller sizes: everything within 5 minutes')
    .addOption(profileOption().choices(['standard']))
    .addOption(gatewayClassOption())
    .addOption(implementationOption().conflicts(['gatewayClass', 'fault']))
    .addOption(
      new Option(
        '--fault <name>',
        'the bundled gateway made slower on purpose, to see that compare finds it: slow-by-200us, one-in-10000-lost, full-push',
      ).conflicts('gatewayClass'),
    )
    .addOption(loadClusterOption())
    .addOption(nameOption())
    .addOption(limitsScaleOption().default(1))
    .option('--keep', 'keep the cluster')
    .option('--record <file>', 'append the figures to this history, and draw their trend in the report')
    .option('--out <dir>', 'where to write the reports; default: reports/out/<UTC time>-load')
    .action(async (flags: LoadFlags) => {
      mustBeSubjects(flags.subject);
      mustFitRunner(flags);
      mustFitCrossCheck(flags);
      mustFitCluster(flags);
      if (flags.fault !== undefined) {
        const { mustBeSlowdown } = await import('../faults/planted-faults.ts');
        mustBeSlowdown(flags.fault);
      }
      const needs = await implementationNeeds(flags.implementation);
      const tools: ToolName[] = [
        ...(needs.tools ?? []),
        ...(flags.crossCheck === true ? (['ghz'] as const) : []),
      ];
      await prepareRun({ ...flags, ...needs, tools });
      finish(
        await hostedRun({ ...flags, ...needs }, async (inside, signal) => {
          const { loadRun } = await import('../load/load-run.ts');
          return loadRun(flags, inside, signal);
        }),
      );
    });
}

function sizesOf(text: string, earlier: number[] = []): number[] {
  return [...earlier, ...listOf(text).map(wholeNumber(1))];
}
