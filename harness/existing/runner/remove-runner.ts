import type { Pod } from '../../base/pod-trouble.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { KubeObject } from '../../kube/objects.ts';
import { ApiRefusal } from '../../kube/refusal.ts';
import type { Watches } from '../../kube/watches.ts';
import type { Limits } from '../../env/limits.ts';
import { realClock } from '../../wait/clock.ts';
import { untilReady } from '../../wait/until.ts';
import { podName, runnerLabel, runnerNamespace } from './runner-objects.ts';

/** One without a pod may be in the making. */
const madeWithinMs = 60_000;
/** What has rights goes first. */
const kinds = ['ClusterRoleBinding', 'ClusterRole', 'Namespace'];

/** Takes a runner away and waits until its namespace is gone. Also what was only half made. */
export async function removeRunner(
  kube: KubeClient,
  watches: Watches,
  id: string,
  limits: Limits,
): Promise<void> {
  await deleteRunner(kube, id);
  const name = runnerNamespace(id);
  const watch = await watches.of('Namespace', undefined);
  const { signal } = new AbortController();
  await untilReady(
    { current: () => watch.get(name), listen: (changed) => watch.listen(changed) },
    (namespace) => namespace === undefined,
    { limitMs: limits.baseMs, graceMs: 0, clock: realClock, signal },
  );
}

/** Those of runs that nobody follows any more; one that still runs is left alone. */
export async function removeFinishedRunners(
  kube: KubeClient,
  progress: (line: string) => void,
): Promise<void> {
  const query = { labelSelector: runnerLabel };
  const { items } = await kube.list<KubeObject>(await kube.kindInfo('Namespace'), undefined, query);
  for (const { metadata } of items) {
    const id = metadata?.labels?.[runnerLabel];
    if (id === undefined || metadata?.name !== runnerNamespace(id)) continue;
    const ageMs = Date.now() - new Date(metadata.creationTimestamp ?? 0).getTime();
    if (await isAlive(kube, id, ageMs)) continue;
    progress(`taking away what an earlier run left: ${runnerNamespace(id)}`);
    await deleteRunner(kube, id);
  }
}

async function isAlive(kube: KubeClient, id: string, ageMs: number): Promise<boolean> {
  const { items } = await kube.list<Pod>(await kube.kindInfo('Pod'), runnerNamespace(id));
  const runner = items.find(({ metadata }) => metadata?.name === podName);
  if (runner === undefined) return ageMs < madeWithinMs;
  return runner.status?.phase !== 'Succeeded' && runner.status?.phase !== 'Failed';
}

async function deleteRunner(kube: KubeClient, id: string): Promise<void> {
  const name = runnerNamespace(id);
  // Its pod first: a namespace that goes with a pod in it is looked at again only after half the pod's grace period.
  await kube.delete(await kube.kindInfo('Pod'), name, podName);
  for (const kind of kinds) {
    await kube.delete(await kube.kindInfo(kind), undefined, name).catch((error: unknown) => {
      // Who may not delete it could not make it either.
      if (!(error instanceof ApiRefusal) || error.status !== 403) throw error;
    });
  }
}
