import type { Cluster, ClusterProvider } from '../../clusters/provider.ts';
import { messageOf, RouteproofError } from '../../common/errors.ts';
import type { Up } from '../../harness/set-up/run-facts.ts';
import { insideCluster, isInside, runInside, type Inside } from './inside.ts';
import { progressLine } from '../output/progress.ts';
import { clusterFlags, providerOf } from './providers.ts';

export interface HostFlags {
  cluster: string;
  name: string;
  kubeconfig?: string;
  context?: string;
  keep?: true;
  /** See UpOptions. */
  dns?: boolean;
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
  if (isInside()) {
    const inside = insideCluster();
    return interruptible((signal) => work(inside, signal));
  }
  const provider = providerOf(flags.cluster, flags);
  if (provider.lends === true) return lentRun(provider);
  const running = await provider.find(flags.name);
  if (running !== undefined) {
    mustBeReachable(running);
    progressLine(
      `using the running cluster ${running.name} (routeproof down${clusterFlags(running.provider, running.name)} stops it)`,
    );
    const up = Promise.resolve({ versions: running.versions });
    return runInside(running, process.argv.slice(2), { isOwn: false, up });
  }
  return interruptible((signal) => runOnOwn(provider, flags, signal));
}

/** The run starts as soon as the API server answers: what it installs first needs no more, and the rest comes up meanwhile. */
async function runOnOwn(provider: ClusterProvider, flags: HostFlags, signal: AbortSignal): Promise<number> {
  const startedMs = Date.now();
  const up = Promise.withResolvers<Up>();
  let run: Promise<number> | undefined;
  const start = (cluster: Cluster): void => {
    if (run !== undefined || signal.aborted) return;
    run = runInside(cluster, process.argv.slice(2), { isOwn: true, up: up.promise });
    // When the cluster does not come up, that is what is told.
    run.catch(() => undefined);
  };
  const cluster = await provider.up({
    name: nameFor(flags),
    lifetime: flags.keep === true ? 'detached' : 'attached',
    dns: flags.dns === true,
    progress: progressLine,
    answers: start,
    signal,
  });
  try {
    mustBeReachable(cluster);
    up.resolve({ versions: { ...cluster.versions }, upMs: Date.now() - startedMs });
    start(cluster);
    if (run === undefined) signal.throwIfAborted();
    return await (run ?? 3);
  } finally {
    await release(cluster, flags);
  }
}

/** @throws RouteproofError NO_ROUTE_TO_CLUSTER */
function mustBeReachable({ provider, name, unreachable, kubeconfigPath }: Cluster): void {
  if (unreachable === undefined) return;
  throw new RouteproofError('NO_ROUTE_TO_CLUSTER', 'the addresses of Gateways cannot be dialled from here', {
    object: `${provider} cluster ${name}`,
    seen: unreachable,
    hint: `run it as root, or through the API server: routeproof up --cluster ${provider}, then conformance --cluster kubeconfig --kubeconfig ${kubeconfigPath} --port-forward (or --in-cluster)`,
  });
}

/** On a cluster of others, which is neither started nor kept. The run takes away what it makes; here only the credentials go. */
async function lentRun(provider: ClusterProvider): Promise<number> {
  return interruptible(async (signal) => {
    const name = `run-${process.pid}`;
    const cluster = await provider.up({ name, lifetime: 'attached', progress: progressLine });
    try {
      signal.throwIfAborted();
      const up = Promise.resolve({ versions: { ...cluster.versions } });
      return await runInside(cluster, process.argv.slice(2), { isOwn: false, lent: true, up });
    } finally {
      await cluster.down();
    }
  });
}

/** An attached cluster gets a name of its own, so that two runs at once never meet. */
function nameFor(flags: HostFlags): string {
  return flags.keep === true ? flags.name : `run-${process.pid}`;
}

async function release(cluster: Cluster, flags: HostFlags): Promise<void> {
  if (flags.keep === true) {
    const which = clusterFlags(cluster.provider, cluster.name);
    progressLine(
      `kept the cluster ${cluster.name}: look with \`routeproof exec${which} -- kubectl get all -A\`, end it with \`routeproof down${which}\``,
    );
    return;
  }
  await cluster
    .down()
    .catch((error: unknown) => progressLine(`the cluster did not stop cleanly: ${messageOf(error)}`));
}

/**
 * Gives `work` a signal that fires on the first Ctrl-C or SIGTERM. A second Ctrl-C ends the process at once; a second SIGTERM does
 * not: one that is sent to a process group, as by `timeout`, comes once more from the process outside that passes its own on.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  const onSignal = (signal: NodeJS.Signals): void => {
    if (abort.signal.aborted && signal === 'SIGINT') process.exit(130);
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
