import { given } from '../../../common/given.ts';
import { describeObject, objectKey } from '../../../common/object-key.ts';
import type { KubeObject } from '../../kube/objects.ts';
import { untilReady, type UntilOutcome } from '../../wait/until.ts';
import type { Ref } from '../../specs/api.ts';
import type { ScenarioCore } from '../core/core.ts';
import { routeKinds } from './clean-up.ts';
import { realRef } from './objects.ts';
import { setupFailed } from '../core/verdict.ts';

/** Deletes an object and waits until it is gone. */
export async function removeObject(core: ScenarioCore, ref: Ref): Promise<void> {
  core.lastLayer = 'apply';
  const { kube, watches, limits, clock } = core.env;
  const info = await kube.kindInfo(ref.kind, ref.apiVersion);
  const { namespace, name } = realRef(core, ref, info.namespaced);
  const key = objectKey(namespace, name);
  const gone = { kind: ref.kind, metadata: { name, ...given({ namespace }) } };
  const watch = await watches.of(ref.kind, namespace, ref.apiVersion);
  const { metadata } = await kube.get<KubeObject>(info, namespace, name);
  const until = (ready: (object: KubeObject | undefined) => boolean): Promise<UntilOutcome> => {
    const listen = (changed: () => void): (() => void) =>
      watch.listen((_object, _previous, at) => {
        if (at === key) changed();
      });
    const wait = { limitMs: limits.deletedMs, graceMs: 0, clock, signal: core.signal };
    return untilReady({ current: () => watch.get(key), listen }, ready, wait);
  };
  // A watch that has not heard of a new object yet would take it for gone.
  await until((object) => object?.metadata?.uid === metadata?.uid);
  await kube.delete(info, namespace, name);
  const outcome = await until((object) => object?.metadata?.uid !== metadata?.uid);
  if (outcome.verdict === 'wrong')
    throw setupFailed(`${describeObject(gone)} gone after its deletion`, 'it is still there');
  // What an implementation or a barrier made beside it may still be there.
  if (!routeKinds.has(ref.kind)) core.untidy = true;
  core.forget(gone);
  core.applied.delete(`${ref.kind} ${key}`);
  core.timeline.add({ kind: 'apply', object: describeObject(gone), text: 'deleted' });
}
