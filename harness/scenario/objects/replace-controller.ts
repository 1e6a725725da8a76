import { RouteproofError } from '../../../common/errors.ts';
import { isReady } from '../../base/pod-trouble.ts';
import { controllerPods, proxyPods, type Pod } from '../../proxies/pods.ts';
import { untilReady } from '../../wait/until.ts';
import type { ScenarioCore } from '../core/core.ts';
import { NotRun } from '../core/not-run.ts';
import { setupFailed } from '../core/verdict.ts';

/** Label that GEP-1762 asks implementations to put on what they make for a Gateway: a controller has none. */
const gatewayLabel = 'gateway.networking.k8s.io/gateway-name';

/**
 * Deletes the controller's pods and waits until as many others are ready.
 *
 * @throws NotRun - nobody can tell them, they serve calls too, or the cluster is others'
 * @throws RouteproofError INVALID_INPUT - the scenario is not quiet: others would feel it
 */
export async function replaceController(core: ScenarioCore): Promise<void> {
  const { env, meta, signal } = core;
  if (meta.quiet !== true)
    throw new RouteproofError('INVALID_INPUT', 'only a quiet scenario may replace the controller', {
      object: meta.id,
      hint: 'write `quiet: true` into its meta',
    });
  const { kube, watches, clock, limits } = env;
  const old = await replaceable(core);
  const uids = new Set(old.map(({ metadata }) => metadata?.uid));
  const namespaces = [...new Set(old.map(({ metadata }) => metadata?.namespace))];
  const info = await kube.kindInfo('Pod');
  const pods = await Promise.all(namespaces.map((namespace) => watches.of('Pod', namespace)));
  core.timeline.add({ kind: 'apply', object: 'the controller', text: `deleting ${String(old.length)} pods` });
  await Promise.all(old.map(({ metadata }) => kube.delete(info, metadata?.namespace, metadata?.name ?? '')));
  const areReplaced = (): boolean => {
    const now = pods.flatMap((watch) => [...watch.all()] as Pod[]).filter(isController(old));
    const fresh = now.filter(({ metadata }) => !uids.has(metadata?.uid));
    return now.length === fresh.length && fresh.filter(isReady).length >= old.length;
  };
  const listen = (changed: () => void): (() => void) => {
    const ends = pods.map((watch) => watch.listen(changed));
    return () => {
      for (const end of ends) end();
    };
  };
  const wait = { limitMs: limits.workloadMs, graceMs: 0, clock, signal };
  const outcome = await untilReady({ current: () => undefined, listen }, areReplaced, wait);
  if (outcome.verdict === 'wrong')
    throw setupFailed('the controller’s pods are replaced', 'others are not ready in their place');
  core.timeline.add({ kind: 'apply', object: 'the controller', text: 'replaced' });
}

async function replaceable({ env }: ScenarioCore): Promise<Pod[]> {
  const leftOut = (why: string): NotRun => new NotRun(why, 'cluster');
  if (!env.ownCluster)
    throw leftOut('it replaces the controller, which is done only on a cluster that is made for the run');
  const place = { env, gateway: { namespace: env.baseNamespace, name: 'shared' } };
  const [controllers, proxies] = await Promise.all([controllerPods(place), proxyPods(place)]);
  const found = controllers.filter(({ metadata }) => metadata?.labels?.[gatewayLabel] === undefined);
  const serving = new Set(proxies.map(({ metadata }) => metadata?.uid));
  if (found.length === 0) throw leftOut('it replaces the controller, and nobody can tell which pods that is');
  if (found.some(({ metadata }) => serving.has(metadata?.uid)))
    throw leftOut('it replaces the controller, and here that is the proxy too');
  return found;
}

/** What the same ReplicaSets and StatefulSets have made. */
function isController(old: readonly Pod[]): (pod: Pod) => boolean {
  const owners = new Set(old.map(ownerOf));
  return (pod) => owners.has(ownerOf(pod));
}

function ownerOf({ metadata }: Pod): string {
  return `${metadata?.namespace ?? ''} ${metadata?.ownerReferences?.[0]?.uid ?? metadata?.name ?? ''}`;
}
