import { keyOf } from '../../../common/object-key.ts';
import type { Listener } from '../../translate/model/gateway-api.ts';
import type { Fault } from '../fault.ts';
import { besideEarlier, besideFirst } from '../hooks/first-seen.ts';
import { withListeners } from '../hooks/objects.ts';
import { onGatewayStatuses } from '../hooks/statuses.ts';

const layers: Fault['layers'] = ['status', 'programmed', 'connect', 'tls', 'routed'];

const portsTaken = (listeners: readonly Listener[]): Map<number, Set<string>> => {
  const taken = new Map<number, Set<string>>();
  for (const { port, protocol } of listeners) taken.set(port, (taken.get(port) ?? new Set()).add(protocol));
  return taken;
};

/** Listeners that change places, conflicts that are mended by an edit, and classes and certificates that a Gateway gets later. */
export const listenerEdits: readonly Fault[] = [
  {
    name: 'exchanged-listener-ports-unnoticed',
    title: 'Two listeners of a Gateway that exchange their ports stay at those that they had.',
    clauses: ['status-follows-gateway-change', 'gateway-listener-added'],
    layers,
    hooks: () =>
      besideEarlier<'gateways', Map<string, number>>('gateways', (gateway, before = new Map()) => {
        const written = gateway.spec.listeners ?? [];
        const listeners = written.map((listener) => {
          const had = before.get(listener.name);
          const isTaken = [...before].some(
            ([name, port]) => name !== listener.name && port === listener.port,
          );
          const stays = had !== undefined && had !== listener.port && isTaken;
          return stays ? { ...listener, port: had } : listener;
        });
        return {
          edited: withListeners(gateway, listeners),
          keep: new Map(listeners.map(({ name, port }) => [name, port] as const)),
        };
      }),
  },
  {
    name: 'exchanged-listener-hostnames-unnoticed',
    title: 'Two listeners of a Gateway that exchange their hostnames keep those that they had.',
    clauses: ['status-follows-gateway-change', 'gateway-listener-added'],
    layers,
    hooks: () =>
      besideEarlier<'gateways', Map<string, string>>('gateways', (gateway, before = new Map()) => {
        const written = gateway.spec.listeners ?? [];
        const now = new Map(written.map(({ name, hostname = '' }) => [name, hostname] as const));
        const isMoved = ([name, hostname]: [string, string]): boolean =>
          now.has(name) && now.get(name) !== hostname && [...now.values()].includes(hostname);
        const moved = [...before].filter(isMoved);
        if (moved.length < 2) return { edited: gateway, keep: now };
        const kept = new Map([...now, ...moved]);
        const listeners = written.map(({ hostname: _hostname, ...listener }) => {
          const hostname = kept.get(listener.name) ?? '';
          return { ...listener, ...(hostname !== '' && { hostname }) };
        });
        return { edited: withListeners(gateway, listeners), keep: kept };
      }),
  },
  {
    name: 'conflict-outlives-move',
    title: 'Listeners in conflict stay so when one of them is edited to be on another port.',
    clauses: ['listener-conflicted-false-or-absent', 'listener-distinct-required'],
    layers,
    hooks: () =>
      besideEarlier<'gateways', Listener[]>('gateways', (gateway, before = []) => {
        const written = gateway.spec.listeners ?? [];
        const contested = portsTaken(before);
        const listeners = written.map((listener) => {
          const had = before.find(({ name }) => name === listener.name);
          const isStuck = had !== undefined && (contested.get(had.port)?.size ?? 0) > 1;
          return isStuck ? { ...listener, port: had.port } : listener;
        });
        return { edited: withListeners(gateway, listeners), keep: listeners };
      }),
  },
  {
    name: 'added-certificate-unused',
    title: 'A certificate that a listener gets beside those that it has is not presented.',
    clauses: ['tls-multiple-certificates', 'tls-terminate-secret'],
    layers,
    hooks: () =>
      besideFirst('gateways', (gateway, first) =>
        withListeners(
          gateway,
          (gateway.spec.listeners ?? []).map((listener) => {
            const had = first.spec.listeners?.find(({ name }) => name === listener.name)?.tls
              ?.certificateRefs;
            const refs = listener.tls?.certificateRefs ?? [];
            const isLonger =
              had !== undefined &&
              had.length < refs.length &&
              had.every(({ name }) => refs.some((ref) => ref.name === name));
            return isLonger ? { ...listener, tls: { ...listener.tls, certificateRefs: had } } : listener;
          }),
        ),
      ),
  },
  {
    name: 'gateway-of-another-own-class-unserved',
    title: 'A Gateway that moves from one class of ours to another one is not served any more.',
    clauses: ['gateway-accepted-true', 'gateway-programmed-true', 'class-accepted-true'],
    layers,
    hooks: () => {
      const ours = new Set<string>();
      const first = new Map<string, string>();
      return {
        input: (input) => {
          for (const { metadata, spec } of input.objects.gatewayClasses)
            if (spec.controllerName === input.controllerName) ours.add(metadata.name);
          const gateways = input.objects.gateways.filter((gateway) => {
            const id = `${keyOf(gateway)} ${String(gateway.metadata.creationTimestamp)}`;
            const { gatewayClassName } = gateway.spec;
            if (!first.has(id)) first.set(id, gatewayClassName);
            const had = first.get(id) ?? '';
            return had === gatewayClassName || !ours.has(had) || !ours.has(gatewayClassName);
          });
          return { ...input, objects: { ...input.objects, gateways } };
        },
      };
    },
  },
  {
    name: 'attached-routes-kept-through-gateway-edit',
    title:
      'attachedRoutes does not fall when it is the listener that is edited, so that routes fit it no more.',
    clauses: ['listener-attachedroutes-decrements', 'listener-attachedroutes-accepted-only'],
    layers: ['status'],
    hooks: () => {
      const known = new Map<string, { generation: number; count: number }>();
      return {
        statuses: onGatewayStatuses((status, gateway) => {
          const generation = gateway.metadata.generation ?? 0;
          const listeners = status.listeners?.map((listener) => {
            const id = `${keyOf(gateway)} ${String(gateway.metadata.creationTimestamp)} ${listener.name}`;
            const before = known.get(id);
            const isOlder = before !== undefined && before.generation < generation;
            const count = isOlder ? Math.max(before.count, listener.attachedRoutes) : listener.attachedRoutes;
            known.set(id, { generation: isOlder ? before.generation : generation, count });
            return { ...listener, attachedRoutes: count };
          });
          return { ...status, ...(listeners && { listeners }) };
        }),
      };
    },
  },
];
