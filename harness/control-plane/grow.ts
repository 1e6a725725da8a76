import pLimit from 'p-limit';
import { RouteproofError } from '../../common/errors.ts';
import { ResourceWatch } from '../kube/watch.ts';
import type { KubeObject, Route } from '../kube/objects.ts';
import { holds, parentsBy } from '../wait/conditions.ts';
import { untilReady } from '../wait/until.ts';
import { routeOf, type Lab } from './lab.ts';

/** As many as the client has sockets: the API server is what limits. */
const concurrentWrites = 16;

/** Writes routes number `from` to `to` - 1, as fast as the API server takes them. @returns when the last write was answered */
export async function writeRoutes(lab: Lab, from: number, to: number): Promise<number> {
  const limit = pLimit(concurrentWrites);
  let done = 0;
  await Promise.all(
    Array.from({ length: to - from }, (_, offset) =>
      limit(async () => {
        lab.signal.throwIfAborted();
        await lab.env.kube.create(routeOf(lab, from + offset));
        done += 1;
        if (done % 1000 === 0) lab.progress(`  ${from + done} of ${to} routes written`);
      }),
    ),
  );
  return performance.now();
}

/** Whether the controller under test has accepted the route as it is now. */
export function isAccepted(lab: Lab, object: KubeObject): boolean {
  const parents = parentsBy(object as Route, lab.env.controllerName);
  const yes = (type: string): boolean =>
    parents.some(({ conditions }) => holds(object, conditions, { type, status: 'True' }));
  return yes('Accepted') && yes('ResolvedRefs');
}

/**
 * Writes routes until there are `size`, and waits until all of them are accepted. The watch that tells is closed again: it would
 * take CPU from what is measured next.
 *
 * @throws RouteproofError LOAD_FAILED - not all were accepted within the limit
 */
export async function growTo(lab: Lab, from: number, size: number, limitMs: number): Promise<void> {
  const { env, signal, nonce } = lab;
  const watch = new ResourceWatch(env.kube, await env.kube.kindInfo('GRPCRoute'));
  await watch.start();
  const accepted = new Set<string>();
  const note = (object: KubeObject | undefined): void => {
    const { namespace = '', name = '' } = object?.metadata ?? {};
    if (object !== undefined && namespace.includes(nonce) && isAccepted(lab, object)) accepted.add(name);
  };
  for (const object of watch.all()) note(object);
  watch.listen(note);
  try {
    await writeRoutes(lab, from, size);
    const { verdict } = await untilReady(
      { current: () => undefined, listen: (changed) => watch.listen(changed) },
      () => accepted.size >= size,
      { limitMs, graceMs: 0, clock: env.clock, signal },
    );
    if (verdict === 'pass') return;
    throw new RouteproofError('LOAD_FAILED', 'not all routes were accepted', {
      object: `Gateway ${lab.gateway.namespace}/${lab.gateway.name}`,
      seen: `${accepted.size} of ${size} routes Accepted and ResolvedRefs ${limitMs / 1000} s after the last write`,
      hint: 'see in the log of its controller what it was at, or whether it ended: so many routes take memory',
    });
  } finally {
    watch.stop();
  }
}
