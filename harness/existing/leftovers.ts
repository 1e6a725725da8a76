import { RouteproofError } from '../../common/errors.ts';
import type { ReadyOptions } from '../base/ready.ts';
import type { KubeClient } from '../kube/client.ts';
import type { KubeObject } from '../kube/objects.ts';
import { untilReady } from '../wait/until.ts';

/** On all that a run makes on a cluster of others; its value is the run's id. */
export const runLabel = 'routeproof.dev/run';

/** Everything else is in these namespaces. A class goes after the Gateways that use it, which its finalizer waits for. */
const kinds = ['Namespace', 'GatewayClass'];

/** How a person takes away what a run left. */
export const removeCommand = `kubectl delete namespaces,gatewayclasses --selector ${runLabel}`;

type Leftovers = { kind: string; objects: KubeObject[] }[];

/** What carries the label now, of one run or of all. */
export async function leftovers(kube: KubeClient, runId?: string): Promise<Leftovers> {
  const labelSelector = runId === undefined ? runLabel : `${runLabel}=${runId}`;
  return Promise.all(
    kinds.map(async (kind) => {
      const { items } = await kube.list<KubeObject>(await kube.kindInfo(kind), undefined, { labelSelector });
      return { kind, objects: items };
    }),
  );
}

/**
 * Deletes them, not what has come in their place, and waits until they are gone.
 *
 * @throws RouteproofError CLUSTER_NOT_CLEAN - some of it stays
 */
export async function remove(doomed: Leftovers, options: ReadyOptions): Promise<void> {
  for (const { kind, objects } of doomed) {
    if (objects.length === 0) continue;
    if (kind === 'Namespace') await endPods(new Set(objects.map(({ metadata }) => metadata?.name)), options);
    await deleteAll(kind, objects, options.kube);
    const left = await stillThere(kind, isOneOf(objects), options);
    if (left.length > 0) throw stays(left as Stuck[], options.limitMs);
  }
}

/**
 * Ends what runs in namespaces before they go. A namespace that is deleted with a pod in it is looked at again after half the pod's grace
 * period, 31 s for a proxy that has gone after 4. Pods that stay are the namespace's matter, which says why.
 */
async function endPods(namespaces: ReadonlySet<string | undefined>, options: ReadyOptions): Promise<void> {
  const isInside = ({ metadata }: KubeObject): boolean => namespaces.has(metadata?.namespace);
  // Others go with what made them. In this order: an implementation would make the Deployment of a Gateway again.
  const isAlone = ({ metadata }: KubeObject): boolean => (metadata?.ownerReferences ?? []).length === 0;
  for (const kind of ['Gateway', 'Deployment', 'Pod']) {
    const { items } = await options.kube.list<KubeObject>(await options.kube.kindInfo(kind));
    const doomed = items.filter((object) => isInside(object) && (kind !== 'Pod' || isAlone(object)));
    await deleteAll(kind, doomed, options.kube);
  }
  await stillThere('Pod', isInside, options);
}

async function deleteAll(kind: string, objects: readonly KubeObject[], kube: KubeClient): Promise<void> {
  const info = await kube.kindInfo(kind);
  await Promise.all(
    objects.map(({ metadata }) =>
      kube.delete(info, metadata?.namespace, metadata?.name ?? '', metadata?.uid),
    ),
  );
}

function isOneOf(objects: readonly KubeObject[]): (object: KubeObject) => boolean {
  const uids = new Set(objects.map(({ metadata }) => metadata?.uid));
  return ({ metadata }) => uids.has(metadata?.uid);
}

/** What of a kind is left when it has gone, or after the time limit. */
async function stillThere(
  kind: string,
  isDoomed: (object: KubeObject) => boolean,
  { watches, limitMs, clock, signal }: ReadyOptions,
): Promise<KubeObject[]> {
  const watch = await watches.of(kind, undefined);
  const left = (): KubeObject[] => [...watch.all()].filter(isDoomed);
  await untilReady(
    { current: () => left()[0], listen: (changed) => watch.listen(changed) },
    (object) => object === undefined,
    { limitMs, graceMs: 0, clock, signal },
  );
  return left();
}

interface Stuck extends KubeObject {
  status?: { conditions?: { type: string; status: string; message?: string }[] };
}

function stays(left: Stuck[], limitMs: number): RouteproofError {
  const shown = left.slice(0, 5).map(({ kind, metadata, status }) => {
    const why = (status?.conditions ?? []).filter(
      (each) => each.status === 'True' && each.message !== undefined,
    );
    const finalizers = metadata?.finalizers ?? [];
    const texts = [...finalizers.map((each) => `finalizer ${each}`), ...why.map(({ message }) => message)];
    return `${kind ?? ''} ${metadata?.name ?? ''}${texts.length === 0 ? '' : `: ${texts.join('; ')}`}`;
  });
  const seconds = String(Math.round(limitMs / 1000));
  return new RouteproofError(
    'CLUSTER_NOT_CLEAN',
    `what the run made was not gone ${seconds} s after its deletion`,
    {
      seen: [...shown, ...(left.length > 5 ? [`and ${String(left.length - 5)} more`] : [])].join(
        '\n        ',
      ),
      hint: `look at it, then: ${removeCommand}`,
    },
  );
}
