import { keyOf } from '../../../common/object-key.ts';
import type { Listener, ParentRef, ReferenceGrant, Secret } from '../../translate/gateway-api.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { besideEarlier, besideFirst } from '../hooks/first-seen.ts';
import { alsoParents } from '../hooks/listener-sets.ts';
import { onObjects } from '../hooks/objects.ts';

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
export const laterEdits: readonly Fault[] = [
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
