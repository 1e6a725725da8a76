import { messageOf, RouteproofError } from '../../../common/errors.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { KubeObject } from '../../kube/objects.ts';
import { ApiRefusal } from '../../kube/refusal.ts';
import { Watches } from '../../kube/watches.ts';
import type { Limits } from '../../env/limits.ts';
import { newNonce } from '../../manifests/names.ts';
import { Delivery } from './delivery.ts';
import { removeFinishedRunners, removeRunner } from './remove-runner.ts';
import { runnerObjects, type RunnerSpec } from './runner-objects.ts';
import { RunnerPod } from './runner-pod.ts';

export const defaultRunnerImage = 'docker.io/routeproof/harness:dev';

export interface PodRunOptions extends Omit<RunnerSpec, 'id'> {
  limits: Limits;
  /** A line that the run in the pod has written, or of what goes on around it. */
  progress: (line: string) => void;
  /** Tells the run to end: it takes away what it made, and its results so far come back. */
  signal: AbortSignal;
}

export interface PodRun {
  exitCode: number;
  /** What it delivered; undefined when it ended before. */
  result: unknown;
}

/**
 * Runs a command line of routeproof in a pod of the cluster, where its addresses can be dialled, and takes the pod away again.
 *
 * @throws RouteproofError RUNNER_FAILED - it did not start, or its results are not whole
 * @throws RouteproofError API_FORBIDDEN - the user may not make it
 */
export async function runInPod(kube: KubeClient, options: PodRunOptions): Promise<PodRun> {
  const watches = new Watches(kube);
  const id = newNonce();
  try {
    await removeFinishedRunners(kube, options.progress);
    await create(kube, await runnerObjects({ ...options, id }));
    return await follow(kube, watches, id, options);
  } finally {
    await removeRunner(kube, watches, id, options.limits).catch((error: unknown) =>
      options.progress(messageOf(error)),
    );
    watches.stop();
  }
}

async function create(kube: KubeClient, objects: readonly KubeObject[]): Promise<void> {
  for (const object of objects) {
    try {
      await kube.create(object);
    } catch (error) {
      if (!(error instanceof ApiRefusal) || error.status !== 403) throw error;
      throw new RouteproofError(
        'API_FORBIDDEN',
        'the user of the kubeconfig may not start a run in the cluster',
        {
          object: `${object.kind ?? ''} ${object.metadata?.name ?? ''}`,
          seen: error.message,
          hint: 'a run in a pod gets a service account with the rights of a run: that takes an admin; or leave --in-cluster away',
          cause: error,
        },
      );
    }
  }
}

async function follow(
  kube: KubeClient,
  watches: Watches,
  id: string,
  options: PodRunOptions,
): Promise<PodRun> {
  const pod = await RunnerPod.watched(kube, watches, id);
  await pod.started(options);
  const { progress, signal } = options;
  const stop = (): void => pod.stop();
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop);
  const delivery = new Delivery();
  try {
    for await (const line of pod.lines()) if (!delivery.take(line)) progress(line);
  } finally {
    signal.removeEventListener('abort', stop);
  }
  // A pod that was taken away by others has no exit code.
  return { exitCode: pod.exitCode ?? 3, result: delivery.result() };
}
