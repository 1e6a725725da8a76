import type { KubernetesObject } from '../harness/index.ts';

/** The part of a GRPCRoute that scenarios read back or edit. */
export interface GrpcRoute extends KubernetesObject {
  spec: { hostnames?: string[]; rules?: GrpcRouteRule[] };
}

export interface GrpcRouteRule {
  matches?: GrpcRouteMatch[];
  filters?: { type: string; [setting: string]: unknown }[];
  backendRefs?: { name: string; namespace?: string; port?: number; weight?: number }[];
}

export interface GrpcRouteMatch {
  method?: { type?: string; service?: string; method?: string };
  headers?: { type?: string; name: string; value: string }[];
}
