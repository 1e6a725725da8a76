/** Addresses inside every local cluster. Clusters have network namespaces of their own, so all of them use the same ones. */
export const networkPlan = {
  podCidr: '10.244.0.0/16',
  serviceCidr: '10.96.0.0/16',
  loadBalancerCidr: '10.97.0.0/16',
  /** The node's own address: the API server, the kubelet's endpoint and the pods' gateway. */
  nodeIp: '10.244.0.1',
  /** Of the Service default/kubernetes: the first address of serviceCidr. */
  apiServiceIp: '10.96.0.1',
  /** Of the name server, where the cluster has one: Service kube-system/kube-dns. */
  dnsServiceIp: '10.96.0.10',
  clusterDomain: 'cluster.local',
  apiPort: 6443,
  kubeletPort: 10250,
} as const;

export const nodeName = 'local';
