import { hash } from 'node:crypto';
import type { IrRoute } from '../ir/ir.ts';
import { encode } from './protos.ts';
import type { MessageName } from './protos.ts';
import { resourceEntry } from './wire.ts';

export const typeUrls = {
  cds: 'type.googleapis.com/envoy.config.cluster.v3.Cluster',
  eds: 'type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment',
  sds: 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret',
  lds: 'type.googleapis.com/envoy.config.listener.v3.Listener',
  srds: 'type.googleapis.com/envoy.config.route.v3.ScopedRouteConfiguration',
} as const;

export type XdsType = keyof typeof typeUrls;
/** In the order in which a change has to reach a proxy. A new proxy asks for scopes only once it has a listener. */
export const xdsTypes: readonly XdsType[] = ['cds', 'eds', 'sds', 'srds', 'lds'];

export interface RouteRef {
  source: IrRoute['source'];
  generation: number;
}

/** One resource, encoded. Two of one name and version are the same. */
export interface XdsResource {
  readonly type: XdsType;
  readonly name: string;
  /** Hash of the content: equal across controller restarts, so that a reconnecting proxy is sent only what changed. */
  readonly version: string;
  /** The bytes of this resource within a DeltaDiscoveryResponse. */
  readonly entry: Uint8Array;
  /** Names of clusters that must be served before this resource is. */
  readonly needs: readonly string[];
  /** Of a listener: ids of the tables whose scopes it serves. */
  readonly tables: readonly string[];
  /** The routes that it is made of, for the blame when Envoy refuses it. */
  readonly routes: readonly RouteRef[];
  /**
   * For resources made of several routes: one stand-in a route, with a name and a key that no call meets, to find out which of
   * the routes Envoy refuses.
   */
  readonly probes?: () => { route: RouteRef; resource: XdsResource }[];
  /** The bytes of the same resource with another name inside, different for each `attempt`: see Subscription.tainted. */
  readonly reworded?: (attempt: number) => Uint8Array;
}

/** Everything one proxy has to know, by type and name. */
export type XdsSnapshot = Readonly<Record<XdsType, ReadonlyMap<string, XdsResource>>>;

/** What differs from what was there before; undefined: the resource is gone. */
export type XdsChanges = Readonly<Record<XdsType, ReadonlyMap<string, XdsResource | undefined>>>;

type Message<K extends MessageName> = Parameters<typeof encode<K>>[1];
type Extras = Partial<Pick<XdsResource, 'needs' | 'tables' | 'routes' | 'probes' | 'reworded' | 'version'>>;

export function makeResource<K extends MessageName>(
  type: XdsType,
  name: string,
  messageName: K,
  message: Message<K>,
  extras: Extras = {},
): XdsResource {
  const value = encode(messageName, message);
  const version = extras.version ?? hash('sha1', value, 'hex').slice(0, 16);
  const entry = resourceEntry({ name, version, typeUrl: typeUrls[type], value });
  return { type, name, needs: [], tables: [], routes: [], ...extras, version, entry };
}

/** `GRPCRoute namespace/name`: how a source is kept in sets and maps. */
export function sourceKey(source: IrRoute['source']): string {
  return `${source.kind} ${source.key}`;
}
