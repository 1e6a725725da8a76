import { keyOf } from '../../../common/object-key.ts';
import type { IrHost, IrRoute } from '../../ir/ir.ts';
import { anyHost, compareSpecificity, covers } from '../../translate/hostname.ts';
import type { Fault } from '../fault.ts';
import { onHostLists } from '../hooks/ir.ts';
import { mapSame } from '../hooks/memo.ts';

const layers: Fault['layers'] = ['routed', 'backend'];

/** The host with routes of others in front of its own. */
function withFirst(host: IrHost, moved: IrRoute[]): IrHost {
  if (moved.length === 0 || !host.fallThrough) return host;
  return {
    ...host,
    routes: [...moved.map((route) => ({ ...route, name: `${route.name}/wide` })), ...host.routes],
  };
}

/** Hostnames that say less of which route goes first than they should. */
export const hostRanks: readonly Fault[] = [
  {
    name: 'hostless-routes-rank-by-match',
    title:
      'A route without hostnames counts as precise as one that names the host: the match decides between them.',
    clauses: ['precedence-hostname-before-service', 'precedence-nonwildcard-hostname-longest'],
    layers,
    reference: 'kubernetes-sigs/aws-load-balancer-controller#4807',
    hooks: () => ({
      ir: onHostLists((hosts) => {
        const hostless = hosts.find(({ hostname }) => hostname === anyHost)?.routes ?? [];
        const precise = hostless.filter(({ match }) => match.path.value !== '/');
        return mapSame(hosts, (host) => (host.hostname === anyHost ? host : withFirst(host, precise)));
      }),
    }),
  },
  {
    name: 'routes-rank-by-first-hostname',
    title: 'Routes rank by the first of their hostnames, whichever of them fits the call.',
    clauses: ['precedence-nonwildcard-hostname-longest', 'precedence-hostname-longest'],
    layers,
    reference: 'kubernetes-sigs/aws-load-balancer-controller#4210',
    hooks: () => {
      const first = new Map<string, string>();
      const rankOf = ({ source }: IrRoute): string => first.get(source.key) ?? anyHost;
      return {
        input: (input) => {
          for (const route of input.objects.grpcRoutes)
            first.set(keyOf(route), route.spec.hostnames?.[0] ?? anyHost);
          return input;
        },
        ir: onHostLists((hosts) =>
          mapSame(hosts, (host) => {
            const wider = hosts.filter((other) => other !== host && covers(other.hostname, host.hostname));
            const beatsAll = (route: IrRoute): boolean =>
              host.routes.every((own) => compareSpecificity(rankOf(route), rankOf(own)) < 0);
            return withFirst(
              host,
              wider.flatMap(({ routes }) => routes.filter(beatsAll)),
            );
          }),
        ),
      };
    },
  },
];
