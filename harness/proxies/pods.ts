import { readFileSync } from 'node:fs';
import type { KubeObject } from '../kube/objects.ts';
import { cpuTimeNs, residentBytes } from './cpu-time.ts';
import { processesOfPods } from './proxy-processes.ts';
import type { KubeClient } from '../kube/client.ts';

export interface Pod extends KubeObject {
  spec?: { containers?: { name: string }[] };
  status?: { phase?: string; podIP?: string; conditions?: { type: string; status: string }[] };
}

/** GEP-1762 has implementations put it on what they make for a Gateway; some have one of their own that ends alike. */
export const gatewayLabel = 'gateway.networking.k8s.io/gateway-name';

/** Pods that serve every Gateway of the class: those of that namespace with all these labels. */
export interface SharedProxies {
  namespace: string;
  labels: Record<string, string>;
}

/** A Gateway, and what a run knows of the proxies of its implementation. */
interface Place {
  env: {
    kube: KubeClient;
    logNamespaces: readonly string[];
    configDump?: ConfigDumpAt | undefined;
    sharedProxies?: SharedProxies | undefined;
  };
  gateway: { namespace: string; name: string };
}

/** Pods of the Gateway's proxy. Some implementations run a controller for each Gateway beside it: that is none. */
export async function proxyPods(place: Place): Promise<Pod[]> {
  return (await allPods(place)).filter((pod) => isProxy(place, pod));
}

/**
 * Pods of the controller: of those of the namespaces that it is said to run in, and of what runs for this Gateway, all that are no proxies. Where none are left, proxies
 * that all Gateways share are their own controller.
 */
export async function controllerPods(place: Place): Promise<Pod[]> {
  const { logNamespaces, configDump, sharedProxies } = place.env;
  const pods = await allPods(place);
  const isInside = ({ metadata }: Pod): boolean => logNamespaces.includes(metadata?.namespace ?? '');
  if (sharedProxies !== undefined) {
    const proxies = pods.filter((pod) => isProxy(place, pod));
    const others = pods.filter((pod) => isInside(pod) && !proxies.includes(pod));
    return others.length > 0 ? others : proxies;
  }
  return pods.filter((pod) =>
    isInside(pod)
      ? configDump === undefined || !mayRunProxy(place, pod)
      : isOfGateway(place, pod) && !mayRunProxy(place, pod),
  );
}

function isProxy(place: Place, pod: Pod): boolean {
  const { sharedProxies } = place.env;
  if (sharedProxies === undefined) return isOfGateway(place, pod) && mayRunProxy(place, pod);
  const { namespace, labels = {} } = pod.metadata ?? {};
  const wanted = Object.entries(sharedProxies.labels);
  return namespace === sharedProxies.namespace && wanted.every(([name, value]) => labels[name] === value);
}

/** By `gatewayLabel`, or what an implementation has in its place. */
function isOfGateway({ gateway }: Place, { metadata }: Pod): boolean {
  return Object.entries(metadata?.labels ?? {}).some(
    ([name, value]) => name.endsWith('gateway-name') && value === gateway.name,
  );
}

/** Where it is not known which container a proxy runs in, any pod may be one. */
function mayRunProxy({ env: { configDump } }: Place, { spec }: Pod): boolean {
  return (
    configDump === undefined || spec?.containers?.some(({ name }) => name === configDump.container) === true
  );
}

/** Without those of Jobs that are done. */
async function allPods({ env }: Place): Promise<Pod[]> {
  const { items } = (await env.kube.send('GET', '/api/v1/pods')) as { items: Pod[] };
  return items.filter(({ status }) => status?.phase !== 'Succeeded' && status?.phase !== 'Failed');
}

/** What processes of some pods cost, where they can be seen: on the local cluster, or as root on a single node. */
export class PodCost {
  readonly #pids: readonly number[];

  private constructor(pids: readonly number[]) {
    this.#pids = pids;
  }

  /** @returns undefined where they cannot be seen */
  static of(pods: readonly Pod[]): PodCost | undefined {
    const pids = processesOfPods(pods.flatMap(({ status }) => status?.podIP ?? []));
    return pids.length === 0 ? undefined : new PodCost(pids);
  }

  /** CPU time so far, in milliseconds. */
  cpuMs(): number {
    return (cpuTimeNs(this.#pids) ?? NaN) / 1e6;
  }

  /** Resident memory. */
  memoryBytes(): number {
    return residentBytes(this.#pids);
  }

  /** Bytes that the pods' networks have received so far, without their loopback. Processes of one pod share a network. */
  receivedBytes(): number {
    const [pid] = this.#pids;
    const lines = read(`/proc/${pid}/net/dev`).split('\n');
    const received = lines.flatMap((line) => {
      const [, name, bytes] = /^\s*([^:\s]+):\s*(\d+)/.exec(line) ?? [];
      return name === undefined || name === 'lo' ? [] : [Number(bytes)];
    });
    return received.length === 0 ? NaN : sum(received);
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Where proxies tell their configuration, in their pods' own network. */
export interface ConfigDumpAt {
  /** Name of the container that the proxy runs in. */
  container: string;
  /** Of the admin interface on localhost. */
  port: number;
  /** What is asked there for JSON; default Envoy's config_dump. */
  path?: string;
}
