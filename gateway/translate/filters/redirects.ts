import type { IrAction } from '../../ir/ir.ts';
import type { PathModifier, RouteFilter } from '../model/gateway-api.ts';
import type { Result } from '../model/result.ts';

type Redirect = Extract<IrAction, { type: 'redirect' }>;
type Rewrite = NonNullable<Extract<IrAction, { type: 'forward' }>['rewrite']>;
type IrPathModifier = NonNullable<Redirect['path']>;

/** What a redirect that names a scheme and no port leads to (HTTPRequestRedirectFilter.port). */
const wellKnownPorts = new Map([
  ['http', 80],
  ['https', 443],
]);
const redirectStatuses = new Set([301, 302, 303, 307, 308]);

export function redirectOf(source: NonNullable<RouteFilter['requestRedirect']>): Result<Redirect> {
  const path = pathOf(source.path);
  if (path.problem !== undefined) return path;
  const port = source.port ?? wellKnownPorts.get(source.scheme ?? '');
  const httpStatus = source.statusCode ?? 302;
  if (!redirectStatuses.has(httpStatus)) return { problem: `status code ${httpStatus} is not supported` };
  return {
    value: {
      type: 'redirect',
      ...(source.scheme === undefined ? {} : { scheme: source.scheme }),
      ...(source.hostname === undefined ? {} : { hostname: source.hostname }),
      ...(port === undefined ? {} : { port }),
      httpStatus,
      ...(path.value === undefined ? {} : { path: path.value }),
    },
  };
}

export function rewriteOf(source: NonNullable<RouteFilter['urlRewrite']>): Result<Rewrite> {
  const path = pathOf(source.path);
  if (path.problem !== undefined) return path;
  return {
    value: {
      ...(source.hostname === undefined ? {} : { hostname: source.hostname }),
      ...(path.value === undefined ? {} : { path: path.value }),
    },
  };
}

function pathOf(source: PathModifier | undefined): Result<IrPathModifier | undefined> {
  if (source === undefined) return { value: undefined };
  switch (source.type) {
    case 'ReplaceFullPath':
      return { value: { type: 'full', value: source.replaceFullPath ?? '/' } };
    case 'ReplacePrefixMatch':
      return { value: { type: 'prefix', value: source.replacePrefixMatch ?? '/' } };
    default:
      return { problem: `path modifier ${source.type} is not supported` };
  }
}
