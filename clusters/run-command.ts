import { spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import { RouteproofError } from '../common/errors.ts';
import type { Cluster } from './provider.ts';

export interface RunOptions {
  env?: Record<string, string>;
  /** Written to the command's file descriptor `laterFd`, as soon as it is there. */
  later?: Promise<string>;
}

/** Descriptor 3 is taken by the shell that enters the namespaces of a local cluster. */
export const laterFd = 4;

/**
 * Runs argv inside the cluster with this process's terminal. SIGINT and SIGTERM go on to the child, whose exit decides:
 * a terminal has sent Ctrl-C to both already, so only what was sent to this process alone is passed on.
 */
export async function runCommand(
  cluster: Cluster,
  argv: readonly [string, ...string[]],
  { env = {}, later }: RunOptions = {},
): Promise<number> {
  const command = cluster.command(argv);
  const child = spawn(command.file, command.args, {
    stdio: ['inherit', 'inherit', 'inherit', 'ignore', later === undefined ? 'ignore' : 'pipe'],
    env: { ...process.env, ...command.env, ...env },
  });
  // A command may end without having read it.
  child.stdio[laterFd]?.on('error', () => undefined);
  void later?.then((text) => (child.stdio[laterFd] as Writable).end(text));
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
            hint: `see that ${command.file} is installed and that its directory is in PATH`,
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
