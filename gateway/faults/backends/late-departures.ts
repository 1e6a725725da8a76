import type { IrCluster, IrGateway } from '../../ir/ir.ts';
import type { Fault } from '../fault.ts';
import { onRouteActions } from '../hooks/xds.ts';

type Endpoint = IrCluster['endpoints'][number];

/** Longer than a change may take to be served where faults are tried, in milliseconds. */
const lateMs = 20_000;

const addressOf = ({ address, port }: Endpoint): string => `${address}:${port}`;

/** What is followed in the end, and too late for whoever has gone. */
export const lateDepartures: readonly Fault[] = [
  {
    name: 'lost-endpoints-leave-late',
    title:
      'An endpoint that a Service loses beside others goes on getting calls for 20 seconds, and none is tried again elsewhere.',
    clauses: ['grpcroute-change-without-loss'],
    layers: ['routed', 'backend'],
    reference: 'nginx/nginx-gateway-fabric#5330',
    hooks: ({ now, refreshAfter }) => {
      const known = new Map<string, Map<string, { endpoint: Endpoint; until: number }>>();
      const withLate = ({ key }: IrGateway, cluster: IrCluster): IrCluster => {
        const id = `${key} ${cluster.name}`;
        const all = known.get(id) ?? new Map<string, { endpoint: Endpoint; until: number }>();
        known.set(id, all);
        const current = new Set(cluster.endpoints.map(addressOf));
        for (const endpoint of cluster.endpoints)
          all.set(addressOf(endpoint), { endpoint, until: Number.POSITIVE_INFINITY });
        const late: Endpoint[] = [];
        for (const [address, entry] of current.size === 0 ? [] : all) {
          if (current.has(address)) continue;
          if (entry.until === Number.POSITIVE_INFINITY) {
            entry.until = now() + lateMs;
            refreshAfter(lateMs + 10);
          }
          if (now() < entry.until) late.push(entry.endpoint);
          else all.delete(address);
        }
        return late.length === 0 ? cluster : { ...cluster, endpoints: [...cluster.endpoints, ...late] };
      };
      return {
        ir: (gateway) => {
          const clusters = gateway.clusters.map((cluster) => withLate(gateway, cluster));
          const isSame = clusters.every((cluster, index) => cluster === gateway.clusters[index]);
          return isSame ? gateway : { ...gateway, clusters };
        },
        xds: onRouteActions((action) => {
          delete action['retry_policy'];
        }),
      };
    },
  },
];
