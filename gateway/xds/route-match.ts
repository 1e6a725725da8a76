import type { IrRoute, IrStringMatch } from '../ir/ir.ts';
import type { RouteMatch, StringMatcher } from './envoy-types.ts';

/** What a call has to look like. Values of a repeated header are joined with ',' before they are matched (RFC 9110, 5.3). */
export function routeMatch(route: IrRoute): RouteMatch {
  const { path, method, headers, queryParams } = route.match;
  return {
    ...pathMatch(path),
    headers: [
      ...(method === undefined ? [] : [{ name: ':method', string_match: { exact: method } }]),
      ...headers.map(({ name, match }) => ({ name, string_match: stringMatch(match) })),
    ],
    query_parameters: queryParams.map(({ name, match }) => ({ name, string_match: stringMatch(match) })),
    // Only requests with the content type of gRPC: a browser's GET must not reach a gRPC backend.
    ...(route.protocol === 'grpc' && { grpc: {} }),
  };
}

function pathMatch({
  type,
  value,
}: IrStringMatch): Pick<RouteMatch, 'path' | 'prefix' | 'path_separated_prefix' | 'safe_regex'> {
  switch (type) {
    case 'exact':
      return { path: value };
    case 'regex':
      return { safe_regex: { regex: value } };
    case 'prefix': {
      const elements = value.replace(/\/+$/, '');
      return elements === '' ? { prefix: '/' } : { path_separated_prefix: elements };
    }
  }
}

/** A regex matches the whole value, as safe_regex does. */
function stringMatch({ type, value }: IrStringMatch): StringMatcher {
  switch (type) {
    case 'exact':
      return { exact: value };
    case 'prefix':
      return { prefix: value };
    case 'regex':
      return { safe_regex: { regex: value } };
  }
}
