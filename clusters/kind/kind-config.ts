import { maxPods, type Machine } from '../node-container/machine.ts';

/**
 * kind's configuration, as JSON, which is YAML.
 *
 * @param ownImage - a node image of tools/setup/kind-node, which has a network of its own in place of kind's
 */
export function kindConfig({ cgroupV1, mayRaiseLimits }: Machine, ownImage: boolean): string {
  const kubelet = {
    kind: 'KubeletConfiguration',
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    maxPods,
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
