import type { IrAction, IrCors, IrHeaderEdit, IrRoute } from '../../ir/ir.ts';
import { corsOf } from './cors.ts';
import type { RouteFilter } from '../model/gateway-api.ts';
import { headerEdit, joinEdits, noEdit } from './header-edits.ts';
import type { RouteKind } from '../model/kinds.ts';
import type { Problem } from '../model/problems.ts';
import { redirectOf, rewriteOf } from './redirects.ts';
import type { BackendCluster, Resolution } from '../backends/references.ts';

type Redirect = Extract<IrAction, { type: 'redirect' }>;
type Rewrite = NonNullable<Extract<IrAction, { type: 'forward' }>['rewrite']>;

/** The filters of one rule or of one backendRef, put together. */
export interface Filters {
  requestHeaders: IrHeaderEdit;
  responseHeaders: IrHeaderEdit;
  mirrors: IrRoute['mirrors'];
  mirrorClusters: BackendCluster[];
  cors?: IrCors;
  redirect?: Redirect;
  rewrite?: Rewrite;
  /** References that do not resolve; `broken` when calls may not pass without the filter. */
  unresolved: Problem[];
  broken: boolean;
  /** Set when the rule cannot be implemented. */
  invalid?: Problem;
}

export interface FilterContext {
  kind: RouteKind;
  level: 'rule' | 'backend';
  /** Field path of the list, for messages. */
  path: string;
  resolve: (ref: NonNullable<RouteFilter['requestMirror']>['backendRef']) => Resolution;
}

export function filtersOf(filters: readonly RouteFilter[] | undefined, context: FilterContext): Filters {
  const result: Filters = {
    requestHeaders: noEdit(),
    responseHeaders: noEdit(),
    mirrors: [],
    mirrorClusters: [],
    unresolved: [],
    broken: false,
  };
  for (const [index, filter] of (filters ?? []).entries()) {
    applyFilter(filter, result, { ...context, path: `${context.path}.filters[${index}]` });
  }
  if (result.redirect !== undefined && result.rewrite !== undefined)
    incompatible(result, context, 'URLRewrite');
  // Envoy marks only what a backend answers.
  if (result.redirect !== undefined && result.cors !== undefined) incompatible(result, context, 'CORS');
  return result;
}

function incompatible(result: Filters, { path }: FilterContext, type: string): void {
  const message = `${path}: RequestRedirect and ${type} cannot be combined`;
  result.invalid ??= { reason: 'IncompatibleFilters', message };
}

function applyFilter(filter: RouteFilter, result: Filters, context: FilterContext): void {
  switch (filter.type) {
    case 'RequestHeaderModifier':
    case 'ResponseHeaderModifier':
      applyHeaderModifier(filter, result, context);
      return;
    case 'ExtensionRef': {
      // An unknown custom filter counts as a failed reference, and calls may not pass without it (HTTPRouteFilter docs).
      const { group = '', kind = '', name = '' } = filter.extensionRef ?? {};
      const message = `${context.path}: ExtensionRef ${kind}.${group} ${name} is not supported`;
      result.unresolved.push({ reason: 'InvalidKind', message });
      result.broken = true;
      return;
    }
    case 'RequestMirror':
      if (context.level !== 'rule') break;
      applyMirror(filter, result, context);
      return;
    case 'CORS':
      if (context.kind !== 'HTTPRoute' || context.level !== 'rule') break;
      result.cors = corsOf(filter.cors ?? {});
      return;
    case 'RequestRedirect':
    case 'URLRewrite':
      if (context.kind !== 'HTTPRoute' || context.level !== 'rule') break;
      applyUrl(filter, result, context);
      return;
    default:
      break;
  }
  unsupported(result, `${context.path}: filter ${filter.type} is not supported here`);
}

function applyHeaderModifier(filter: RouteFilter, result: Filters, context: FilterContext): void {
  const isRequest = filter.type === 'RequestHeaderModifier';
  const edit = headerEdit(isRequest ? filter.requestHeaderModifier : filter.responseHeaderModifier);
  const field = isRequest ? 'requestHeaders' : 'responseHeaders';
  if (edit.problem !== undefined) unsupported(result, `${context.path}: ${edit.problem}`);
  else result[field] = joinEdits(result[field], edit.value);
}

function applyMirror(filter: RouteFilter, result: Filters, context: FilterContext): void {
  const mirror = filter.requestMirror;
  if (mirror === undefined) {
    unsupported(result, `${context.path}: requestMirror is missing`);
    return;
  }
  const resolution = context.resolve(mirror.backendRef);
  if ('problem' in resolution) {
    const { reason, message } = resolution.problem;
    result.unresolved.push({ reason, message: `${context.path}: ${message}` });
    return;
  }
  const { numerator, denominator = 100 } = mirror.fraction ?? { numerator: mirror.percent ?? 100 };
  if (numerator <= 0 || denominator <= 0) return;
  result.mirrors.push({ cluster: resolution.cluster.name, numerator, denominator });
  result.mirrorClusters.push(resolution.cluster);
}

function applyUrl(filter: RouteFilter, result: Filters, { path }: FilterContext): void {
  if (filter.type === 'RequestRedirect') {
    const redirect = redirectOf(filter.requestRedirect ?? {});
    if (redirect.problem !== undefined) unsupported(result, `${path}: ${redirect.problem}`);
    else result.redirect = redirect.value;
    return;
  }
  const rewrite = rewriteOf(filter.urlRewrite ?? {});
  if (rewrite.problem !== undefined) unsupported(result, `${path}: ${rewrite.problem}`);
  else result.rewrite = rewrite.value;
}

function unsupported(result: Filters, message: string): void {
  result.invalid ??= { reason: 'UnsupportedValue', message };
}
