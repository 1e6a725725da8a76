import { keyOf } from '../../../common/object-key.ts';
import type {
  Gateway,
  GrpcRoute,
  Listener,
  ListenerSet,
  RouteGroupKind,
} from '../../translate/gateway-api.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { besideEarlier } from '../hooks/first-seen.ts';
import { mapListeners, onObjects, onObjectsWith } from '../hooks/objects.ts';
import { onAncestors, onParents, statusHook } from '../hooks/statuses.ts';
import { unseen } from '../hooks/unseen.ts';

const layers: Fault['layers'] = ['status', 'programmed', 'routed', 'connect'];

const isUnknown = ({ group = '', kind }: RouteGroupKind): boolean =>
  group !== '' && group !== 'gateway.networking.k8s.io' && kind !== '';

const withKinds = (listener: Listener, kinds: RouteGroupKind[]): Listener => ({
  ...listener,
  allowedRoutes: { ...listener.allowedRoutes, kinds },
});

const textOf = (kinds: readonly RouteGroupKind[]): string[] =>
  kinds.map(({ group = 'gateway.networking.k8s.io', kind }) => `${group} ${kind}`);

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

const missingIn = (now: readonly RouteGroupKind[], had: readonly RouteGroupKind[]): RouteGroupKind[] => {
  const there = new Set(textOf(now));
  return had.filter((kind) => !there.has(textOf([kind]).join('')));
};

export const mendedListeners: readonly Fault[] = [
  {
    name: 'listeners-beyond-thirty-two-unserved',
    title: 'Of a Gateway with more than 32 listeners the others get no routes.',
    clauses: ['listener-distinct-required', 'parentref-sectionname-selects-listener'],
    layers,
    hooks: () => ({
      input: onObjects('gateways', (gateway) =>
        mapListeners(gateway, (listener, index) =>
          index < 32 ? listener : { ...listener, hostname: `unserved-${String(index)}.example.invalid` },
        ),
      ),
    }),
  },
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
  {
    name: 'later-address-types-ignored',
    title: 'Of several addresses that a Gateway asks for only the type of the first is looked at.',
    clauses: ['gateway-address-unsupported-type'],
    layers,
    hooks: () => ({
      input: onObjects('gateways', (gateway) => withAddresses(gateway, gateway.spec.addresses?.slice(0, 1))),
    }),
  },
  {
    name: 'later-address-values-ignored',
    title: 'Of several addresses that a Gateway asks for it need only get the first.',
    clauses: ['gateway-address-not-usable'],
    layers,
    hooks: () => ({
      input: onObjects('gateways', (gateway) => {
        const { addresses } = gateway.spec;
        if (addresses === undefined) return gateway;
        const [first = {}, ...others] = addresses;
        const known = [first, ...others.map(({ value: _value, ...address }) => address)];
        return { ...gateway, spec: { ...gateway.spec, addresses: known } };
      }),
    }),
  },
  {
    name: 'address-asked-for-once-still-missed',
    title: 'A Gateway that once asked for an address that it cannot have is never Programmed.',
    clauses: ['gateway-programmed-true', 'gateway-address-omitted-assigned'],
    layers,
    hooks: () =>
      besideEarlier<'gateways', Gateway['spec']['addresses']>('gateways', (gateway, asked) => ({
        edited: withAddresses(gateway, gateway.spec.addresses ?? asked),
        keep: gateway.spec.addresses ?? asked,
      })),
  },
  {
    name: 'address-asked-for-later-ignored',
    title:
      'A Gateway that asks for an address when it is Programmed already stays so, whether it can have it or not.',
    clauses: ['gateway-address-not-usable'],
    layers,
    hooks: () =>
      besideEarlier<'gateways', 'served'>('gateways', (gateway, before) => ({
        edited: before === undefined ? gateway : withAddresses(gateway, undefined),
        keep: (before ?? (gateway.spec.addresses === undefined ? 'served' : undefined)) as 'served',
      })),
  },
  {
    name: 'gateways-joined-by-dash-merged',
    title:
      'Of two Gateways whose namespaces and names make the same text, joined by a dash, one is judged as the other.',
    clauses: ['gateway-accepted-true', 'gateway-listenersnotvalid-none-valid'],
    layers,
    hooks: () => ({
      input: onObjectsWith('gateways', (gateway, { objects }) => {
        const [first = gateway] = namesakes(gateway, objects.gateways);
        return first === gateway ? gateway : { ...gateway, spec: first.spec };
      }),
    }),
  },
  {
    name: 'routes-joined-by-dash-merged',
    title: 'Of two routes whose namespaces and names make the same text, joined by a dash, one is lost.',
    clauses: ['parentref-namespace-defaults-to-route'],
    layers,
    hooks: () => ({
      input: onObjectsWith('grpcRoutes', (route, { objects }) =>
        namesakes(route, objects.grpcRoutes)[0] === route ? route : undefined,
      ),
    }),
  },
];

const joinedOf = ({ metadata: { namespace = '', name } }: Gateway | GrpcRoute): string =>
  `${namespace}-${name}`;

/** Itself and those that are taken for the same, always in one order. */
function namesakes<T extends Gateway | GrpcRoute>(object: T, all: readonly T[]): T[] {
  return all
    .filter((other) => joinedOf(other) === joinedOf(object))
    .toSorted((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1));
}

function withAddresses(gateway: Gateway, addresses: Gateway['spec']['addresses']): Gateway {
  if (addresses?.length === gateway.spec.addresses?.length) return gateway;
  const { addresses: _addresses, ...spec } = gateway.spec;
  return { ...gateway, spec: { ...spec, ...(addresses && { addresses }) } };
}

export const infrastructureInPart: readonly Fault[] = [
  {
    name: 'infrastructure-labels-on-service-only',
    title: 'Of what is generated for a Gateway only the Service has the labels of spec.infrastructure.',
    clauses: ['gateway-infrastructure-labels'],
    layers: ['status', 'programmed'],
    hooks: () => ({
      proxyObjects: (objects) =>
        objects.map((applied) => {
          if (applied.object.kind === 'Service') return applied;
          const object = structuredClone(applied.object) as Labelled & typeof applied.object;
          for (const { labels } of [object.metadata, object.spec?.template?.metadata ?? {}])
            if (labels !== undefined) delete labels['cost-centre'];
          return { ...applied, object };
        }),
    }),
  },
];

interface Labelled {
  metadata: { labels?: Record<string, string> };
  spec?: { template?: { metadata?: { labels?: Record<string, string> } } };
}

export const mendedSets: readonly Fault[] = [
  {
    name: 'lost-label-counts-for-listener-sets',
    title: 'A label that the namespace of a ListenerSet loses goes on counting for it.',
    clauses: ['listenerset-from-selector', 'listenerset-attached-count-follows'],
    layers,
    hooks: () => {
      const had = new Map<string, Record<string, string>>();
      return {
        input: onObjectsWith('namespaces', (namespace, { objects }) => {
          const { name, labels = {} } = namespace.metadata;
          const isMeant = ({ metadata }: ListenerSet): boolean => metadata.namespace === name;
          if (!objects.listenerSets.some(isMeant)) return namespace;
          const all = { ...had.get(name), ...labels };
          had.set(name, all);
          return Object.keys(all).length === Object.keys(labels).length
            ? namespace
            : { ...namespace, metadata: { ...namespace.metadata, labels: all } };
        }),
      };
    },
  },
  {
    name: 'route-of-refused-listener-set-accepted',
    title: 'A route of a ListenerSet that the Gateway does not take is Accepted, and not served.',
    clauses: ['parentref-no-listener-accepts-detached'],
    layers,
    hooks: () => ({
      statuses: onParents((parent) => ({
        ...parent,
        ...(parent.conditions && {
          conditions: parent.conditions.map((condition) =>
            parent.parentRef.kind === 'ListenerSet' &&
            condition.type === 'Accepted' &&
            condition.message.includes('is not attached')
              ? ({ ...condition, status: 'True', reason: 'Accepted', message: 'all is well' } as const)
              : condition,
          ),
        }),
      })),
    }),
  },
];

export const laterAncestors: readonly Fault[] = [
  {
    name: 'later-ancestor-missing',
    title: 'A Gateway that uses a policy later than others has no entry in its status.',
    clauses: ['btls-ancestor-status'],
    layers: ['status'],
    hooks: () => ({
      statuses: statusHook((update, object, { controllerName }) => {
        if (update.kind !== 'BackendTLSPolicy') return update;
        const stored =
          ((object.status ?? {}) as { ancestors?: typeof update.status.ancestors }).ancestors ?? [];
        const own = stored.filter((entry) => entry.controllerName === controllerName);
        if (own.length === 0) return update;
        const ancestors = update.status.ancestors.filter(
          ({ ancestorRef, ...entry }) =>
            entry.controllerName !== controllerName ||
            own.some(({ ancestorRef: { name } }) => name === ancestorRef.name),
        );
        return { ...update, status: { ancestors } };
      }),
    }),
  },
  {
    name: 'last-ancestor-stays',
    title: 'The entry for the last Gateway that uses a policy stays when its route is deleted.',
    clauses: ['btls-ancestor-status'],
    layers: ['status'],
    hooks: () => ({
      statuses: statusHook((update, object, { controllerName }) => {
        if (update.kind !== 'BackendTLSPolicy') return update;
        const isOwn = (entry: { controllerName: string }): boolean => entry.controllerName === controllerName;
        const stored =
          ((object.status ?? {}) as { ancestors?: typeof update.status.ancestors }).ancestors ?? [];
        return update.status.ancestors.some(isOwn)
          ? update
          : { ...update, status: { ancestors: [...update.status.ancestors, ...stored.filter(isOwn)] } };
      }),
    }),
  },
  {
    name: 'lost-section-stays-accepted',
    title: 'A policy for a port stays Accepted when its Service loses that port.',
    clauses: ['btls-section-not-found'],
    layers: ['status'],
    hooks: () => {
      const accepted = new Set<string>();
      return {
        statuses: onAncestors((ancestor, policy) => {
          const key = keyOf(policy);
          const isTrue = ancestor.conditions.some(
            ({ type, status }) => type === 'Accepted' && status === 'True',
          );
          if (isTrue) accepted.add(key);
          if (!accepted.has(key)) return ancestor;
          const conditions = ancestor.conditions.map((condition) =>
            condition.reason === 'TargetNotFound'
              ? ({ ...condition, status: 'True', reason: condition.type, message: 'all is well' } as const)
              : condition,
          );
          return { ...ancestor, conditions };
        }),
      };
    },
  },
];
