import { cpus, totalmem } from 'node:os';
import { release } from 'node:os';
import type { ApiClient } from '../../api/api-client.ts';
import { networkPlan, nodeName } from '../../network/network-plan.ts';
import type { NodeResources } from './values/field-ref.ts';

const leaseSeconds = 40;
const heartbeatMs = 10_000;
const maxPods = '500';

export function nodeResources(): NodeResources {
  return { cpus: cpus().length, memoryBytes: totalmem() };
}

/** Creates the Node object, Ready from the start, and keeps its Lease fresh. */
export async function registerNode(
  api: ApiClient,
  kubernetesVersion: string,
  failed: (error: unknown) => void,
) {
  await api.post('/api/v1/nodes', nodeObject());
  await api.mergePatch(`/api/v1/nodes/${nodeName}/status`, { status: nodeStatus(kubernetesVersion) });
  const leases = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases';
  const spec = () => ({
    holderIdentity: nodeName,
    leaseDurationSeconds: leaseSeconds,
    renewTime: new Date().toISOString().replace('Z', '000Z'),
  });
  const lease = {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: nodeName },
    spec: spec(),
  };
  // The API server makes the namespace itself, a moment after it is ready; the first heartbeat makes up for it.
  let isCreated = false;
  const beat = async (): Promise<void> => {
    if (isCreated) await api.mergePatch(`${leases}/${nodeName}`, { spec: spec() });
    else await api.post(leases, lease);
    isCreated = true;
  };
  setInterval(() => void beat().catch(failed), heartbeatMs).unref();
}

function nodeObject(): unknown {
  const labels = {
    'kubernetes.io/hostname': nodeName,
    'kubernetes.io/os': 'linux',
    'kubernetes.io/arch': goArch(),
  };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: nodeName, labels },
    spec: { podCIDR: networkPlan.podCidr },
  };
}

function nodeStatus(kubernetesVersion: string): unknown {
  const { cpus: count, memoryBytes } = nodeResources();
  const amounts = { cpu: `${count}`, memory: `${Math.floor(memoryBytes / 1024)}Ki`, pods: maxPods };
  const now = new Date().toISOString();
  const conditions = [
    condition('Ready', 'True', 'KubeletReady', 'the node agent is running', now),
    condition(
      'MemoryPressure',
      'False',
      'KubeletHasSufficientMemory',
      'not measured on the local cluster',
      now,
    ),
    condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'not measured on the local cluster', now),
    condition('PIDPressure', 'False', 'KubeletHasSufficientPID', 'not measured on the local cluster', now),
  ];
  return {
    capacity: amounts,
    allocatable: amounts,
    conditions,
    addresses: [
      { type: 'InternalIP', address: networkPlan.nodeIp },
      { type: 'Hostname', address: nodeName },
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: networkPlan.kubeletPort } },
    nodeInfo: {
      architecture: goArch(),
      bootID: '',
      containerRuntimeVersion: 'routeproof://0',
      kernelVersion: release(),
      kubeProxyVersion: kubernetesVersion,
      kubeletVersion: kubernetesVersion,
      machineID: '',
      operatingSystem: 'linux',
      osImage: 'processes of the host',
      systemUUID: '',
    },
  };
}

function condition(type: string, status: string, reason: string, message: string, now: string): unknown {
  return { type, status, reason, message, lastHeartbeatTime: now, lastTransitionTime: now };
}

/** Kubernetes writes architectures as Go does. */
function goArch(): string {
  return process.arch === 'x64' ? 'amd64' : process.arch;
}
