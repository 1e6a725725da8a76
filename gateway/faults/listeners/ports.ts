import type { IrHost } from '../../ir/ir.ts';
import type { ParentRef, RouteParentStatus } from '../../translate/model/gateway-api.ts';
import type { Fault } from '../fault.ts';
import { onHostLists } from '../hooks/ir.ts';
import { mapSame, remembered } from '../hooks/memo.ts';
import { gatewayOf, onGrpcRoutesWith } from '../hooks/objects.ts';
import { onParents, onRouteStatuses } from '../hooks/statuses.ts';
import { misdirected } from '../../translate/tables.ts';

type NamedByPort = ParentRef & { port: number };

/** A parentRef to a Gateway that has a port and no sectionName. */
const isByPort = (ref: ParentRef): ref is NamedByPort =>
  (ref.kind ?? 'Gateway') === 'Gateway' && ref.port !== undefined && ref.sectionName === undefined;

/** Parents that are named by their port. */
export const portParents: readonly Fault[] = [
  {
    name: 'port-attaches-to-first-listener',
    title: 'A parentRef with a port attaches to the first of the listeners of that port.',
    clauses: ['parentref-port-selects-listeners'],
    layers: ['routed', 'status'],
    hooks: () => ({
      input: onGrpcRoutesWith((route, { objects }) => {
        const refs = route.spec.parentRefs ?? [];
        const parentRefs = mapSame(refs, (ref) => {
          const listeners = gatewayOf(ref, route, objects)?.spec.listeners ?? [];
          const first = isByPort(ref) ? listeners.find(({ port }) => port === ref.port) : undefined;
          return first === undefined ? ref : { ...ref, sectionName: first.name };
        });
        return parentRefs === refs ? route : { ...route, spec: { ...route.spec, parentRefs } };
      }),
      statuses: onParents((parent, route) => {
        const { sectionName: _added, ...parentRef } = parent.parentRef;
        const isAdded = (route.spec.parentRefs ?? []).some(
          (ref) => isByPort(ref) && ref.port === parentRef.port && ref.name === parentRef.name,
        );
        return isAdded ? { ...parent, parentRef } : parent;
      }),
    }),
  },
  {
    name: 'parents-by-port-share-an-entry',
    title:
      'Of parentRefs that differ in their port alone the first has an entry, with the verdict on the last.',
    clauses: ['status-entry-per-parentref', 'parentref-port-selects-listeners'],
    layers: ['status'],
    reference: 'envoyproxy/gateway#10004',
    hooks: () => ({
      statuses: onRouteStatuses(({ parents }, { metadata }, _update, { controllerName }) => {
        const idOf = ({ parentRef, controllerName: writer }: RouteParentStatus): string | undefined => {
          const { kind = 'Gateway', namespace = metadata.namespace, name, sectionName } = parentRef;
          return writer === controllerName ? JSON.stringify([kind, namespace, name, sectionName]) : undefined;
        };
        const merged = parents.flatMap((parent, index) => {
          const id = idOf(parent);
          if (id === undefined) return parent;
          const same = parents.filter((each) => idOf(each) === id);
          const last = same.at(-1) ?? parent;
          return same[0] === parents[index] ? { ...last, parentRef: parent.parentRef } : [];
        });
        return { parents: merged };
      }),
    }),
  },
];

/** Adds to each table the hostnames of listeners of other ports that it does not have: those where a host does not fall through. */
function withHostsOfOtherPorts(
  protocol: 'HTTP' | 'HTTPS',
  made: (hostname: string) => IrHost,
): NonNullable<ReturnType<Fault['hooks']>['ir']> {
  return onHostLists((hosts, { gateway, port }) => {
    if (port.protocol !== protocol) return hosts;
    const known = new Set(hosts.map(({ hostname }) => hostname));
    const others = gateway.ports
      .filter((other) => other !== port)
      .flatMap(({ tables }) => tables.flatMap((table) => table.hosts))
      .filter(({ fallThrough }) => !fallThrough)
      .map(({ hostname }) => hostname)
      .filter((hostname) => !hostname.startsWith('*') && !known.has(hostname));
    return others.length === 0 ? hosts : [...hosts, ...[...new Set(others)].map(made)];
  });
}

/** Hosts that another port has more precisely. */
export const otherPorts: readonly Fault[] = [
  {
    name: 'host-of-other-port-misdirected',
    title:
      'A call on an HTTPS listener for a host that a listener of another port has more precisely is answered 421.',
    clauses: ['listener-misdirected-421', 'listener-hostname-most-specific'],
    layers: ['routed'],
    reference: 'agentgateway/agentgateway#1395',
    hooks: () => ({
      ir: withHostsOfOtherPorts('HTTPS', (hostname) => ({
        hostname,
        routes: [misdirected('of-another-port', hostname)],
        fallThrough: false,
      })),
    }),
  },
  {
    name: 'host-of-other-port-taken-away',
    title:
      'A host that a listener of another port has more precisely is not served by the wider HTTP listener of a port.',
    clauses: ['listener-hostname-most-specific'],
    layers: ['routed'],
    hooks: () => ({
      ir: withHostsOfOtherPorts('HTTP', (hostname) => ({ hostname, routes: [], fallThrough: false })),
    }),
  },
];

/** Ports that are others inside of the proxy. */
export const movedPorts: readonly Fault[] = [
  {
    name: 'moved-port-meets-another',
    title:
      'Ports below 1024 move up by 10,000 inside of the proxy, where the listener that has that port takes their place.',
    clauses: ['listener-port-unavailable', 'listener-programmed-true'],
    layers: ['status', 'programmed', 'connect', 'http2', 'routed'],
    hooks: () => ({
      ir: remembered((gateway) => {
        const taken = new Set(gateway.ports.map(({ port }) => port));
        const ports = gateway.ports.filter(({ port }) => port >= 1024 || !taken.has(port + 10_000));
        return { ...gateway, ports };
      }),
    }),
  },
];
