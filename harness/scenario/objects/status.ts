import { given } from '../../../common/given.ts';
import { objectKey } from '../../../common/object-key.ts';
import type {
  Gateway,
  KubeObject,
  ListenerStatus,
  ParentReference,
  Route,
  RouteParentStatus,
} from '../../kube/objects.ts';
import type { Layer } from '../../results/run.ts';
import { describeCondition, describeParent, describeSeen, holds, parentsBy } from '../../wait/conditions.ts';
import { untilReady } from '../../wait/until.ts';
import type { Ref, RouteOptions } from '../../specs/api.ts';
import type { Condition } from '../../wait/conditions.ts';
import type { ScenarioCore } from '../core/core.ts';
import { realRef } from './objects.ts';
import { RouteproofVerdict } from '../core/verdict.ts';

interface Wait<T> {
  ref: Ref;
  what: string;
  ready: (object: T) => boolean;
  layer: Layer;
  limitMs: number;
  /** One line about an object that is not ready. */
  seen: (object: T) => string;
}

/** Waits on the watch until `ready` accepts the object. @throws RouteproofVerdict wrong or slow */
export async function waitFor<T extends KubeObject>(core: ScenarioCore, wait: Wait<T>): Promise<T> {
  const { watches, clock, limits, kube } = core.env;
  const { ref, layer, limitMs } = wait;
  core.lastLayer = layer;
  const info = await kube.kindInfo(ref.kind, ref.apiVersion);
  const { namespace, name } = realRef(core, ref, info.namespaced);
  const key = objectKey(namespace, name);
  const watch = await watches.of(ref.kind, namespace, ref.apiVersion);
  const current = (): T | undefined => {
    const object = watch.get(key);
    return object !== undefined && core.isFresh({ ...object, kind: ref.kind }) ? (object as T) : undefined;
  };
  const source = {
    current,
    listen: (changed: () => void) =>
      watch.listen((_object, _previous, at) => {
        if (at === key) changed();
      }),
  };
  const graceMs = limitMs * limits.graceShare;
  const ready = (object: KubeObject | undefined): boolean => object !== undefined && wait.ready(object as T);
  const outcome = await untilReady(source, ready, { limitMs, graceMs, clock, signal: core.signal });
  const named = `${ref.kind} ${key}`;
  const took = `${String(Math.round(outcome.tookMs))} ms`;
  const passed = outcome.verdict === 'pass';
  core.timeline.add({
    kind: 'check',
    object: named,
    text: passed ? wait.what : `not within ${took}: ${wait.what}`,
    ok: passed,
  });
  if (passed) return outcome.object as T;
  const expected = `${named}: ${wait.what} within ${String(Math.round(limitMs))} ms`;
  const object = outcome.object as T | undefined;
  const seen =
    outcome.verdict === 'slow'
      ? `it took ${took}`
      : object === undefined
        ? 'the object does not exist'
        : wait.seen(object);
  throw new RouteproofVerdict(outcome.verdict === 'slow' ? 'slow' : 'wrong', { layer, expected, seen });
}

export function until<T extends KubeObject>(
  core: ScenarioCore,
  ref: Ref,
  what: string,
  ready: (object: T) => boolean,
  layer: Layer = 'status',
): Promise<T> {
  const { workloadMs, statusMs } = core.env.limits;
  const limitMs = /^(Deployment|Pod|StatefulSet|ReplicaSet|DaemonSet|Job)$/.test(ref.kind)
    ? workloadMs
    : statusMs;
  return waitFor<T>(core, {
    ref,
    what,
    ready,
    layer,
    limitMs,
    seen: (object) => JSON.stringify(object.status ?? object),
  });
}

/** Gateway name as scenarios write it: `name`, or `namespace/name`. */
export function gatewayRef(written: string): Ref {
  const [name = '', namespace] = written.split('/').reverse();
  return { kind: 'Gateway', name, ...given({ namespace }) };
}

export function gatewayCondition(
  core: ScenarioCore,
  gateway: string,
  condition: Condition,
): Promise<Gateway> {
  return waitFor<Gateway>(core, {
    ref: gatewayRef(gateway),
    what: describeCondition(condition),
    ready: (object) => holds(object, object.status?.conditions, condition),
    layer: condition.type === 'Programmed' ? 'programmed' : 'status',
    limitMs: core.env.limits.gatewayMs,
    seen: (object) => describeSeen(object, object.status?.conditions, condition.type),
  });
}

/** @returns the Gateway's first address */
export async function gatewayProgrammed(core: ScenarioCore, gateway: string): Promise<string> {
  await gatewayCondition(core, gateway, { type: 'Accepted', status: 'True' });
  await gatewayCondition(core, gateway, { type: 'Programmed', status: 'True' });
  const address = await gatewayAddress(core, gateway);
  core.addresses.add(address);
  return address;
}

/** The Gateway's first address; waits for one. */
export async function gatewayAddress(core: ScenarioCore, gateway: string): Promise<string> {
  const { watches } = core.env;
  const ref = gatewayRef(gateway);
  const known = (await watches.of('Gateway', undefined)).get(
    objectKey(core.names.namespace(ref.namespace), ref.name),
  ) as Gateway | undefined;
  const at = known?.status?.addresses?.[0]?.value;
  if (at !== undefined) return at;
  const object = await waitFor<Gateway>(core, {
    ref,
    what: 'an address in its status',
    ready: (candidate) => (candidate.status?.addresses?.length ?? 0) > 0,
    layer: 'programmed',
    limitMs: core.env.limits.gatewayMs,
    seen: (candidate) => `no address; ${describeSeen(candidate, candidate.status?.conditions)}`,
  });
  return object.status?.addresses?.[0]?.value ?? '';
}

export function listenerMust(
  core: ScenarioCore,
  of: { gateway: string; listener: string },
  what: string,
  ready: (listener: ListenerStatus | undefined, gateway: Gateway) => boolean,
): Promise<Gateway> {
  const listenerOf = (gateway: Gateway): ListenerStatus | undefined =>
    gateway.status?.listeners?.find((listener) => listener.name === of.listener);
  return waitFor<Gateway>(core, {
    ref: gatewayRef(of.gateway),
    what: `listener ${of.listener}: ${what}`,
    ready: (gateway) => ready(listenerOf(gateway), gateway),
    layer: 'status',
    limitMs: core.env.limits.gatewayMs,
    seen: (gateway) => describeListener(gateway, listenerOf(gateway)),
  });
}

function describeListener(gateway: Gateway, listener: ListenerStatus | undefined): string {
  if (listener === undefined) return 'the listener is not in the status';
  return `attachedRoutes=${String(listener.attachedRoutes ?? 0)}, ${describeSeen(gateway, listener.conditions)}`;
}

export function listenerCondition(
  core: ScenarioCore,
  gateway: string,
  listener: string,
  condition: Condition,
): Promise<Gateway> {
  return listenerMust(core, { gateway, listener }, describeCondition(condition), (status, object) =>
    holds(object, status?.conditions, condition),
  );
}

export async function attachedRoutes(
  core: ScenarioCore,
  gateway: string,
  listener: string,
  count: number,
): Promise<void> {
  await listenerMust(
    core,
    { gateway, listener },
    `attachedRoutes=${String(count)}`,
    (status) => status?.attachedRoutes === count,
  );
}

export async function routeAccepted(
  core: ScenarioCore,
  route: string,
  options: RouteOptions = {},
): Promise<void> {
  const wanted: Condition[] = [
    { type: 'Accepted', status: 'True' },
    { type: 'ResolvedRefs', status: 'True' },
  ];
  await waitForRoute(
    core,
    route,
    options,
    'Accepted=True and ResolvedRefs=True for every parentRef',
    (object, parents) =>
      parents.every((parent) => wanted.every((condition) => holds(object, parent?.conditions, condition))),
  );
}

export async function routeCondition(
  core: ScenarioCore,
  route: string,
  condition: Condition,
  options: RouteOptions = {},
): Promise<void> {
  const forParent =
    options.parent === undefined ? 'for every parentRef' : `for ${describeParent(options.parent)}`;
  await waitForRoute(
    core,
    route,
    options,
    `${describeCondition(condition)} ${forParent}`,
    (object, parents) => parents.every((parent) => holds(object, parent?.conditions, condition)),
  );
}

export function routeRef(route: string, options: RouteOptions): Ref {
  const namespace = options.namespace;
  return {
    kind: options.kind ?? 'GRPCRoute',
    name: route,
    ...given({ namespace }),
  };
}

/** `ready` gets, for each parentRef asked about, the status by the controller under test. */
async function waitForRoute(
  core: ScenarioCore,
  route: string,
  options: RouteOptions,
  what: string,
  ready: (object: Route, parents: (RouteParentStatus | undefined)[]) => boolean,
): Promise<void> {
  await waitFor<Route>(core, {
    ref: routeRef(route, options),
    what,
    ready: (object) => {
      const parents = wantedParents(core, object, options).map(
        (ref) => parentsBy(object, core.env.controllerName, ref)[0],
      );
      return parents.length > 0 && ready(object, parents);
    },
    layer: 'status',
    limitMs: core.env.limits.statusMs,
    seen: (object) => describeRoute(core, object, options),
  });
}

function wantedParents(core: ScenarioCore, route: Route, options: RouteOptions): ParentReference[] {
  return options.parent === undefined ? (route.spec?.parentRefs ?? []) : [realParent(core, options.parent)];
}

export function realParent(core: ScenarioCore, parent: ParentReference): ParentReference {
  return parent.namespace === undefined
    ? parent
    : { ...parent, namespace: core.names.namespace(parent.namespace) };
}

export function describeRoute(core: ScenarioCore, route: Route, options: RouteOptions): string {
  const refs = wantedParents(core, route, options);
  const { controllerName } = core.env;
  const lines = refs.map((ref) => {
    const parent = parentsBy(route, controllerName, ref)[0];
    const seen =
      parent === undefined ? `no status by ${controllerName}` : describeSeen(route, parent.conditions);
    return refs.length === 1 ? seen : `${describeParent(ref)}: ${seen}`;
  });
  return lines.join('; ');
}
