import { setTimeout as delay } from 'node:timers/promises';
import type { Container } from '../../../api/types.ts';
import { probeOnce } from '../probes/probe-action.ts';
import type { ProbeAnswer } from '../probes/probe-answer.ts';
import type { Launch } from './container-launch.ts';
import { execInContainer } from './exec-in-container.ts';

/** What a program still has for its SIGTERM after a hook that used the whole grace period. */
export const afterHookMs = 2000;

/**
 * Runs a container's preStop hook. Never throws: a hook that fails does not keep the container from being stopped.
 *
 * @param graceMs - above 0; a hook that takes longer is given up
 */
export async function runPreStop(
  container: Container,
  podIp: string,
  current: Launch,
  graceMs: number,
): Promise<ProbeAnswer> {
  const { exec, sleep, httpGet } = container.lifecycle?.preStop ?? {};
  const run = (argv: string[], timeoutMs: number) => execInContainer(current, argv, timeoutMs);
  if (exec !== undefined) return run(exec.command ?? [], graceMs);
  if (sleep !== undefined) await delay(sleep.seconds * 1000, undefined, { ref: false });
  if (httpGet === undefined) return { ok: true, message: '' };
  return probeOnce({ httpGet, timeoutSeconds: graceMs / 1000 }, { container, podIp, exec: run });
}
