import { readFileSync } from 'node:fs';
import { residentBytes } from '../proxies/cpu-time.ts';
import { processesOfPods } from '../proxies/proxy-processes.ts';
import type { RunEnv } from '../env/run-env.ts';

/** The API server's process of a cluster that was made for the run. Whoever keeps it running starts it again when it ends. */
export interface ApiServer {
  /**
   * Ends it at once, as a crash would, and resolves when another one answers. Asked to end, it waits a minute for watches that last as
   * long as their clients; that would be its own time, and nobody else's. @throws the signal's reason
   */
  restart: (signal: AbortSignal) => Promise<void>;
  /** Resident memory. */
  memoryBytes: () => Promise<number>;
}

const endpointsPath = '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/kubernetes';
/** As the kernel calls it. */
const program = 'kube-apiserver';
const pollMs = 20;

/** @returns why it cannot be restarted from here, where that is so */
export async function apiServerOf(env: RunEnv): Promise<ApiServer | string> {
  if (!env.ownCluster) return 'the cluster was not made for this run';
  const pids = await processes(env);
  if (pids.length === 0) return 'its process cannot be seen from here; on the local cluster it can';
  if (pids.length > 1) return `there are ${pids.length} of them`;
  return {
    restart: (signal) => restarted(env, signal),
    memoryBytes: async () => {
      const [pid] = await processes(env);
      return pid === undefined ? NaN : residentBytes([pid]);
    },
  };
}

/** Those that own the address by which the cluster's own clients reach it. */
async function processes({ kube }: RunEnv): Promise<number[]> {
  const { endpoints } = (await kube.send('GET', endpointsPath)) as { endpoints: { addresses: string[] }[] };
  const addresses = endpoints.flatMap((endpoint) => endpoint.addresses);
  return processesOfPods(addresses).filter((pid) => nameOf(pid) === program);
}

function nameOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return undefined;
  }
}

async function restarted(env: RunEnv, signal: AbortSignal): Promise<void> {
  const { kube, clock } = env;
  const [pid] = await processes(env);
  if (pid === undefined) throw new Error('the API server is gone already');
  const told = kube.onUnreachable;
  // That it is away for a while is what is measured.
  kube.onUnreachable = () => undefined;
  try {
    process.kill(pid, 'SIGKILL');
    while (nameOf(pid) === program) await clock.sleep(pollMs, signal);
    while (!(await answers(env, signal))) await clock.sleep(pollMs, signal);
  } finally {
    kube.onUnreachable = told;
  }
}

async function answers({ kube }: RunEnv, signal: AbortSignal): Promise<boolean> {
  return kube.send('GET', '/readyz', { signal: AbortSignal.any([signal, AbortSignal.timeout(2_000)]) }).then(
    () => true,
    () => false,
  );
}
