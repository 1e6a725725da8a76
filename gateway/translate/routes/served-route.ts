import type { ListenerAttachment } from './attach.ts';
import type { CompiledRoute } from './compiled.ts';
import type { RouteKind } from '../model/kinds.ts';
import type { RouteEntry } from './route-memory.ts';

/** A route on one listener that its own rules, the listener and Envoy accept. */
export interface ServedRoute {
  readonly entry: RouteEntry;
  readonly kind: RouteKind;
  readonly hostnames: readonly string[];
  readonly compiled: CompiledRoute;
  readonly attachment: ListenerAttachment;
}
