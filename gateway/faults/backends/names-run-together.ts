import type { Fault, FaultHooks } from '../fault.ts';
import { onGrpcRoutes } from '../hooks/ir.ts';

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
