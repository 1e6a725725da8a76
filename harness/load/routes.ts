import type { KubeObject } from '../kube/objects.ts';

/** Of all benchmarks' routes, before it is rewritten. */
export const loadHost = 'load.example.com';

/** A GRPCRoute on the shared Gateway, with the backend that all benchmarks call. */
export function loadRoute(name: string, hostname = loadHost, rules: readonly object[] = [{}]): KubeObject {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'GRPCRoute',
    metadata: { name },
    spec: {
      // Without the listener's name, as most scenarios: see barrier.ts.
      parentRefs: [{ name: 'shared', namespace: 'routeproof-base' }],
      hostnames: [hostname],
      rules: rules.map((rule) => ({ ...rule, backendRefs: [{ name: 'echo', port: 9000 }] })),
    },
  };
}
