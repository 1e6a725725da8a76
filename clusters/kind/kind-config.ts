import { existsSync, readFileSync } from 'node:fs';

/** What of this machine decides how a node has to be set up. */
export interface Machine {
  cgroupV1: boolean;
  /** CAP_SYS_RESOURCE may be had: a process may then lower its score for the kernel's out-of-memory killer. */
  mayRaiseLimits: boolean;
}

const sysResource = 24n;

export function thisMachine(): Machine {
  const [, bounding = ''] = /^CapBnd:\s+([0-9a-f]+)/m.exec(readIfThere('/proc/self/status')) ?? [];
  return {
    cgroupV1: process.platform === 'linux' && !existsSync('/sys/fs/cgroup/cgroup.controllers'),
    mayRaiseLimits: bounding === '' || ((BigInt(`0x${bounding}`) >> sysResource) & 1n) === 1n,
  };
}

/**
 * kind's configuration, as JSON, which is YAML.
 *
 * @param ownImage - a node image of tools/setup/kind-node, which has a network of its own in place of kind's
 */
export function kindConfig({ cgroupV1, mayRaiseLimits }: Machine, ownImage: boolean): string {
  const kubelet = {
    kind: 'KubeletConfiguration',
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    // Of the 254 addresses that the node has; the default, 110, is what a run with many scenarios at a time comes near.
    maxPods: 240,
    ...(cgroupV1 ? { failCgroupV1: false } : {}),
    ...(mayRaiseLimits ? {} : { featureGates: { KubeletInUserNamespace: true } }),
  };
  const restrictOom = '[plugins."io.containerd.grpc.v1.cri"]\n  restrict_oom_score_adj = true';
  return JSON.stringify({
    kind: 'Cluster',
    apiVersion: 'kind.x-k8s.io/v1alpha4',
    ...(ownImage ? { networking: { disableDefaultCNI: true, kubeProxyMode: 'nftables' } } : {}),
    kubeadmConfigPatches: [JSON.stringify(kubelet)],
    // Without it every sandbox dies there: "can't get final child's PID from pipe: EOF".
    ...(mayRaiseLimits ? {} : { containerdConfigPatches: [restrictOom] }),
  });
}

function readIfThere(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
