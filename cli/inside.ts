/**
 * A run happens where the cluster's addresses can be dialled. The outer process brings the cluster up and starts the same command
 * line again through Cluster.command(); the inner one finds this variable in its environment and does the work.
 */
import { spawn } from 'node:child_process';
import type { Cluster } from '../clusters/provider.ts';
import { RouteproofError } from '../common/errors.ts';

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

/**
 * Runs argv inside the cluster with this process's terminal. SIGINT and SIGTERM go on to the child, whose exit decides:
 * a terminal has sent Ctrl-C to both already, so only what was sent to this process alone is passed on.
 */
export async function runCommand(
  cluster: Cluster,
  argv: readonly [string, ...string[]],
  env: Record<string, string> = {},
): Promise<number> {
  const command = cluster.command(argv);
  const child = spawn(command.file, command.args, {
    stdio: 'inherit',
    env: { ...process.env, ...command.env, ...env },
  });
  const ignoreInterrupt = (): void => undefined;
  const passOn = (): void => void child.kill('SIGTERM');
  process.on('SIGINT', ignoreInterrupt);
  process.on('SIGTERM', passOn);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', (cause) => {
        reject(
          new RouteproofError('TOOL_MISSING', `could not start ${command.file}`, {
            seen: cause.message,
            cause,
          }),
        );
      });
      child.once('exit', (code, signal) => resolve(code ?? 128 + (signal === 'SIGINT' ? 2 : 15)));
    });
  } finally {
    process.off('SIGINT', ignoreInterrupt);
    process.off('SIGTERM', passOn);
  }
}
