import type { Binary } from '../binaries.ts';

const kubernetes = ['kubelet', 'kubeadm', 'kube-scheduler'] as const;
const containerd = ['containerd', 'containerd-shim-runc-v2', 'ctr'] as const;
const plugins = {
  'cni-bridge': 'main/bridge',
  'cni-host-local': 'ipam/host-local',
  'cni-loopback': 'main/loopback',
  'cni-portmap': 'meta/portmap',
  'cni-ptp': 'main/ptp',
} as const;

/** What a kind node runs beside the binaries of a local cluster. All are static: images of theirs have nothing else in them. */
export const nodeBinaries: Binary[] = [
  ...kubernetes.map((name): Binary => ({
    name,
    source: 'kubernetes',
    goPackage: `k8s.io/kubernetes/cmd/${name}`,
    expected: '90 s',
  })),
  ...containerd.map((name): Binary => ({
    name,
    source: 'containerd',
    goPackage: `github.com/containerd/containerd/v2/cmd/${name}`,
    expected: '60 s',
  })),
  ...Object.entries(plugins).map(([name, path]): Binary => ({
    name: name as keyof typeof plugins,
    source: 'cni-plugins',
    goPackage: `github.com/containernetworking/plugins/plugins/${path}`,
    expected: '5 s',
  })),
];
