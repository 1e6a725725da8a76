import type { IrAction, IrBackend, IrHeaderEdit } from '../../ir/ir.ts';
import type { RouteBackendRef } from '../model/gateway-api.ts';
import { filtersOf } from '../filters/filters.ts';
import type { FilterContext } from '../filters/filters.ts';
import type { RouteKind } from '../model/kinds.ts';
import type { Problem } from '../model/problems.ts';
import type { BackendCluster } from '../backends/references.ts';

type Forward = Extract<IrAction, { type: 'forward' }>;
type Respond = Extract<IrAction, { type: 'respond' }>;

export interface Backends {
  action: Forward | Respond;
  clusters: BackendCluster[];
  /** Those of weight 0 that could be served. */
  idle: { backend: IrBackend; cluster: BackendCluster }[];
  unresolved: Problem[];
  invalid?: Problem;
}

/**
 * What the proxy answers for a share without a usable backend. gRPC clients read a bare 500 as UNKNOWN and 503 as
 * UNAVAILABLE, which GRPCRoute asks for; HTTPRoute asks for 500.
 */
export function errorStatus(kind: RouteKind): number {
  return kind === 'GRPCRoute' ? 503 : 500;
}

/** The backendRefs of one rule. References of weight 0 get no calls, but a failed one still shows in the status. */
export function backendsOf(refs: readonly RouteBackendRef[] | undefined, context: FilterContext): Backends {
  const shares: IrBackend[] = [];
  const clusters: BackendCluster[] = [];
  const idle: Backends['idle'] = [];
  const unresolved: Problem[] = [];
  let invalid: Problem | undefined;
  for (const [index, ref] of (refs ?? []).entries()) {
    const path = `${context.path}.backendRefs[${index}]`;
    const resolution = context.resolve(ref);
    const filters = filtersOf(ref.filters, { ...context, level: 'backend', path });
    invalid ??= filters.invalid;
    unresolved.push(...filters.unresolved);
    if ('problem' in resolution) {
      const { reason, message } = resolution.problem;
      unresolved.push({ reason, message: `${path}: ${message}` });
    }
    const weight = ref.weight ?? 1;
    if ('problem' in resolution || filters.broken) {
      if (weight > 0) shares.push({ weight });
      continue;
    }
    const { cluster } = resolution;
    const backend = { weight, cluster: cluster.name, ...editsOf(filters) };
    if (weight <= 0) idle.push({ backend, cluster });
    else {
      clusters.push(cluster);
      shares.push(backend);
    }
  }
  const usable = shares.some((share) => share.cluster !== undefined);
  return {
    action: usable
      ? { type: 'forward', backends: shares }
      : { type: 'respond', httpStatus: errorStatus(context.kind) },
    clusters,
    idle,
    unresolved,
    ...(invalid === undefined ? {} : { invalid }),
  };
}

function editsOf(filters: {
  requestHeaders: IrHeaderEdit;
  responseHeaders: IrHeaderEdit;
}): Partial<IrBackend> {
  return {
    ...(isEmpty(filters.requestHeaders) ? {} : { requestHeaders: filters.requestHeaders }),
    ...(isEmpty(filters.responseHeaders) ? {} : { responseHeaders: filters.responseHeaders }),
  };
}

function isEmpty({ set, add, remove }: IrHeaderEdit): boolean {
  return set.length + add.length + remove.length === 0;
}
