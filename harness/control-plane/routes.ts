import type { KubeObject } from '../kube/objects.ts';

export interface RouteSpec {
  namespace: string;
  name: string;
  hostname: string;
  /** Value of the request header that tells configurations apart. */
  mark: string;
  backends?: { name: string; weight?: number }[];
  gateway: { namespace: string; name: string };
  /** Of a header match; default none. */
  match?: string;
}

/** Set by a filter, which every implementation has, and told by the echo server: only the configuration that has the value can give it. */
export const markHeader = 'x-routeproof-mark';
/** What routes that match a header match. */
export const matchHeader = 'x-routeproof-match';
export const probePath = '/routeproof.v1.Probe/Unary';

export function routeObject(of: RouteSpec): KubeObject {
  const { namespace, name, hostname, gateway } = of;
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'GRPCRoute',
    metadata: { namespace, name },
    spec: { parentRefs: [gateway], hostnames: [hostname], rules: rulesOf(of) },
  };
}

export function rulesOf({
  mark,
  backends = [{ name: 'a' }],
  match,
}: Pick<RouteSpec, 'mark' | 'backends' | 'match'>): unknown[] {
  return [
    {
      ...(match !== undefined && { matches: [{ headers: [{ name: matchHeader, value: match }] }] }),
      filters: [
        {
          type: 'RequestHeaderModifier',
          requestHeaderModifier: { set: [{ name: markHeader, value: mark }] },
        },
      ],
      backendRefs: backends.map((backend) => ({ ...backend, port: 9000 })),
    },
  ];
}
