import { keyOf, objectKey } from '../../../common/object-key.ts';
import type { IrRoute } from '../../ir/ir.ts';
import type { Gateway, GrpcRoute, Listener, ParentRef, ReferenceGrant } from '../../translate/gateway-api.ts';
import { parentKeyOf } from '../../translate/listener-sets.ts';
import type { Fault, FaultContext, FaultHooks } from '../fault.ts';
import { besideEarlier, momentMs } from '../hooks/first-seen.ts';
import { onGrpcRoutes } from '../hooks/ir.ts';
import { mapListeners, onGrpcRoutesWith, onObjectsWith, withListeners } from '../hooks/objects.ts';
import { onGatewayStatuses } from '../hooks/statuses.ts';
import { unseen } from '../hooks/unseen.ts';

const layers: Fault['layers'] = ['status', 'routed', 'backend'];

/** Grants for mirrors go on when they are deleted; those for backends end. */
function lastingMirrorGrants(): FaultHooks {
  const known = new Map<string, ReferenceGrant>();
  return {
    input: (input) => {
      const mirrored = new Set(
        input.objects.grpcRoutes.flatMap(({ metadata, spec }) =>
          (spec.rules ?? []).flatMap(({ filters = [] }) =>
            filters.flatMap(({ requestMirror }) => {
              const { namespace = metadata.namespace, name } = requestMirror?.backendRef ?? {};
              return name === undefined ? [] : objectKey(namespace, name);
            }),
          ),
        ),
      );
      const now = new Set(input.objects.referenceGrants.map(keyOf));
      for (const grant of input.objects.referenceGrants) known.set(keyOf(grant), grant);
      const kept = [...known].flatMap(([key, grant]): ReferenceGrant[] => {
        const to = grant.spec.to.filter(
          ({ name }) => name !== undefined && mirrored.has(objectKey(grant.metadata.namespace, name)),
        );
        return now.has(key) || to.length === 0 ? [] : [{ ...grant, spec: { ...grant.spec, to } }];
      });
      const referenceGrants = [...input.objects.referenceGrants, ...kept];
      return { ...input, objects: { ...input.objects, referenceGrants } };
    },
  };
}

/** Mirrors that lose what they need. */
export const lostMirrors: readonly Fault[] = [
  {
    name: 'mirror-grant-outlives',
    title: 'A mirror in another namespace goes on getting copies when its ReferenceGrant is deleted.',
    clauses: ['filter-mirror-refnotpermitted', 'refgrant-removal-revokes'],
    layers,
    hooks: lastingMirrorGrants,
  },
  {
    name: 'deleted-mirror-fails-calls',
    title: 'When the Service of a mirror is deleted the calls of its rule fail.',
    clauses: ['filter-mirror-backend-missing-primary-ok'],
    layers,
    hooks: () => {
      const mirrored = new Set<string>();
      return {
        ir: onGrpcRoutes((route): IrRoute => {
          const id = `${route.name} ${route.generation}`;
          if (route.mirrors.length > 0) mirrored.add(id);
          return mirrored.has(id) && route.mirrors.length === 0
            ? { ...route, action: { type: 'respond', httpStatus: 500 } }
            : route;
        }),
      };
    },
  },
];

/** Policies for ports that come later. */
export const laterSections: readonly Fault[] = [
  {
    name: 'later-section-unnoticed',
    title: 'A BackendTLSPolicy for a port that its Service gets later is not in force.',
    clauses: ['btls-section-not-found', 'btls-section-beats-whole-service'],
    layers,
    hooks: () => {
      const missed = new Set<string>();
      return {
        input: (input) => {
          const ports = new Map(
            input.objects.services.map((service) => [
              keyOf(service),
              new Set((service.spec?.ports ?? []).map(({ name }) => name)),
            ]),
          );
          const backendTlsPolicies = input.objects.backendTlsPolicies.filter((policy) => {
            const id = `${keyOf(policy)} ${policy.metadata.generation}`;
            for (const { name, sectionName } of policy.spec.targetRefs) {
              const there = ports.get(objectKey(policy.metadata.namespace, name));
              if (sectionName !== undefined && there?.has(sectionName) === false) missed.add(id);
            }
            return !missed.has(id);
          });
          return { ...input, objects: { ...input.objects, backendTlsPolicies } };
        },
      };
    },
  },
];

const protocolsOf = (listeners: readonly Listener[], port: number): number =>
  new Set(listeners.filter((each) => each.port === port).map(({ protocol }) => protocol)).size;

/** Of listeners that an edit brings into conflict those are served that were alone on the port before. */
function firstOfPortServed(): FaultHooks {
  const placeOf = ({ name, port, protocol }: Listener): string => `${name} ${port} ${protocol}`;
  const { input = (same) => same } = besideEarlier<'gateways', Set<string>>(
    'gateways',
    (gateway, before = new Set()) => {
      const written = gateway.spec.listeners ?? [];
      const isContested = ({ port }: Listener): boolean => protocolsOf(written, port) > 1;
      const isFirst = (listener: Listener): boolean => before.has(placeOf(listener));
      const listeners = written.filter(
        (listener) =>
          !isContested(listener) ||
          isFirst(listener) ||
          !written.some((other) => other.port === listener.port && isFirst(other)),
      );
      const served = listeners.filter((listener) => protocolsOf(listeners, listener.port) === 1);
      return { edited: withListeners(gateway, listeners), keep: new Set(served.map(placeOf)) };
    },
  );
  return unseen(input);
}

/** A Gateway that is left without a listener of ours is served as it was. */
function servedThoughRefused(): FaultHooks {
  const { input } = besideEarlier<'gateways', Gateway | undefined>('gateways', (gateway, valid) => {
    const isValid = (gateway.spec.listeners ?? []).some(({ protocol }) => /^HTTPS?$/.test(protocol));
    const keep = isValid ? gateway : valid;
    return { edited: keep === undefined ? gateway : { ...gateway, spec: keep.spec }, keep };
  });
  return unseen((all) => input?.(all) ?? all);
}

/** Conflicts, and refusals, that an edit brings about. */
export const laterConflicts: readonly Fault[] = [
  {
    name: 'later-conflict-unnoticed',
    title: 'A listener that is edited to be on the port of one of another protocol stays where it was.',
    clauses: ['listener-conflicted-condition', 'listener-conflicted-no-winner', 'listener-distinct-required'],
    layers: [...layers, 'connect', 'programmed'],
    hooks: () =>
      besideEarlier<'gateways', Listener[]>('gateways', (gateway, before = []) => {
        const written = gateway.spec.listeners ?? [];
        const listeners = written.map((listener) => {
          const had = before.find(({ name }) => name === listener.name);
          const isNew = had !== undefined && had.port !== listener.port;
          return isNew && protocolsOf(written, listener.port) > 1
            ? { ...listener, port: had.port }
            : listener;
        });
        return { edited: withListeners(gateway, listeners), keep: listeners };
      }),
  },
  {
    name: 'later-conflict-served',
    title: 'A listener that comes into conflict by an edit of another one says so, and goes on serving.',
    clauses: ['listener-conflicted-no-winner', 'listener-conflicted-not-accepted'],
    layers: [...layers, 'connect'],
    hooks: firstOfPortServed,
  },
  {
    name: 'refused-gateway-served',
    title:
      'A Gateway that an edit leaves without a valid listener is refused, and goes on serving as before.',
    clauses: ['gateway-listenersnotvalid-none-valid', 'parentref-no-listener-accepts-detached'],
    layers: ['routed', 'backend', 'connect'],
    hooks: servedThoughRefused,
  },
  {
    name: 'later-gateway-listener-loses-to-listener-set',
    title: 'A listener that a Gateway gets later loses to one of a ListenerSet that was there before.',
    clauses: ['listenerset-precedence-gateway-first', 'listenerset-hostname-conflict-conditions'],
    layers,
    hooks: () => {
      const taken = new Map<string, Set<string>>();
      const first = new Map<string, Set<string>>();
      const placeOf = ({ port, hostname = '' }: Listener): string => `${port} ${hostname}`;
      return {
        input: (input) => {
          const edited = onObjectsWith('gateways', (gateway) => {
            const key = keyOf(gateway);
            const had = first.get(key) ?? new Set((gateway.spec.listeners ?? []).map(placeOf));
            first.set(key, had);
            return mapListeners(gateway, (listener) =>
              had.has(placeOf(listener)) || taken.get(key)?.has(placeOf(listener)) !== true
                ? listener
                : undefined,
            );
          })(input);
          for (const set of input.objects.listenerSets) {
            const key = parentKeyOf(set) ?? '';
            const places = taken.get(key) ?? new Set();
            for (const listener of set.spec.listeners ?? []) places.add(placeOf(listener));
            taken.set(key, places);
          }
          return edited;
        },
      };
    },
  },
];

const withoutSection = ({ kind = 'Gateway', namespace = '', name }: ParentRef): string =>
  `${kind} ${namespace}/${name}`;

/** An edit of a route in the moment of an edit of its Gateway is not followed. */
function notBesideGatewayEdits({ now }: FaultContext): FaultHooks {
  const edits = new Map<string, { generation: number | undefined; at: number }>();
  const served = new Map<string, GrpcRoute>();
  return {
    input: (input) => {
      for (const gateway of input.objects.gateways) {
        const { generation } = gateway.metadata;
        const before = edits.get(keyOf(gateway));
        if (before?.generation !== generation)
          edits.set(keyOf(gateway), { generation, at: before === undefined ? -Infinity : now() });
      }
      return onGrpcRoutesWith((route) => {
        const kept = served.get(keyOf(route));
        const isEdit = kept !== undefined && kept.metadata.generation !== route.metadata.generation;
        const isLost =
          isEdit &&
          (route.spec.parentRefs ?? []).some(({ namespace = route.metadata.namespace, name }) => {
            const edit = edits.get(objectKey(namespace, name));
            return edit !== undefined && now() - edit.at < momentMs;
          });
        const spec = isLost || (kept !== undefined && !isEdit) ? kept.spec : route.spec;
        served.set(keyOf(route), { ...route, spec });
        return spec === route.spec ? route : { ...route, spec };
      })(input);
    },
  };
}

/** Routes that are edited to reach further, or while something else changes. */
export const laterAttachments: readonly Fault[] = [
  {
    name: 'widened-parent-unserved',
    title: 'A route that named one listener of its Gateway and is edited to name none stays at that one.',
    clauses: ['parentref-sectionname-omitted-all-listeners', 'grpcroute-update-takes-effect'],
    layers,
    hooks: () =>
      besideEarlier<'grpcRoutes', ParentRef[]>('grpcRoutes', (route, before = []) => {
        const parentRefs = (route.spec.parentRefs ?? []).flatMap((ref): ParentRef[] => {
          if (ref.sectionName !== undefined) return [ref];
          const had = before.filter(
            (each) => each.sectionName !== undefined && withoutSection(each) === withoutSection(ref),
          );
          return had.length === 0 ? [ref] : had;
        });
        return { edited: { ...route, spec: { ...route.spec, parentRefs } }, keep: parentRefs };
      }),
  },
  {
    name: 'edit-beside-gateway-edit-lost',
    title: 'A route that is edited in the same moment as its Gateway stays as it was.',
    clauses: ['grpcroute-update-takes-effect', 'status-follows-gateway-change'],
    layers: [...layers, 'connect'],
    hooks: notBesideGatewayEdits,
  },
];

export const countsAtOnce: readonly Fault[] = [
  {
    name: 'attached-routes-fall-one-at-a-time',
    title: 'attachedRoutes goes down by one where several routes leave a listener at once.',
    clauses: ['listener-attachedroutes-decrements'],
    layers: ['status'],
    hooks: () => {
      const known = new Map<string, { told: number; was: number }>();
      return {
        statuses: onGatewayStatuses((status, gateway) => {
          const listeners = status.listeners?.map((listener) => {
            const id = `${keyOf(gateway)} ${String(gateway.metadata.creationTimestamp)} ${listener.name}`;
            const is = listener.attachedRoutes;
            const { told, was } = known.get(id) ?? { told: is, was: is };
            const now = is === was ? told : is < was ? told - 1 : is;
            known.set(id, { told: Math.max(0, now), was: is });
            return { ...listener, attachedRoutes: Math.max(0, now) };
          });
          return { ...status, ...(listeners && { listeners }) };
        }),
      };
    },
  },
];
