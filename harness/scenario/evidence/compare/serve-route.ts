import { keyOf } from '../../../../common/object-key.ts';
import { generationOf, type KubeObject, type Route, type StatusCondition } from '../../../kube/objects.ts';
import { judge } from '../../../rpc/judge.ts';
import type { Target } from '../../../rpc/target.ts';
import type { Call } from '../../../rpc/call.ts';
import { asTry, callTarget } from '../../calls/call-once.ts';
import type { ScenarioCore } from '../../core/core.ts';
import { parentsBy } from '../../../wait/conditions.ts';
import { probeUntilStable } from '../../../wait/probe.ts';
import { untilReady } from '../../../wait/until.ts';
import type { HttpRoute } from './as-http-route.ts';

/** Of the limits of a verdict: an explanation is worth less waiting. */
const patience = 1 / 3;

/** Why the HTTPRoute cannot be had, or says nothing. */
export class NotComparable extends Error {}

/** Runs `body` while the route exists. */
export async function withRoute<T>(core: ScenarioCore, http: HttpRoute, body: () => Promise<T>): Promise<T> {
  const { kube } = core.env;
  const created = await kube.apply<KubeObject>(http);
  core.wrote(created);
  core.timeline.add({
    kind: 'step',
    object: `HTTPRoute ${keyOf(http)}`,
    text: 'the same rule applied as HTTPRoute',
  });
  try {
    return await body();
  } finally {
    const info = await kube.kindInfo('HTTPRoute');
    await kube.delete(info, http.metadata?.namespace, http.metadata?.name ?? '');
  }
}

/** Whether a call that the route's marker rule takes is answered, once the route is accepted. @throws NotComparable - it is not */
export async function served(
  core: ScenarioCore,
  http: HttpRoute,
  target: Target,
  marked: Call,
): Promise<boolean> {
  const { limits, clock } = core.env;
  await accepted(core, http);
  const { verdict } = await probeUntilStable(
    async () => {
      const result = await callTarget(core, asTry(marked), target, () => false);
      return { ...judge(result, {}), result };
    },
    { limitMs: limits.servedMs * patience, graceMs: 0, clock, signal: core.signal },
  );
  return verdict === 'pass';
}

async function accepted(core: ScenarioCore, http: HttpRoute): Promise<void> {
  const { watches, limits, clock, controllerName } = core.env;
  const key = keyOf(http);
  const watch = await watches.of('HTTPRoute', http.metadata?.namespace);
  const current = (): KubeObject | undefined => {
    const object = watch.get(key);
    return object !== undefined && core.isFresh({ ...object, kind: 'HTTPRoute' }) ? object : undefined;
  };
  const listen = (changed: () => void): (() => void) =>
    watch.listen((_object, _previous, at) => {
      if (at === key) changed();
    });
  const { object } = await untilReady(
    { current, listen },
    (one) => acceptedOf(one, controllerName) !== undefined,
    {
      limitMs: limits.statusMs * patience,
      graceMs: 0,
      clock,
      signal: core.signal,
    },
  );
  const condition = acceptedOf(object, controllerName);
  if (condition === undefined) throw new NotComparable('it has no status');
  if (condition.status !== 'True')
    throw new NotComparable(
      `it is not accepted: ${condition.reason ?? ''} ${condition.message ?? ''}`.trim(),
    );
}

/** Its condition Accepted at its own generation. */
function acceptedOf(object: KubeObject | undefined, controllerName: string): StatusCondition | undefined {
  if (object === undefined) return undefined;
  return parentsBy(object as Route, controllerName)
    .flatMap(({ conditions = [] }) => conditions)
    .find((one) => one.type === 'Accepted' && one.observedGeneration === generationOf(object));
}
