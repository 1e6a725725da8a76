import type { KubernetesObject } from '../../harness/index.ts';

type Plain = Record<string, unknown>;

/** A GRPCRoute with this spec. Its names are of no consequence: it is never stored. */
export function route(spec: Plain): KubernetesObject {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'GRPCRoute',
    metadata: { name: 'judged' },
    spec,
  } as KubernetesObject;
}

export const withParents = (...parentRefs: Plain[]): KubernetesObject => route({ parentRefs });
export const withHostnames = (...hostnames: string[]): KubernetesObject => route({ hostnames });
export const withRule = (rule: Plain): KubernetesObject => route({ rules: [rule] });
export const withMethod = (method: Plain): KubernetesObject => withRule({ matches: [{ method }] });
export const withHeaders = (...headers: Plain[]): KubernetesObject => withRule({ matches: [{ headers }] });
export const withFilters = (...filters: Plain[]): KubernetesObject => withRule({ filters });
export const withBackends = (...backendRefs: Plain[]): KubernetesObject => withRule({ backendRefs });
export const withMirror = (more: Plain, backendRef: Plain = service): KubernetesObject =>
  withFilters({ type: 'RequestMirror', requestMirror: { backendRef, ...more } });

export const service = { name: 'v1', port: 9000 };
export const requestHeaders = { set: [{ name: 'x-a', value: '1' }] };
export const setOnRequest = { type: 'RequestHeaderModifier', requestHeaderModifier: requestHeaders };
export const setOnResponse = { type: 'ResponseHeaderModifier', responseHeaderModifier: requestHeaders };
export const mirror = { type: 'RequestMirror', requestMirror: { backendRef: service } };
export const extension = {
  type: 'ExtensionRef',
  extensionRef: { group: 'filters.example.org', kind: 'Sieve', name: 'sieve' },
};
