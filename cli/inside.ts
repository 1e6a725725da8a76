/**
 * A run happens where the cluster's addresses can be dialled. The outer process brings the cluster up and starts the same command
 * line again through Cluster.command(); the inner one finds this variable in its environment and does the work.
 */
import type { Cluster } from '../clusters/provider.ts';
import { runCommand } from '../clusters/run-command.ts';

const variable = 'ROUTEPROOF_INSIDE';

/** What the inner process knows of the cluster that it runs in. */
export interface Inside {
  name: string;
  provider: string;
  kubeconfigPath: string;
  logDir?: string;
  versions: Record<string, string>;
  /** How long `up` took, milliseconds; absent for a cluster that ran already. */
  upMs?: number;
}

/** Set in the inner process only. */
export function insideCluster(): Inside | undefined {
  const text = process.env[variable];
  return text === undefined ? undefined : (JSON.parse(text) as Inside);
}

/** Starts this command line again inside the cluster. @returns its exit code */
export async function runInside(cluster: Cluster, argv: string[], upMs?: number): Promise<number> {
  const inside: Inside = {
    name: cluster.name,
    provider: cluster.provider,
    kubeconfigPath: cluster.kubeconfigPath,
    ...(cluster.logDir === undefined ? {} : { logDir: cluster.logDir }),
    versions: { ...cluster.versions },
    ...(upMs === undefined ? {} : { upMs }),
  };
  const script = process.argv[1] ?? '';
  return runCommand(cluster, [process.execPath, script, ...argv], { [variable]: JSON.stringify(inside) });
}
