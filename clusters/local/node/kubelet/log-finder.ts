import { keyOf } from '../../../../common/object-key.ts';
import type { Pod } from '../../../api/types.ts';
import { logPathOf } from '../container/container-launch.ts';
import type { ContainerRunner } from '../container/container-runner.ts';
import { LogRefusal, type LogFinder } from './kubelet-server.ts';
import type { LogSource } from './read-log.ts';

export interface RunningPod {
  pod: Pod;
  runner(container: string): ContainerRunner | undefined;
}

/** Finds the log of a container's current or previous run. */
export class PodLogFinder implements LogFinder {
  readonly #podLogDir: string;
  readonly #pods: () => Iterable<RunningPod>;

  constructor(podLogDir: string, pods: () => Iterable<RunningPod>) {
    this.#podLogDir = podLogDir;
    this.#pods = pods;
  }

  logOf(namespace: string, pod: string, container: string, previous: boolean): LogSource {
    const found = [...this.#pods()].find((other) => keyOf(other.pod) === `${namespace}/${pod}`);
    if (found === undefined) throw new LogRefusal(404, `pod ${namespace}/${pod} is not on this node`);
    const runner = found.runner(container);
    const status = runner?.status();
    const where = `container "${container}" in pod "${pod}"`;
    if (runner === undefined || status?.containerID === undefined) {
      throw new LogRefusal(
        400,
        `${where} is waiting to start: ${status?.state?.waiting?.reason ?? 'PodInitializing'}`,
      );
    }
    const run = status.restartCount - (previous ? 1 : 0);
    if (run < 0) throw new LogRefusal(400, `previous terminated ${where} not found`);
    return {
      path: logPathOf(this.#podLogDir, found.pod, container, run),
      live: previous ? undefined : runner.running?.process,
    };
  }
}
