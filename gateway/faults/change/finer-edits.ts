import { keyOf } from '../../../common/object-key.ts';
import type {
  Gateway,
  GrpcRoute,
  GrpcRouteRule,
  Listener,
  RouteBackendRef,
} from '../../translate/gateway-api.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { besideEarlier, besideFirst } from '../hooks/first-seen.ts';
import { namesGateway } from '../hooks/objects.ts';
import { onGatewayStatuses } from '../hooks/statuses.ts';
import { listOf, onResources } from '../hooks/xds.ts';

const layers: Fault['layers'] = ['routed', 'backend'];

type Refs = readonly RouteBackendRef[];

const sameRef = (left: RouteBackendRef, right: RouteBackendRef): boolean =>
  left.name === right.name && left.port === right.port && left.namespace === right.namespace;

const hasAll = (refs: Refs, others: Refs): boolean =>
  others.every((other) => refs.some((ref) => sameRef(ref, other)));

interface Served {
  generation: number;
  rules: Refs[];
}

/** Edits the backendRefs of each rule beside those that the rule at its place was served with before the edit. */
function besideServedRefs(edit: (now: Refs, served: Refs) => Refs): FaultHooks {
  return besideEarlier<'grpcRoutes', Served>('grpcRoutes', (route, served) => {
    const { generation = 0 } = route.metadata;
    const rules = (route.spec.rules ?? []).map((rule, index): GrpcRouteRule => {
      const before = served?.rules[index];
      if (rule.backendRefs === undefined || before === undefined) return rule;
      const refs = served?.generation === generation ? before : edit(rule.backendRefs, before);
      return { ...rule, backendRefs: [...refs] };
    });
    return {
      edited: { ...route, spec: { ...route.spec, rules } },
      keep: { generation, rules: rules.map(({ backendRefs = [] }) => backendRefs) },
    };
  });
}

/** Edits the mirrors of each rule beside those that the rule at its place had first. */
function besideFirstMirrors(edit: (now: Mirror, first: Mirror) => Mirror): FaultHooks {
  const mirrorsOf = (rule: GrpcRouteRule | undefined): Mirror[] =>
    (rule?.filters ?? []).flatMap(({ requestMirror }) => requestMirror ?? []);
  return besideFirst('grpcRoutes', (route, first) => {
    const rules = (route.spec.rules ?? []).map((rule, index): GrpcRouteRule => {
      const [before] = mirrorsOf(first.spec.rules?.[index]);
      if (rule.filters === undefined || before === undefined) return rule;
      const filters = rule.filters.map((filter) =>
        filter.requestMirror === undefined
          ? filter
          : { ...filter, requestMirror: edit(filter.requestMirror, before) },
      );
      return { ...rule, filters };
    });
    return { ...route, spec: { ...route.spec, rules } };
  });
}

type Mirror = NonNullable<NonNullable<GrpcRouteRule['filters']>[number]['requestMirror']>;

/** Edits each listener beside what it was at first. */
function besideFirstListeners(edit: (now: Listener, first: Listener) => Listener): FaultHooks {
  return besideFirst('gateways', (gateway, first) => {
    const listeners = (gateway.spec.listeners ?? []).map((listener) => {
      const before = first.spec.listeners?.find(({ name }) => name === listener.name);
      return before === undefined ? listener : edit(listener, before);
    });
    return { ...gateway, spec: { ...gateway.spec, listeners } };
  });
}

const isHttp = ({ protocol }: Listener): boolean => protocol === 'HTTP' || protocol === 'HTTPS';

const textsOf = (list: readonly unknown[]): string[] => list.map((each) => JSON.stringify(each));

/** Ports that once spoke HTTP go on taking plain connections when they are to be encrypted. */
function alsoInTheClear() {
  const wasPlain = new Set<string>();
  return onResources('lds', (listener) => {
    const name = String(listener['name']);
    const chains = listOf(listener['filter_chains']);
    const encrypted = chains.find((chain) => chain['transport_socket'] !== undefined);
    if (encrypted === undefined) wasPlain.add(name);
    if (encrypted === undefined || !wasPlain.has(name)) return;
    const { transport_socket: _socket, ...plain } = encrypted;
    const filter_chain_match = { transport_protocol: 'raw_buffer' };
    chains.push({ ...plain, name: `${String(plain['name'])}/plain`, filter_chain_match });
  });
}

/** Edits of one part, one direction or one order that are not followed, where others are. */
export const finerEdits: readonly Fault[] = [
  {
    name: 'swapped-rules-unnoticed',
    title:
      'Rules that change places in a route, and are otherwise the same, are served in their first order.',
    clauses: ['precedence-first-rule-in-route', 'grpcroute-update-takes-effect'],
    layers,
    hooks: () =>
      besideEarlier<'grpcRoutes', GrpcRouteRule[]>('grpcRoutes', (route, served) => {
        const rules = route.spec.rules ?? [];
        const isSwapped =
          served !== undefined &&
          textsOf(rules).toSorted().join(' ') === textsOf(served).toSorted().join(' ');
        const keep = isSwapped ? served : rules;
        return { edited: { ...route, spec: { ...route.spec, rules: keep } }, keep };
      }),
  },
  {
    name: 'weights-stay-at-their-place',
    title: 'Where the backends of a rule change places, the weights stay where they were.',
    clauses: ['weight-change-applied', 'weight-proportional'],
    layers,
    hooks: () =>
      besideServedRefs((now, served) =>
        now.length === served.length && hasAll(now, served)
          ? now.map(({ weight, ...ref }, index) => {
              const before = served[index];
              const kept = before === undefined || sameRef(ref, before) ? weight : before.weight;
              return { ...ref, ...(kept !== undefined && { weight: kept }) };
            })
          : now,
      ),
  },
  {
    name: 'backend-filters-stay-at-their-place',
    title: 'Where the backends of a rule change places, their filters stay where they were.',
    clauses: ['filter-backend-level-only-there', 'grpcroute-update-takes-effect'],
    layers,
    hooks: () =>
      besideServedRefs((now, served) =>
        now.length === served.length && hasAll(now, served)
          ? now.map(({ filters, ...ref }, index) => {
              const before = served[index];
              const kept = before === undefined || sameRef(ref, before) ? filters : before.filters;
              return { ...ref, ...(kept && { filters: kept }) };
            })
          : now,
      ),
  },
  {
    name: 'lowered-to-zero-served',
    title: 'A backend whose weight is lowered to 0 keeps the one that it had, as long as it has company.',
    clauses: ['weight-change-applied', 'weight-zero-no-traffic'],
    layers,
    hooks: () =>
      besideServedRefs((now, served) =>
        now.every(({ weight }) => weight === 0)
          ? now
          : now.map((ref) => {
              const before = served.find((each) => sameRef(each, ref));
              return ref.weight === 0 && before?.weight !== undefined
                ? { ...ref, weight: before.weight }
                : ref;
            }),
      ),
  },
  {
    name: 'weights-lowered-to-nothing-kept',
    title: 'A rule of which all weights are lowered to 0 keeps those that it had.',
    clauses: ['weight-change-applied', 'weight-all-zero'],
    layers,
    hooks: () =>
      besideServedRefs((now, served) =>
        now.length > 1 && now.every(({ weight }) => weight === 0) ? served : now,
      ),
  },
  {
    name: 'added-backend-unserved',
    title: 'A backend that is added to those of a rule gets no calls.',
    clauses: ['grpcroute-update-takes-effect', 'weight-proportional', 'weight-change-applied'],
    layers,
    hooks: () =>
      besideServedRefs((now, served) =>
        served.length > 0 && now.length > served.length && hasAll(now, served)
          ? now.filter((ref) => served.some((each) => sameRef(each, ref)))
          : now,
      ),
  },
  {
    name: 'removed-backend-served',
    title: 'A backend that is taken out of those of a rule keeps its share.',
    clauses: ['grpcroute-update-takes-effect', 'weight-change-applied'],
    layers,
    hooks: () =>
      besideServedRefs((now, served) =>
        now.length > 0 && now.length < served.length && hasAll(served, now) ? served : now,
      ),
  },
  {
    name: 'quick-second-edit-lost',
    title: 'An edit of a route that comes within a second of another edit is not followed.',
    clauses: ['grpcroute-update-takes-effect'],
    layers,
    hooks: ({ now }) =>
      besideEarlier<'grpcRoutes', { generation: number; at: number; spec: GrpcRoute['spec'] }>(
        'grpcRoutes',
        (route, before) => {
          const { generation = 0 } = route.metadata;
          if (before === undefined || before.generation === generation) {
            const keep = before ?? { generation, at: -Infinity, spec: route.spec };
            return { edited: { ...route, spec: keep.spec }, keep };
          }
          const isQuick = now() - before.at < 1000;
          const spec = isQuick ? before.spec : route.spec;
          return { edited: { ...route, spec }, keep: { generation, at: now(), spec } };
        },
      ),
  },
  {
    name: 'second-of-two-deletions-lost',
    title: 'Of two routes of a namespace that are deleted together one goes on being served.',
    clauses: ['grpcroute-delete-stops-traffic'],
    layers: [...layers, 'status'],
    hooks: ({ now }) => {
      const known = new Map<string, GrpcRoute>();
      const kept = new Map<string, GrpcRoute>();
      const lastAt = new Map<string, number>();
      return {
        input: (input) => {
          const there = new Set(input.objects.grpcRoutes.map(keyOf));
          for (const [key, route] of known) {
            if (there.has(key)) continue;
            const { namespace = '' } = route.metadata;
            if (now() - (lastAt.get(namespace) ?? -Infinity) < 200) kept.set(key, route);
            lastAt.set(namespace, now());
            known.delete(key);
          }
          for (const route of input.objects.grpcRoutes) known.set(keyOf(route), route);
          const more = [...kept].flatMap(([key, route]) => (there.has(key) ? [] : route));
          if (more.length === 0) return input;
          const grpcRoutes = [...input.objects.grpcRoutes, ...more];
          return { ...input, objects: { ...input.objects, grpcRoutes } };
        },
      };
    },
  },
  {
    name: 'narrowed-grant-unnoticed',
    title: 'A ReferenceGrant that is edited to permit less goes on permitting what it did.',
    clauses: ['refgrant-edit-recomputed', 'refgrant-removal-revokes'],
    layers: [...layers, 'status'],
    hooks: () =>
      besideFirst('referenceGrants', (grant, first) => ({
        ...grant,
        spec: {
          from: [...grant.spec.from, ...first.spec.from],
          to: [...grant.spec.to, ...first.spec.to],
        },
      })),
  },
  {
    name: 'widened-grant-unnoticed',
    title: 'A ReferenceGrant that is edited to permit more permits what it did at first.',
    clauses: ['refgrant-edit-recomputed', 'refgrant-addition-enables'],
    layers: [...layers, 'status'],
    hooks: () =>
      besideFirst('referenceGrants', (grant, first) => {
        const [from, to] = [textsOf(first.spec.from), textsOf(first.spec.to)];
        const isWider = from.length < grant.spec.from.length || to.length < grant.spec.to.length;
        return isWider ? { ...grant, spec: first.spec } : grant;
      }),
  },
  {
    name: 'mirror-target-edit-ignored',
    title: 'A mirror that is edited to name another Service goes on copying to the first.',
    clauses: ['filter-mirror-copies-calls', 'grpcroute-update-takes-effect'],
    layers: [...layers, 'status'],
    hooks: () => besideFirstMirrors((now, { backendRef }) => ({ ...now, backendRef })),
  },
  {
    name: 'mirror-part-edit-ignored',
    title: 'A mirror that is edited to copy another part of the calls goes on with the first.',
    clauses: ['filter-mirror-percent', 'filter-mirror-default-all', 'grpcroute-update-takes-effect'],
    layers,
    hooks: () => besideFirstMirrors(({ backendRef }, first) => ({ ...first, backendRef })),
  },
  {
    name: 'listener-protocol-edit-unnoticed',
    title: 'A listener that is edited from HTTP to HTTPS, or back, goes on with the protocol that it had.',
    clauses: ['grpcroute-https-h2-alpn', 'tls-terminate-secret', 'grpcroute-http-h2c-prior-knowledge'],
    layers: ['tls', 'connect', 'http2', 'routed', 'status'],
    hooks: () =>
      besideFirstListeners((now, first) => {
        const { tls: _tls, ...rest } = now;
        return isHttp(now) && isHttp(first) && now.protocol !== first.protocol
          ? { ...rest, protocol: first.protocol, ...(first.tls && { tls: first.tls }) }
          : now;
      }),
  },
  {
    name: 'plaintext-goes-on-beside-tls',
    title: 'A port that goes over from HTTP to HTTPS serves over TLS, and in the clear as before.',
    clauses: ['tls-terminate-secret', 'grpcroute-https-h2-alpn'],
    layers: ['tls', 'connect', 'http2', 'routed'],
    hooks: () => {
      const gateways = new Map<string, ReturnType<typeof alsoInTheClear>>();
      return {
        xds: (resource, key) => {
          const edit = gateways.get(key) ?? alsoInTheClear();
          gateways.set(key, edit);
          return edit(resource);
        },
      };
    },
  },
  {
    name: 'allowed-kinds-edit-unnoticed',
    title: 'A listener whose allowed kinds are edited goes on admitting those that it did.',
    clauses: [
      'status-follows-gateway-change',
      'parentref-kind-not-allowed',
      'listener-supportedkinds-restricted',
    ],
    layers: [...layers, 'status'],
    hooks: () =>
      besideFirstListeners((now, first) => {
        const { kinds: _kinds, ...allowedRoutes } = now.allowedRoutes ?? {};
        const { kinds } = first.allowedRoutes ?? {};
        return { ...now, allowedRoutes: { ...allowedRoutes, ...(kinds && { kinds }) } };
      }),
  },
  {
    name: 'selector-edit-unnoticed',
    title: 'A listener that is edited to select other namespaces goes on admitting those that it selected.',
    clauses: [
      'listener-namespaces-selector',
      'listener-namespaces-selector-live',
      'status-follows-gateway-change',
    ],
    layers: [...layers, 'status'],
    hooks: () =>
      besideFirstListeners((now, first) => {
        const { namespaces } = now.allowedRoutes ?? {};
        const { from, selector } = first.allowedRoutes?.namespaces ?? {};
        return namespaces?.from === 'Selector' && from === 'Selector' && selector !== undefined
          ? { ...now, allowedRoutes: { ...now.allowedRoutes, namespaces: { ...namespaces, selector } } }
          : now;
      }),
  },
  {
    name: 'listeners-keep-their-place',
    title:
      'Where a listener is put in front of others, each goes by the name of the one that was at its place.',
    clauses: [
      'gateway-listener-added',
      'parentref-sectionname-selects-listener',
      'listener-status-entry-per-listener',
    ],
    layers: [...layers, 'status', 'tls', 'connect'],
    hooks: () =>
      besideFirst('gateways', (gateway, first): Gateway => {
        const now = gateway.spec.listeners ?? [];
        const before = (first.spec.listeners ?? []).map(({ name }) => name);
        const isMoved = now.length > before.length && now[0]?.name !== before[0];
        if (!isMoved || before.some((name) => now.every((each) => each.name !== name))) return gateway;
        const names = [...before, ...now.map(({ name }) => name).filter((name) => !before.includes(name))];
        const listeners = now.map((each, index) => ({ ...each, name: names[index] ?? each.name }));
        return { ...gateway, spec: { ...gateway.spec, listeners } };
      }),
  },
  {
    name: 'added-service-port-unnoticed',
    title: 'A port that a Service gets later is taken for one that it has not.',
    clauses: ['backend-port-is-service-port', 'backend-recovers'],
    layers: [...layers, 'status'],
    hooks: () =>
      besideFirst('services', (service, first) => {
        const known = new Set((first.spec?.ports ?? []).map(({ port }) => port));
        const ports = (service.spec?.ports ?? []).filter(({ port }) => known.has(port));
        return { ...service, spec: { ...service.spec, ports } };
      }),
  },
  {
    name: 'attached-routes-fall-on-deletion-only',
    title: 'attachedRoutes goes down when a route is deleted, and not when one is edited to go elsewhere.',
    clauses: ['listener-attachedroutes-decrements', 'parentref-removed-detaches'],
    layers: ['status'],
    hooks: () => {
      const highest = new Map<string, number>();
      const routesOf = new Map<string, Set<string>>();
      return {
        statuses: onGatewayStatuses((status, gateway, _update, { objects }) => {
          const key = keyOf(gateway);
          const routes = routesOf.get(key) ?? new Set<string>();
          routesOf.set(key, routes);
          const there = new Set(objects.grpcRoutes.map(keyOf));
          const hasLost = [...routes].filter((route) => !there.has(route));
          for (const route of hasLost) routes.delete(route);
          for (const route of objects.grpcRoutes) if (namesGateway(route, gateway)) routes.add(keyOf(route));
          const listeners = (status.listeners ?? []).map((listener) => {
            const id = `${key} ${listener.name}`;
            const least = hasLost.length > 0 ? 0 : (highest.get(id) ?? 0);
            highest.set(id, Math.max(least, listener.attachedRoutes));
            return { ...listener, attachedRoutes: highest.get(id) ?? 0 };
          });
          return { ...status, ...(status.listeners && { listeners }) };
        }),
      };
    },
  },
  {
    name: 'infrastructure-edit-unnoticed',
    title: 'What is generated for a Gateway keeps the labels that spec.infrastructure had at first.',
    clauses: ['gateway-infrastructure-labels'],
    layers: ['status', 'programmed'],
    hooks: () => {
      const first = new Map<string, unknown>();
      return {
        proxyObjects: (objects) =>
          objects.map(({ collection, object }) => {
            const { labels } = object.metadata;
            const id = `${collection}/${object.metadata.name}`;
            if (!first.has(id)) first.set(id, labels);
            return {
              collection,
              object: { ...object, metadata: { ...object.metadata, labels: first.get(id) } },
            };
          }),
      };
    },
  },
  {
    name: 'policy-target-edit-unnoticed',
    title: 'A BackendTLSPolicy that is edited to target another Service goes on with the first.',
    clauses: ['btls-hostname-authenticates', 'btls-removal-restores-plaintext'],
    layers: [...layers, 'status'],
    hooks: () =>
      besideFirst('backendTlsPolicies', (policy, { spec: { targetRefs } }) => ({
        ...policy,
        spec: { ...policy.spec, targetRefs },
      })),
  },
];
