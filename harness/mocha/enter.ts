import { LocalProvider } from '../../clusters/local/local-provider.ts';
import type { Cluster } from '../../clusters/provider.ts';
import { runCommand } from '../../clusters/run-command.ts';

/** Set by whoever starts mocha inside a cluster: `provider/name`. */
export const clusterVariable = 'ROUTEPROOF_CLUSTER';

export function isInsideCluster(env: NodeJS.ProcessEnv = process.env): boolean {
  return (env['KUBECONFIG'] ?? '') !== '' && (env[clusterVariable] ?? '') !== '';
}

/**
 * Runs this very command line inside the running default cluster, or inside one that lives as long as this process.
 *
 * @returns its exit code
 */
export async function enterCluster(progress: (line: string) => void): Promise<number> {
  const provider = new LocalProvider();
  const running = await provider.find('default');
  if (running !== undefined) return rerun(running);
  progress('no cluster is running (routeproof up keeps one): starting one for this run');
  const cluster = await provider.up({ name: `run-${String(process.pid)}`, lifetime: 'attached', progress });
  try {
    return await rerun(cluster);
  } finally {
    await cluster.down();
  }
}

function rerun(cluster: Cluster): Promise<number> {
  const [script = '', ...args] = process.argv.slice(1);
  const argv = [process.execPath, ...process.execArgv, script, ...args] as const;
  return runCommand(cluster, argv, { env: { [clusterVariable]: `${cluster.provider}/${cluster.name}` } });
}
