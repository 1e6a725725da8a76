import type * as grpc from '@grpc/grpc-js';
import type { Rejection } from './rejection.ts';

/** A listener as a proxy serves it. */
export interface ServedListener {
  readonly name: string;
  readonly version: string;
  readonly tables: readonly string[];
}

/** What one replica of the controller knows of the proxies of a Gateway that are connected to it. */
export interface ReplicaReport {
  gatewayKey: string;
  /** What one of them serves; undefined as long as none has acknowledged any. */
  listeners?: ServedListener[];
  rejections: Rejection[];
}

/** The URI in the client certificate of a replica. */
export const replicaIdentity = 'routeproof://replica';

const same = (bytes: Buffer): Buffer => bytes;

/** From a replica that does not write statuses to the one that does: a ReplicaReport, as JSON, each time that one changes. */
export const reportMethod = {
  path: '/routeproof.gateway.Replicas/Report',
  requestStream: true,
  responseStream: false,
  requestSerialize: same,
  requestDeserialize: same,
  responseSerialize: same,
  responseDeserialize: same,
} satisfies grpc.MethodDefinition<Buffer, Buffer>;
