/**
 * A run happens where the cluster's addresses can be dialled. The outer process brings the cluster up and starts the same command
 * line again through Cluster.command(); the inner one finds this variable in its environment and does the work.
 */
import { createReadStream } from 'node:fs';
import { text } from 'node:stream/consumers';
import type { Cluster } from '../../clusters/provider.ts';
import { laterFd, runCommand } from '../../clusters/run-command.ts';
import { given } from '../../common/given.ts';
import type { Up } from '../../harness/set-up/run-facts.ts';

const variable = 'ROUTEPROOF_INSIDE';

/** What is known of a cluster from its first moment on. */
interface Known {
  name: string;
  provider: string;
  kubeconfigPath: string;
  logDir?: string;
  /** Whether it was made for this run. */
  isOwn: boolean;
  /** It is others' and lives on. */
  lent?: true;
}

/** What the inner process knows of the cluster that it runs in. */
export interface Inside extends Known {
  /** Resolves when the cluster is up: until then the API server answers, and pods and Services follow. */
  up: Promise<Up>;
}

export function isInside(): boolean {
  return process.env[variable] !== undefined;
}

/** In the inner process only; asked once. */
export function insideCluster(): Inside {
  const known = JSON.parse(process.env[variable] ?? '') as Known;
  const up = text(createReadStream('', { fd: laterFd })).then((said) => JSON.parse(said) as Up);
  return { ...known, up };
}

/**
 * Starts this command line again inside the cluster.
 *
 * @param up - may resolve later, while the inner process is at work already
 * @returns its exit code
 */
export async function runInside(
  cluster: Cluster,
  argv: string[],
  of: { isOwn: boolean; lent?: true; up: Promise<Up> },
): Promise<number> {
  const known: Known = {
    name: cluster.title ?? cluster.name,
    provider: cluster.provider,
    kubeconfigPath: cluster.kubeconfigPath,
    ...given({ logDir: cluster.logDir }),
    isOwn: of.isOwn,
    ...given({ lent: of.lent }),
  };
  const script = process.argv[1] ?? '';
  return runCommand(cluster, [process.execPath, script, ...argv], {
    env: { [variable]: JSON.stringify(known) },
    later: of.up.then((up) => JSON.stringify(up)),
  });
}
