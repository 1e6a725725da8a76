import { readFileSync } from 'node:fs';
import type { KubeObject } from '../kube/objects.ts';
import { cpuTimeNs, residentBytes } from '../load/cpu-time.ts';
import { processesOfPods } from '../load/proxy-processes.ts';
import type { Lab } from './lab.ts';

export interface Pod extends KubeObject {
  status?: { podIP?: string; conditions?: { type: string; status: string }[] };
}

/** Pods of the Gateway's proxy, by the label that GEP-1762 gives to what an implementation makes for a Gateway. */
export function proxyPods({ env, gateway }: Pick<Lab, 'env' | 'gateway'>): Promise<Pod[]> {
  return list(env, '/api/v1/pods', {
    labelSelector: `gateway.networking.k8s.io/gateway-name=${gateway.name}`,
  });
}

/** Pods of the controller: those of the namespaces that it is said to run in. */
export async function controllerPods({ env }: Pick<Lab, 'env'>): Promise<Pod[]> {
  const all = env.logNamespaces.map((namespace) => list(env, `/api/v1/namespaces/${namespace}/pods`, {}));
  return (await Promise.all(all)).flat();
}

async function list(env: Lab['env'], path: string, query: Record<string, string>): Promise<Pod[]> {
  return ((await env.kube.send('GET', path, { query })) as { items: Pod[] }).items;
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
