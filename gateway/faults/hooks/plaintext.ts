import type { IrCluster, IrGateway, IrRoute } from '../../ir/ir.ts';
import type { FaultHooks } from '../fault.ts';
import { onRoutes } from './ir.ts';
import type { RoutePlace } from './ir.ts';
import { remembered } from './memo.ts';

/** Has the chosen references go to clusters like their own, but in plaintext. */
export function inPlaintext(
  edit: (route: IrRoute, twin: (name: string) => string, place: RoutePlace) => IrRoute,
): FaultHooks {
  const twin = (name: string): string => `${name}/plain`;
  const withTwins = remembered((gateway: IrGateway): IrGateway => {
    const twins = gateway.clusters.map(({ tls: _tls, ...cluster }): IrCluster => ({
      ...cluster,
      name: twin(cluster.name),
    }));
    return { ...gateway, clusters: [...gateway.clusters, ...twins] };
  });
  const rerouted = onRoutes((route, place) => edit(route, twin, place));
  return { ir: (gateway) => withTwins(rerouted(gateway)) };
}

/** Has all backends of a route go to other clusters, by the names of theirs. */
export function toClusters(route: IrRoute, to: (name: string) => string): IrRoute {
  if (route.action.type !== 'forward') return route;
  const backends = route.action.backends.map((backend) =>
    backend.cluster === undefined ? backend : { ...backend, cluster: to(backend.cluster) },
  );
  return { ...route, action: { ...route.action, backends } };
}
