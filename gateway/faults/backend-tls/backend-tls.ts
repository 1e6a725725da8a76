import type { IrBackendTls, IrCluster } from '../../ir/ir.ts';
import { isWildcard } from '../../translate/model/hostname.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { onClusters } from '../hooks/ir.ts';
import { inPlaintext, toClusters } from '../hooks/plaintext.ts';
import { escapeRegex } from '../hooks/text.ts';
import { onBackendTls } from '../hooks/xds.ts';
import type { Message } from '../hooks/xds.ts';

function onSettings(edit: (tls: IrBackendTls, cluster: IrCluster) => IrBackendTls): FaultHooks {
  return {
    ir: onClusters((cluster) =>
      cluster.tls === undefined ? cluster : { ...cluster, tls: edit(cluster.tls, cluster) },
    ),
  };
}

export function validationOf(context: Message): Message {
  return (context['common_tls_context'] as Message)['validation_context'] as Message;
}

const isHostname = ({ serverName, subjectAltNames }: IrBackendTls): boolean =>
  subjectAltNames.length === 1 && subjectAltNames[0]?.value === serverName;

/** BackendTLSPolicy: what connections to backends are like. */
export const backendTls: readonly Fault[] = [
  {
    name: 'backend-tls-never',
    title: 'Policies are Accepted, and connections to backends stay plaintext.',
    clauses: ['btls-union-with-grpcroute'],
    layers: ['backend', 'routed'],
    hooks: () => ({ ir: onClusters(({ tls: _tls, ...cluster }) => cluster) }),
  },
  {
    name: 'backend-tls-not-from-https',
    title: 'Calls of HTTPS listeners go to the backend in plaintext.',
    clauses: ['btls-any-listener-protocol'],
    layers: ['backend', 'routed'],
    hooks: () =>
      inPlaintext((route, twin, { port }) => (port.protocol === 'HTTP' ? route : toClusters(route, twin))),
  },
  {
    name: 'backend-tls-not-in-splits',
    title: 'Calls of a rule with several backends go to them in plaintext.',
    clauses: ['btls-union-with-grpcroute'],
    layers: ['backend', 'routed'],
    hooks: () =>
      inPlaintext((route, twin) =>
        route.action.type === 'forward' && route.action.backends.length > 1 ? toClusters(route, twin) : route,
      ),
  },
  {
    name: 'backend-tls-not-for-mirrors',
    title: 'Mirrored calls go to the backend in plaintext.',
    clauses: ['btls-mirror-union'],
    layers: ['backend', 'routed'],
    hooks: () =>
      inPlaintext((route, twin) =>
        route.mirrors.length === 0
          ? route
          : { ...route, mirrors: route.mirrors.map((one) => ({ ...one, cluster: twin(one.cluster) })) },
      ),
  },
  {
    name: 'backend-alpn-http1',
    title: 'HTTP/1.1 is offered to backends by ALPN where gRPC needs HTTP/2.',
    clauses: ['btls-http2-over-tls', 'btls-union-with-grpcroute'],
    layers: ['backend', 'routed'],
    hooks: () => ({
      xds: onBackendTls((context) => {
        (context['common_tls_context'] as Message)['alpn_protocols'] = ['http/1.1'];
      }),
    }),
  },
  {
    name: 'backend-sni-missing',
    title: 'No server name is sent to the backend.',
    clauses: ['btls-sni-is-hostname'],
    layers: ['backend', 'routed'],
    hooks: () => onSettings((tls) => ({ ...tls, serverName: '' })),
  },
  {
    name: 'backend-sni-is-san',
    title:
      'Where subjectAltNames are given, the first of them is sent as server name instead of the hostname.',
    clauses: ['btls-sni-is-hostname', 'btls-san-replaces-hostname'],
    layers: ['backend', 'routed'],
    hooks: () =>
      onSettings((tls) => {
        const [first] = tls.subjectAltNames;
        return first?.type === 'dns' ? { ...tls, serverName: first.value } : tls;
      }),
  },
  {
    name: 'backend-hostname-not-verified',
    title: "The backend's certificate may have any name, as long as it is from the CA.",
    clauses: ['btls-hostname-authenticates'],
    layers: ['backend', 'routed'],
    hooks: () => onSettings((tls) => (isHostname(tls) ? { ...tls, subjectAltNames: [] } : tls)),
  },
  {
    name: 'backend-san-ignored',
    title: 'Any certificate from the CA passes where subjectAltNames are given.',
    clauses: ['btls-san-match', 'btls-san-uri', 'btls-san-any-of'],
    layers: ['backend', 'routed'],
    hooks: () => onSettings((tls) => (isHostname(tls) ? tls : { ...tls, subjectAltNames: [] })),
  },
  {
    name: 'backend-san-wildcard-includes-apex',
    title: 'A wildcard in subjectAltNames lets the name below which it is pass.',
    clauses: ['btls-san-match'],
    layers: ['backend', 'routed'],
    hooks: () =>
      onSettings((tls) => ({
        ...tls,
        subjectAltNames: tls.subjectAltNames.flatMap((each) => [
          each,
          ...(isWildcard(each.value) ? [{ ...each, value: each.value.slice(2) }] : []),
        ]),
      })),
  },
  {
    name: 'backend-san-first-only',
    title: 'Only the first of several subjectAltNames counts.',
    clauses: ['btls-san-any-of'],
    layers: ['backend', 'routed'],
    hooks: () => onSettings((tls) => ({ ...tls, subjectAltNames: tls.subjectAltNames.slice(0, 1) })),
  },
  {
    name: 'backend-san-beside-hostname',
    title: 'With subjectAltNames the hostname authenticates the backend as well.',
    clauses: ['btls-san-replaces-hostname', 'btls-san-match'],
    layers: ['backend', 'routed'],
    hooks: () =>
      onSettings((tls) => ({
        ...tls,
        subjectAltNames: [...tls.subjectAltNames, { type: 'dns', value: tls.serverName }],
      })),
  },
  {
    name: 'backend-san-uri-prefix',
    title: 'A URI of the policy matches every URI of a certificate that begins with it.',
    clauses: ['btls-san-uri'],
    layers: ['backend', 'routed'],
    hooks: () => ({
      xds: onBackendTls((context) => {
        const matchers = (validationOf(context)['match_typed_subject_alt_names'] ?? []) as Message[];
        for (const { san_type, matcher } of matchers) {
          const text = matcher as Message;
          if (san_type !== 'URI') continue;
          text['prefix'] = text['exact'];
          delete text['exact'];
        }
      }),
    }),
  },
  {
    name: 'expired-backend-certificate-taken',
    title: 'A backend whose certificate has expired gets calls.',
    clauses: ['btls-ca-authenticates'],
    layers: ['backend', 'routed'],
    hooks: () => ({
      xds: onBackendTls((context) => {
        validationOf(context)['allow_expired_certificate'] = true;
      }),
    }),
  },
  {
    name: 'wildcard-backend-certificate-refused',
    title:
      'A backend whose certificate is for a wildcard that covers the hostname of the policy gets no call.',
    clauses: ['btls-hostname-authenticates'],
    layers: ['backend', 'routed'],
    hooks: () => ({
      xds: onBackendTls((context) => {
        const matchers = (validationOf(context)['match_typed_subject_alt_names'] ?? []) as Message[];
        for (const { matcher } of matchers) {
          const text = matcher as Message;
          if (typeof text['exact'] !== 'string') continue;
          // Unlike an exact name, a pattern is compared with the name in the certificate as it is written.
          text['safe_regex'] = { regex: escapeRegex(text['exact']) };
          delete text['exact'];
        }
      }),
    }),
  },
  {
    name: 'backend-ca-ignored',
    title: "The backend's certificate may be from any CA, as long as the name is right.",
    clauses: ['btls-ca-authenticates'],
    layers: ['backend', 'routed'],
    hooks: () => ({
      xds: onBackendTls((context) => {
        validationOf(context)['trust_chain_verification'] = 'ACCEPT_UNTRUSTED';
      }),
    }),
  },
];
