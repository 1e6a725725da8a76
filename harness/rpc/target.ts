/** Where a call goes and how the connection is made. */
export interface Target {
  /** IP address or DNS name. */
  address: string;
  port: number;
  /** :authority; the address itself when undefined. */
  authority?: string;
  tls?: {
    serverName?: string;
    ca?: string;
    clientCert?: string;
    clientKey?: string;
  };
}

/** Calls with equal keys may share a connection. */
export function targetKey(target: Target): string {
  return JSON.stringify([target.address, target.port, target.authority ?? '', target.tls ?? null]);
}

/** `address:port`, IPv6 in brackets. */
export function dialName(target: { address: string; port: number }): string {
  const host = target.address.includes(':') ? `[${target.address}]` : target.address;
  return `${host}:${String(target.port)}`;
}
