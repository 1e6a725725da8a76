#!/bin/bash
# In a node image of tools/setup/kind-node: does with kubeadm what k3s does, as far as the provider can see. It says that it is ready in the words of
# k3s, leaves a kubeconfig where k3s does, and has `ctr`. What it proves is the provider, not k3s.
set -eu
trap 'exit 0' TERM
mount --make-rshared /
sed -i 's/SystemdCgroup = true/SystemdCgroup = false/; s/restrict_oom_score_adj = false/restrict_oom_score_adj = true/' /etc/containerd/config.toml
containerd > /var/log/containerd.log 2>&1 &
address=$(hostname -I | cut -d' ' -f1)
cat > /kubeadm.yaml <<K
apiVersion: kubeadm.k8s.io/v1beta4
kind: InitConfiguration
localAPIEndpoint: { advertiseAddress: $address }
nodeRegistration: { criSocket: unix:///run/containerd/containerd.sock, taints: [] }
---
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
kubernetesVersion: $(cat /kind/version)
networking: { podSubnet: 10.244.0.0/16 }
---
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
cgroupDriver: cgroupfs
cgroupRoot: /
failSwapOn: false
failCgroupV1: false
featureGates: { KubeletInUserNamespace: true }
maxPods: 240
---
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: nftables
conntrack: { maxPerCore: 0, min: 0 }
K
(
  until [ -f /var/lib/kubelet/kubeadm-flags.env ]; do sleep 0.2; done
  . /var/lib/kubelet/kubeadm-flags.env
  # shellcheck disable=SC2086
  exec kubelet --bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf --kubeconfig=/etc/kubernetes/kubelet.conf --config=/var/lib/kubelet/config.yaml $KUBELET_KUBEADM_ARGS > /var/log/kubelet.log 2>&1
) &
until ctr version > /dev/null 2>&1; do sleep 0.2; done
kubeadm init --config=/kubeadm.yaml --ignore-preflight-errors=all
mkdir -p /etc/rancher/k3s
sed 's#server: .*#server: https://127.0.0.1:6443#' /etc/kubernetes/admin.conf > /etc/rancher/k3s/k3s.yaml
echo 'Node controller sync successful'
wait
