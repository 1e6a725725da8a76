import { spawn } from 'node:child_process';
import { RouteproofError } from '../common/errors.ts';
import type { Cluster } from './provider.ts';

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
