import { RouteproofError } from '../../common/errors.ts';
import { defaultK6Image, podSubjects, type RunnerKind } from '../../harness/load/runners/runner.ts';
import type { LoadRunner } from '../../harness/results/load.ts';

interface RunnerFlags {
  cluster?: string;
  subject?: string[];
  runner?: RunnerKind;
  parallelism?: number;
  k6Image?: string;
}

/** The least that shows whether results of several are put together. */
const defaultParallelism = 2;

/**
 * Options that would be taken no notice of are mistakes, and so are subjects that cannot run in pods.
 *
 * @throws RouteproofError USAGE
 */
export function mustFitRunner({ cluster, subject = [], runner, parallelism, k6Image }: RunnerFlags): void {
  if (runner === undefined) {
    mustBeLocal(cluster);
    const [option] = Object.entries({ '--parallelism': parallelism, '--k6-image': k6Image }).flatMap(
      ([name, value]) => (value === undefined ? [] : [name]),
    );
    if (option === undefined) return;
    throw new RouteproofError('USAGE', `${option} is for --runner`, {
      hint: `add --runner job or --runner k6-operator, or leave ${option} away`,
    });
  }
  const other = subject.find((name) => !podSubjects.includes(name));
  if (other === undefined) return;
  throw new RouteproofError('USAGE', 'this benchmark cannot run in pods', {
    object: `--subject ${other}`,
    seen: `--runner ${runner}`,
    hint: `one of ${podSubjects.join(', ')}, or leave --runner away`,
  });
}

/** Elsewhere k6 would measure the way from this machine to the cluster. */
function mustBeLocal(cluster: string | undefined): void {
  if (cluster !== 'kubeconfig') return;
  throw new RouteproofError('USAGE', 'on an existing cluster the load generator runs in pods of it', {
    object: '--cluster kubeconfig',
    hint: 'add --runner job, or --runner k6-operator',
  });
}

/** @returns undefined where k6 runs beside this process */
export function runnerOf({ runner, parallelism, k6Image }: RunnerFlags): LoadRunner | undefined {
  if (runner === undefined) return undefined;
  return { kind: runner, parallelism: parallelism ?? defaultParallelism, image: k6Image ?? defaultK6Image };
}
