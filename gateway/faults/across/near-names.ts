import type { BackendTlsPolicy } from '../../translate/gateway-api.ts';
import { gatewayGroup } from '../../translate/kinds.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { onGrpcRoutes } from '../hooks/ir.ts';
import { alsoSections } from '../hooks/listener-sets.ts';
import { mapSame } from '../hooks/memo.ts';
import { onObjects, onParentRefs } from '../hooks/objects.ts';

const reference: Fault['layers'] = ['status', 'routed', 'backend'];

/** Grants that are read with too little of a name. */
export const nearGrants: readonly Fault[] = [
  {
    name: 'grant-name-is-prefix',
    title: 'A grant for one Service also permits those whose names begin with its name.',
    clauses: ['refgrant-wrong-to-name', 'refgrant-to-name-specific'],
    layers: reference,
    hooks: () => ({
      input: (input) => {
        const { services, referenceGrants } = input.objects;
        const widened = referenceGrants.map((grant) => ({
          ...grant,
          spec: {
            ...grant.spec,
            to: grant.spec.to.flatMap((to) => [
              to,
              ...services
                .map(({ metadata }) => metadata)
                .filter(({ namespace }) => namespace === grant.metadata.namespace)
                .filter(
                  ({ name }) => to.kind === 'Service' && to.name !== undefined && name.startsWith(to.name),
                )
                .map(({ name }) => ({ ...to, name })),
            ]),
          },
        }));
        return { ...input, objects: { ...input.objects, referenceGrants: widened } };
      },
    }),
  },
  {
    name: 'grant-namespace-is-prefix',
    title: 'A grant for routes of one namespace also holds for namespaces whose names begin with its name.',
    clauses: ['refgrant-wrong-from-namespace'],
    layers: reference,
    hooks: () => ({
      input: (input) => {
        const { namespaces, referenceGrants } = input.objects;
        const names = namespaces.map(({ metadata }) => metadata.name);
        const widened = referenceGrants.map((grant) => ({
          ...grant,
          spec: {
            ...grant.spec,
            from: grant.spec.from.flatMap((from) => [
              from,
              ...names
                .filter((name) => from.kind === 'GRPCRoute' && name.startsWith(`${from.namespace}-`))
                .map((namespace) => ({ ...from, namespace })),
            ]),
          },
        }));
        return { ...input, objects: { ...input.objects, referenceGrants: widened } };
      },
    }),
  },
];

/** Parents that are read with too little of a name. */
export const nearParents: readonly Fault[] = [
  {
    name: 'section-name-is-prefix',
    title: 'A route of one listener is also served by those whose names begin with its name.',
    clauses: ['parentref-sectionname-selects-listener'],
    layers: ['routed', 'status'],
    hooks: () => alsoSections((name, sectionName) => name.startsWith(sectionName)),
  },
  {
    name: 'parent-group-ignored',
    title: 'A parent of kind Gateway is taken for the Gateway of that name, whatever its group.',
    clauses: ['parentref-group-kind-default-gateway', 'parentref-unsupported-kind-ignored'],
    layers: ['routed', 'status'],
    hooks: () => ({
      input: onParentRefs((ref) =>
        (ref.kind ?? 'Gateway') === 'Gateway' && (ref.group ?? gatewayGroup) !== gatewayGroup
          ? { ...ref, group: gatewayGroup }
          : ref,
      ),
    }),
  },
  {
    name: 'parent-kind-ignored',
    title: 'A parent of an unknown kind is taken for the Gateway of that name.',
    clauses: ['parentref-group-kind-default-gateway', 'parentref-unsupported-kind-ignored'],
    layers: ['routed', 'status'],
    hooks: () => ({
      input: onParentRefs((ref) =>
        ['Gateway', 'ListenerSet', undefined].includes(ref.kind) ? ref : { ...ref, kind: 'Gateway' },
      ),
    }),
  },
];

/** Policies that are read with too little of what they name. */
export const nearTargets: readonly Fault[] = [
  {
    name: 'backend-tls-target-group-ignored',
    title: 'A policy for a Service of another group is in force on the Service of that name.',
    clauses: ['btls-target-kind'],
    layers: ['backend', 'status'],
    hooks: () => ({
      input: onTargets((ref) => (ref.kind === 'Service' && ref.group !== '' ? { ...ref, group: '' } : ref)),
    }),
  },
  {
    name: 'backend-tls-target-kind-ignored',
    title: 'A policy for something of the core group is in force on the Service of that name.',
    clauses: ['btls-target-kind'],
    layers: ['backend', 'status'],
    hooks: () => ({
      input: onTargets((ref) =>
        ref.group === '' && ref.kind !== 'Service' ? { ...ref, kind: 'Service' } : ref,
      ),
    }),
  },
  {
    name: 'backend-ca-group-ignored',
    title: 'A CA reference of another group is taken for the ConfigMap of that name.',
    clauses: ['btls-ca-invalid-kind'],
    layers: ['status', 'backend', 'routed'],
    hooks: () => ({
      input: onObjects('backendTlsPolicies', (policy) => {
        const { validation } = policy.spec;
        const refs = validation.caCertificateRefs ?? [];
        const caCertificateRefs = mapSame(refs, (ref) =>
          ref.kind === 'ConfigMap' && ref.group !== '' ? { ...ref, group: '' } : ref,
        );
        return caCertificateRefs === refs
          ? policy
          : { ...policy, spec: { ...policy.spec, validation: { ...validation, caCertificateRefs } } };
      }),
    }),
  },
];

type TargetRef = BackendTlsPolicy['spec']['targetRefs'][number];

function onTargets(edit: (ref: TargetRef) => TargetRef): NonNullable<FaultHooks['input']> {
  return onObjects('backendTlsPolicies', (policy) => {
    const targetRefs = mapSame(policy.spec.targetRefs, edit);
    return targetRefs === policy.spec.targetRefs
      ? policy
      : { ...policy, spec: { ...policy.spec, targetRefs } };
  });
}

function runTogether(cluster = ''): string {
  const [namespace = '', service = '', port = ''] = cluster.split('/');
  return `${namespace}-${service}-${port}`;
}

/** Serves the first of the routes that have one id, made of namespace/name. */
function firstOfId(idOf: (key: string) => string): FaultHooks {
  const known = new Map<string, string>();
  return {
    ir: onGrpcRoutes((route) => {
      const { key } = route.source;
      const first = known.get(idOf(key)) ?? key;
      known.set(idOf(key), first);
      return first === key ? route : undefined;
    }),
  };
}

/** Backends and routes that are kept under names which others have too. */
export const nearNames: readonly Fault[] = [
  {
    name: 'service-names-run-together',
    title: 'Service b-c of namespace a and Service c of namespace a-b are taken for one.',
    clauses: ['backend-service-forwarding', 'refgrant-addition-enables'],
    layers: ['routed', 'backend'],
    hooks: () => ({
      ir: onGrpcRoutes((route, { gateway }) => {
        if (route.action.type !== 'forward') return route;
        const backends = route.action.backends.map((backend) => {
          const first = gateway.clusters.find(
            ({ name }) => runTogether(name) === runTogether(backend.cluster),
          );
          return first === undefined ? backend : { ...backend, cluster: first.name };
        });
        return { ...route, action: { ...route.action, backends } };
      }),
    }),
  },
  {
    name: 'route-names-run-together',
    title: 'Of route b-c of namespace a and route c of namespace a-b only the first is served.',
    clauses: ['grpcroute-multiple-routes-share-listener', 'parentref-cross-namespace-allowed'],
    layers: ['routed'],
    reference: 'traefik/traefik#11222',
    hooks: () => firstOfId((key) => key.replace('/', '-')),
  },
  {
    name: 'long-route-names-collide',
    title: 'Of routes whose names begin with the same 63 characters only the first is served.',
    clauses: ['grpcroute-multiple-routes-share-listener'],
    layers: ['routed'],
    hooks: () =>
      firstOfId((key) => {
        const [namespace = '', name = ''] = key.split('/');
        return `${namespace}/${name.slice(0, 63)}`;
      }),
  },
];
