import { keyOf } from '../../../common/object-key.ts';
import type { Gateway, ReferenceGrant, Secret } from '../../translate/model/gateway-api.ts';
import type { TranslateInput } from '../../translate/model/types.ts';
import type { IrCertificate, IrGateway } from '../../ir/ir.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { besideFirst, outliving } from '../hooks/first-seen.ts';
import { onTables } from '../hooks/ir.ts';
import { remembered } from '../hooks/memo.ts';
import { onObjects, shownBy } from '../hooks/objects.ts';
import { listOf, onResources } from '../hooks/xds.ts';

const layers: Fault['layers'] = ['tls', 'connect', 'routed', 'status', 'programmed'];

const firstOf = (pem: string): string => /-----BEGIN[^]*?-----END CERTIFICATE-----\n?/.exec(pem)?.[0] ?? pem;

/** Keeps Secrets as they were first, where `isMeant` says so of their key. */
function frozen(isMeant: (key: string, input: TranslateInput) => boolean): FaultHooks {
  const first = new Map<string, Secret>();
  return {
    input: (input) => {
      const secrets = input.objects.secrets.map((secret) => {
        const key = keyOf(secret);
        if (!isMeant(key, input)) return secret;
        const kept = first.get(key) ?? secret;
        first.set(key, kept);
        return kept;
      });
      return { ...input, objects: { ...input.objects, secrets } };
    },
  };
}

/** The Secrets that listeners of Gateways name, each with its place in the list. */
function namedBy(gateways: readonly Gateway[]): { key: string; place: number }[] {
  return gateways.flatMap(({ metadata, spec }) =>
    (spec.listeners ?? []).flatMap(({ tls }) =>
      (tls?.certificateRefs ?? []).map(({ namespace = metadata.namespace, name }, place) => ({
        key: `${namespace}/${name}`,
        place,
      })),
    ),
  );
}

const onCaGrants = (edit: (spec: ReferenceGrant['spec']) => ReferenceGrant['spec']): FaultHooks => ({
  input: onObjects('referenceGrants', (grant) => ({ ...grant, spec: edit(grant.spec) })),
});

/** Certificates and CAs that come back or change in an order of their own. */
export const certificateReturns: readonly Fault[] = [
  {
    name: 'recreated-certificate-as-before',
    title: 'A Secret that is deleted and made again gives the certificate that it had.',
    clauses: ['tls-terminate-secret', 'tls-secret-recovers'],
    layers,
    hooks: () => {
      const known = new Map<string, { born: string; secret: Secret }>();
      return {
        input: onObjects('secrets', (secret) => {
          const born = String(secret.metadata.creationTimestamp);
          const before = known.get(keyOf(secret));
          if (before !== undefined && before.born !== born) return before.secret;
          known.set(keyOf(secret), { born, secret });
          return secret;
        }),
      };
    },
  },
  {
    name: 'rotation-of-second-certificate-unnoticed',
    title: 'Of several certificates of a listener only the first may be replaced.',
    clauses: ['tls-multiple-certificates', 'tls-terminate-secret'],
    layers,
    hooks: () =>
      frozen((key, { objects }) => {
        const places = namedBy(objects.gateways).filter((named) => named.key === key);
        return places.length > 0 && places.every(({ place }) => place > 0);
      }),
  },
  {
    name: 'rotation-under-listener-set-unnoticed',
    title: 'A certificate that a ListenerSet names stays in use when it is replaced.',
    clauses: ['tls-terminate-secret', 'listenerset-secret-own-namespace'],
    layers,
    hooks: () =>
      frozen((key, { objects }) =>
        namedBy(objects.listenerSets as unknown as readonly Gateway[]).some((named) => named.key === key),
      ),
  },
  {
    name: 'certificate-of-first-port-for-host',
    title: 'Listeners for one host on two ports present the certificate of the one with the lower port.',
    clauses: ['tls-terminate-secret'],
    layers,
    hooks: () => {
      const edit = remembered((gateway: IrGateway): IrGateway => {
        const byHost = new Map<string, IrCertificate[]>();
        return {
          ...gateway,
          ports: [...gateway.ports]
            .sort((left, right) => left.port - right.port)
            .map((port) => ({
              ...port,
              tables: port.tables.map((table) => {
                if (table.tls === undefined) return table;
                const host = table.tls.serverName ?? '*';
                const certificates = byHost.get(host) ?? table.tls.certificates;
                byHost.set(host, certificates);
                return { ...table, tls: { ...table.tls, certificates } };
              }),
            })),
        };
      });
      return { ir: edit };
    },
  },
  {
    name: 'client-ca-first-of-bundle-only',
    title: 'Of a CA bundle for clients with several certificates only the first counts.',
    clauses: ['tls-frontend-valid-client-accepted'],
    layers,
    hooks: () => ({
      ir: onTables((table) => {
        const validation = table.tls?.clientValidation;
        if (table.tls === undefined || validation === undefined) return table;
        const clientValidation = { ...validation, caPem: firstOf(validation.caPem) };
        return { ...table, tls: { ...table.tls, clientValidation } };
      }),
    }),
  },
  {
    name: 'client-ca-of-port-adds-to-default',
    title: 'The CA that a Gateway names for the clients of one port is taken beside that of all ports.',
    clauses: ['tls-frontend-perport-overrides'],
    layers,
    hooks: () => ({
      input: onObjects('gateways', (gateway) => {
        const { frontend } = gateway.spec.tls ?? {};
        const common = frontend?.default?.validation?.caCertificateRefs;
        if (frontend?.perPort === undefined || common === undefined) return gateway;
        const perPort = frontend.perPort.map(({ port, tls }) =>
          tls?.validation === undefined
            ? { port, ...(tls && { tls }) }
            : {
                port,
                tls: {
                  ...tls,
                  validation: {
                    ...tls.validation,
                    caCertificateRefs: [...(tls.validation.caCertificateRefs ?? []), ...common],
                  },
                },
              },
        );
        const tls = { ...gateway.spec.tls, frontend: { ...frontend, perPort } };
        return { ...gateway, spec: { ...gateway.spec, tls } };
      }),
    }),
  },
  {
    name: 'client-validation-edit-unnoticed',
    title: 'What a Gateway asks of its clients stays what it asked for first.',
    clauses: [
      'tls-frontend-wrong-ca-rejected',
      'tls-frontend-no-client-cert-rejected',
      'tls-frontend-insecure-fallback',
    ],
    layers,
    hooks: () =>
      besideFirst('gateways', (now, first) => {
        const { frontend } = first.spec.tls ?? {};
        return frontend === undefined
          ? now
          : { ...now, spec: { ...now.spec, tls: { ...now.spec.tls, frontend } } };
      }),
  },
  {
    name: 'client-ca-grant-name-ignored',
    title: 'A grant to one ConfigMap permits all of its namespace.',
    clauses: ['tls-frontend-ca-cross-namespace'],
    layers,
    hooks: () =>
      onCaGrants(({ from, to }) => ({
        from,
        to: to.map(({ name, ...each }) =>
          each.kind === 'ConfigMap' || name === undefined ? each : { ...each, name },
        ),
      })),
  },
  {
    name: 'client-ca-granted-with-secrets',
    title: 'A grant to the Secrets of a namespace permits its ConfigMaps the same.',
    clauses: ['tls-frontend-ca-cross-namespace'],
    layers,
    hooks: () =>
      onCaGrants(({ from, to }) => ({
        from,
        to: to.flatMap((each) => (each.kind === 'Secret' ? [each, { group: '', kind: 'ConfigMap' }] : each)),
      })),
  },
  {
    name: 'https-port-takes-plaintext',
    title: 'The port of an HTTPS listener serves calls without TLS as well.',
    clauses: ['tls-terminate-secret'],
    layers: [...layers, 'http2'],
    hooks: () => ({
      xds: onResources('lds', (listener) => {
        const chains = listOf(listener['filter_chains']);
        const [first] = chains.filter((chain) => chain['transport_socket'] !== undefined);
        if (first === undefined) return;
        const { transport_socket: _socket, ...bare } = first;
        listener['filter_chains'] = [
          ...chains,
          { ...bare, name: 'bare', filter_chain_match: { transport_protocol: 'raw_buffer' } },
        ];
      }),
    }),
  },
  {
    name: 'rotation-reaches-first-listener-only',
    title: 'Of the HTTPS listeners with one certificate only the first gets what replaces it.',
    clauses: ['tls-terminate-secret'],
    layers,
    hooks: () => {
      const first = new Map<string, IrCertificate>();
      return {
        ir: remembered((gateway: IrGateway): IrGateway => {
          const used = new Set<string>();
          return {
            ...gateway,
            ports: gateway.ports.map((port) => ({
              ...port,
              tables: port.tables.map((table) => {
                if (table.tls === undefined) return table;
                const certificates = table.tls.certificates.map((certificate) => {
                  const isLater = used.has(certificate.name);
                  used.add(certificate.name);
                  if (!isLater) return certificate;
                  const kept = first.get(`${gateway.key} ${certificate.name}`) ?? {
                    ...certificate,
                    name: `${certificate.name}-kept`,
                  };
                  first.set(`${gateway.key} ${certificate.name}`, kept);
                  return kept;
                });
                return { ...table, tls: { ...table.tls, certificates } };
              }),
            })),
          };
        }),
      };
    },
  },
  {
    name: 'client-ca-grant-outlives',
    title: 'A grant for CAs of clients goes on permitting them when it is deleted.',
    clauses: ['tls-frontend-ca-cross-namespace'],
    layers,
    hooks: () => ({
      input: outliving('referenceGrants', ({ spec }) => spec.to.some(({ kind }) => kind === 'ConfigMap')),
    }),
  },
  {
    name: 'backend-client-certificate-frozen',
    title: 'Backends are shown the client certificate that its Secret had first.',
    clauses: ['tls-backend-client-cert-presented'],
    layers: ['backend', 'routed'],
    hooks: () => frozen((key, { objects }) => shownBy(objects.gateways).includes(key)),
  },
  {
    name: 'backend-client-grant-outlives',
    title: 'A grant for the client certificate of a Gateway goes on permitting it when it is deleted.',
    clauses: ['tls-backend-client-cert-no-grant'],
    layers: ['status', 'backend', 'routed'],
    hooks: () => ({
      input: outliving('referenceGrants', ({ metadata }, { objects }) =>
        shownBy(objects.gateways).some((key) => key.split('/')[0] === metadata.namespace),
      ),
    }),
  },
];
