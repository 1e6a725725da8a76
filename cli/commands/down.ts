import type { Command } from 'commander';
import { startedClusterOption, nameOption } from './command.ts';
import { progressLine } from '../output/progress.ts';
import { runningCluster } from '../cluster/providers.ts';

export function addDown(program: Command): void {
  program
    .command('down')
    .description('stop a cluster and remove its credentials')
    .addOption(startedClusterOption())
    .addOption(nameOption())
    .action(async (options: { cluster: string; name: string }) => {
      const cluster = await runningCluster(options.cluster, options.name);
      await cluster.down();
      progressLine(`cluster ${cluster.name} is down`);
    });
}
