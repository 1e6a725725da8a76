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
  for (const { kind, objects } of doomed) if (objects.length > 0) await removeKind(kind, objects, options);
}

async function removeKind(kind: string, objects: KubeObject[], options: ReadyOptions): Promise<void> {
  const { kube, watches, limitMs, clock, signal } = options;
  const info = await kube.kindInfo(kind);
  const watch = await watches.of(kind, undefined);
  await Promise.all(
    objects.map(({ metadata }) => kube.delete(info, undefined, metadata?.name ?? '', metadata?.uid)),
  );
  const uids = new Set(objects.map(({ metadata }) => metadata?.uid));
  const left = (): KubeObject[] => [...watch.all()].filter(({ metadata }) => uids.has(metadata?.uid));
  const outcome = await untilReady(
    { current: () => left()[0], listen: (changed) => watch.listen(changed) },
    (object) => object === undefined,
    { limitMs, graceMs: 0, clock, signal },
  );
  if (outcome.verdict === 'wrong') throw stays(left() as Stuck[], limitMs);
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
