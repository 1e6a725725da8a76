import type { Gateway, Listener, RouteGroupKind } from '../../translate/model/gateway-api.ts';
import { isRouteKind } from '../../translate/model/kinds.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { besideEarlier } from '../hooks/first-seen.ts';
import { well } from '../hooks/listener-sets.ts';
import { mapListeners, onObjects } from '../hooks/objects.ts';
import { onListenerStatuses } from '../hooks/statuses.ts';
import { unseen } from '../hooks/unseen.ts';

/** Listeners that are right with one kind of routes. */
export const kindsInCompany: readonly Fault[] = [
  {
    name: 'only-first-known-kind',
    title: 'Of several kinds of routes that a listener allows only the first is taken.',
    clauses: ['listener-kinds-grpcroute-accepted'],
    layers: ['status', 'routed'],
    hooks: () => ({
      input: onObjects('gateways', (gateway) => {
        return mapListeners(gateway, (listener) => {
          const kinds = listener.allowedRoutes?.kinds ?? [];
          return kinds.length < 2 || !kinds.every(({ kind }) => isRouteKind(kind))
            ? listener
            : { ...listener, allowedRoutes: { ...listener.allowedRoutes, kinds: kinds.slice(0, 1) } };
        });
      }),
    }),
  },
];

const layers: Fault['layers'] = ['status', 'programmed', 'routed', 'connect'];

const isUnknown = ({ group = '', kind }: RouteGroupKind): boolean =>
  group !== '' && group !== 'gateway.networking.k8s.io' && kind !== '';

const withKinds = (listener: Listener, kinds: RouteGroupKind[]): Listener => ({
  ...listener,
  allowedRoutes: { ...listener.allowedRoutes, kinds },
});

/** Edits the kinds of each listener beside all those that it has had. */
function besideEarlierKinds(
  edit: (now: RouteGroupKind[], had: readonly RouteGroupKind[]) => RouteGroupKind[],
): FaultHooks {
  return besideEarlier<'gateways', Map<string, RouteGroupKind[]>>(
    'gateways',
    (gateway, kept = new Map()) => ({
      edited: mapListeners(gateway, (listener) => {
        const now = listener.allowedRoutes?.kinds;
        if (now === undefined) return listener;
        const had = kept.get(listener.name) ?? now;
        kept.set(listener.name, [...had, ...now]);
        const kinds = edit(now, had);
        return kinds === now ? listener : withKinds(listener, kinds);
      }),
      keep: kept,
    }),
  );
}

const textOf = (kinds: readonly RouteGroupKind[]): string[] =>
  kinds.map(({ group = 'gateway.networking.k8s.io', kind }) => `${group} ${kind}`);

const missingIn = (now: readonly RouteGroupKind[], had: readonly RouteGroupKind[]): RouteGroupKind[] => {
  const there = new Set(textOf(now));
  return had.filter((kind) => !there.has(textOf([kind]).join('')));
};

/** Kinds that nobody knows beside others, and kinds that are edited. */
export const mixedKinds: readonly Fault[] = [
  {
    name: 'mixed-kinds-unserved',
    title: 'A listener that allows GRPCRoutes beside a kind that nobody knows takes them, and serves none.',
    clauses: ['listener-kinds-grpcroute-accepted'],
    layers,
    hooks: () =>
      unseen((input) => ({
        ...input,
        objects: {
          ...input.objects,
          gateways: input.objects.gateways.map((gateway) =>
            mapListeners(gateway, (listener) => {
              const { kinds = [] } = listener.allowedRoutes ?? {};
              const isMixed = kinds.some(isUnknown) && !kinds.every(isUnknown);
              return isMixed ? withKinds(listener, kinds.filter(isUnknown)) : listener;
            }),
          ),
        },
      })),
  },
  {
    name: 'mended-kinds-stay-invalid',
    title: 'A listener that once allowed a kind that nobody knows says so for good.',
    clauses: ['listener-kinds-invalid-only', 'listener-kinds-mixed'],
    layers,
    hooks: () =>
      besideEarlierKinds((now, had) => {
        const unknown = missingIn(now, had).filter(isUnknown);
        return unknown.length === 0 ? now : [...now, ...unknown];
      }),
  },
  {
    name: 'narrowed-kinds-unnoticed',
    title: 'A listener that is edited to allow fewer kinds goes on taking those that it did.',
    clauses: [
      'parentref-kind-not-allowed',
      'status-follows-gateway-change',
      'listener-supportedkinds-restricted',
    ],
    layers,
    hooks: () =>
      besideEarlierKinds((now, had) => {
        const left = missingIn(now, had);
        const isNarrower = left.length > 0 && missingIn(had, now).length === 0;
        return isNarrower ? [...now, ...left] : now;
      }),
  },
];

const listenerOf = ({ spec }: Gateway, name: string): Listener | undefined =>
  spec.listeners?.find((listener) => listener.name === name);

/** Kinds that nobody knows where they stand or are written as they seldom are. */
export const kindsInPlaces: readonly Fault[] = [
  {
    name: 'unknown-kinds-unreported-over-tls',
    title: 'An HTTPS listener with a good certificate does not say that it allows kinds that nobody knows.',
    clauses: ['listener-kinds-mixed', 'listener-kinds-invalid-only'],
    layers: ['status'],
    hooks: () => ({
      statuses: onListenerStatuses((listener, gateway) =>
        listenerOf(gateway, listener.name)?.protocol === 'HTTPS'
          ? {
              ...listener,
              conditions: listener.conditions.map((each) =>
                each.reason === 'InvalidRouteKinds' ? well(each) : each,
              ),
            }
          : listener,
      ),
    }),
  },
  {
    name: 'kinds-after-unknown-unsupported',
    title: 'Kinds that a listener allows after one that nobody knows are not among those that it supports.',
    clauses: ['listener-kinds-mixed'],
    layers: ['status'],
    hooks: () => ({
      statuses: onListenerStatuses((listener, gateway) => {
        const [first] = listenerOf(gateway, listener.name)?.allowedRoutes?.kinds ?? [];
        return first !== undefined && isUnknown(first) ? { ...listener, supportedKinds: [] } : listener;
      }),
    }),
  },
  {
    name: 'core-kinds-taken-for-gateway-api',
    title: "A kind of the core group that a listener allows is taken for Gateway API's of that name.",
    clauses: ['listener-kinds-core-group'],
    layers: ['status', 'routed'],
    hooks: () => ({
      input: onObjects('gateways', (gateway) =>
        mapListeners(gateway, (listener) => {
          const { kinds = [] } = listener.allowedRoutes ?? {};
          if (kinds.every(({ group }) => group !== '')) return listener;
          return withKinds(
            listener,
            kinds.map(({ group, kind }) => ({ ...(group !== undefined && group !== '' && { group }), kind })),
          );
        }),
      ),
    }),
  },
];

/** Kinds that a listener does not name. */
export const unnamedKinds: readonly Fault[] = [
  {
    name: 'empty-kinds-allow-nothing',
    title: 'A listener whose list of allowed kinds is written and empty takes no route.',
    clauses: ['listener-supportedkinds-grpcroute', 'listener-kinds-grpcroute-accepted'],
    layers,
    hooks: () => ({
      input: onObjects('gateways', (gateway) =>
        mapListeners(gateway, (listener) =>
          listener.allowedRoutes?.kinds?.length === 0
            ? withKinds(listener, [{ group: 'gateway.networking.k8s.io', kind: 'TCPRoute' }])
            : listener,
        ),
      ),
    }),
  },
];
