import { readFileSync } from 'node:fs';
import { runEngine, type ContainerEngine } from '../../common/container-engine.ts';
import type { Cluster, ClusterCommand } from '../provider.ts';
import { deleteKindCluster } from './delete-cluster.ts';
import { kubeconfigOf, nodeOf, removeKindState, type KindState } from './kind-state.ts';
import type { Guard } from './start-guard.ts';

/** A running kind cluster. */
export class KindCluster implements Cluster {
  readonly provider = 'kind';
  readonly logDir = undefined;
  readonly name: string;
  readonly kubeconfigPath: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly #engine: ContainerEngine;
  readonly #nodePid: number | undefined;
  readonly #guard: Guard | undefined;

  /** @param nodePid - the node's first process as this machine sees it, where we may enter its network */
  constructor(state: KindState, nodePid: number | undefined, guard?: Guard) {
    this.name = state.name;
    this.kubeconfigPath = kubeconfigOf(state.name);
    this.versions = state.versions ?? {};
    this.#engine = state.engine;
    this.#nodePid = nodePid;
    this.#guard = guard;
  }

  /** Why its addresses cannot be dialled from here. */
  get unreachable(): string | undefined {
    if (this.#nodePid !== undefined) return undefined;
    return process.platform === 'linux'
      ? "only root may enter the network of a kind node, and the host has no route to the cluster's addresses"
      : "the node runs in a virtual machine, and this machine has no route to the cluster's addresses";
  }

  /** In the node's network namespace, where pods, Services and load balancers have their addresses; else nowhere in particular. */
  command([file, ...args]: readonly [string, ...string[]]): ClusterCommand {
    const env = { KUBECONFIG: this.kubeconfigPath };
    if (this.#nodePid === undefined) return { file, args, env };
    return { file: 'nsenter', args: [`--net=/proc/${this.#nodePid}/ns/net`, '--', file, ...args], env };
  }

  async down(): Promise<void> {
    await deleteKindCluster(this.#engine, this.name);
    removeKindState(this.name);
    this.#guard?.release();
  }
}

/** The first process of a running node, undefined where it is another machine's, or root's matter. */
export async function nodePidOf(engine: ContainerEngine, name: string): Promise<number | undefined> {
  const format = '{{.State.Pid}}';
  const pid = Number(await runEngine(engine, ['container', 'inspect', '--format', format, nodeOf(name)]));
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return undefined;
  try {
    // The engine may be a virtual machine's, whose process ids are other processes here.
    const hostname = readFileSync(`/proc/${pid}/root/etc/hostname`, 'utf8').trim();
    return hostname === nodeOf(name) ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the engine has the node, and it runs. */
export async function nodeState(
  engine: ContainerEngine,
  name: string,
): Promise<'running' | 'stopped' | 'none'> {
  const args = ['container', 'inspect', '--format', '{{.State.Running}}', nodeOf(name)];
  const running = await runEngine(engine, args).catch(() => undefined);
  if (running === undefined) return 'none';
  return running.trim() === 'true' ? 'running' : 'stopped';
}
