import type { IrRoute } from '../../ir/ir.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { agesFromClaim } from '../hooks/ages.ts';
import { onHosts } from '../hooks/ir.ts';
import type { HostPlace } from '../hooks/ir.ts';
import { mapSame } from '../hooks/memo.ts';
import { present } from '../hooks/objects.ts';

const layers: Fault['layers'] = ['routed', 'backend'];

const matchOf = ({ match }: IrRoute): string => JSON.stringify(match);

/** Leaves out routes of a host that `isMeant` refuses, told of who had what first. */
function onLatecomers(
  isMeant: (route: IrRoute, place: HostPlace & { hostname: string }, there: ReadonlySet<string>) => boolean,
): FaultHooks {
  let there: ReadonlySet<string> = new Set();
  return {
    input: (input) => {
      there = present('grpcRoutes', input);
      return input;
    },
    // Made anew each time: what is there changes without the host.
    ir: (gateway) =>
      onHosts((host, place) => {
        const routes = mapSame(host.routes, (route) =>
          route.source.kind === 'GRPCRoute' && !isMeant(route, { ...place, hostname: host.hostname }, there)
            ? undefined
            : route,
        );
        return routes === host.routes ? host : { ...host, routes };
      })(gateway),
  };
}

/** Who comes first where several claim the same, when a claim is made, given up or handed over by an edit. */
export const claims: readonly Fault[] = [
  {
    name: 'incumbent-keeps-match',
    title: 'A route that is edited to match what a younger one matches already comes after it.',
    clauses: ['precedence-oldest-route', 'precedence-age-is-creation-time'],
    layers,
    hooks: () => agesFromClaim('grpcRoutes', ({ spec }) => (spec.rules ?? []).map(({ matches }) => matches)),
  },
  {
    name: 'match-stays-with-first-route',
    title:
      'A match that goes from one route to another is served by neither, as long as the first one is there.',
    clauses: ['grpcroute-update-takes-effect', 'grpcroute-multiple-routes-share-listener'],
    layers,
    hooks: () => {
      const owners = new Map<string, string>();
      return onLatecomers((route, { gateway, table, hostname }, there) => {
        const id = `${gateway.key} ${table.id} ${hostname} ${matchOf(route)}`;
        const owner = owners.get(id);
        if (owner === undefined || !there.has(owner)) owners.set(id, route.source.key);
        return owners.get(id) === route.source.key;
      });
    },
  },
  {
    name: 'hostname-stays-with-first-route',
    title:
      'A hostname that goes from one route to another is served by neither, as long as the first one is there.',
    clauses: ['grpcroute-update-takes-effect', 'hostname-exact-listener-exact-route'],
    layers,
    hooks: () => {
      const owners = new Map<string, { at: number; routes: Set<string> }>();
      let turn = 0;
      const { input, ir } = onLatecomers((route, { gateway, table, hostname }, there) => {
        const id = `${gateway.key} ${table.id} ${hostname}`;
        const owner = owners.get(id);
        if (owner === undefined || ![...owner.routes].some((each) => there.has(each)))
          owners.set(id, { at: turn, routes: new Set([route.source.key]) });
        else if (owner.at === turn) owner.routes.add(route.source.key);
        return owners.get(id)?.routes.has(route.source.key) === true;
      });
      return {
        ...(ir && { ir }),
        input: (given) => {
          turn += 1;
          return input?.(given) ?? given;
        },
      };
    },
  },
];
