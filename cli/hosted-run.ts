import type { Cluster } from '../clusters/provider.ts';
import { messageOf } from '../common/errors.ts';
import { insideCluster, runInside, type Inside } from './inside.ts';
import { progressLine } from './progress.ts';
import { providerOf } from './providers.ts';

export interface HostFlags {
  cluster: string;
  name: string;
  keep?: true;
}

/**
 * Runs `work` inside a cluster: the running one of that name, or a new one that lives as long as this process.
 *
 * @returns the exit code of the work
 */
export async function hostedRun(
  flags: HostFlags,
  work: (inside: Inside, signal: AbortSignal) => Promise<number>,
): Promise<number> {
  const inside = insideCluster();
  if (inside !== undefined) return interruptible((signal) => work(inside, signal));
  const provider = providerOf(flags.cluster);
  const running = await provider.find(flags.name);
  if (running !== undefined) {
    progressLine(`using the running cluster ${running.name} (routeproof down stops it)`);
    return runInside(running, process.argv.slice(2));
  }
  return interruptible(async (signal) => {
    const startedMs = Date.now();
    const lifetime = flags.keep === true ? 'detached' : 'attached';
    const cluster = await provider.up({ name: nameFor(flags), lifetime, progress: progressLine });
    try {
      signal.throwIfAborted();
      return await runInside(cluster, process.argv.slice(2), Date.now() - startedMs);
    } finally {
      await release(cluster, flags);
    }
  });
}

/** An attached cluster gets a name of its own, so that two runs at once never meet. */
function nameFor(flags: HostFlags): string {
  return flags.keep === true ? flags.name : `run-${process.pid}`;
}

async function release(cluster: Cluster, flags: HostFlags): Promise<void> {
  if (flags.keep === true) {
    progressLine(
      `kept the cluster ${cluster.name}: look with \`routeproof exec -- kubectl get all -A\`, end it with \`routeproof down\``,
    );
    return;
  }
  await cluster
    .down()
    .catch((error: unknown) => progressLine(`the cluster did not stop cleanly: ${messageOf(error)}`));
}

/** Gives `work` a signal that fires on the first Ctrl-C or SIGTERM; the second one ends the process at once. */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  const onSignal = (signal: NodeJS.Signals): void => {
    if (abort.signal.aborted) process.exit(128 + (signal === 'SIGINT' ? 2 : 15));
    abort.abort(new Error(`interrupted by ${signal}`));
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  try {
    return await work(abort.signal);
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}
