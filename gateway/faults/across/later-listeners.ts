import { keyOf, objectKey } from '../../../common/object-key.ts';
import type { Gateway, Listener } from '../../translate/gateway-api.ts';
import type { AppliedObject } from '../../dataplane/proxy-objects.ts';
import type { Fault } from '../fault.ts';
import { besideEarlier, besideFirst } from '../hooks/first-seen.ts';
import { uidOf, withListeners } from '../hooks/objects.ts';
import { onGatewayStatuses } from '../hooks/statuses.ts';

const layers: Fault['layers'] = ['status', 'programmed', 'connect', 'tls', 'routed'];

const portsTaken = (listeners: readonly Listener[]): Map<number, Set<string>> => {
  const taken = new Map<number, Set<string>>();
  for (const { port, protocol } of listeners) taken.set(port, (taken.get(port) ?? new Set()).add(protocol));
  return taken;
};

/** The Service of a proxy is named like this object of it. */
const idOf = ({ object: { metadata } }: AppliedObject): string =>
  `${String((metadata as { namespace?: string }).namespace)}/${metadata.name}`;

/** Listeners that change places, conflicts that are mended by an edit, and classes and certificates that a Gateway gets later. */
export const laterListeners: readonly Fault[] = [
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

type Annotated = AppliedObject['object'] & { metadata: { annotations?: Record<string, string> } };

/** What is generated for a Gateway, and changes or is deleted later. */
export const generatedObjects: readonly Fault[] = [
  {
    name: 'infrastructure-annotation-edit-unnoticed',
    title: 'What is generated for a Gateway keeps the annotations that spec.infrastructure had at first.',
    clauses: ['gateway-infrastructure-annotations'],
    layers: ['programmed', 'status'],
    hooks: () => {
      const first = new Map<string, Record<string, string>>();
      return {
        proxyObjects: (objects) =>
          objects.map((applied) => {
            if (applied.object.kind !== 'Service') return applied;
            const object = structuredClone(applied.object) as Annotated;
            const annotations = first.get(idOf(applied)) ?? object.metadata.annotations ?? {};
            first.set(idOf(applied), annotations);
            object.metadata.annotations = annotations;
            return { ...applied, object };
          }),
      };
    },
  },
  {
    name: 'deleted-service-not-restored',
    title: 'The Service that is generated for a Gateway is not made again when somebody else deletes it.',
    clauses: ['gateway-programmed-true', 'gateway-address-reported', 'gateway-generated-name-label'],
    layers: ['programmed', 'status', 'connect'],
    hooks: () => {
      const versionOf = ({ metadata }: Gateway): string =>
        `${keyOf({ metadata })} ${String(metadata.creationTimestamp)} ${metadata.generation}`;
      const made = new Map<string, string>();
      const lost = new Set<string>();
      return {
        input: (input) => {
          const gateways = new Map(
            input.objects.gateways.map((gateway) => [keyOf(gateway), versionOf(gateway)]),
          );
          const services = new Map(input.objects.services.map((service) => [keyOf(service), service]));
          for (const [key, version] of made)
            if (!services.has(key) && [...gateways.values()].includes(version)) lost.add(key);
            else if (![...gateways.values()].includes(version)) lost.delete(key);
          for (const [key, { metadata }] of services) {
            const name = metadata.labels?.['gateway.networking.k8s.io/gateway-name'];
            const version = gateways.get(objectKey(metadata.namespace, name ?? ''));
            if (version !== undefined) made.set(key, version);
          }
          return input;
        },
        proxyObjects: (objects) =>
          objects.filter((applied) => applied.object.kind !== 'Service' || !lost.has(idOf(applied))),
      };
    },
  },
  {
    name: 'deleted-deployment-not-restored',
    title: 'The Deployment that is generated for a Gateway is not made again when somebody else deletes it.',
    clauses: ['gateway-generated-objects-restored', 'gateway-programmed-true'],
    layers: ['programmed', 'connect'],
    hooks: () => {
      const made = new Map<string, string>();
      const generations = new Map<string, number | undefined>();
      return {
        input: (input) => {
          for (const { metadata } of input.objects.gateways)
            generations.set(uidOf({ metadata }) ?? '', metadata.generation);
          return input;
        },
        proxyObjects: (objects) =>
          objects.filter((applied) => {
            const { object } = applied;
            if (object.kind !== 'Deployment') return true;
            const { ownerReferences } = object.metadata as { ownerReferences?: { uid: string }[] };
            const generation = generations.get(ownerReferences?.[0]?.uid ?? '');
            // One that came with an edit of the Gateway is made again.
            const text = JSON.stringify([object, generation]);
            const isKnown = made.get(idOf(applied)) === text;
            made.set(idOf(applied), text);
            return !isKnown;
          }),
      };
    },
  },
  {
    name: 'edited-service-not-restored',
    title: 'The Service that is generated for a Gateway stays as somebody else edits it.',
    clauses: ['gateway-generated-objects-restored'],
    layers: ['programmed', 'connect'],
    hooks: () => {
      const there = new Set<string>();
      const made = new Map<string, string>();
      return {
        input: (input) => {
          there.clear();
          for (const service of input.objects.services) there.add(keyOf(service));
          return input;
        },
        proxyObjects: (objects) =>
          objects.filter(({ object }) => {
            if (object.kind !== 'Service') return true;
            const text = JSON.stringify(object);
            const isKnown = there.has(keyOf(object)) && made.get(keyOf(object)) === text;
            made.set(keyOf(object), text);
            return !isKnown;
          }),
      };
    },
  },
];
