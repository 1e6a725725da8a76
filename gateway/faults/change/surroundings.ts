import { keyOf } from '../../../common/object-key.ts';
import type { Listener, ParentRef, ReferenceGrant, Secret } from '../../translate/model/gateway-api.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { besideEarlier, besideFirst } from '../hooks/first-seen.ts';
import { alsoParents } from '../hooks/listener-sets.ts';
import { namesGateway, onObjects } from '../hooks/objects.ts';
import { onGatewayStatuses } from '../hooks/statuses.ts';

/** Edits each listener beside what it was at first, also where its Gateway got it later; one that comes back is another one. */
function besideFirstListener(edit: (now: Listener, first: Listener) => Listener): FaultHooks {
  return besideEarlier<'gateways', ReadonlyMap<string, Listener>>('gateways', (gateway, before) => {
    const listeners = gateway.spec.listeners ?? [];
    const first = new Map(listeners.map((each) => [each.name, before?.get(each.name) ?? each]));
    const edited = listeners.map((each) => edit(each, first.get(each.name) ?? each));
    return { edited: { ...gateway, spec: { ...gateway.spec, listeners: edited } }, keep: first };
  });
}

/** What is around routes and changes later: Gateways, Services, policies, grants, Secrets. */
export const surroundings: readonly Fault[] = [
  {
    name: 'former-parents-served',
    title: 'A route that moves to another Gateway or listener goes on being served where it was.',
    clauses: ['parentref-removed-detaches', 'grpcroute-update-takes-effect'],
    layers: ['routed', 'status'],
    hooks: () => {
      const known = new Map<string, Map<string, ParentRef>>();
      return alsoParents((_ref, route) => {
        const all = known.get(keyOf(route)) ?? new Map<string, ParentRef>();
        known.set(keyOf(route), all);
        const now = (route.spec.parentRefs ?? []).map((ref) => [JSON.stringify(ref), ref] as const);
        for (const [text, ref] of now) all.set(text, ref);
        const current = new Set(now.map(([text]) => text));
        return [...all].flatMap(([text, ref]) => (current.has(text) ? [] : ref));
      });
    },
  },
  {
    name: 'listener-hostname-edit-unnoticed',
    title: 'A listener whose hostname is edited goes on serving the hosts that it had.',
    clauses: ['status-follows-gateway-change', 'hostname-intersected-name-limits-traffic'],
    layers: ['routed', 'status'],
    hooks: () =>
      besideFirstListener(({ hostname: _hostname, ...listener }, { hostname }) => ({
        ...listener,
        ...(hostname !== undefined && { hostname }),
      })),
  },
  {
    name: 'allowed-namespaces-edit-unnoticed',
    title: 'A listener whose allowed namespaces are edited goes on admitting those that it did.',
    clauses: [
      'status-follows-gateway-change',
      'listener-namespaces-default-same',
      'parentref-cross-namespace-denied',
    ],
    layers: ['routed', 'status'],
    hooks: () =>
      besideFirstListener((listener, { allowedRoutes: { namespaces } = {} }) => ({
        ...listener,
        allowedRoutes: { ...listener.allowedRoutes, ...(namespaces && { namespaces }) },
      })),
  },
  {
    name: 'certificate-refs-edit-unnoticed',
    title: 'A listener that names another Secret goes on with the certificate of the first.',
    clauses: ['tls-terminate-secret'],
    layers: ['tls', 'status'],
    hooks: () =>
      besideFirstListener((listener, { tls: before }) => ({
        ...listener,
        ...(listener.tls && {
          tls: {
            ...listener.tls,
            ...(before?.certificateRefs && { certificateRefs: before.certificateRefs }),
          },
        }),
      })),
  },
  {
    name: 'second-rotation-unnoticed',
    title: 'A certificate is replaced once; the next ones are not noticed.',
    clauses: ['tls-terminate-secret'],
    layers: ['tls', 'status'],
    hooks: () => {
      const known = new Map<string, Secret[]>();
      return {
        input: onObjects('secrets', (secret) => {
          const versions = known.get(keyOf(secret)) ?? [];
          known.set(keyOf(secret), versions);
          if (versions.length < 2) versions.push(secret);
          return versions.at(-1) ?? secret;
        }),
      };
    },
  },
  {
    name: 'app-protocol-edit-unnoticed',
    title: 'The protocol that a Service port declares is read once and never again.',
    clauses: ['backend-appprotocol-honoured', 'backend-appprotocol-unsupported-status'],
    layers: ['routed', 'backend', 'status'],
    hooks: () =>
      besideFirst('services', (now, first) => ({
        ...now,
        spec: {
          ...now.spec,
          ports: (now.spec?.ports ?? []).map(({ appProtocol: _protocol, ...port }, index) => {
            const appProtocol = first.spec?.ports?.[index]?.appProtocol;
            return { ...port, ...(appProtocol !== undefined && { appProtocol }) };
          }),
        },
      })),
  },
  {
    name: 'policy-edit-unnoticed',
    title: 'A BackendTLSPolicy is read once; edits of what it verifies change nothing.',
    clauses: ['btls-hostname-authenticates', 'btls-ca-authenticates'],
    layers: ['routed', 'backend', 'status'],
    hooks: () =>
      besideFirst('backendTlsPolicies', (now, first) => ({
        ...now,
        spec: { ...now.spec, validation: first.spec.validation },
      })),
  },
  {
    name: 'deleted-slices-kept',
    title: 'Endpoints of an EndpointSlice that is deleted go on getting calls.',
    clauses: ['backend-endpoints-follow', 'backend-service-forwarding'],
    layers: ['routed', 'backend'],
    hooks: () => {
      const known = new Map<string, { metadata: object }>();
      return {
        input: (input) => {
          for (const slice of input.objects.endpointSlices) known.set(keyOf(slice), slice);
          const endpointSlices = [...known.values()] as typeof input.objects.endpointSlices;
          return { ...input, objects: { ...input.objects, endpointSlices } };
        },
      };
    },
  },
  {
    name: 'deleted-grant-takes-others',
    title: 'The deletion of one ReferenceGrant takes the other grants of its namespace out of force.',
    clauses: ['refgrant-multiple-grants-additive', 'refgrant-removal-revokes'],
    layers: ['routed', 'backend', 'status'],
    hooks: () => {
      const known = new Map<string, ReferenceGrant>();
      const doomed = new Set<ReferenceGrant>();
      return {
        input: (input) => {
          const now = new Set(input.objects.referenceGrants.map(keyOf));
          const gone = [...known].filter(([key]) => !now.has(key));
          for (const [key, { metadata }] of gone) {
            known.delete(key);
            for (const grant of known.values())
              if (grant.metadata.namespace === metadata.namespace) doomed.add(grant);
          }
          for (const grant of input.objects.referenceGrants) known.set(keyOf(grant), grant);
          const referenceGrants = input.objects.referenceGrants.filter((grant) => !doomed.has(grant));
          return { ...input, objects: { ...input.objects, referenceGrants } };
        },
      };
    },
  },
  {
    name: 'recreated-gateway-unserved',
    title: 'A Gateway that is deleted and made again under its name is not served.',
    clauses: ['gateway-programmed-true', 'gateway-accepted-true'],
    layers: ['status', 'programmed', 'connect', 'routed'],
    hooks: () => {
      const first = new Map<string, string | undefined>();
      return {
        input: onObjects('gateways', (gateway) => {
          const { uid } = gateway.metadata as { uid?: string };
          if (!first.has(keyOf(gateway))) first.set(keyOf(gateway), uid);
          return first.get(keyOf(gateway)) === uid ? gateway : undefined;
        }),
      };
    },
  },
];

const layers: Fault['layers'] = ['routed', 'backend'];

const textsOf = (list: readonly unknown[]): string[] => list.map((each) => JSON.stringify(each));

/** Grants that are edited. */
export const grantEdits: readonly Fault[] = [
  {
    name: 'narrowed-grant-unnoticed',
    title: 'A ReferenceGrant that is edited to permit less goes on permitting what it did.',
    clauses: ['refgrant-edit-recomputed', 'refgrant-removal-revokes'],
    layers: [...layers, 'status'],
    hooks: () =>
      besideFirst('referenceGrants', (grant, first) => ({
        ...grant,
        spec: {
          from: [...grant.spec.from, ...first.spec.from],
          to: [...grant.spec.to, ...first.spec.to],
        },
      })),
  },
  {
    name: 'widened-grant-unnoticed',
    title: 'A ReferenceGrant that is edited to permit more permits what it did at first.',
    clauses: ['refgrant-edit-recomputed', 'refgrant-addition-enables'],
    layers: [...layers, 'status'],
    hooks: () =>
      besideFirst('referenceGrants', (grant, first) => {
        const [from, to] = [textsOf(first.spec.from), textsOf(first.spec.to)];
        const isWider = from.length < grant.spec.from.length || to.length < grant.spec.to.length;
        return isWider ? { ...grant, spec: first.spec } : grant;
      }),
  },
];

/** Services, counts, infrastructure and policies. */
export const aroundRoutes: readonly Fault[] = [
  {
    name: 'added-service-port-unnoticed',
    title: 'A port that a Service gets later is taken for one that it has not.',
    clauses: ['backend-port-is-service-port', 'backend-recovers'],
    layers: [...layers, 'status'],
    hooks: () =>
      besideFirst('services', (service, first) => {
        const known = new Set((first.spec?.ports ?? []).map(({ port }) => port));
        const ports = (service.spec?.ports ?? []).filter(({ port }) => known.has(port));
        return { ...service, spec: { ...service.spec, ports } };
      }),
  },
  {
    name: 'attached-routes-fall-on-deletion-only',
    title: 'attachedRoutes goes down when a route is deleted, and not when one is edited to go elsewhere.',
    clauses: ['listener-attachedroutes-decrements', 'parentref-removed-detaches'],
    layers: ['status'],
    hooks: () => {
      const highest = new Map<string, number>();
      const routesOf = new Map<string, Set<string>>();
      return {
        statuses: onGatewayStatuses((status, gateway, _update, { objects }) => {
          const key = keyOf(gateway);
          const routes = routesOf.get(key) ?? new Set<string>();
          routesOf.set(key, routes);
          const there = new Set(objects.grpcRoutes.map(keyOf));
          const hasLost = [...routes].filter((route) => !there.has(route));
          for (const route of hasLost) routes.delete(route);
          for (const route of objects.grpcRoutes) if (namesGateway(route, gateway)) routes.add(keyOf(route));
          const listeners = (status.listeners ?? []).map((listener) => {
            const id = `${key} ${listener.name}`;
            const least = hasLost.length > 0 ? 0 : (highest.get(id) ?? 0);
            highest.set(id, Math.max(least, listener.attachedRoutes));
            return { ...listener, attachedRoutes: highest.get(id) ?? 0 };
          });
          return { ...status, ...(status.listeners && { listeners }) };
        }),
      };
    },
  },
  {
    name: 'infrastructure-edit-unnoticed',
    title: 'What is generated for a Gateway keeps the labels that spec.infrastructure had at first.',
    clauses: ['gateway-infrastructure-labels'],
    layers: ['status', 'programmed'],
    hooks: () => {
      const first = new Map<string, unknown>();
      return {
        proxyObjects: (objects) =>
          objects.map(({ collection, object }) => {
            const { labels } = object.metadata;
            const id = `${collection}/${object.metadata.name}`;
            if (!first.has(id)) first.set(id, labels);
            return {
              collection,
              object: { ...object, metadata: { ...object.metadata, labels: first.get(id) } },
            };
          }),
      };
    },
  },
  {
    name: 'policy-target-edit-unnoticed',
    title: 'A BackendTLSPolicy that is edited to target another Service goes on with the first.',
    clauses: ['btls-hostname-authenticates', 'btls-removal-restores-plaintext'],
    layers: [...layers, 'status'],
    hooks: () =>
      besideFirst('backendTlsPolicies', (policy, { spec: { targetRefs } }) => ({
        ...policy,
        spec: { ...policy.spec, targetRefs },
      })),
  },
];
