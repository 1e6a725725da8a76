import type { Issue, Rule } from '../rule.ts';
import type { SourceObject } from '../source.ts';
import { gatewayGroup, hasListeners } from '../world.ts';
import type { ListenerSpec } from '../world.ts';
import { groupsWithoutBackends } from './references.ts';

/** What the listeners of Gateways and ListenerSets promise. */
export const listenerRules: Rule[] = [
  {
    id: 'protocol-unknown',
    level: 'error',
    clause: 'listener-grpc-protocol-nonexistent',
    check: eachListener(({ protocol = '' }) =>
      isMistakenProtocol(protocol)
        ? {
            field: 'protocol',
            message: `there is no protocol ${protocol}`,
            fix: 'gRPC goes over HTTPS, or HTTP without TLS',
          }
        : undefined,
    ),
  },
  {
    id: 'protocol-of-implementation',
    level: 'note',
    check: eachListener(({ protocol = '' }) =>
      protocols.has(protocol) || protocol.includes('/') || isMistakenProtocol(protocol)
        ? undefined
        : {
            field: 'protocol',
            message: `protocol ${protocol} is none of Gateway API's: only an implementation that has one of that name serves the listener`,
            fix: 'make sure that yours does; for gRPC write HTTPS, or HTTP without TLS',
          },
    ),
  },
  {
    id: 'certificate-missing',
    level: 'warning',
    clause: 'tls-config-missing',
    check: eachListener(({ protocol, tls }) =>
      protocol !== 'HTTPS' || (tls?.certificateRefs?.length ?? 0) > 0 || tls?.options !== undefined
        ? undefined
        : {
            field: 'tls',
            message:
              'the specification demands tls for HTTPS: without it the listener is not programmed, unless the implementation takes the certificate from elsewhere',
            fix: 'name a kubernetes.io/tls Secret in tls.certificateRefs, or make sure that yours does',
          },
    ),
  },
  {
    id: 'listener-hostname-is-address',
    level: 'error',
    clause: 'hostname-ip-not-a-hostname',
    check: eachListener(({ hostname = '' }) =>
      isAddress(hostname)
        ? {
            field: 'hostname',
            message: `${hostname} is an IP address, not a hostname`,
            fix: 'leave hostname away to take calls to any authority',
          }
        : undefined,
    ),
  },
  {
    id: 'route-kinds-invalid',
    level: 'error',
    clause: 'listener-kinds-invalid-only',
    check: eachListener((listener) => wrongKinds(listener, 'all')),
  },
  {
    id: 'route-kinds-mixed',
    level: 'warning',
    clause: 'listener-kinds-mixed',
    check: eachListener((listener) => wrongKinds(listener, 'some')),
  },
];

/** Those of Gateway API. */
const protocols = new Set(['HTTP', 'HTTPS', 'TLS', 'TCP', 'UDP']);
/** What is written by mistake for one of them; other names may be the implementation's, such as HBONE. */
const mistakes = new Set(['GRPC', 'GRPCS', 'GRPC-WEB', 'HTTP2', 'H2', 'H2C', 'SSL']);

/** Also one of Gateway API in other letter case. */
export function isMistakenProtocol(protocol: string): boolean {
  const name = protocol.toUpperCase();
  return mistakes.has(name) || (protocols.has(name) && !protocols.has(protocol));
}

interface Found {
  field: string;
  message: string;
  fix: string;
  clause?: string;
}

function eachListener(judge: (listener: ListenerSpec) => Found | undefined): Rule['check'] {
  return ({ object }: SourceObject) => {
    if (!hasListeners(object)) return [];
    return (object.spec?.listeners ?? []).flatMap((listener, index): Issue[] => {
      const found = judge(listener);
      if (found === undefined) return [];
      const { field, ...rest } = found;
      return [{ path: ['spec', 'listeners', index, ...field.split('.').map(stepOf)], ...rest }];
    });
  };
}

function stepOf(text: string): string | number {
  return /^\d+$/.test(text) ? Number(text) : text;
}

export function isAddress(hostname: string): boolean {
  return /^\d+(\.\d+){3}$/.test(hostname);
}

/** Kinds of Gateway API that listeners of a protocol take; those of other groups are the implementation's business. */
const kindsByProtocol: Readonly<Record<string, readonly string[]>> = {
  HTTP: ['HTTPRoute', 'GRPCRoute'],
  HTTPS: ['HTTPRoute', 'GRPCRoute'],
  TLS: ['TLSRoute', 'TCPRoute', 'HTTPRoute', 'GRPCRoute'],
  TCP: ['TCPRoute'],
  UDP: ['UDPRoute'],
};

/** What is not decrypted has no requests in it. */
const kindsOfPassthrough: readonly string[] = ['TLSRoute', 'TCPRoute'];

function wrongKinds(
  { protocol = '', tls, allowedRoutes }: ListenerSpec,
  share: 'all' | 'some',
): Found | undefined {
  const isPassthrough = protocol === 'TLS' && tls?.mode === 'Passthrough';
  const fitting = isPassthrough ? kindsOfPassthrough : kindsByProtocol[protocol];
  const kinds = allowedRoutes?.kinds ?? [];
  if (fitting === undefined) return undefined;
  const isWrong = ({ group = gatewayGroup, kind = '' }: (typeof kinds)[number]): boolean =>
    group === gatewayGroup ? !fitting.includes(kind) : groupsWithoutBackends.has(group);
  const wrong = kinds.filter(isWrong);
  if (wrong.length === 0 || (wrong.length === kinds.length) !== (share === 'all')) return undefined;
  const names = wrong.map(({ group = gatewayGroup, kind = '' }) =>
    group === gatewayGroup ? kind : `${kind} of ${group === '' ? 'the core group' : `group ${group}`}`,
  );
  return {
    field: `allowedRoutes.kinds.${String(kinds.findIndex(isWrong))}`,
    message: `a listener of protocol ${protocol}${isPassthrough ? ' that passes it through' : ''} takes no ${names.join(', ')}: its ResolvedRefs will be False/InvalidRouteKinds`,
    fix: `name ${fitting.join(' or ')}, and leave group away`,
    ...(isPassthrough ? { clause: 'tls-passthrough-not-for-grpcroute' } : {}),
  };
}
