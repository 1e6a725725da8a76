import type { Command } from 'commander';
import { providerNames, providerOf } from '../cluster/providers.ts';

export function addStatus(program: Command): void {
  program
    .command('status')
    .description('list the clusters that are running')
    .option('--json', 'print JSON')
    .action(async (options: { json?: true }) => {
      const clusters = (await Promise.all(providerNames.map((name) => providerOf(name).list()))).flat();
      if (options.json === true) {
        process.stdout.write(`${JSON.stringify(clusters, null, 2)}\n`);
        return;
      }
      if (clusters.length === 0)
        process.stdout.write('no cluster is running; start one with: routeproof up\n');
      for (const { name, provider, state, detail, kubeconfigPath } of clusters) {
        process.stdout.write(`${name}  ${provider}  ${state}  ${detail}\n  kubeconfig: ${kubeconfigPath}\n`);
      }
    });
}
