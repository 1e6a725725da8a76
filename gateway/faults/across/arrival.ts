import { keyOf } from '../../../common/object-key.ts';
import type { IrRoute } from '../../ir/ir.ts';
import type { BackendTlsPolicy } from '../../translate/gateway-api.ts';
import type { Objects, TranslateInput } from '../../translate/types.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { onHosts } from '../hooks/ir.ts';
import type { HostPlace } from '../hooks/ir.ts';
import { mapSame } from '../hooks/memo.ts';
import { onObjectsWith } from '../hooks/objects.ts';

const layers: Fault['layers'] = ['routed', 'backend'];

type Element<K extends keyof Objects> = Objects[K][number];

/** An edit of the chosen part makes an object as young as that edit; any other leaves it its age. */
function agesFromClaim<K extends keyof Objects>(
  kind: K,
  claimOf: (object: Element<K>) => unknown,
): FaultHooks {
  const known = new Map<string, { claim: string; since?: string }>();
  const aged = (object: Element<K>, now: string): Element<K> => {
    const { metadata } = object;
    const id = `${keyOf(object)} ${String(metadata.creationTimestamp)}`;
    const claim = JSON.stringify(claimOf(object) ?? null);
    const before = known.get(id);
    const since = before === undefined ? undefined : before.claim === claim ? before.since : now;
    known.set(id, { claim, ...(since !== undefined && { since }) });
    return since === undefined ? object : { ...object, metadata: { ...metadata, creationTimestamp: since } };
  };
  return { input: onObjectsWith(kind, (object, { now }) => aged(object, now)) };
}

const matchOf = ({ match }: IrRoute): string => JSON.stringify(match);

/** Objects that are there now, by key. */
function present(kind: 'grpcRoutes' | 'backendTlsPolicies', { objects }: TranslateInput): Set<string> {
  return new Set(objects[kind].map(keyOf));
}

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

const ageOf = ({ metadata }: BackendTlsPolicy): string =>
  `${new Date(metadata.creationTimestamp ?? 0).toISOString()} ${metadata.name}`;

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

export const claimsOfKinds: readonly Fault[] = [
  {
    name: 'incumbent-keeps-hostname',
    title: 'An HTTPRoute that is edited to name the hostname of a younger GRPCRoute is refused for it.',
    clauses: ['hostname-conflict-oldest-wins', 'hostname-conflict-exactly-one'],
    layers: [...layers, 'status'],
    hooks: () => agesFromClaim('httpRoutes', ({ spec }) => spec.hostnames),
  },
];

export const claimsOfListenerSets: readonly Fault[] = [
  {
    name: 'incumbent-listener-set-wins',
    title: 'A ListenerSet that is edited to have the listener of a younger one loses to it.',
    clauses: ['listenerset-precedence-oldest', 'listenerset-winner-not-conflicted'],
    layers: [...layers, 'status'],
    hooks: () => agesFromClaim('listenerSets', ({ spec }) => spec.listeners),
  },
];

export const claimsOfPolicies: readonly Fault[] = [
  {
    name: 'incumbent-policy-stays-in-force',
    title: 'A policy that is edited to target what a younger one targets loses to it.',
    clauses: ['btls-conflict-oldest', 'btls-conflict-loser-status'],
    layers: [...layers, 'status'],
    hooks: () => agesFromClaim('backendTlsPolicies', ({ spec }) => spec.targetRefs),
  },
  {
    name: 'conflict-freed-by-edit-unnoticed',
    title:
      'A policy that lost to another one stays out of force when that one is edited to target something else.',
    clauses: ['btls-conflict-oldest', 'btls-conflict-loser-status'],
    layers: [...layers, 'status'],
    hooks: () => {
      const lostTo = new Map<string, string>();
      return {
        input: (input) => {
          const { backendTlsPolicies: policies } = input.objects;
          const there = present('backendTlsPolicies', input);
          const byTarget = Map.groupBy(policies, ({ metadata, spec }) =>
            JSON.stringify([metadata.namespace, spec.targetRefs[0]?.name, spec.targetRefs[0]?.sectionName]),
          );
          for (const group of byTarget.values()) {
            const [winner, ...losers] = group.toSorted((left, right) =>
              ageOf(left).localeCompare(ageOf(right)),
            );
            if (winner === undefined) continue;
            for (const loser of losers) lostTo.set(keyOf(loser), keyOf(winner));
          }
          const isOut = (policy: BackendTlsPolicy): boolean => there.has(lostTo.get(keyOf(policy)) ?? '');
          const isAlone = (policy: BackendTlsPolicy): boolean =>
            [...byTarget.values()].some((group) => group.length === 1 && group[0] === policy);
          const left = policies.filter((policy) => !isAlone(policy) || !isOut(policy));
          return { ...input, objects: { ...input.objects, backendTlsPolicies: left } };
        },
      };
    },
  },
];
