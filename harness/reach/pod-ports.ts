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
  status?: { podIP?: string; podIPs?: { ip: string }[]; phase?: string };
}

export interface Known {
  services: Iterable<ServiceObject>;
  slices: Iterable<SliceObject>;
  pods: Iterable<PodObject>;
}

/**
 * What serves an address: the pod whose it is, or the ready pods of the Service that has it, by its load balancer, cluster IP or external IP.
 *
 * @returns none where neither is known, or the Service has no such port
 */
export function podPorts({ services, slices, pods }: Known, { address, port }: Place): PodPort[] {
  for (const { metadata, status } of pods) {
    const own = [status?.podIP, ...(status?.podIPs ?? []).map(({ ip }) => ip)].includes(address);
    // A pod that has ended leaves its address to others.
    if (own && status?.phase === 'Running')
      return [{ namespace: metadata?.namespace ?? '', pod: metadata?.name ?? '', port }];
  }
  const wanted = new Map<string, string>();
  for (const service of services) {
    const named = service.spec?.ports?.find(
      (each) => each.port === port && (each.protocol ?? 'TCP') === 'TCP',
    );
    if (named !== undefined && addressesOf(service).includes(address))
      wanted.set(
        objectKey(service.metadata?.namespace ?? '', service.metadata?.name ?? ''),
        named.name ?? '',
      );
  }
  return [...slices].flatMap((slice) => {
    const namespace = slice.metadata?.namespace ?? '';
    const service = slice.metadata?.labels?.['kubernetes.io/service-name'] ?? '';
    const name = wanted.get(objectKey(namespace, service));
    const target = slice.ports?.find((each) => (each.name ?? '') === name)?.port;
    if (name === undefined || target === undefined) return [];
    return (slice.endpoints ?? []).flatMap(({ conditions, targetRef }) =>
      conditions?.ready !== false && targetRef?.kind === 'Pod'
        ? [{ namespace, pod: targetRef.name ?? '', port: target }]
        : [],
    );
  });
}

function addressesOf({ spec, status }: ServiceObject): (string | undefined)[] {
  const ingress = status?.loadBalancer?.ingress ?? [];
  return [
    ...ingress.flatMap(({ ip, hostname }) => [ip, hostname]),
    spec?.clusterIP,
    ...(spec?.clusterIPs ?? []),
    ...(spec?.externalIPs ?? []),
  ];
}
