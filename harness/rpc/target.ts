import type { Place } from '../reach/reach.ts';

/** Where a call goes and how the connection is made. */
export interface Target {
  /** IP address or DNS name. */
  address: string;
  port: number;
  /** Where that is dialled from here, when it cannot be dialled itself. */
  dial?: Place;
  /** :authority; the address itself when undefined. */
  authority?: string;
  tls?: {
    serverName?: string;
    ca?: string;
    clientCert?: string;
    clientKey?: string;
  };
  /** How messages are sent compressed; not at all when undefined. */
  compression?: 'gzip';
  /** Tells connections apart that lead to the same place. */
  connection?: string;
}

/** Calls with equal keys may share a connection. */
export function targetKey(target: Target): string {
  const { address, port, dial = null, authority = '', tls = null } = target;
  const { connection = '', compression = '' } = target;
  return JSON.stringify([address, port, dial, authority, tls, connection, compression]);
}

/** `address:port`, IPv6 in brackets. */
export function dialName(target: { address: string; port: number }): string {
  const host = target.address.includes(':') ? `[${target.address}]` : target.address;
  return `${host}:${String(target.port)}`;
}
