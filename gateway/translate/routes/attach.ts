import { objectKey } from '../../../common/object-key.ts';
import { compareText } from '../memory/compare-text.ts';
import type { AnyRoute } from './compile-route.ts';
import type { Namespace, ParentRef } from '../model/gateway-api.ts';
import { ownListeners } from '../gateways/gateway-model.ts';
import type { GatewayModel } from '../gateways/gateway-model.ts';
import { compareSpecificity, covers, intersect, routeHostnames } from '../model/hostname.ts';
import { gatewayGroup } from '../model/kinds.ts';
import { isAccepted } from '../gateways/listener-model.ts';
import type { ListenerModel } from '../gateways/listener-model.ts';
import type { Problem } from '../model/problems.ts';
import { matchesSelector } from '../model/selector.ts';

/** One parentRef of a route to a Gateway of ours, or to a ListenerSet of one. */
export interface ParentAttachment {
  /** With group and kind written out, as the API server stores it. */
  parentRef: ParentRef;
  /** For messages: `Gateway namespace/name`. */
  name: string;
  /** Of the Gateway that serves it. */
  gatewayKey: string;
  /** Empty when the route does not attach, for the reason in `problem`. */
  listeners: ListenerAttachment[];
  problem?: Problem;
}

export interface ListenerAttachment {
  listener: ListenerModel;
  /** What the listener's hostname and the route's have in common; never empty. */
  hostnames: string[];
  /** Those of `hostnames` that no more specific listener of the same port takes over. */
  served: string[];
}

/** What attachment looks at besides the route. */
export interface AttachContext {
  /** Gateways of accepted classes of ours. */
  gateways: ReadonlyMap<string, GatewayModel>;
  /** The Gateway of ours that each ListenerSet names, by the ListenerSet's key. */
  listenerSets: ReadonlyMap<string, GatewayModel>;
  /** To tell what has changed between two contexts. */
  namespaces: readonly Namespace[];
  namespaceLabels: (namespace: string) => Readonly<Record<string, string>> | undefined;
}

/** What a parentRef names, with the listeners that are written in it: a route reaches those of no other object. */
interface Parent {
  kind: string;
  key: string;
  gateway: GatewayModel;
  listeners: ListenerModel[];
}

/**
 * Evaluates every parentRef that points at a Gateway of ours on its own; others are nobody's or somebody else's. Then come the default
 * Gateways that take the route, where it asks for them.
 */
export function attachRoute(route: AnyRoute, context: AttachContext): ParentAttachment[] {
  const hostnames = routeHostnames(route.object.spec.hostnames);
  const named = (route.object.spec.parentRefs ?? []).flatMap((ref) => {
    const gateway = gatewayOf(ref, route, context);
    return gateway === undefined
      ? []
      : attachParent(route, ref, hostnames, parentIn(gateway, ref, route), context);
  });
  return [...named, ...attachByDefault(route, named, hostnames, context)];
}

/**
 * GEP-3793. A default Gateway that has no listener for the route does not claim it, and says nothing of it: nobody has asked for that
 * one. A parentRef to a Gateway says more than its being a default.
 */
function attachByDefault(
  route: AnyRoute,
  named: readonly ParentAttachment[],
  hostnames: readonly string[],
  context: AttachContext,
): ParentAttachment[] {
  if (route.object.spec.useDefaultGateways !== 'All') return [];
  const taken = new Set(
    named.flatMap(({ parentRef, gatewayKey }) => (isGateway(parentRef) ? gatewayKey : [])),
  );
  return [...context.gateways.values()]
    .filter(({ key, isDefault }) => isDefault && !taken.has(key))
    .sort((left, right) => compareText(left.key, right.key))
    .map((gateway) => attachParent(route, refTo(gateway), hostnames, wholeOf(gateway), context))
    .filter(({ problem }) => problem === undefined);
}

function isGateway({ kind = 'Gateway' }: ParentRef): boolean {
  return kind === 'Gateway';
}

function refTo({ key }: GatewayModel): ParentRef {
  const [namespace = '', name = ''] = key.split('/');
  return { namespace, name };
}

/** The Gateway of ours behind a parentRef. */
function gatewayOf(ref: ParentRef, route: AnyRoute, context: AttachContext): GatewayModel | undefined {
  const { group = gatewayGroup, kind = 'Gateway' } = ref;
  if (group !== gatewayGroup) return undefined;
  const key = objectKey(ref.namespace ?? route.object.metadata.namespace, ref.name);
  if (kind === 'Gateway') return context.gateways.get(key);
  return kind === 'ListenerSet' ? context.listenerSets.get(key) : undefined;
}

function parentIn(gateway: GatewayModel, ref: ParentRef, route: AnyRoute): Parent {
  if (ref.kind !== 'ListenerSet') return wholeOf(gateway);
  const key = objectKey(ref.namespace ?? route.object.metadata.namespace, ref.name);
  return { kind: 'ListenerSet', key, gateway, listeners: gateway.listeners.filter(({ set }) => set === key) };
}

function wholeOf(gateway: GatewayModel): Parent {
  return { kind: 'Gateway', key: gateway.key, gateway, listeners: ownListeners(gateway) };
}

function attachParent(
  route: AnyRoute,
  ref: ParentRef,
  hostnames: readonly string[],
  parent: Parent,
  context: AttachContext,
): ParentAttachment {
  const parentRef: ParentRef = { group: gatewayGroup, kind: 'Gateway', ...ref };
  const { gateway } = parent;
  const name = `${parent.kind} ${parent.key}`;
  const attachment = { parentRef, name, gatewayKey: gateway.key };
  const refuse = (reason: string, message: string): ParentAttachment => ({
    ...attachment,
    listeners: [],
    problem: { reason, message },
  });
  if (parent.kind === 'ListenerSet' && isRefused(parent)) {
    return refuse('NoMatchingParent', `${name} is not attached to a Gateway`);
  }
  const named = parent.listeners.filter(
    (listener) =>
      (ref.sectionName === undefined || ref.sectionName === listener.name) &&
      (ref.port === undefined || ref.port === listener.port),
  );
  if (named.length === 0) {
    return refuse('NoMatchingParent', `${name} has no listener ${wanted(ref)}`);
  }
  const allowing = named.filter((listener) => allows(listener, route, context));
  if (allowing.length === 0) {
    const message = `no listener of ${name} that the parentRef selects allows a ${route.kind} of namespace ${route.object.metadata.namespace ?? ''}`;
    return refuse('NotAllowedByListeners', message);
  }
  const listeners = allowing.flatMap((listener) => attachListener(listener, hostnames, gateway));
  if (listeners.length === 0) {
    const seen = allowing.map((listener) => `${listener.name} has ${listener.hostname}`).join(', ');
    const message = `no hostname of the route fits a listener of ${name} (${seen})`;
    return refuse('NoMatchingListenerHostname', message);
  }
  return { ...attachment, listeners };
}

function isRefused({ gateway, key }: Parent): boolean {
  return gateway.sets.some((set) => set.key === key && set.refused !== undefined);
}

function wanted(ref: ParentRef): string {
  const name = ref.sectionName === undefined ? '' : `named ${ref.sectionName}`;
  const port = ref.port === undefined ? '' : `on port ${ref.port}`;
  return [name, port].filter((part) => part !== '').join(' ');
}

function allows(listener: ListenerModel, route: AnyRoute, context: AttachContext): boolean {
  const { allowedRoutes, supportedKinds } = listener;
  if (!supportedKinds.includes(route.kind)) return false;
  const namespace = route.object.metadata.namespace ?? '';
  switch (allowedRoutes.namespaces?.from ?? 'Same') {
    case 'All':
      return true;
    case 'Same':
      return namespace === listener.namespace;
    case 'Selector':
      return matchesSelector(allowedRoutes.namespaces?.selector, context.namespaceLabels(namespace));
    default:
      return false;
  }
}

function attachListener(
  listener: ListenerModel,
  hostnames: readonly string[],
  gateway: GatewayModel,
): ListenerAttachment[] {
  const common = hostnames.flatMap((hostname) => intersect(listener.hostname, hostname) ?? []);
  if (common.length === 0) return [];
  const unique = [...new Set(common)];
  const served = unique.filter((hostname) => ownerOf(hostname, listener.port, gateway) === listener);
  return [{ listener, hostnames: unique, served }];
}

/**
 * The listener of a port that calls to `hostname` belong to: the most specific one that fits. It stays the owner while its
 * certificate is missing, so that its calls never reach the routes of a wider listener.
 */
function ownerOf(hostname: string, port: number, gateway: GatewayModel): ListenerModel | undefined {
  let owner: ListenerModel | undefined;
  for (const listener of gateway.listeners) {
    if (listener.port !== port || !isAccepted(listener) || !covers(listener.hostname, hostname)) continue;
    if (owner === undefined || compareSpecificity(listener.hostname, owner.hostname) < 0) owner = listener;
  }
  return owner;
}
