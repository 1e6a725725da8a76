import { execa } from 'execa';
import type { ProbeAnswer } from '../probes/probe-answer.ts';
import { programOf, type Launch } from './container-launch.ts';

/** Runs a command in all namespaces of a container, with its environment. Never throws. */
export async function execInContainer(
  { process: { pid }, env, programs }: Launch,
  argv: string[],
  timeoutMs: number,
): Promise<ProbeAnswer> {
  if (pid === undefined) return { ok: false, message: 'the container is not running' };
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const args = [
    '-t',
    `${pid}`,
    '-m',
    '-n',
    '-p',
    '-u',
    '-i',
    '--',
    'env',
    '-i',
    ...variables,
    ...programOf(programs, argv),
  ];
  const result = await execa('nsenter', args, {
    reject: false,
    timeout: timeoutMs,
    all: true,
    stdin: 'ignore',
    killSignal: 'SIGKILL',
  });
  if (result.timedOut) return { ok: false, message: `command "${argv.join(' ')}" timed out` };
  return {
    ok: result.exitCode === 0,
    message: result.exitCode === 0 ? '' : result.all || result.shortMessage || 'failed',
  };
}
