import { given } from '../../../../common/given.ts';
import type { KubeObject, Route } from '../../../kube/objects.ts';

/** What is read of a GRPCRoute's rule; all else is the same in an HTTPRoute. */
interface GrpcRule {
  matches?: GrpcMatch[];
  [field: string]: unknown;
}

interface GrpcMatch {
  method?: { type?: 'Exact' | 'RegularExpression'; service?: string; method?: string };
  headers?: object[];
}

export interface GrpcRoute extends KubeObject {
  spec?: Route['spec'] & { rules?: GrpcRule[] };
}

export interface HttpRoute extends KubeObject {
  spec: { hostnames: string[]; rules: Record<string, unknown>[] };
}

/**
 * The HTTPRoute that says the same as a GRPCRoute, on hostnames of its own: two routes of different kinds may not share one
 * (GRPCRoute, spec.hostnames). A gRPC call is a POST to `/package.Service/Method`.
 *
 * @param host - gives a hostname in place of each written one
 * @param more - rules that come after
 */
export function asHttpRoute(
  route: GrpcRoute,
  host: (written: string) => string,
  more: Record<string, unknown>[],
): HttpRoute {
  const { name = '', namespace, labels, annotations } = route.metadata ?? {};
  const { rules = [{}], hostnames = [], ...spec } = route.spec ?? {};
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: {
      name: `${name}-as-http`,
      ...given({ namespace, labels, annotations }),
    },
    spec: { ...spec, hostnames: hostnames.map(host), rules: [...rules.map(httpRule), ...more] },
  };
}

/** Filters, backends and all else have the same form and meaning in both kinds. */
function httpRule({ matches = [], ...rest }: GrpcRule): Record<string, unknown> {
  return { ...rest, matches: (matches.length === 0 ? [{}] : matches).map(httpMatch) };
}

function httpMatch({ method, headers }: GrpcMatch): Record<string, unknown> {
  return {
    path: pathOf(method),
    method: 'POST',
    ...given({ headers }),
  };
}

/** An empty service or method matches any, as one that is left out does. */
function pathOf({ type = 'Exact', service = '', method = '' }: GrpcMatch['method'] = {}): {
  type: string;
  value: string;
} {
  if (service === '' && method === '') return { type: 'PathPrefix', value: '/' };
  const part = (name: string): string => (type === 'Exact' ? escaped(name) : `(?:${name})`);
  const any = '[^/]+';
  if (type === 'Exact' && service !== '')
    return method === ''
      ? { type: 'PathPrefix', value: `/${service}` }
      : { type: 'Exact', value: `/${service}/${method}` };
  const value = `/${service === '' ? any : part(service)}/${method === '' ? any : part(method)}`;
  return { type: 'RegularExpression', value };
}

function escaped(name: string): string {
  return name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
