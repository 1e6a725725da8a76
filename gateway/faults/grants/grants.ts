import { keyOf, objectKey } from '../../../common/object-key.ts';
import type { ReferenceGrant } from '../../translate/model/gateway-api.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { onGrpcRoutes } from '../hooks/ir.ts';
import { onObjects, onRules } from '../hooks/objects.ts';
import { onConditions } from '../hooks/statuses.ts';

type From = ReferenceGrant['spec']['from'][number];
type To = ReferenceGrant['spec']['to'][number];

const gatewayGroup = 'gateway.networking.k8s.io';
const isForServices = ({ spec }: ReferenceGrant): boolean => spec.to.some(({ kind }) => kind !== 'Secret');

/** Edits the two lists of each grant; one that is left without entries permits nothing. */
function onGrants(edit: { from?: (from: From[]) => From[]; to?: (to: To[]) => To[] }): FaultHooks {
  return {
    input: onObjects('referenceGrants', (grant) => ({
      ...grant,
      spec: {
        from: edit.from?.(grant.spec.from) ?? grant.spec.from,
        to: edit.to?.(grant.spec.to) ?? grant.spec.to,
      },
    })),
  };
}

/** A grant for every reference from a namespace to another. */
export function everything(kinds: { from: string; to: string }): FaultHooks {
  return {
    input: (input) => {
      const namespaces = input.objects.namespaces.map(({ metadata }) => metadata.name);
      const from = namespaces.map((namespace) => ({ group: gatewayGroup, kind: kinds.from, namespace }));
      const added = namespaces.map((namespace) => ({
        metadata: { name: 'everything', namespace },
        spec: { from, to: [{ group: '', kind: kinds.to }] },
      }));
      const referenceGrants = [...input.objects.referenceGrants, ...added];
      return { ...input, objects: { ...input.objects, referenceGrants } };
    },
  };
}

/** What a ReferenceGrant permits. */
export const grants: readonly Fault[] = [
  {
    name: 'backend-needs-no-grant',
    title: 'A backend in another namespace needs no ReferenceGrant.',
    clauses: ['refgrant-required', 'backend-cross-namespace-denied-status'],
    layers: ['status', 'routed', 'backend'],
    hooks: () => everything({ from: 'GRPCRoute', to: 'Service' }),
  },
  {
    name: 'certificate-needs-no-grant',
    title: 'A certificate in another namespace needs no ReferenceGrant.',
    clauses: ['tls-cross-namespace-no-grant', 'tls-cross-namespace-wrong-grant'],
    layers: ['status', 'programmed', 'tls', 'connect'],
    hooks: () => everything({ from: 'Gateway', to: 'Secret' }),
  },
  {
    name: 'grpcroute-grants-ignored',
    title: 'ReferenceGrants from GRPCRoute are not looked at: every backend in another namespace is refused.',
    clauses: ['refgrant-addition-enables', 'refgrant-grpcroute-core-kind'],
    layers: ['status', 'routed', 'backend'],
    reference: 'nginx/nginx-gateway-fabric#2333',
    hooks: () => onGrants({ from: (from) => from.filter(({ kind }) => kind !== 'GRPCRoute') }),
  },
  {
    name: 'certificate-grants-ignored',
    title: 'A certificate in another namespace is refused, whatever is granted.',
    clauses: ['tls-cross-namespace-grant-named', 'tls-cross-namespace-grant-all'],
    layers: ['status', 'programmed', 'tls', 'connect'],
    hooks: () => onGrants({ from: (from) => from.filter(({ kind }) => kind !== 'Gateway') }),
  },
  {
    name: 'grant-revocation-unnoticed',
    title: 'What a deleted ReferenceGrant permitted stays permitted.',
    clauses: ['refgrant-removal-revokes'],
    layers: ['status', 'routed', 'backend'],
    hooks: () => remembersGrants(isForServices),
  },
  {
    name: 'certificate-grant-revocation-unnoticed',
    title: 'A certificate stays in use after its ReferenceGrant was deleted.',
    clauses: ['tls-cross-namespace-grant-revoked'],
    layers: ['status', 'programmed', 'tls', 'connect'],
    hooks: () => remembersGrants((grant) => !isForServices(grant)),
  },
  {
    name: 'grant-edit-unnoticed',
    title: 'An edit of a ReferenceGrant changes nothing.',
    clauses: ['refgrant-edit-recomputed'],
    layers: ['status', 'routed', 'backend'],
    hooks: () => {
      const first = new Map<string, ReferenceGrant>();
      return {
        input: onObjects('referenceGrants', (grant) => {
          const known = first.get(keyOf(grant)) ?? grant;
          first.set(keyOf(grant), known);
          return known;
        }),
      };
    },
  },
  {
    name: 'grant-from-kind-ignored',
    title: 'A grant for HTTPRoutes permits GRPCRoutes the same.',
    clauses: ['refgrant-wrong-from-kind'],
    layers: ['status', 'routed', 'backend'],
    hooks: () => onGrants({ from: (from) => from.map((entry) => ({ ...entry, kind: 'GRPCRoute' })) }),
  },
  {
    name: 'grant-from-group-ignored',
    title: 'A grant for a kind of another group permits GRPCRoutes the same.',
    clauses: ['refgrant-wrong-from-group'],
    layers: ['status', 'routed', 'backend'],
    hooks: () => onGrants({ from: (from) => from.map((entry) => ({ ...entry, group: gatewayGroup })) }),
  },
  {
    name: 'grant-from-namespace-ignored',
    title: 'A grant for one namespace permits all others the same.',
    clauses: ['refgrant-wrong-from-namespace'],
    layers: ['status', 'routed', 'backend'],
    hooks: () => ({
      input: (input) => {
        const namespaces = input.objects.namespaces.map(({ metadata }) => metadata.name);
        const edit = onGrants({
          from: (from) => from.flatMap((entry) => namespaces.map((namespace) => ({ ...entry, namespace }))),
        });
        return edit.input?.(input) ?? input;
      },
    }),
  },
  {
    name: 'grant-to-kind-ignored',
    title: 'A grant to another kind permits Services the same.',
    clauses: ['refgrant-wrong-to-kind'],
    layers: ['status', 'routed', 'backend'],
    hooks: () => onGrants({ to: (to) => to.map((entry) => ({ ...entry, kind: 'Service', group: '' })) }),
  },
  {
    name: 'grant-to-group-ignored',
    title: 'A grant to a Service of another group permits Services the same.',
    clauses: ['refgrant-wrong-to-group'],
    layers: ['status', 'routed', 'backend'],
    hooks: () => onGrants({ to: (to) => to.map((entry) => ({ ...entry, group: '' })) }),
  },
  {
    name: 'grant-to-name-ignored',
    title: 'A grant to one Service permits all of its namespace.',
    clauses: ['refgrant-wrong-to-name', 'refgrant-to-name-specific'],
    layers: ['status', 'routed', 'backend'],
    hooks: () => onGrants({ to: (to) => to.map(({ name: _name, ...entry }) => entry) }),
  },
  {
    name: 'grant-needs-to-name',
    title: 'A grant without a name permits nothing.',
    clauses: ['refgrant-to-name-omitted-all'],
    layers: ['status', 'routed', 'backend'],
    hooks: () =>
      onGrants({ to: (to) => to.filter(({ name, kind }) => kind === 'Secret' || name !== undefined) }),
  },
  {
    name: 'only-first-from-entry',
    title: 'Of several entries that say who may refer, only the first counts.',
    clauses: ['refgrant-from-entries-ored'],
    layers: ['status', 'routed', 'backend'],
    hooks: () => onGrants({ from: (from) => from.slice(0, 1) }),
  },
  {
    name: 'only-first-to-entry',
    title: 'Of several entries that say to what, only the first counts.',
    clauses: ['refgrant-to-entries-ored'],
    layers: ['status', 'routed', 'backend'],
    hooks: () => onGrants({ to: (to) => to.slice(0, 1) }),
  },
  {
    name: 'from-entries-beyond-eight-ignored',
    title: 'Of more than eight entries that say who may refer, the rest does not count.',
    clauses: ['refgrant-from-entries-ored'],
    layers: ['status', 'routed', 'backend'],
    hooks: () => onGrants({ from: (from) => from.slice(0, 8) }),
  },
  {
    name: 'to-entries-beyond-eight-ignored',
    title: 'Of more than eight entries that say to what, the rest does not count.',
    clauses: ['refgrant-to-entries-ored'],
    layers: ['status', 'routed', 'backend'],
    hooks: () => onGrants({ to: (to) => to.slice(0, 8) }),
  },
  {
    name: 'only-first-grant',
    title: 'Of several grants in a namespace only the first counts.',
    clauses: ['refgrant-multiple-grants-additive'],
    layers: ['status', 'routed', 'backend'],
    hooks: () => ({
      input: (input) => {
        const seen = new Set<string>();
        const referenceGrants = [...input.objects.referenceGrants]
          .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
          .filter(({ metadata: { namespace = '' } }) => !seen.has(namespace) && seen.add(namespace));
        return { ...input, objects: { ...input.objects, referenceGrants } };
      },
    }),
  },
  {
    name: 'grant-location-ignored',
    title: 'A grant in the namespace of the route permits it what it asks for.',
    clauses: ['refgrant-wrong-location'],
    layers: ['status', 'routed', 'backend'],
    hooks: () => ({
      input: (input) => {
        const namespaces = input.objects.namespaces.map(({ metadata }) => metadata.name);
        const referenceGrants = input.objects.referenceGrants.flatMap((grant) =>
          namespaces.map((namespace) => ({ ...grant, metadata: { ...grant.metadata, namespace } })),
        );
        return { ...input, objects: { ...input.objects, referenceGrants } };
      },
    }),
  },
  {
    name: 'existence-leaks-without-grant',
    title: 'Without a grant the status tells whether the Service in the other namespace exists.',
    clauses: ['refgrant-no-existence-leak'],
    layers: ['status'],
    hooks: () => {
      const services = new Set<string>();
      return {
        input: (input) => {
          services.clear();
          for (const service of input.objects.services) services.add(keyOf(service));
          return input;
        },
        statuses: onConditions((condition) => {
          const [, service = ''] = /Service (\S+): no ReferenceGrant/.exec(condition.message) ?? [];
          if (condition.reason !== 'RefNotPermitted' || services.has(service)) return condition;
          const message = `Service ${service} does not exist`;
          return { ...condition, reason: 'BackendNotFound', message };
        }),
      };
    },
  },
  {
    name: 'answer-leaks-existence-without-grant',
    title: 'Without a grant the answer to a call tells whether the Service in the other namespace exists.',
    clauses: ['refgrant-no-existence-leak'],
    layers: ['routed'],
    hooks: () => {
      const astray = new Set<string>();
      return {
        input: (input) => {
          const services = new Set(input.objects.services.map(keyOf));
          astray.clear();
          for (const route of input.objects.grpcRoutes) {
            const refs = (route.spec.rules ?? []).flatMap(({ backendRefs = [] }) => backendRefs);
            const isMissing = refs.some(
              ({ namespace, name }) => namespace !== undefined && !services.has(objectKey(namespace, name)),
            );
            if (isMissing) astray.add(keyOf(route));
          }
          return input;
        },
        ir: onGrpcRoutes((route) =>
          route.action.type === 'respond' && astray.has(route.source.key)
            ? { ...route, action: { type: 'respond', httpStatus: 500 } }
            : route,
        ),
      };
    },
  },
  {
    name: 'granted-but-missing-not-permitted',
    title: 'A missing Service in another namespace is reported as RefNotPermitted, though it is granted.',
    clauses: ['refgrant-granted-but-missing'],
    layers: ['status'],
    hooks: () => ({
      statuses: onConditions((condition, { object }) => {
        const [, namespace] = /Service ([^/\s]+)\/\S+ does not exist/.exec(condition.message) ?? [];
        const isForeign = namespace !== undefined && namespace !== object.metadata.namespace;
        return condition.reason === 'BackendNotFound' && isForeign
          ? { ...condition, reason: 'RefNotPermitted' }
          : condition;
      }),
    }),
  },
  {
    name: 'denied-reference-unreported',
    title: 'A reference that no grant permits is refused without a word in the status.',
    clauses: ['backend-cross-namespace-denied-status', 'refgrant-required'],
    layers: ['status'],
    hooks: () => ({
      statuses: onConditions((condition) =>
        condition.type === 'ResolvedRefs' && condition.reason === 'RefNotPermitted'
          ? { ...condition, status: 'True', reason: 'ResolvedRefs', message: 'all is well' }
          : condition,
      ),
    }),
  },
  {
    name: 'own-namespace-needs-grant',
    title: "A backendRef that writes its route's own namespace out is taken for one that needs a grant.",
    clauses: ['refgrant-same-namespace-not-needed'],
    layers: ['status', 'routed', 'backend'],
    hooks: () => ({
      input: onRules((rule, _index, route) => ({
        ...rule,
        backendRefs: (rule.backendRefs ?? []).map((ref) =>
          ref.namespace === route.metadata.namespace ? { ...ref, namespace: `${ref.namespace}-other` } : ref,
        ),
      })),
    }),
  },
  {
    name: 'denied-reference-message-empty',
    title: 'The status of a reference that no grant permits does not say which.',
    clauses: ['backend-cross-namespace-denied-message'],
    layers: ['status'],
    hooks: () => ({
      statuses: onConditions((condition) =>
        condition.reason === 'RefNotPermitted'
          ? { ...condition, message: 'a reference is wrong' }
          : condition,
      ),
    }),
  },
  {
    name: 'grant-lets-routes-attach',
    title: 'A ReferenceGrant lets a route attach to a listener that does not allow its namespace.',
    clauses: ['parentref-referencegrant-not-consulted'],
    layers: ['status', 'routed'],
    hooks: () => ({
      input: (input) => {
        const granted = new Set(
          input.objects.referenceGrants
            .filter(({ spec }) => spec.to.some(({ kind }) => kind === 'Gateway'))
            .map(({ metadata }) => metadata.namespace),
        );
        const gateways = input.objects.gateways.map((gateway) =>
          granted.has(gateway.metadata.namespace)
            ? {
                ...gateway,
                spec: {
                  ...gateway.spec,
                  listeners: (gateway.spec.listeners ?? []).map((listener) => ({
                    ...listener,
                    allowedRoutes: { ...listener.allowedRoutes, namespaces: { from: 'All' } },
                  })),
                },
              }
            : gateway,
        );
        return granted.size === 0 ? input : { ...input, objects: { ...input.objects, gateways } };
      },
    }),
  },
];

/** Grants that are deleted count as long as the controller runs. */
function remembersGrants(isMeant: (grant: ReferenceGrant) => boolean): FaultHooks {
  const known = new Map<string, ReferenceGrant>();
  return {
    input: (input) => {
      const now = new Map(input.objects.referenceGrants.map((grant) => [keyOf(grant), grant]));
      for (const [key, grant] of now) if (isMeant(grant)) known.set(key, grant);
      const referenceGrants = [...new Map([...known, ...now]).values()];
      return { ...input, objects: { ...input.objects, referenceGrants } };
    },
  };
}
