import { timeOf } from '../../translate/memory/memo.ts';
import type { HttpRoute } from '../../translate/model/gateway-api.ts';
import { keyOf } from '../../../common/object-key.ts';
import { isWildcard } from '../../translate/model/hostname.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { onHosts } from '../hooks/ir.ts';
import { well } from '../hooks/listener-sets.ts';
import { onGrpcRoutesWith, onObjects } from '../hooks/objects.ts';
import { onConditions, onListenerStatuses, statusHook } from '../hooks/statuses.ts';

interface Dated {
  metadata: { name: string; namespace?: string; creationTimestamp?: string | Date };
}

/** Tells the translator another age of routes. */
export function aged(
  age: (route: Dated, kind: 'GRPCRoute' | 'HTTPRoute') => number,
): Required<Pick<FaultHooks, 'input'>> {
  const edit = <T extends Dated>(route: T, kind: 'GRPCRoute' | 'HTTPRoute'): T => ({
    ...route,
    metadata: { ...route.metadata, creationTimestamp: new Date(age(route, kind)).toISOString() },
  });
  const grpc = onObjects('grpcRoutes', (route) => edit(route, 'GRPCRoute'));
  const http = onObjects('httpRoutes', (route) => edit(route, 'HTTPRoute'));
  return { input: (input) => http(grpc(input)) };
}

export const created = ({ metadata }: Dated): number => timeOf(metadata.creationTimestamp);

/** Listeners' conditions that say of a conflict. */
function ofConflict(reason: string): boolean {
  return reason === 'ProtocolConflict' || reason === 'HostnameConflict';
}

/** Conflicts of routes of two kinds, and of listeners. */
export const conflicts: readonly Fault[] = [
  {
    name: 'younger-kind-wins',
    title: 'Of a GRPCRoute and an HTTPRoute with one hostname the younger is accepted.',
    clauses: ['hostname-conflict-oldest-wins'],
    layers: ['status', 'routed'],
    hooks: () => aged((route) => 4e12 - created(route)),
  },
  {
    name: 'http-route-always-wins',
    title: 'Of a GRPCRoute and an HTTPRoute with one hostname always the HTTPRoute is accepted.',
    clauses: ['hostname-conflict-oldest-wins', 'hostname-conflict-tie-alphabetical'],
    layers: ['status', 'routed'],
    reference: 'kubernetes-sigs/aws-load-balancer-controller#4818',
    hooks: () => aged((route, kind) => (kind === 'HTTPRoute' ? 0 : created(route))),
  },
  {
    name: 'conflict-tie-reversed',
    title: 'Of an equally old GRPCRoute and HTTPRoute with one hostname the last by name is accepted.',
    clauses: ['hostname-conflict-tie-alphabetical'],
    layers: ['status', 'routed'],
    hooks: () => aged((route) => created(route) - (route.metadata.name.codePointAt(0) ?? 0)),
  },
  {
    name: 'conflict-tie-by-name-alone',
    title:
      'Of an equally old GRPCRoute and HTTPRoute with one hostname the first by name is accepted, whatever their namespaces.',
    clauses: ['hostname-conflict-tie-alphabetical'],
    layers: ['status', 'routed'],
    // Ages are whole seconds.
    hooks: () => aged((route) => created(route) + (route.metadata.name.codePointAt(0) ?? 0)),
  },
  {
    name: 'both-kinds-accepted-http-served',
    title:
      'A GRPCRoute and an HTTPRoute with one hostname are both Accepted, and the GRPCRoute is not served.',
    clauses: ['hostname-conflict-exactly-one', 'hostname-conflict-loser-status'],
    layers: ['status', 'routed'],
    reference: 'istio/istio#57172',
    hooks: () => ({
      ...aged((route, kind) => (kind === 'HTTPRoute' ? 0 : created(route))),
      statuses: onConditions((condition, { level }) =>
        level === 'parent' && condition.reason === 'HostnameConflict'
          ? { ...condition, status: 'True', reason: 'Accepted', message: 'Route is accepted' }
          : condition,
      ),
    }),
  },
  {
    name: 'conflict-loser-without-status',
    title: 'A route that lost its hostname to one of another kind is Accepted.',
    clauses: ['hostname-conflict-loser-status', 'hostname-conflict-exactly-one'],
    layers: ['status', 'routed'],
    reference: 'traefik/traefik#13421',
    hooks: () => ({
      statuses: onConditions((condition, { level }) =>
        level === 'parent' && condition.reason === 'HostnameConflict'
          ? { ...condition, status: 'True', reason: 'Accepted', message: 'Route is accepted' }
          : condition,
      ),
    }),
  },
  {
    name: 'conflict-not-released',
    title: 'A hostname stays taken after the HTTPRoute that had it was deleted.',
    clauses: ['hostname-conflict-released'],
    layers: ['status', 'routed'],
    hooks: () => {
      const known = new Map<string, HttpRoute>();
      return {
        input: (input) => {
          for (const route of input.objects.httpRoutes) known.set(keyOf(route), route);
          return { ...input, objects: { ...input.objects, httpRoutes: [...known.values()] } };
        },
      };
    },
  },
  {
    name: 'conflict-not-released-by-edit',
    title:
      'A hostname stays taken, and served, after the HTTPRoute that had it was edited to have another one.',
    clauses: ['hostname-conflict-released'],
    layers: ['status', 'routed'],
    hooks: () => {
      const known = new Map<string, Map<string, HttpRoute>>();
      const textOf = ({ spec }: HttpRoute): string => (spec.hostnames ?? []).join();
      return {
        input: (input) => {
          const former = input.objects.httpRoutes.flatMap((route) => {
            const id = `${keyOf(route)} ${created(route)}`;
            const had = known.get(id) ?? new Map<string, HttpRoute>();
            known.set(id, had);
            const metadata = { ...route.metadata, name: `${route.metadata.name}-${had.size}` };
            if (!had.has(textOf(route))) had.set(textOf(route), { ...route, metadata });
            return [...had].flatMap(([text, each]) => (text === textOf(route) ? [] : each));
          });
          if (former.length === 0) return input;
          const httpRoutes = [...input.objects.httpRoutes, ...former];
          return { ...input, objects: { ...input.objects, httpRoutes } };
        },
        // Those that are no more have no status.
        statuses: statusHook((update) => update),
      };
    },
  },
  {
    name: 'conflict-across-listeners',
    title: 'A GRPCRoute is refused for an HTTPRoute with its hostname on another listener.',
    clauses: ['hostname-conflict-per-listener'],
    layers: ['status', 'routed'],
    hooks: () => ({
      input: onGrpcRoutesWith((route, { objects }) => {
        const taken = new Set(objects.httpRoutes.flatMap(({ spec }) => spec.hostnames ?? []));
        return route.spec.hostnames?.some((hostname) => taken.has(hostname)) === true
          ? { ...route, spec: { ...route.spec, hostnames: ['none.invalid'] } }
          : route;
      }),
    }),
  },
  {
    name: 'conflict-of-disjoint-hosts',
    title: 'A GRPCRoute is refused for an HTTPRoute whose hostnames merely share a domain.',
    clauses: ['hostname-conflict-disjoint-coexist'],
    layers: ['status', 'routed'],
    hooks: () => ({
      input: onGrpcRoutesWith((route, { objects }) => {
        const domainOf = (name: string): string => name.split('.').slice(-3).join('.');
        const taken = new Set(objects.httpRoutes.flatMap(({ spec }) => (spec.hostnames ?? []).map(domainOf)));
        return route.spec.hostnames?.some((hostname) => taken.has(domainOf(hostname))) === true
          ? { ...route, spec: { ...route.spec, hostnames: ['none.invalid'] } }
          : route;
      }),
    }),
  },
  {
    name: 'wildcard-conflict-unnoticed',
    title: 'A GRPCRoute under the wildcard of an HTTPRoute is Accepted, and its calls are not served.',
    clauses: ['hostname-conflict-wildcard-overlap'],
    layers: ['status', 'routed'],
    hooks: () => {
      const wildcards = new Set<string>();
      return {
        input: (input) => {
          for (const { spec } of input.objects.httpRoutes)
            for (const hostname of spec.hostnames ?? [])
              if (isWildcard(hostname)) wildcards.add(hostname.slice(1));
          return input;
        },
        ir: onHosts((host) =>
          [...wildcards].some((suffix) => host.hostname.endsWith(suffix) && !host.hostname.startsWith('*'))
            ? { ...host, routes: host.routes.filter(({ source }) => source.kind !== 'GRPCRoute') }
            : host,
        ),
        statuses: onConditions((condition, { level }) =>
          level === 'parent' && condition.reason === 'HostnameConflict'
            ? { ...condition, status: 'True', reason: 'Accepted', message: 'Route is accepted' }
            : condition,
        ),
      };
    },
  },
  {
    name: 'listener-conflict-unreported',
    title: 'Listeners that conflict look healthy.',
    clauses: ['listener-conflicted-condition', 'listener-conflicted-not-accepted'],
    layers: ['status', 'programmed'],
    hooks: () => ({
      statuses: onConditions((condition, { level }) => {
        if (level !== 'listener' || !ofConflict(condition.reason)) return condition;
        if (condition.type === 'Conflicted') return undefined;
        return { ...condition, status: 'True', reason: condition.type, message: 'all is well' };
      }),
    }),
  },
  {
    name: 'listener-conflict-wrong-reason',
    title: 'A conflict of protocols is reported as one of hostnames.',
    clauses: ['listener-conflicted-protocol-reason'],
    layers: ['status', 'programmed'],
    hooks: () => ({
      statuses: onConditions((condition, { level }) =>
        level === 'listener' && condition.reason === 'ProtocolConflict'
          ? { ...condition, reason: 'HostnameConflict' }
          : condition,
      ),
    }),
  },
  {
    name: 'first-listener-wins-conflict',
    title: 'Of listeners that conflict the first is served.',
    clauses: ['listener-conflicted-no-winner'],
    layers: ['status', 'programmed', 'connect', 'routed'],
    hooks: () => ({
      input: onObjects('gateways', (gateway) => {
        const seen = new Map<number, string>();
        const listeners = (gateway.spec.listeners ?? []).filter(({ port, protocol }) => {
          const taken = seen.get(port) ?? protocol;
          seen.set(port, taken);
          return taken === protocol;
        });
        return { ...gateway, spec: { ...gateway.spec, listeners } };
      }),
    }),
  },
  {
    name: 'conflicted-is-false-for-good',
    title: 'A listener that was in conflict stays marked after the conflict was mended.',
    clauses: ['listener-conflicted-false-or-absent'],
    layers: ['status', 'programmed'],
    hooks: () => {
      const marked = new Set<string>();
      return {
        statuses: onConditions((condition, place) => {
          if (place.level !== 'listener') return condition;
          const key = `${keyOf(place.object)} ${place.listener}`;
          if (ofConflict(condition.reason)) marked.add(key);
          return marked.has(key) && condition.type === 'Accepted'
            ? { ...condition, status: 'False', reason: 'ProtocolConflict', message: 'the port is taken' }
            : condition;
        }),
      };
    },
  },
  {
    name: 'third-in-conflict-overlooked',
    title: 'Of three listeners that conflict the last looks healthy.',
    clauses: ['listener-conflicted-condition', 'listener-conflicted-not-accepted'],
    layers: ['status', 'programmed'],
    hooks: () => ({
      statuses: onConditions((condition, place) => {
        if (place.level !== 'listener' || !ofConflict(condition.reason)) return condition;
        const all = place.object.spec.listeners ?? [];
        const port = all.find(({ name }) => name === place.listener)?.port;
        const [, , third] = all.filter((each) => each.port === port);
        if (third?.name !== place.listener) return condition;
        return condition.type === 'Conflicted' ? undefined : well(condition);
      }),
    }),
  },
  {
    name: 'conflicted-listener-resolved',
    title: 'A listener in conflict says that its references resolve, whether they do or not.',
    clauses: ['listener-kinds-mixed'],
    layers: ['status'],
    hooks: () => ({
      statuses: onListenerStatuses((listener) => ({
        ...listener,
        conditions: listener.conditions.some(({ type }) => type === 'Conflicted')
          ? listener.conditions.map((each) => (each.type === 'ResolvedRefs' ? well(each) : each))
          : listener.conditions,
      })),
    }),
  },
  {
    name: 'conflicted-listeners-unnamed',
    title: 'A Gateway of whose listeners some conflict does not say which.',
    clauses: ['listener-conflicted-message'],
    layers: ['status'],
    hooks: () => ({
      statuses: onConditions((condition, { level }) =>
        level === 'gateway' && condition.status === 'True' && condition.reason === 'ListenersNotValid'
          ? { ...condition, message: 'Some listeners cannot be used' }
          : condition,
      ),
    }),
  },
];

/** Conflicts of listeners that differ in protocol, and in nothing else. */
export const conflictsOfNamesakes: readonly Fault[] = [
  {
    name: 'protocol-conflict-of-equal-hostnames-misnamed',
    title: 'A conflict of protocols is reported as one of hostnames where the listeners share a hostname.',
    clauses: ['listener-conflicted-protocol-reason'],
    layers: ['status'],
    hooks: () => ({
      statuses: onConditions((condition, place) => {
        if (place.level !== 'listener' || condition.reason !== 'ProtocolConflict') return condition;
        const all = place.object.spec.listeners ?? [];
        const own = all.find(({ name }) => name === place.listener);
        const isTwice = all.some(
          (other) => other !== own && other.port === own?.port && other.hostname === own.hostname,
        );
        return isTwice ? { ...condition, reason: 'HostnameConflict' } : condition;
      }),
    }),
  },
];
