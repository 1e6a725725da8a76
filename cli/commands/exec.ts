import type { Command } from 'commander';
import { startedClusterOption, nameOption } from './command.ts';
import { runCommand } from '../../clusters/run-command.ts';
import { runningCluster } from '../cluster/providers.ts';
import { pathWithTools } from '../cluster/tool-path.ts';

export function addExec(program: Command, finish: (exitCode: number) => void): void {
  program
    .command('exec')
    .description(
      'run a command inside the network of a cluster, with KUBECONFIG and the pinned tools in PATH',
    )
    .usage('[options] -- COMMAND [ARG...]')
    .addOption(startedClusterOption())
    .addOption(nameOption())
    .argument('<command>')
    .argument('[args...]')
    .passThroughOptions()
    .action(async (command: string, args: string[], options: { cluster: string; name: string }) => {
      const cluster = await runningCluster(options.cluster, options.name);
      finish(await runCommand(cluster, [command, ...args], { env: { PATH: pathWithTools() } }));
    });
}
