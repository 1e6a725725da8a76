import type { ContainerStatus, Pod } from '../../../api/types.ts';

export type PodPhase = 'Pending' | 'Running' | 'Succeeded' | 'Failed';

/** A container that ended and waits for its next start counts as stopped, not as waiting: its pod has been running. */
export function hasRun({ state, lastState }: ContainerStatus): boolean {
  return (
    state?.running !== undefined || state?.terminated !== undefined || lastState?.terminated !== undefined
  );
}

function exitCodeOf(status: ContainerStatus): number | undefined {
  return status.state?.terminated?.exitCode;
}

/** The phase of a pod as kubelet's getPhase decides it. */
export function podPhase(pod: Pod, inits: ContainerStatus[], containers: ContainerStatus[]): PodPhase {
  const policy = pod.spec?.restartPolicy ?? 'Always';
  const sidecars = sidecarNames(pod);
  const plainInits = inits.filter(({ name }) => !sidecars.has(name));
  if (policy === 'Never' && plainInits.some((status) => (exitCodeOf(status) ?? 0) !== 0)) return 'Failed';
  if (!isInitialized(pod, inits) && !containers.some(hasRun)) return 'Pending';
  if (!containers.every(hasRun)) return 'Pending';
  const exits = containers.map(exitCodeOf);
  if (exits.some((code) => code === undefined) || policy === 'Always') return 'Running';
  if (exits.every((code) => code === 0)) return 'Succeeded';
  return policy === 'Never' ? 'Failed' : 'Running';
}

/** Whether every init container is done, and every sidecar started. */
export function isInitialized(pod: Pod, inits: ContainerStatus[]): boolean {
  const sidecars = sidecarNames(pod);
  return inits.every((status) =>
    sidecars.has(status.name) ? status.started === true : exitCodeOf(status) === 0,
  );
}

/** Init containers that keep running beside the others (restartPolicy Always). */
export function sidecarNames(pod: Pod): Set<string> {
  const inits = pod.spec?.initContainers ?? [];
  return new Set(inits.filter(({ restartPolicy }) => restartPolicy === 'Always').map(({ name }) => name));
}
