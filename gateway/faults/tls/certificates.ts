import { X509Certificate } from 'node:crypto';
import type { IrCertificate, IrGateway, IrTls } from '../../ir/ir.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { onTables } from '../hooks/ir.ts';
import { remembered } from '../hooks/memo.ts';
import { listOf, onResources } from '../hooks/xds.ts';
import type { Message } from '../hooks/xds.ts';

/** Edits what HTTPS listeners present. */
function onTls(edit: (tls: IrTls) => IrTls): FaultHooks {
  const editOnce = remembered(edit);
  const rebuilt = remembered((table: { tls?: IrTls }) => ({
    ...table,
    ...(table.tls && { tls: editOnce(table.tls) }),
  }));
  return { ir: onTables((table) => (table.tls === undefined ? table : (rebuilt(table) as typeof table))) };
}

const firstOf = (pem: string): string => /-----BEGIN[^]*?-----END CERTIFICATE-----\n?/.exec(pem)?.[0] ?? pem;

const isRsa = ({ certificatePem }: IrCertificate): boolean =>
  new X509Certificate(certificatePem).publicKey.asymmetricKeyType === 'rsa';

const hasExpired = remembered(
  ({ certificatePem }: IrCertificate) =>
    new X509Certificate(certificatePem).validToDate.getTime() < Date.now(),
);

const hasExpiredOnes = ({ ports }: IrGateway): boolean =>
  ports.some(({ tables }) => tables.some(({ tls }) => tls?.certificates.some(hasExpired)));

/** Which certificates clients see, and which clients are let in to see them. */
export const certificates: readonly Fault[] = [
  {
    name: 'certificate-chain-cut',
    title: 'Of a Secret with a chain of certificates only the first is presented.',
    clauses: ['tls-terminate-secret'],
    layers: ['tls'],
    hooks: () =>
      onTls((tls) => ({
        ...tls,
        certificates: tls.certificates.map((each) => ({
          ...each,
          certificatePem: firstOf(each.certificatePem),
        })),
      })),
  },
  {
    name: 'only-rsa-certificates',
    title: 'Where one of the certificates of a listener has an RSA key, no other one is presented.',
    clauses: ['tls-terminate-secret', 'tls-multiple-certificates'],
    layers: ['tls', 'connect', 'routed'],
    hooks: () =>
      onTls((tls) =>
        tls.certificates.some(isRsa) ? { ...tls, certificates: tls.certificates.filter(isRsa) } : tls,
      ),
  },
  {
    name: 'only-ecdsa-certificates',
    title: 'A certificate with an RSA key is reported as fine and not presented.',
    clauses: ['tls-terminate-secret', 'tls-multiple-certificates'],
    layers: ['tls', 'connect', 'routed'],
    hooks: () => onTls((tls) => ({ ...tls, certificates: tls.certificates.filter((each) => !isRsa(each)) })),
  },
  {
    name: 'expired-certificate-stops-its-gateway',
    title: 'As long as one of its certificates has expired a Gateway is served as it was when that came.',
    clauses: ['gateway-listener-added', 'tls-secret-recovers'],
    layers: ['tls', 'connect', 'routed', 'http2'],
    reference: 'envoyproxy/gateway#9225',
    hooks: () => {
      const served = new Map<string, IrGateway>();
      return {
        ir: (gateway) => {
          const before = served.get(gateway.key) ?? gateway;
          const now = hasExpiredOnes(gateway) ? before : gateway;
          served.set(gateway.key, now);
          return now;
        },
      };
    },
  },
  {
    name: 'clients-without-sni-refused',
    title: 'Clients that send no server name are refused by an HTTPS listener that is for every host.',
    clauses: ['tls-terminate-secret', 'grpcroute-https-h2-alpn'],
    layers: ['tls', 'connect'],
    hooks: () => ({
      xds: onResources('lds', (listener) => {
        for (const chain of listOf(listener['filter_chains'])) {
          const match = chain['filter_chain_match'] as Message | undefined;
          const names = (match?.['server_names'] ?? []) as string[];
          if (match === undefined || names.length > 0 || chain['transport_socket'] === undefined) continue;
          match['server_names'] = ['*.com', '*.org', '*.net'];
        }
      }),
    }),
  },
];
