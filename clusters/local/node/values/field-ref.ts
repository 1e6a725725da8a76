import type { Container, Pod } from '../../../api/types.ts';
import { networkPlan, nodeName } from '../../../network/network-plan.ts';

/**
 * The value of a downward API field.
 *
 * @param podIp - the address of the pod's sandbox: its status may not have been written yet
 * @throws Error - for a field that the downward API does not have
 */
export function fieldValue(path: string, pod: Pod, podIp: string): string {
  const subscript = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path);
  if (subscript !== null) {
    const [, map, key = ''] = subscript;
    return (map === 'labels' ? pod.metadata?.labels : pod.metadata?.annotations)?.[key] ?? '';
  }
  switch (path) {
    case 'metadata.name':
      return pod.metadata?.name ?? '';
    case 'metadata.namespace':
      return pod.metadata?.namespace ?? '';
    case 'metadata.uid':
      return pod.metadata?.uid ?? '';
    case 'metadata.labels':
      return formatMap(pod.metadata?.labels);
    case 'metadata.annotations':
      return formatMap(pod.metadata?.annotations);
    case 'spec.nodeName':
      return nodeName;
    case 'spec.serviceAccountName':
      return pod.spec?.serviceAccountName ?? '';
    case 'status.hostIP':
    case 'status.hostIPs':
      return networkPlan.nodeIp;
    case 'status.podIP':
    case 'status.podIPs':
      return podIp;
    default:
      throw new Error(`fieldPath ${path} is not supported`);
  }
}

/** The form of a downward API file: one key="value" a line, in the order of the keys. */
function formatMap(map: Record<string, string> = {}): string {
  return Object.keys(map)
    .sort()
    .map((key) => `${key}=${JSON.stringify(map[key])}`)
    .join('\n');
}

const suffixes: Record<string, number> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
};

/** @throws Error - when `text` is not a quantity */
export function parseQuantity(text: string): number {
  const [, number = '', suffix = ''] = /^([+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?)([A-Za-z]*)$/.exec(text) ?? [];
  const factor = suffixes[suffix];
  if (number === '' || factor === undefined) throw new Error(`${text} is not a quantity`);
  return Number(number) * factor;
}

/** What the node has; limits that a container does not set are these. */
export interface NodeResources {
  cpus: number;
  memoryBytes: number;
}

/**
 * The value of a resourceFieldRef: in units of its divisor, rounded up.
 *
 * @throws Error - for a resource that the downward API does not have
 */
export function resourceValue(
  resource: string,
  divisor: string | undefined,
  container: Container,
  node: NodeResources,
): string {
  const [kind, name = ''] = resource.split('.', 2);
  if ((kind !== 'limits' && kind !== 'requests') || name === '')
    throw new Error(`resource ${resource} is not supported`);
  const { limits, requests } = container.resources ?? {};
  const nodeAmounts: Record<string, string> = { cpu: `${node.cpus}`, memory: `${node.memoryBytes}` };
  const amount =
    kind === 'limits' ? (limits?.[name] ?? nodeAmounts[name]) : (requests?.[name] ?? limits?.[name]);
  const unit = divisor === undefined || divisor === '0' ? 1 : parseQuantity(divisor);
  return `${Math.ceil(parseQuantity(amount ?? '0') / unit)}`;
}
