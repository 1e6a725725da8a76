import { keyOf } from '../../../common/object-key.ts';
import type { IrCluster } from '../../ir/ir.ts';
import type { RouteBackendRef, Service } from '../../translate/model/gateway-api.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { clusterOf, onClusters, onForwards, onGrpcRoutes } from '../hooks/ir.ts';
import { mapSame } from '../hooks/memo.ts';
import { onObjects, onRules, serviceOf } from '../hooks/objects.ts';
import { onConditions, onParents } from '../hooks/statuses.ts';
import { onRouteActions } from '../hooks/xds.ts';

function onRefs(edit: (ref: RouteBackendRef) => RouteBackendRef): FaultHooks {
  return {
    input: onRules((rule) => {
      const refs = rule.backendRefs ?? [];
      const next = mapSame(refs, edit);
      return next === refs ? rule : { ...rule, backendRefs: next };
    }),
  };
}

type Ports = NonNullable<NonNullable<Service['spec']>['ports']>;

function onServicePorts(edit: (ports: Ports) => Ports): FaultHooks {
  return {
    input: onObjects('services', (service) =>
      service.spec?.ports === undefined
        ? service
        : { ...service, spec: { ...service.spec, ports: edit(service.spec.ports) } },
    ),
  };
}

function respondsWhereBroken(httpStatus: number): FaultHooks {
  return {
    ir: onGrpcRoutes((route) =>
      route.action.type === 'respond' ? { ...route, action: { type: 'respond', httpStatus } } : route,
    ),
  };
}

/** Where calls go. */
export const backends: readonly Fault[] = [
  {
    name: 'all-invalid-answers-500',
    title: 'A rule whose references are all invalid answers HTTP 500, which gRPC clients read as UNKNOWN.',
    clauses: ['backend-all-invalid-unavailable', 'backend-error-code-is-unavailable'],
    layers: ['routed', 'backend'],
    hooks: () => respondsWhereBroken(500),
  },
  {
    name: 'all-invalid-answers-404',
    title: 'A rule whose references are all invalid answers UNIMPLEMENTED, as if it were not there.',
    clauses: ['backend-all-invalid-unavailable', 'backend-invalid-kind-unavailable'],
    layers: ['routed', 'backend'],
    hooks: () => respondsWhereBroken(404),
  },
  {
    name: 'invalid-share-redistributed',
    title: 'The share of an invalid backend goes to the valid ones.',
    clauses: ['backend-invalid-not-redistributed', 'backend-invalid-share-unavailable'],
    layers: ['routed', 'backend'],
    reference: 'agentgateway/agentgateway#1339',
    hooks: () => ({
      ir: onForwards((action) => ({
        ...action,
        backends: action.backends.filter(({ cluster }) => cluster !== undefined),
      })),
    }),
  },
  {
    name: 'invalid-share-answers-500',
    title: 'The share of an invalid backend is answered with HTTP 500, which gRPC clients read as UNKNOWN.',
    clauses: ['backend-invalid-share-unavailable', 'backend-error-code-is-unavailable'],
    layers: ['routed', 'backend'],
    reference: 'lexfrei/cloudflare-tunnel-gateway-controller#335',
    hooks: () => ({
      xds: onRouteActions((action) => {
        action['cluster_not_found_response_code'] = 'INTERNAL_SERVER_ERROR';
      }),
    }),
  },
  {
    name: 'one-invalid-fails-rule',
    title: 'One invalid backend makes all calls of its rule fail.',
    clauses: ['backend-invalid-share-unavailable'],
    layers: ['routed', 'backend'],
    reference: 'envoyproxy/gateway#7483',
    hooks: () => ({
      ir: onForwards((action) =>
        action.backends.some(({ cluster }) => cluster === undefined)
          ? { type: 'respond', httpStatus: 503 }
          : action,
      ),
    }),
  },
  {
    name: 'missing-service-drops-route',
    title: 'One missing Service takes all rules of its route down.',
    clauses: ['backend-invalid-other-rules-ok'],
    layers: ['routed', 'backend'],
    hooks: () => {
      const broken = new Set<string>();
      return {
        ir: (gateway) => {
          broken.clear();
          for (const { tables } of gateway.ports)
            for (const { hosts } of tables)
              for (const { routes } of hosts)
                for (const { action, source } of routes)
                  if (action.type === 'respond' && action.httpStatus === 503) broken.add(source.key);
          return onGrpcRoutes((route) => (broken.has(route.source.key) ? undefined : route))(gateway);
        },
      };
    },
  },
  {
    name: 'missing-service-not-accepted',
    title: 'A route with a missing Service is not Accepted.',
    clauses: ['backend-invalid-keeps-accepted'],
    layers: ['status'],
    hooks: () => ({
      statuses: onParents((parent) => {
        const isBroken = parent.conditions?.some(
          ({ type, status }) => type === 'ResolvedRefs' && status === 'False',
        );
        if (isBroken !== true) return parent;
        const conditions = parent.conditions?.map((condition) =>
          condition.type === 'Accepted'
            ? { ...condition, status: 'False' as const, reason: 'UnsupportedValue', message: 'invalid' }
            : condition,
        );
        return { ...parent, ...(conditions && { conditions }) };
      }),
    }),
  },
  {
    name: 'missing-service-message-empty',
    title: 'The status of a route with a missing Service does not say which.',
    clauses: ['backend-not-found-message'],
    layers: ['status'],
    hooks: () => ({
      statuses: onConditions((condition) =>
        condition.reason === 'BackendNotFound'
          ? { ...condition, message: 'a reference is wrong' }
          : condition,
      ),
    }),
  },
  {
    name: 'missing-service-wrong-reason',
    title: 'A missing Service is reported as InvalidKind.',
    clauses: ['backend-not-found-status'],
    layers: ['status'],
    hooks: () => ({
      statuses: onConditions((condition) =>
        condition.reason === 'BackendNotFound' ? { ...condition, reason: 'InvalidKind' } : condition,
      ),
    }),
  },
  {
    name: 'omitted-backends-drop-rule',
    title: 'A rule without backendRefs is left out, and other rules take its calls.',
    clauses: ['backend-omitted-error', 'grpcroute-single-rule-per-call'],
    layers: ['routed', 'backend'],
    hooks: () => ({
      input: onRules((rule) => ((rule.backendRefs ?? []).length === 0 ? undefined : rule)),
    }),
  },
  {
    name: 'no-endpoints-answers-500',
    title: 'A Service without endpoints is answered with HTTP 500.',
    clauses: ['backend-no-endpoints-unavailable'],
    layers: ['routed', 'backend'],
    reference: 'envoyproxy/gateway#7938',
    hooks: () => ({
      ir: (gateway) =>
        onForwards((action) =>
          action.backends.every(
            ({ cluster }) => cluster !== undefined && clusterOf(gateway, cluster)?.endpoints.length === 0,
          )
            ? { type: 'respond', httpStatus: 500 }
            : action,
        )(gateway),
    }),
  },
  {
    name: 'no-endpoints-unresolved',
    title: 'A Service without endpoints counts as a reference that does not resolve.',
    clauses: ['backend-no-endpoints-refs-resolved'],
    layers: ['status'],
    hooks: () => ({
      input: (input) => {
        const filled = new Set(
          input.objects.endpointSlices
            .filter(({ endpoints }) => endpoints?.some(({ conditions }) => conditions?.ready !== false))
            .map(serviceOf),
        );
        const services = input.objects.services.filter((service) => filled.has(keyOf(service)));
        return { ...input, objects: { ...input.objects, services } };
      },
    }),
  },
  {
    name: 'endpoints-frozen',
    title: 'The endpoints of a Service are read once and never again.',
    clauses: ['backend-endpoints-follow'],
    layers: ['routed', 'backend'],
    reference: 'envoyproxy/gateway#4685',
    hooks: () => {
      const first = new Map<string, IrCluster>();
      return {
        ir: onClusters((cluster) => {
          const known = first.get(cluster.name);
          if (known !== undefined) return known;
          if (cluster.endpoints.length > 0) first.set(cluster.name, cluster);
          return cluster;
        }),
      };
    },
  },
  {
    name: 'only-first-endpoint',
    title: 'Of several endpoints of a Service only one gets calls.',
    clauses: ['backend-endpoints-follow', 'backend-service-types'],
    layers: ['routed', 'backend'],
    hooks: () => ({
      ir: onClusters((cluster) => ({ ...cluster, endpoints: cluster.endpoints.slice(0, 1) })),
    }),
  },
  {
    name: 'headless-service-unknown',
    title: 'A headless Service is not found.',
    clauses: ['backend-service-types'],
    layers: ['status', 'routed', 'backend'],
    hooks: () => ({
      input: onObjects('services', (service) =>
        (service.spec as { clusterIP?: string } | undefined)?.clusterIP === 'None' ? undefined : service,
      ),
    }),
  },
  {
    name: 'later-service-unnoticed',
    title: 'A Service that is created after its route is not noticed.',
    clauses: ['backend-recovers'],
    layers: ['status', 'routed', 'backend'],
    reference: 'projectcontour/contour#5476',
    hooks: () => {
      const missed = new Set<string>();
      return {
        input: (input) => {
          const known = new Set(input.objects.services.map(keyOf));
          for (const { metadata, spec } of input.objects.grpcRoutes)
            for (const { backendRefs = [] } of spec.rules ?? [])
              for (const { namespace = metadata.namespace, name } of backendRefs)
                if (!known.has(`${namespace}/${name}`)) missed.add(`${namespace}/${name}`);
          const services = input.objects.services.filter((service) => !missed.has(keyOf(service)));
          return { ...input, objects: { ...input.objects, services } };
        },
      };
    },
  },
  {
    name: 'deleted-service-unnoticed',
    title: 'A Service that is deleted goes on being served.',
    clauses: ['backend-deleted-later'],
    layers: ['status', 'routed', 'backend'],
    reference: 'cilium/cilium#47268',
    hooks: () => {
      const known = new Map<string, Service>();
      return {
        input: (input) => {
          for (const service of input.objects.services) known.set(keyOf(service), service);
          return { ...input, objects: { ...input.objects, services: [...known.values()] } };
        },
      };
    },
  },
  {
    name: 'target-port-for-service-port',
    title: 'The port of a backendRef is taken for that of the pods, not that of the Service.',
    clauses: ['backend-port-is-service-port'],
    layers: ['status', 'routed', 'backend'],
    hooks: () =>
      onServicePorts((ports) =>
        ports.map((port) =>
          typeof port.targetPort === 'number' ? { ...port, port: port.targetPort } : port,
        ),
      ),
  },
  {
    name: 'first-service-port-for-all',
    title: 'Calls go to the first port of a Service, whichever port is named.',
    clauses: ['backend-port-is-service-port', 'backend-profile-lattice-service-port-weight'],
    layers: ['status', 'routed', 'backend'],
    hooks: () => {
      return {
        input: (input) => {
          const first = new Map(
            input.objects.services.map((service) => [keyOf(service), service.spec?.ports?.[0]?.port]),
          );
          const edit = onRules((rule, _index, { metadata }) => {
            if (rule.backendRefs === undefined) return rule;
            const backendRefs = rule.backendRefs.map((ref) => {
              const port = first.get(`${ref.namespace ?? metadata.namespace}/${ref.name}`);
              return port === undefined ? ref : { ...ref, port };
            });
            return { ...rule, backendRefs };
          });
          return edit(input);
        },
      };
    },
  },
  {
    name: 'service-port-change-unnoticed',
    title: 'Ports that a Service loses go on being served.',
    clauses: ['backend-port-is-service-port', 'backend-all-invalid-unavailable'],
    layers: ['status', 'routed', 'backend'],
    reference: 'projectcontour/contour#5476',
    hooks: () => {
      const first = new Map<string, Ports>();
      return {
        input: onObjects('services', (service) => {
          const key = keyOf(service);
          const { ports = [] } = service.spec ?? {};
          const known = first.get(key) ?? ports;
          first.set(key, known);
          return { ...service, spec: { ...service.spec, ports: known } };
        }),
      };
    },
  },
  {
    name: 'backend-kind-ignored',
    title: 'The kind of a backendRef is not looked at: a Service of that name is taken.',
    clauses: ['backend-invalid-kind-status', 'backend-invalid-kind-unavailable'],
    layers: ['status', 'routed', 'backend'],
    hooks: () =>
      onRefs(({ kind: _kind, group, ...ref }) => ({
        ...ref,
        ...(group !== undefined && group === '' && { group }),
      })),
  },
  {
    name: 'backend-kind-ignored-in-core-group',
    title: 'A backendRef to another kind of the core group is taken for one to the Service of that name.',
    clauses: ['backend-invalid-kind-status', 'backend-invalid-kind-unavailable'],
    layers: ['status', 'routed', 'backend'],
    hooks: () => onRefs((ref) => ((ref.group ?? '') === '' ? { ...ref, kind: 'Service' } : ref)),
  },
  {
    name: 'backend-group-ignored',
    title: 'The group of a backendRef is not looked at: a Service of that name is taken.',
    clauses: ['backend-invalid-group-status'],
    layers: ['status', 'routed', 'backend'],
    hooks: () => onRefs((ref) => ((ref.kind ?? 'Service') === 'Service' ? { ...ref, group: '' } : ref)),
  },
  {
    name: 'invalid-kind-as-not-found',
    title: 'A backendRef of an unknown kind is reported as BackendNotFound.',
    clauses: ['backend-invalid-kind-status', 'backend-invalid-group-status'],
    layers: ['status'],
    hooks: () => ({
      statuses: onConditions((condition) =>
        condition.reason === 'InvalidKind' && condition.message.includes('backendRefs')
          ? { ...condition, reason: 'BackendNotFound' }
          : condition,
      ),
    }),
  },
  {
    name: 'invalid-kind-message-empty',
    title: 'The status of a route with a backendRef of an unknown kind does not say which.',
    clauses: ['backend-invalid-kind-message'],
    layers: ['status'],
    hooks: () => ({
      statuses: onConditions((condition) =>
        condition.reason === 'InvalidKind' ? { ...condition, message: 'a reference is wrong' } : condition,
      ),
    }),
  },
  {
    name: 'tcp-and-udp-port-unknown',
    title: 'A Service port number that serves both TCP and UDP is not found.',
    clauses: ['backend-mixed-protocol-port'],
    layers: ['status', 'routed', 'backend'],
    hooks: () =>
      onServicePorts((ports) =>
        ports.filter(({ port }) => ports.filter((other) => other.port === port).length === 1),
      ),
  },
  {
    name: 'first-of-two-protocols-taken',
    title: 'Of two Service ports with one number the first is taken, whatever its protocol.',
    clauses: ['backend-mixed-protocol-port'],
    layers: ['status', 'routed', 'backend'],
    hooks: () =>
      onServicePorts((ports) =>
        ports
          .filter(({ port }, at) => ports.findIndex((other) => other.port === port) === at)
          .map((port) => ({ ...port, protocol: 'TCP' })),
      ),
  },
  {
    name: 'app-protocol-ignored',
    title: 'A Service port that declares a protocol that is no gRPC is used all the same.',
    clauses: ['backend-appprotocol-unsupported-status', 'backend-appprotocol-honoured'],
    layers: ['status', 'routed', 'backend'],
    hooks: () => onServicePorts((ports) => ports.map(({ appProtocol: _appProtocol, ...port }) => port)),
  },
  {
    name: 'plain-port-speaks-http1',
    title: 'HTTP/1.1 is spoken to backends whose Service port declares no protocol.',
    clauses: ['backend-appprotocol-absent-inferred'],
    layers: ['routed', 'backend', 'trailers'],
    hooks: () => {
      const plain = new Set<string>();
      return {
        input: (input) => {
          for (const service of input.objects.services)
            for (const { port, appProtocol } of service.spec?.ports ?? [])
              if (appProtocol === undefined) plain.add(`${keyOf(service)}/${port}`);
          return input;
        },
        ir: onClusters((cluster) =>
          plain.has(cluster.name.replace(/\/[^/]*$/, '')) ? { ...cluster, protocol: 'http1' } : cluster,
        ),
      };
    },
  },
];
