import type { Issue, Rule } from '../rule.ts';
import type { SourceObject } from '../source.ts';
import { isGateway, isRoute } from '../world.ts';
import type { ListenerSpec, World } from '../world.ts';
import { conflictIssues } from './conflicts.ts';

/** Gateways and what their listeners promise. */
export const listenerRules: Rule[] = [
  { id: 'written-twice', level: 'warning', check: writtenTwice },
  {
    id: 'protocol-unknown',
    level: 'error',
    clause: 'listener-grpc-protocol-nonexistent',
    check: eachListener(({ protocol = '' }) =>
      ['HTTP', 'HTTPS', 'TLS', 'TCP', 'UDP'].includes(protocol) || protocol.includes('/')
        ? undefined
        : {
            field: 'protocol',
            message: `there is no protocol ${protocol}`,
            fix: 'gRPC goes over HTTPS, or HTTP without TLS',
          },
    ),
  },
  {
    id: 'certificate-missing',
    level: 'error',
    clause: 'tls-config-missing',
    check: eachListener(({ protocol, tls }) =>
      protocol !== 'HTTPS' || (tls?.certificateRefs?.length ?? 0) > 0 || tls?.options !== undefined
        ? undefined
        : {
            field: 'tls',
            message: 'an HTTPS listener without a certificate is not programmed',
            fix: 'name a kubernetes.io/tls Secret in tls.certificateRefs',
          },
    ),
  },
  {
    id: 'selector-without-effect',
    level: 'warning',
    clause: 'listener-namespaces-selector-ignored',
    check: eachListener(({ allowedRoutes }) => {
      const { from = 'Same', selector } = allowedRoutes?.namespaces ?? {};
      if (selector === undefined || from === 'Selector') return undefined;
      return {
        field: 'allowedRoutes',
        message: `the selector has no effect with from: ${from}`,
        fix: 'write from: Selector, or remove the selector',
      };
    }),
  },
  { id: 'hostname-is-address', level: 'error', clause: 'hostname-ip-not-a-hostname', check: addresses },
  {
    id: 'hostname-shared-with-httproute',
    level: 'warning',
    clause: 'hostname-conflict-exactly-one',
    check: sharedHostnames,
  },
];

function eachListener(
  judge: (listener: ListenerSpec) => { field: string; message: string; fix: string } | undefined,
): Rule['check'] {
  return ({ object }) => {
    if (!isGateway(object)) return [];
    return (object.spec?.listeners ?? []).flatMap((listener, index): Issue[] => {
      const found = judge(listener);
      if (found === undefined) return [];
      const { field, message, fix } = found;
      return [{ path: ['spec', 'listeners', index, field], message, fix }];
    });
  };
}

function writtenTwice({ object }: SourceObject, world: World): Issue[] {
  const all = world.all(object.kind ?? '', world.namespaceOf(object), object.metadata?.name);
  if (all.length < 2 || all[0]?.object === object) return [];
  return [
    {
      path: ['metadata', 'name'],
      message: `the object is written ${String(all.length)} times: the last one applied replaces the others`,
      fix: 'give them names of their own, or keep one',
    },
  ];
}

function addresses({ object }: SourceObject): Issue[] {
  if (!isRoute(object)) return [];
  return (object.spec?.hostnames ?? []).flatMap((hostname, index) =>
    /^\d+(\.\d+){3}$/.test(hostname)
      ? [
          {
            path: ['spec', 'hostnames', index],
            message: `${hostname} is an IP address, not a hostname`,
            fix: 'leave hostnames away to take calls to any authority',
          },
        ]
      : [],
  );
}

function sharedHostnames(source: SourceObject, world: World): Issue[] {
  return conflictIssues(source, world, (rival, listener) => ({
    message: `HTTPRoute ${rival} has the same hostname on listener ${listener}: up to v1.6 only one of the two may be accepted, the older one`,
    fix: 'give the two routes hostnames or listeners of their own',
  }));
}
