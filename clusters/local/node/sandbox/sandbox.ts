import { execa } from 'execa';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { IpPool } from '../../../network/ip-pool.ts';
import { networkPlan } from '../../../network/network-plan.ts';

/** What a pod's containers share: an address and the network namespace that has it. */
export interface Sandbox {
  ip: string;
  /** A file that nsenter --net takes; undefined for a pod on the node's own network. */
  netns: string | undefined;
}

/** Makes network namespaces, each with one veth to the node and a route there for its address. */
export class Sandboxes {
  // 10.244.0.0 is the network's name and 10.244.0.1 the node.
  readonly #addresses = new IpPool(networkPlan.podCidr, 2);
  readonly #dir: string;
  #count = 0;

  /** @param privateDir - on a mount that propagates nowhere */
  constructor(privateDir: string) {
    this.#dir = join(privateDir, 'netns');
    mkdirSync(this.#dir, { recursive: true });
  }

  /** @throws Error - with what `ip` said */
  async create(hostNetwork: boolean): Promise<Sandbox> {
    if (hostNetwork) return { ip: networkPlan.nodeIp, netns: undefined };
    const ip = this.#addresses.take();
    const id = `${++this.#count}`;
    const netns = join(this.#dir, id);
    try {
      await execa('sh', ['-c', createScript, 'sh', netns, `veth${id}`, ip, networkPlan.nodeIp]);
    } catch (error) {
      await this.destroy({ ip, netns });
      throw error;
    }
    return { ip, netns };
  }

  /** The veth goes with its namespace. */
  async destroy({ ip, netns }: Sandbox): Promise<void> {
    if (netns === undefined) return;
    await execa('umount', [netns], { reject: false });
    rmSync(netns, { force: true });
    this.#addresses.free(ip);
  }
}

/**
 * $1 namespace file, $2 name of the node's end, $3 the pod's address, $4 the node's. The address is a /32 and all else is routed
 * through the node: on a bridge, the answer of a pod behind a Service would go straight to the caller, past the node that has
 * to undo the rewriting of the address.
 */
const createScript = `
set -e
: > "$1"
unshare --net="$1" ip link set lo up
ip -batch - <<END
link add $2 type veth peer name eth0 netns $1
link set $2 up
route add $3 dev $2
END
nsenter --net="$1" ip -batch - <<END
addr add $3/32 dev eth0
link set eth0 up
route add $4 dev eth0 scope link
route add default via $4
END
`;
