import { maxPods, type Machine } from '../node-container/machine.ts';

/**
 * The node's command. What a run needs of its own is switched off: Traefik, which installs CRDs of Gateway API and is a gateway, and servicelb,
 * which would answer for LoadBalancer Services with ports of the node. metrics-server and the local-path provisioner are for nobody here.
 */
export function serverArguments({ cgroupV1, mayRaiseLimits }: Machine): string[] {
  return [
    'server',
    '--disable=traefik,servicelb,metrics-server,local-storage',
    // One node needs no tunnel, and the default, vxlan, needs a module of the kernel.
    '--flannel-backend=host-gw',
    `--kubelet-arg=max-pods=${maxPods}`,
    ...(cgroupV1 ? ['--kubelet-arg=fail-cgroupv1=false'] : []),
    ...(mayRaiseLimits ? [] : ['--kubelet-arg=feature-gates=KubeletInUserNamespace=true']),
  ];
}
