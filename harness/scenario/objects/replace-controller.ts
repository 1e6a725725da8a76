import { RouteproofError } from '../../../common/errors.ts';
import { isReady } from '../../base/pod-trouble.ts';
import { controllerPods, gatewayLabel, proxyPods, type Pod } from '../../proxies/pods.ts';
import { untilReady } from '../../wait/until.ts';
import type { ScenarioCore } from '../core/core.ts';
import { NotRun } from '../core/not-run.ts';
import { setupFailed } from '../core/verdict.ts';

/**
 * Deletes the controller's pods, runs `whileGone` once they have ended, and waits until as many others are ready.
 *
 * @throws NotRun - nobody can tell them, they serve calls too, or each Gateway has some of its own
 * @throws RouteproofError INVALID_INPUT - the scenario's meta does not say so, or the cluster is others', who would feel it
 */
export async function replaceController(core: ScenarioCore, whileGone: () => Promise<void>): Promise<void> {
  const { env, meta, signal } = core;
  if (meta.quiet !== true || meta.replacesController !== true || !env.ownCluster)
    throw new RouteproofError('INVALID_INPUT', 'only a scenario that says so may replace the controller', {
      object: meta.id,
      hint: 'write `quiet: true` and `replacesController: true` into its meta',
    });
  const { kube, watches, clock, limits } = env;
  const old = await replaceable(core);
  const uids = new Set(old.map(({ metadata }) => metadata?.uid));
  const namespaces = [...new Set(old.map(({ metadata }) => metadata?.namespace))];
  const info = await kube.kindInfo('Pod');
  const pods = await Promise.all(namespaces.map((namespace) => watches.of('Pod', namespace)));
  core.timeline.add({ kind: 'apply', object: 'the controller', text: `deleting ${String(old.length)} pods` });
  await Promise.all(old.map(({ metadata }) => kube.delete(info, metadata?.namespace, metadata?.name ?? '')));
  const isOurs = isController(old);
  const controllers = (): Pod[] => pods.flatMap((watch) => [...watch.all()] as Pod[]).filter(isOurs);
  const areGone = (): boolean => controllers().every(({ metadata }) => !uids.has(metadata?.uid));
  const areReplaced = (): boolean => areGone() && controllers().filter(isReady).length >= old.length;
  const listen = (changed: () => void): (() => void) => {
    const ends = pods.map((watch) => watch.listen(changed));
    return () => {
      for (const end of ends) end();
    };
  };
  const wait = { limitMs: limits.workloadMs, graceMs: 0, clock, signal };
  const until = async (what: string, is: () => boolean): Promise<void> => {
    const { verdict } = await untilReady({ current: () => undefined, listen }, is, wait);
    if (verdict === 'wrong') throw setupFailed(`the controller’s pods are ${what}`, 'they are not');
    core.timeline.add({ kind: 'apply', object: 'the controller', text: what });
  };
  await until('gone', areGone);
  await whileGone();
  await until('replaced', areReplaced);
}

async function replaceable({ env }: ScenarioCore): Promise<Pod[]> {
  const place = { env, gateway: { namespace: env.baseNamespace, name: 'shared' } };
  const [controllers, proxies] = await Promise.all([controllerPods(place), proxyPods(place)]);
  const serving = new Set(proxies.map(({ metadata }) => metadata?.uid));
  const isOfGateway = ({ metadata }: Pod): boolean => metadata?.labels?.[gatewayLabel] !== undefined;
  const found = controllers.filter((pod) => !isOfGateway(pod));
  const why = controllers.some((pod) => isOfGateway(pod) && !serving.has(pod.metadata?.uid))
    ? 'each Gateway has one of its own'
    : found.some(({ metadata }) => serving.has(metadata?.uid))
      ? 'here that is the proxy too'
      : found.length === 0
        ? 'nobody can tell which pods that is'
        : undefined;
  if (why !== undefined) throw new NotRun(`it replaces the controller, and ${why}`, 'cluster');
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
