import { networkPlan, nodeName } from '../../network/network-plan.ts';
import type { CredentialFiles } from './credentials.ts';

const etcdUrl = 'http://127.0.0.1:2379';
const etcdPeerUrl = 'http://127.0.0.1:2380';

/** Data that dies with the cluster needs no fsync, the largest part of a write's time. */
export function etcdArguments(dataDir: string): string[] {
  return [
    `--data-dir=${dataDir}`,
    '--name=local',
    `--listen-client-urls=${etcdUrl}`,
    `--advertise-client-urls=${etcdUrl}`,
    `--listen-peer-urls=${etcdPeerUrl}`,
    `--initial-advertise-peer-urls=${etcdPeerUrl}`,
    `--initial-cluster=local=${etcdPeerUrl}`,
    '--unsafe-no-fsync',
    '--log-level=warn',
    // One member elects itself; the shortest that etcd allows (it wants 5 heartbeats in an election).
    '--heartbeat-interval=20',
    '--election-timeout=100',
  ];
}

export function apiServerArguments(files: CredentialFiles, certDir: string): string[] {
  const { nodeIp, apiPort, serviceCidr } = networkPlan;
  return [
    `--etcd-servers=${etcdUrl}`,
    `--advertise-address=${nodeIp}`,
    `--bind-address=0.0.0.0`,
    `--secure-port=${apiPort}`,
    `--service-cluster-ip-range=${serviceCidr}`,
    `--cert-dir=${certDir}`,
    `--tls-cert-file=${files.apiServerCert}`,
    `--tls-private-key-file=${files.apiServerKey}`,
    '--authorization-mode=RBAC',
    `--token-auth-file=${files.tokens}`,
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    `--service-account-key-file=${files.serviceAccountKey}`,
    `--service-account-signing-key-file=${files.serviceAccountKey}`,
    `--kubelet-client-certificate=${files.kubeletClientCert}`,
    `--kubelet-client-key=${files.kubeletClientKey}`,
    `--kubelet-certificate-authority=${files.ca}`,
    '--kubelet-preferred-address-types=InternalIP',
    // There is no node lifecycle controller to take the not-ready taint away again.
    '--disable-admission-plugins=TaintNodesByCondition',
    // One user: nothing to be fair between, and sorting each request into a queue costs CPU.
    '--enable-priority-and-fairness=false',
    '--profiling=false',
  ];
}

/** All controllers that a test's objects can meet; those for clouds, volumes, autoscaling and node failure are left out. */
const controllers = [
  'cronjob-controller',
  'clusterrole-aggregation-controller',
  'daemonset-controller',
  'deployment-controller',
  'disruption-controller',
  'endpoints-controller',
  'endpointslice-controller',
  'endpointslice-mirroring-controller',
  'garbage-collector-controller',
  'job-controller',
  'namespace-controller',
  'pod-garbage-collector-controller',
  'replicaset-controller',
  'replicationcontroller-controller',
  'resourcequota-controller',
  'root-ca-certificate-publisher-controller',
  'serviceaccount-controller',
  'serviceaccount-token-controller',
  'statefulset-controller',
  'ttl-after-finished-controller',
];

export function controllerManagerArguments(files: CredentialFiles, kubeconfig: string): string[] {
  return [
    `--kubeconfig=${kubeconfig}`,
    `--controllers=${controllers.join(',')}`,
    '--leader-elect=false',
    `--service-account-private-key-file=${files.serviceAccountKey}`,
    `--root-ca-file=${files.ca}`,
    // Nothing but this namespace can reach it, and nothing in here asks for its metrics.
    '--bind-address=127.0.0.1',
    // The defaults (20 and 30) make a Deployment's pods wait while a run creates dozens of namespaces.
    '--kube-api-qps=500',
    '--kube-api-burst=1000',
    '--profiling=false',
  ];
}

/** Written as a file: kube-proxy has no flags for these. */
export function proxyConfiguration(kubeconfig: string): unknown {
  return {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    mode: 'nftables',
    hostnameOverride: nodeName,
    clusterCIDR: networkPlan.podCidr,
    clientConnection: { kubeconfig, qps: 100, burst: 200 },
    bindAddress: '0.0.0.0',
    healthzBindAddress: '127.0.0.1:10256',
    metricsBindAddress: '127.0.0.1:10249',
    // An unprivileged user namespace may not write the conntrack limits.
    conntrack: { maxPerCore: 0, min: 0 },
    // At once after a quiet moment. In a busy one each sync costs 45 ms of CPU, more than any of the changes is in a hurry for.
    // The second is when it tries again after a failure, which a busy kernel can cause; a full sync comes once an hour in any case.
    nftables: { minSyncPeriod: '500ms', syncPeriod: '1s' },
  };
}
