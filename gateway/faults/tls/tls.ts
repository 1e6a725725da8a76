import { keyOf } from '../../../common/object-key.ts';
import type { IrCertificate } from '../../ir/ir.ts';
import type { Condition, Secret } from '../../translate/model/gateway-api.ts';
import { anyHost, covers } from '../../translate/model/hostname.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { onHostLists, onHosts, onRoutes, onTables } from '../hooks/ir.ts';
import { onObjects } from '../hooks/objects.ts';
import { onConditions, onGatewayStatuses, onListenerStatuses, onParents } from '../hooks/statuses.ts';
import { onTlsContexts } from '../hooks/xds.ts';
import type { Message } from '../hooks/xds.ts';

function withAlpn(protocols: string[]): FaultHooks {
  return {
    xds: onTlsContexts((context) => {
      const common = context['common_tls_context'] as Message;
      common['alpn_protocols'] = protocols;
    }),
  };
}

/** Says True of listeners' conditions that are False for one of these reasons. */
function unreported(...reasons: string[]): FaultHooks {
  return {
    statuses: onConditions((condition, { level }) =>
      level === 'listener' && condition.status === 'False' && reasons.includes(condition.reason)
        ? { ...condition, status: 'True', reason: condition.type, message: 'all is well' }
        : condition,
    ),
  };
}

/** HTTPS listeners. */
export const tls: readonly Fault[] = [
  {
    name: 'alpn-missing',
    title: 'HTTPS listeners offer no protocol by ALPN.',
    clauses: ['grpcroute-https-h2-alpn'],
    layers: ['tls', 'http2', 'connect'],
    reference: 'cilium/cilium#39484',
    hooks: () => withAlpn([]),
  },
  {
    name: 'alpn-http1-only',
    title: 'HTTPS listeners offer HTTP/1.1 only.',
    clauses: ['grpcroute-https-h2-alpn'],
    layers: ['tls', 'http2', 'connect'],
    reference: 'cilium/cilium#31811',
    hooks: () => withAlpn(['http/1.1']),
  },
  {
    name: 'alpn-prefers-http1',
    title: 'A client that offers HTTP/2 and HTTP/1.1 gets HTTP/1.1.',
    clauses: ['grpcroute-https-h2-alpn'],
    layers: ['tls', 'http2', 'connect'],
    hooks: () => withAlpn(['http/1.1', 'h2']),
  },
  {
    name: 'grpcroute-not-on-https',
    title: 'GRPCRoutes are Accepted by HTTPS listeners and served on HTTP listeners only.',
    clauses: ['grpcroute-https-h2-alpn', 'parentref-sectionname-omitted-all-listeners'],
    layers: ['routed', 'tls'],
    reference: 'kgateway-dev/kgateway#13494',
    hooks: () => ({
      ir: onRoutes((route, { port }) =>
        port.protocol === 'HTTPS' && route.source.kind === 'GRPCRoute' ? undefined : route,
      ),
    }),
  },
  {
    name: 'grpcroute-not-on-http',
    title: 'GRPCRoutes are Accepted by HTTP listeners and served on HTTPS listeners only.',
    clauses: ['grpcroute-http-h2c-prior-knowledge'],
    layers: ['routed', 'http2'],
    reference: 'Kong/kubernetes-ingress-controller#4273',
    hooks: () => ({
      ir: onRoutes((route, { port }) =>
        port.protocol === 'HTTP' && route.source.kind === 'GRPCRoute' ? undefined : route,
      ),
    }),
  },
  {
    name: 'first-certificate-for-all',
    title: 'All HTTPS listeners of a port present the certificate of the first.',
    clauses: ['tls-longest-sni-certificate', 'tls-terminate-secret', 'tls-secret-namespace-default'],
    layers: ['tls', 'connect'],
    reference: 'aws/aws-application-networking-k8s#979',
    hooks: () => ({
      ir: onTables((table, port) => {
        const certificates = port.tables[0]?.tls?.certificates;
        return table.tls === undefined || certificates === undefined
          ? table
          : { ...table, tls: { ...table.tls, certificates } };
      }),
    }),
  },
  {
    name: 'only-first-certificate',
    title: 'Of several certificates of a listener only the first is used.',
    clauses: ['tls-multiple-certificates'],
    layers: ['tls', 'connect'],
    hooks: () => ({
      ir: onTables((table) =>
        table.tls === undefined
          ? table
          : { ...table, tls: { ...table.tls, certificates: table.tls.certificates.slice(0, 1) } },
      ),
    }),
  },
  {
    name: 'certificate-rotation-unnoticed',
    title: 'A certificate that is replaced stays in use.',
    clauses: ['tls-terminate-secret', 'tls-secret-recovers'],
    layers: ['tls', 'connect'],
    hooks: () => {
      const first = new Map<string, IrCertificate>();
      return {
        ir: onTables((table) => {
          if (table.tls === undefined) return table;
          const certificates = table.tls.certificates.map((certificate) => {
            const known = first.get(certificate.name) ?? certificate;
            first.set(certificate.name, known);
            return known;
          });
          return { ...table, tls: { ...table.tls, certificates } };
        }),
      };
    },
  },
  {
    name: 'later-certificate-unnoticed',
    title: 'A Secret that is created after its listener is not noticed.',
    clauses: ['tls-secret-recovers'],
    layers: ['status', 'programmed', 'tls', 'connect'],
    hooks: () => {
      const missed = new Set<string>();
      return {
        input: (input) => {
          const known = new Set(input.objects.secrets.map(keyOf));
          for (const { metadata, spec } of input.objects.gateways)
            for (const { tls: config } of spec.listeners ?? [])
              for (const { namespace = metadata.namespace, name } of config?.certificateRefs ?? [])
                if (!known.has(`${namespace}/${name}`)) missed.add(`${namespace}/${name}`);
          const secrets = input.objects.secrets.filter((secret: Secret) => !missed.has(keyOf(secret)));
          return { ...input, objects: { ...input.objects, secrets } };
        },
      };
    },
  },
  {
    name: 'missing-certificate-unreported',
    title: 'A listener whose certificate is missing or malformed looks healthy.',
    clauses: ['tls-secret-nonexistent', 'tls-secret-malformed', 'listener-programmed-false-invalid'],
    layers: ['status', 'programmed'],
    hooks: () => unreported('InvalidCertificateRef', 'Invalid'),
  },
  {
    name: 'foreign-certificate-reason-invalid',
    title: 'A certificate that no grant permits is reported as InvalidCertificateRef.',
    clauses: ['tls-refnotpermitted-before-invalid', 'tls-cross-namespace-no-grant'],
    layers: ['status'],
    hooks: () => ({
      statuses: onConditions((condition, { level }) =>
        level === 'listener' && condition.reason === 'RefNotPermitted'
          ? { ...condition, reason: 'InvalidCertificateRef' }
          : condition,
      ),
    }),
  },
  {
    name: 'certificate-kind-ignored',
    title: 'The kind and group of a certificateRef are not looked at.',
    clauses: ['tls-secret-unsupported-kind', 'tls-secret-unsupported-group'],
    layers: ['status', 'programmed'],
    hooks: () => ({
      input: onObjects('gateways', (gateway) => ({
        ...gateway,
        spec: {
          ...gateway.spec,
          listeners: (gateway.spec.listeners ?? []).map((listener) => ({
            ...listener,
            ...(listener.tls && {
              tls: {
                ...listener.tls,
                ...(listener.tls.certificateRefs && {
                  certificateRefs: listener.tls.certificateRefs.map(({ name, namespace }) => ({
                    name,
                    ...(namespace !== undefined && { namespace }),
                  })),
                }),
              },
            }),
          })),
        },
      })),
    }),
  },
  {
    name: 'overlap-unreported',
    title: 'HTTPS listeners whose hostnames overlap do not say so.',
    clauses: ['tls-overlap-hostnames-detected'],
    layers: ['status'],
    hooks: () => ({
      statuses: onConditions((condition) =>
        condition.type === 'OverlappingTLSConfig' ? undefined : condition,
      ),
    }),
  },
  {
    name: 'overlap-of-certificates-misnamed',
    title: 'HTTPS listeners whose certificates overlap are said to have overlapping hostnames.',
    clauses: ['tls-overlap-certificates'],
    layers: ['status'],
    hooks: () => ({
      statuses: onConditions((condition) =>
        condition.reason === 'OverlappingCertificates'
          ? { ...condition, reason: 'OverlappingHostnames' }
          : condition,
      ),
    }),
  },
  {
    name: 'overlap-of-certificates-one-sided',
    title: 'Of HTTPS listeners whose certificates overlap, only the first says so.',
    clauses: ['tls-overlap-certificates'],
    layers: ['status'],
    hooks: () => ({
      statuses: onConditions((condition, place) => {
        if (place.level !== 'listener' || condition.reason !== 'OverlappingCertificates') return condition;
        const { listeners = [] } = place.object.spec;
        const port = listeners.find(({ name }) => name === place.listener)?.port;
        const first = listeners.find((listener) => listener.port === port);
        return first?.name === place.listener ? condition : undefined;
      }),
    }),
  },
  {
    name: 'overlap-of-certificates-sticks',
    title: 'HTTPS listeners whose certificates overlapped once say so for ever.',
    clauses: ['tls-overlap-cleared'],
    layers: ['status'],
    hooks: () => {
      const told = new Map<string, Condition>();
      return {
        statuses: onListenerStatuses((listener, gateway) => {
          const key = `${keyOf(gateway)}/${listener.name}`;
          const overlap = listener.conditions.find(({ type }) => type === 'OverlappingTLSConfig');
          if (overlap !== undefined) told.set(key, overlap);
          const kept = told.get(key);
          return overlap !== undefined || kept === undefined
            ? listener
            : { ...listener, conditions: [...listener.conditions, kept] };
        }),
      };
    },
  },
  {
    name: 'overlap-of-certificates-everywhere',
    title: 'Any two certificates on one port are taken for overlapping.',
    clauses: ['tls-overlap-not-on-others'],
    layers: ['status'],
    hooks: () => ({
      statuses: onGatewayStatuses((status, gateway) => {
        const overlap = status.listeners
          ?.flatMap(({ conditions }) => conditions)
          .find(({ reason }) => reason === 'OverlappingCertificates');
        if (overlap === undefined) return status;
        const isHttps = (wanted: string): boolean =>
          gateway.spec.listeners?.some(({ name, protocol }) => name === wanted && protocol === 'HTTPS') ===
          true;
        return {
          ...status,
          ...(status.listeners && {
            listeners: status.listeners.map((listener) =>
              !isHttps(listener.name) ||
              listener.conditions.some(({ type }) => type === 'OverlappingTLSConfig')
                ? listener
                : { ...listener, conditions: [...listener.conditions, overlap] },
            ),
          }),
        };
      }),
    }),
  },
  {
    name: 'passthrough-takes-grpcroutes',
    title: 'A GRPCRoute is said to be attached to a listener that passes TLS through.',
    clauses: ['tls-passthrough-not-for-grpcroute', 'tls-profile-kgateway-terminated-only'],
    layers: ['status'],
    hooks: () => ({
      statuses: onParents((parent, { metadata }, { objects }) => {
        const { namespace = metadata.namespace, name, sectionName } = parent.parentRef;
        const listeners = objects.gateways
          .filter((gateway) => gateway.metadata.name === name && gateway.metadata.namespace === namespace)
          .flatMap(({ spec }) => spec.listeners ?? []);
        const isPassed = listeners.some(
          (listener) => listener.name === sectionName && listener.tls?.mode === 'Passthrough',
        );
        if (!isPassed) return parent;
        const conditions = parent.conditions?.map((condition) =>
          condition.type === 'Accepted'
            ? { ...condition, status: 'True' as const, reason: 'Accepted', message: 'all is well' }
            : condition,
        );
        return { ...parent, ...(conditions && { conditions }) };
      }),
    }),
  },
  {
    name: 'passthrough-terminated',
    title: 'A listener that is to pass TLS through is terminated with the certificate of another one.',
    clauses: ['tls-passthrough-not-for-grpcroute', 'tls-profile-kgateway-terminated-only'],
    layers: ['status', 'tls'],
    hooks: () => ({
      input: onObjects('gateways', (gateway) => {
        const listeners = gateway.spec.listeners ?? [];
        const terminating = listeners.find(({ protocol }) => protocol === 'HTTPS');
        if (terminating?.tls === undefined) return gateway;
        const { tls: own } = terminating;
        const edited = listeners.map((listener) =>
          listener.tls?.mode === 'Passthrough' ? { ...listener, protocol: 'HTTPS', tls: own } : listener,
        );
        return { ...gateway, spec: { ...gateway.spec, listeners: edited } };
      }),
    }),
  },
  {
    name: 'misdirected-call-served',
    title:
      'A call whose authority belongs to another HTTPS listener is served by the listener of the handshake.',
    clauses: ['listener-misdirected-421', 'listener-hostname-verify-after-sni'],
    layers: ['routed', 'tls', 'http2'],
    hooks: () => ({
      ir: onHosts((host, { port }) => {
        const isMisdirected = host.routes.some(({ source }) => source.kind === 'Gateway');
        if (!isMisdirected) return host;
        const other = port.tables
          .flatMap(({ hosts }) => hosts)
          .find(
            ({ hostname, routes }) =>
              hostname === host.hostname && routes.some(({ source }) => source.kind !== 'Gateway'),
          );
        return other === undefined ? undefined : { ...host, routes: other.routes };
      }),
    }),
  },
  {
    name: 'misdirected-call-served-by-wildcard',
    title:
      'A call whose authority belongs to another HTTPS listener is served where the wildcard of the handshake’s listener has that name, too.',
    clauses: ['listener-misdirected-421'],
    layers: ['routed', 'tls', 'http2'],
    hooks: () => ({
      ir: onHostLists((hosts, { table }) =>
        table.tls === undefined
          ? hosts
          : hosts.filter(
              ({ hostname, routes }) =>
                !covers(table.tls?.serverName ?? anyHost, hostname) ||
                routes.every(({ source }) => source.kind !== 'Gateway'),
            ),
      ),
    }),
  },
  {
    name: 'misdirected-call-404',
    title: 'A call whose authority belongs to another HTTPS listener is answered 404 instead of 421.',
    clauses: ['listener-misdirected-421'],
    layers: ['routed', 'tls', 'http2'],
    hooks: () => ({
      ir: onRoutes((route) =>
        route.source.kind === 'Gateway' ? { ...route, action: { type: 'respond', httpStatus: 404 } } : route,
      ),
    }),
  },
  {
    name: 'misdirected-to-wider-listener-404',
    title:
      'A call whose authority belongs to an HTTPS listener that has the name of the handshake as well, but less precisely, is answered 404 instead of 421.',
    clauses: ['listener-misdirected-421'],
    layers: ['routed', 'tls', 'http2'],
    hooks: () => ({
      ir: onRoutes((route, { host, table }) =>
        route.source.kind === 'Gateway' && covers(host.hostname, table.tls?.serverName ?? anyHost)
          ? { ...route, action: { type: 'respond', httpStatus: 404 } }
          : route,
      ),
    }),
  },
  {
    name: 'misdirected-to-listener-set-404',
    title:
      'A call whose authority belongs to an HTTPS listener of a ListenerSet is answered 404 instead of 421 on connections of others.',
    clauses: ['listener-misdirected-421'],
    layers: ['routed', 'tls', 'http2'],
    hooks: () => ({
      ir: onRoutes((route) =>
        // The names of ListenerSets' listeners have `_` in them, see listenerId.
        route.source.kind === 'Gateway' && route.name.includes('_')
          ? { ...route, action: { type: 'respond', httpStatus: 404 } }
          : route,
      ),
    }),
  },
  {
    name: 'authority-not-checked-on-https',
    title: 'On HTTPS listeners the authority of a call is not looked at, only the name of the handshake.',
    clauses: ['listener-hostname-https-sni-and-authority', 'hostname-matched-before-rules'],
    layers: ['routed', 'tls'],
    hooks: () => ({
      ir: onTables((table) => {
        if (table.tls === undefined) return table;
        const routes = table.hosts.flatMap((host) =>
          host.routes.filter(({ source }) => source.kind !== 'Gateway'),
        );
        return { ...table, hosts: [{ hostname: '*', routes, fallThrough: true }] };
      }),
    }),
  },
];
