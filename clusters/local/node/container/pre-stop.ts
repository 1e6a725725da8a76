import { setTimeout as delay } from 'node:timers/promises';
import type { Container } from '../../api/types.ts';
import { probeOnce } from '../probes/probe-action.ts';
import type { Launch } from './container-launch.ts';
import { execInContainer } from './exec-in-container.ts';

/** Runs a container's preStop hook; a hook that fails does not keep the container from being stopped. */
export async function runPreStop(
  container: Container,
  podIp: string,
  current: Launch,
  graceMs: number,
): Promise<void> {
  const { exec, sleep, httpGet } = container.lifecycle?.preStop ?? {};
  const run = (argv: string[], timeoutMs: number) =>
    execInContainer(current.process.pid, current.env, argv, timeoutMs);
  if (exec !== undefined) await run(exec.command ?? [], Math.max(graceMs, 1));
  if (sleep !== undefined) await delay(sleep.seconds * 1000, undefined, { ref: false });
  if (httpGet !== undefined) {
    await probeOnce(
      { httpGet, timeoutSeconds: Math.max(1, graceMs / 1000) },
      { container, podIp, exec: run },
    );
  }
}
