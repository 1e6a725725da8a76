import { keyOf, objectKey } from '../../../common/object-key.ts';
import type { ConnectedProxy } from '../../ads/ads-server.ts';
import type { Gateway } from '../../translate/model/gateway-api.ts';
import type { XdsResource, XdsType } from '../../xds/resource.ts';
import { sessionFilter } from '../../xds/session.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { onDeployments } from '../hooks/deployment.ts';
import { drop, onResponses } from '../hooks/lua.ts';
import { edited, listOf, onResources, onRouteActions, onXdsRoutes, reversioned } from '../hooks/xds.ts';
import type { Message } from '../hooks/xds.ts';

/** The address of a proxy, and whether it is the first one that its Gateway has had. */
function firstOfGateways(): (proxy: ConnectedProxy) => {
  address: string;
  isFirst: boolean;
} {
  const firstOf = new Map<string, string>();
  return ({ gatewayKey, peer }) => {
    const address = peer.replace(/:\d+$/, '');
    const first = firstOf.get(gatewayKey) ?? address;
    firstOf.set(gatewayKey, first);
    return { address, isFirst: first === address };
  };
}

/**
 * Two proxies for each Gateway, of which the one that came first is told something else: as long as it is alone, all calls are its.
 */
function onOneOfTwo(edit: (resource: XdsResource) => XdsResource): FaultHooks {
  const placeOf = firstOfGateways();
  return {
    proxyObjects: onDeployments((spec) => {
      spec.replicas = 2;
    }),
    forProxy: (resource, proxy) => (placeOf(proxy).isFirst ? edit(resource) : resource),
  };
}

/** What a resource of that type was when it was first told. */
function asFirstTold(type: XdsType): (resource: XdsResource) => XdsResource {
  const known = new Map<string, XdsResource>();
  return (resource) => {
    if (resource.type !== type) return resource;
    const first = known.get(resource.name) ?? resource;
    known.set(resource.name, first);
    return first;
  };
}

/** Not one that tells gRPC from other HTTP. */
const isMetadata = ({ name }: Message): boolean => !/^(:|content-type$)/.test(String(name));

const withoutHosts = (scope: XdsResource): XdsResource =>
  edited(scope, (message) => {
    (message['route_configuration'] as Message)['virtual_hosts'] = [];
  });

/** No handshake is for such a name, so that its port does nothing for clients that speak TLS. */
const withoutTls = onResources('lds', (listener) => {
  for (const [index, chain] of listOf(listener['filter_chains']).entries())
    if (chain['transport_socket'] !== undefined)
      chain['filter_chain_match'] = { server_names: [`${index}.none.invalid`] };
});

/** Gateways of which a listener names a Secret that does not exist. */
function gatewaysLackingSecrets(): FaultHooks & { has: (gatewayKey: string) => boolean } {
  let lacking = new Set<string>();
  return {
    input: (input) => {
      const secrets = new Set(input.objects.secrets.map(keyOf));
      const isLacking = ({ metadata, spec }: Gateway): boolean =>
        (spec.listeners ?? []).some(({ tls }) =>
          (tls?.certificateRefs ?? []).some(
            ({ namespace = metadata.namespace, name }) => !secrets.has(objectKey(namespace, name)),
          ),
        );
      lacking = new Set(input.objects.gateways.filter(isLacking).map(keyOf));
      return input;
    },
    has: (gatewayKey) => lacking.has(gatewayKey),
  };
}

/** A pod may take the half of that to be ready. */
const ignorantMs = 10_000;

/** A Gateway with two proxies that do not do the same. */
export const proxies: readonly Fault[] = [
  {
    name: 'one-of-two-proxies-stale',
    title: 'One of the two proxies of a Gateway serves routes as they first were.',
    clauses: ['grpcroute-update-takes-effect'],
    layers: ['routed', 'backend'],
    hooks: () => onOneOfTwo(asFirstTold('srds')),
  },
  {
    name: 'one-of-two-proxies-ignores-headers',
    title: 'One of the two proxies of a Gateway matches calls whatever their headers are.',
    clauses: ['header-exact-value', 'header-missing-does-not-match'],
    layers: ['routed', 'backend'],
    hooks: () =>
      onOneOfTwo(
        onXdsRoutes((route) => {
          const match = route['match'] as Message;
          const headers = listOf(match['headers']).filter((header) => !isMetadata(header));
          return { ...route, match: { ...match, headers } };
        }),
      ),
  },
  {
    name: 'one-of-two-proxies-edits-no-headers',
    title: 'One of the two proxies of a Gateway does not edit headers.',
    clauses: ['filter-request-header-set', 'filter-core-supported'],
    layers: ['routed', 'backend'],
    hooks: () =>
      onOneOfTwo(
        onXdsRoutes((route) => {
          const { request_headers_to_add: _request, response_headers_to_add: _response, ...rest } = route;
          return rest;
        }),
      ),
  },
  {
    name: 'one-of-two-proxies-splits-nothing',
    title: 'One of the two proxies of a Gateway sends all calls of a rule to its first backend.',
    clauses: ['weight-proportional'],
    layers: ['routed', 'backend'],
    hooks: () =>
      onOneOfTwo(
        onRouteActions((action) => {
          const split = action['weighted_clusters'] as Message | undefined;
          if (split !== undefined) split['clusters'] = listOf(split['clusters']).slice(0, 1);
        }),
      ),
  },
  {
    name: 'one-of-two-proxies-keeps-endpoints',
    title: 'One of the two proxies of a Gateway calls the endpoints that a Service had at first.',
    clauses: ['backend-endpoints-follow', 'backend-service-forwarding'],
    layers: ['routed', 'backend'],
    reference: 'envoyproxy/gateway#4685',
    hooks: () => onOneOfTwo(asFirstTold('eds')),
  },
  {
    name: 'one-of-two-proxies-keeps-certificate',
    title: 'One of the two proxies of a Gateway presents the certificate that a listener had at first.',
    clauses: ['tls-terminate-secret'],
    layers: ['tls', 'routed'],
    hooks: () => onOneOfTwo(asFirstTold('sds')),
  },
  {
    name: 'one-of-two-proxies-mirrors-nothing',
    title: 'One of the two proxies of a Gateway does not mirror.',
    clauses: ['filter-mirror-copies-calls', 'filter-mirror-default-all'],
    layers: ['routed', 'backend'],
    hooks: () =>
      onOneOfTwo(
        onRouteActions((action) => {
          delete action['request_mirror_policies'];
        }),
      ),
  },
  {
    name: 'one-of-two-proxies-has-other-sessions',
    title: 'A session that one of the two proxies of a Gateway has begun means nothing to the other one.',
    clauses: ['session-header-set-and-honoured', 'session-cookie-set-and-honoured'],
    layers: ['routed', 'backend'],
    channel: 'experimental',
    hooks: () =>
      onOneOfTwo(
        onXdsRoutes((route) => {
          const { filter_metadata: kept } = (route['metadata'] ?? {}) as {
            filter_metadata?: Record<string, unknown>;
          };
          if (kept?.[sessionFilter] === undefined) return route;
          const session = structuredClone(kept[sessionFilter]) as {
            fields: { session: { structValue: { fields: { scope: { stringValue: string } } } } };
          };
          const { scope } = session.fields.session.structValue.fields;
          scope.stringValue = Array.from(scope.stringValue).toReversed().join('');
          return { ...route, metadata: { filter_metadata: { ...kept, [sessionFilter]: session } } };
        }),
      ),
  },
  {
    name: 'one-of-two-proxies-loses-trailers',
    title: 'One of the two proxies of a Gateway drops the trailing metadata of answers.',
    clauses: ['backend-trailers-delivered', 'grpc-metadata-intact'],
    layers: ['trailers', 'backend'],
    hooks: () => {
      const { xds } = onResponses(`local t = handle:trailers()
  if t == nil then return end
  ${drop('t', 'string.sub(name, 1, 2) == "x-"')}`);
      return onOneOfTwo((resource) => xds?.(resource, '') ?? resource);
    },
  },
  {
    name: 'one-of-two-proxies-drops-deadlines',
    title: 'One of the two proxies of a Gateway does not pass on the deadlines of calls.',
    clauses: ['grpc-deadline-propagated'],
    layers: ['routed', 'backend'],
    hooks: () =>
      onOneOfTwo(
        onXdsRoutes((route) => ({
          ...route,
          request_headers_to_remove: [
            ...((route['request_headers_to_remove'] ?? []) as string[]),
            'grpc-timeout',
          ],
        })),
      ),
  },
  {
    name: 'one-of-two-proxies-keeps-listeners',
    title:
      'One of the two proxies of a Gateway keeps each port as it was first: what is edited of it changes nothing.',
    clauses: ['tls-frontend-wrong-ca-rejected', 'tls-frontend-valid-client-accepted'],
    layers: ['tls', 'connect', 'routed', 'backend'],
    hooks: () => onOneOfTwo(asFirstTold('lds')),
  },
  {
    name: 'replaced-proxy-stale',
    title: 'A proxy that takes the place of another one serves routes as they first were.',
    clauses: ['grpcroute-update-takes-effect', 'grpcroute-delete-stops-traffic'],
    layers: ['routed', 'backend'],
    reference: 'envoyproxy/gateway#8739',
    hooks: () => {
      const placeOf = firstOfGateways();
      const told = new Map<string, (resource: XdsResource) => XdsResource>();
      return {
        forProxy: (resource, proxy) => {
          const asFirst = told.get(proxy.gatewayKey) ?? asFirstTold('srds');
          told.set(proxy.gatewayKey, asFirst);
          const known = asFirst(resource);
          return placeOf(proxy).isFirst ? resource : known;
        },
      };
    },
  },
  {
    name: 'replaced-proxy-without-certificates',
    title:
      'A proxy that takes the place of another one is given no certificates: it closes what begins with TLS.',
    clauses: ['tls-terminate-secret', 'gateway-programmed-true'],
    layers: ['tls', 'connect'],
    reference: 'envoyproxy/gateway#9198',
    hooks: () => {
      const placeOf = firstOfGateways();
      return {
        forProxy: (resource, proxy) => (placeOf(proxy).isFirst ? resource : withoutTls(resource)),
      };
    },
  },
  {
    name: 'replaced-proxy-without-https-beside-broken',
    title:
      'A proxy that takes the place of another one has no HTTPS listeners while one of its Gateway names a Secret that does not exist.',
    clauses: ['tls-terminate-secret', 'gateway-programmed-true'],
    layers: ['tls', 'connect'],
    reference: 'istio/istio#14739',
    hooks: () => {
      const placeOf = firstOfGateways();
      const { has: lacksSecret, ...hooks } = gatewaysLackingSecrets();
      return {
        ...hooks,
        forProxy: (resource, proxy) =>
          !placeOf(proxy).isFirst && lacksSecret(proxy.gatewayKey) ? withoutTls(resource) : resource,
      };
    },
  },
  {
    name: 'new-proxy-refuses-before-routes',
    title:
      'A proxy that takes the place of another one takes calls before it knows any route, and refuses them.',
    clauses: ['grpcroute-known-to-new-proxies'],
    layers: ['routed'],
    reference: 'envoyproxy/gateway#8739',
    hooks: ({ now, refreshAfter }) => {
      const placeOf = firstOfGateways();
      const since = new Map<string, number>();
      const isNew = (at: number): boolean => now() - at < ignorantMs;
      return {
        // Another object each time, so that everything is told again once a proxy is new no more.
        ir: (gateway) => ({ ...gateway }),
        tellsAll: true,
        xds: (resource) => {
          if (resource.type !== 'srds') return resource;
          return reversioned(resource, String([...since.values()].filter((at) => !isNew(at)).length));
        },
        forProxy: (resource, proxy) => {
          const { address, isFirst } = placeOf(proxy);
          if (isFirst) return resource;
          const at = since.get(address) ?? now();
          if (!since.has(address)) refreshAfter(ignorantMs + 100);
          since.set(address, at);
          return resource.type === 'srds' && isNew(at) ? withoutHosts(resource) : resource;
        },
      };
    },
  },
];
