import { objectKey } from '../../common/object-key.ts';
import type { AnyRoute } from './compile-route.ts';
import type { ParentRef } from './gateway-api.ts';
import { isAccepted } from './gateway-model.ts';
import type { GatewayModel, ListenerModel } from './gateway-model.ts';
import { compareSpecificity, covers, intersect, routeHostnames } from './hostname.ts';
import { gatewayGroup } from './kinds.ts';
import type { Problem } from './problems.ts';
import { matchesSelector } from './selector.ts';

/** One parentRef of a route to a Gateway of ours. */
export interface ParentAttachment {
  /** With group and kind written out, as the API server stores it. */
  parentRef: ParentRef;
  gateway: GatewayModel;
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
  namespaceLabels: (namespace: string) => Readonly<Record<string, string>> | undefined;
}

/** Evaluates every parentRef that points at a Gateway of ours on its own; others are nobody's or somebody else's. */
export function attachRoute(route: AnyRoute, context: AttachContext): ParentAttachment[] {
  const hostnames = routeHostnames(route.object.spec.hostnames);
  return (route.object.spec.parentRefs ?? []).flatMap((ref) => {
    const gateway = context.gateways.get(gatewayKeyOf(ref, route) ?? '');
    return gateway === undefined ? [] : attachParent(route, ref, hostnames, gateway, context);
  });
}

/** The Gateway that a parentRef names; undefined for parents of other kinds. */
export function gatewayKeyOf(ref: ParentRef, route: AnyRoute): string | undefined {
  if ((ref.group ?? gatewayGroup) !== gatewayGroup || (ref.kind ?? 'Gateway') !== 'Gateway') return undefined;
  return objectKey(ref.namespace ?? route.object.metadata.namespace, ref.name);
}

function attachParent(
  route: AnyRoute,
  ref: ParentRef,
  hostnames: readonly string[],
  gateway: GatewayModel,
  context: AttachContext,
): ParentAttachment {
  const parentRef: ParentRef = { group: gatewayGroup, kind: 'Gateway', ...ref };
  const refuse = (reason: string, message: string): ParentAttachment => ({
    parentRef,
    gateway,
    listeners: [],
    problem: { reason, message },
  });
  const named = gateway.listeners.filter(
    (listener) =>
      (ref.sectionName === undefined || ref.sectionName === listener.name) &&
      (ref.port === undefined || ref.port === listener.port),
  );
  if (named.length === 0) {
    return refuse('NoMatchingParent', `Gateway ${gateway.key} has no listener ${wanted(ref)}`);
  }
  const allowing = named.filter((listener) => allows(listener, route, gateway, context));
  if (allowing.length === 0) {
    const message = `no listener of Gateway ${gateway.key} that the parentRef selects allows a ${route.kind} of namespace ${route.object.metadata.namespace ?? ''}`;
    return refuse('NotAllowedByListeners', message);
  }
  const listeners = allowing.flatMap((listener) => attachListener(listener, hostnames, gateway));
  if (listeners.length === 0) {
    const seen = allowing.map(({ name, hostname }) => `${name} has ${hostname}`).join(', ');
    const message = `no hostname of the route fits a listener of Gateway ${gateway.key} (${seen})`;
    return refuse('NoMatchingListenerHostname', message);
  }
  return { parentRef, gateway, listeners };
}

function wanted(ref: ParentRef): string {
  const name = ref.sectionName === undefined ? '' : `named ${ref.sectionName}`;
  const port = ref.port === undefined ? '' : `on port ${ref.port}`;
  return [name, port].filter((part) => part !== '').join(' ');
}

function allows(
  { allowedRoutes, supportedKinds }: ListenerModel,
  route: AnyRoute,
  gateway: GatewayModel,
  context: AttachContext,
): boolean {
  if (!supportedKinds.includes(route.kind)) return false;
  const namespace = route.object.metadata.namespace ?? '';
  switch (allowedRoutes.namespaces?.from ?? 'Same') {
    case 'All':
      return true;
    case 'Same':
      return namespace === gateway.namespace;
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
