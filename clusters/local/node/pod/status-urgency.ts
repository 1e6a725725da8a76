import type { ContainerStatus, Pod, PodStatus } from '../../../api/types.ts';

/** Why a container waits that is on its way up. */
const onTheWay = new Set(['ContainerCreating', 'PodInitializing']);

/**
 * Whether someone acts on what is new in a status: readiness, trouble, the end. The steps on the way up, and those of a pod that is
 * being deleted, can wait for the next one.
 */
export function isUrgent(pod: Pod, before: PodStatus | undefined, now: PodStatus): boolean {
  if (pod.metadata?.deletionTimestamp !== undefined) return false;
  return tellingPart(before) !== tellingPart(now);
}

function tellingPart(status: PodStatus | undefined): string {
  const isTrue = (wanted: string): boolean =>
    status?.conditions?.some(({ type, status: value }) => type === wanted && value === 'True') ?? false;
  const containers = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  return JSON.stringify([
    isTrue('Ready'),
    isTrue('ContainersReady'),
    status?.phase === 'Succeeded' || status?.phase === 'Failed' ? status.phase : '',
    containers.map(trouble).filter((text) => text !== ''),
  ]);
}

function trouble({ name, state, restartCount }: ContainerStatus): string {
  const reason = state?.waiting?.reason ?? '';
  const waits = onTheWay.has(reason) ? '' : reason;
  const ended = state?.terminated === undefined ? '' : `ended ${String(state.terminated.exitCode)}`;
  const restarts = restartCount === 0 ? '' : `restarted ${String(restartCount)}`;
  const text = [waits, ended, restarts].filter((part) => part !== '').join(', ');
  return text === '' ? '' : `${name}: ${text}`;
}
