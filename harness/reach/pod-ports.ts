import { objectKey } from '../../common/object-key.ts';
import type { KubeObject } from '../kube/objects.ts';
import type { Place } from './reach.ts';

/** Something that the API server can forward to. */
export interface PodPort {
  namespace: string;
  pod: string;
  port: number;
}

export interface ServiceObject extends KubeObject {
  spec?: {
    clusterIP?: string;
    clusterIPs?: string[];
    externalIPs?: string[];
    ports?: { name?: string; port: number; protocol?: string }[];
  };
  status?: { loadBalancer?: { ingress?: { ip?: string; hostname?: string }[] } };
}

export interface SliceObject extends KubeObject {
  ports?: { name?: string; port?: number }[];
  endpoints?: { conditions?: { ready?: boolean }; targetRef?: { kind?: string; name?: string } }[];
}

export interface PodObject extends KubeObject {
  status?: { podIP?: string; podIPs?: { ip: string }[]; hostIP?: string; phase?: string };
}

export interface Known {
  services: Iterable<ServiceObject>;
  slices: Iterable<SliceObject>;
  pods: Iterable<PodObject>;
}

/** Who has which address, as of one moment. */
export interface AddressIndex {
  pods: ReadonlyMap<string, { namespace: string; pod: string }>;
  services: ReadonlyMap<string, readonly ServiceObject[]>;
  /** By namespace/name of their Service. */
  slices: ReadonlyMap<string, readonly SliceObject[]>;
}

export function addressIndex({ services, slices, pods }: Known): AddressIndex {
  const byAddress = new Map<string, { namespace: string; pod: string }>();
  for (const { metadata, status } of pods) {
    // A pod that has ended leaves its address to others, and a node's is that of what is on its network, and of load balancers.
    if (status?.phase !== 'Running') continue;
    for (const ip of [status.podIP, ...(status.podIPs ?? []).map((each) => each.ip)])
      if (ip !== undefined && ip !== status.hostIP)
        byAddress.set(ip, { namespace: metadata?.namespace ?? '', pod: metadata?.name ?? '' });
  }
  return {
    pods: byAddress,
    services: grouped(services, addressesOf),
    slices: grouped(slices, ({ metadata }) => [
      objectKey(metadata?.namespace ?? '', metadata?.labels?.['kubernetes.io/service-name'] ?? ''),
    ]),
  };
}

function grouped<T>(items: Iterable<T>, keysOf: (item: T) => Iterable<string>): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items)
    for (const key of keysOf(item)) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [item]);
      else group.push(item);
    }
  return groups;
}

/**
 * What serves an address: the pod whose it is, or the ready pods of the Service that has it, by its load balancer, cluster IP or external IP.
 *
 * @returns none where neither is known, or the Service has no such port
 */
export function podPorts({ pods, services, slices }: AddressIndex, { address, port }: Place): PodPort[] {
  const own = pods.get(address);
  if (own !== undefined) return [{ ...own, port }];
  return (services.get(address) ?? []).flatMap(({ metadata, spec }) => {
    const named = spec?.ports?.find((each) => each.port === port && (each.protocol ?? 'TCP') === 'TCP');
    if (named === undefined) return [];
    const namespace = metadata?.namespace ?? '';
    return (slices.get(objectKey(namespace, metadata?.name ?? '')) ?? []).flatMap((slice) =>
      podsOf(slice, named.name ?? '', namespace),
    );
  });
}

/** What kubectl forwards to for an address: `pod/NAME`, or `service/NAME` of one that has it. */
export function ownerOf(
  { pods, services }: AddressIndex,
  { address }: Place,
): { namespace: string; name: string } | undefined {
  const pod = pods.get(address);
  if (pod !== undefined) return { namespace: pod.namespace, name: `pod/${pod.pod}` };
  const metadata = services.get(address)?.[0]?.metadata;
  return metadata && { namespace: metadata.namespace ?? '', name: `service/${metadata.name ?? ''}` };
}

function podsOf({ ports, endpoints = [] }: SliceObject, name: string, namespace: string): PodPort[] {
  const port = ports?.find((each) => (each.name ?? '') === name)?.port;
  if (port === undefined) return [];
  return endpoints.flatMap(({ conditions, targetRef }) =>
    conditions?.ready !== false && targetRef?.kind === 'Pod'
      ? [{ namespace, pod: targetRef.name ?? '', port }]
      : [],
  );
}

function addressesOf({ spec, status }: ServiceObject): Set<string> {
  const ingress = status?.loadBalancer?.ingress ?? [];
  const all = [
    ...ingress.flatMap(({ ip, hostname }) => [ip, hostname]),
    spec?.clusterIP,
    ...(spec?.clusterIPs ?? []),
    ...(spec?.externalIPs ?? []),
  ];
  return new Set(
    all.filter((address) => address !== undefined && address !== '' && address !== 'None') as string[],
  );
}
