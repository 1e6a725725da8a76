import { isIPv6 } from 'node:net';
import type { IrCluster } from '../../ir/ir.ts';
import type { EndpointSlice } from '../model/gateway-api.ts';
import type { BackendCluster } from './references.ts';

export const serviceNameLabel = 'kubernetes.io/service-name';

interface Candidate {
  address: string;
  port: number;
  ready: boolean;
}

/** The cluster of a Service port: ready endpoints, else those that still serve while they terminate. */
export function clusterOf(backend: BackendCluster, slices: readonly EndpointSlice[]): IrCluster {
  const candidates = slices.flatMap((slice) => candidatesOf(slice, backend.portName));
  const ready = candidates.filter((candidate) => candidate.ready);
  return {
    name: backend.name,
    protocol: backend.protocol,
    ...(backend.tls && { tls: backend.tls }),
    ...(backend.leastBackoffSeconds !== undefined && { leastBackoffSeconds: backend.leastBackoffSeconds }),
    endpoints: ordered(oneFamily(ready.length > 0 ? ready : candidates)),
  };
}

function candidatesOf(slice: EndpointSlice, portName: string): Candidate[] {
  if (slice.addressType === 'FQDN') return [];
  const port = (slice.ports ?? []).find(
    (entry) => (entry.name ?? '') === portName && (entry.protocol ?? 'TCP') === 'TCP',
  )?.port;
  if (port === undefined) return [];
  return (slice.endpoints ?? []).flatMap((endpoint) => {
    const conditions = endpoint.conditions ?? {};
    const ready = conditions.ready ?? true;
    const serving = conditions.terminating === true && conditions.serving === true;
    // All addresses of one endpoint are the same pod: consumers use the first (EndpointSlice API).
    const address = endpoint.addresses[0];
    return address !== undefined && (ready || serving) ? [{ address, port, ready }] : [];
  });
}

/** A dual-stack Service has every pod in an IPv4 and in an IPv6 slice; taking both would count each pod twice. */
function oneFamily(candidates: readonly Candidate[]): readonly Candidate[] {
  const ipv4 = candidates.filter((candidate) => !isIPv6(candidate.address));
  return ipv4.length > 0 ? ipv4 : candidates;
}

function ordered(candidates: readonly Candidate[]): IrCluster['endpoints'] {
  const byName = new Map(candidates.map(({ address, port }) => [`${address}|${port}`, { address, port }]));
  return [...byName.keys()].sort().flatMap((key) => byName.get(key) ?? []);
}
