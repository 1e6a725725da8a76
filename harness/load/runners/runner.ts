import type { KubeObject } from '../../kube/objects.ts';
import type { LoadRunner } from '../../results/load.ts';

/** Ways to run k6 in several pods of the cluster. */
export type RunnerKind = LoadRunner['kind'];
export const runnerKinds: readonly RunnerKind[] = ['job', 'k6-operator'];

/** Subjects whose script can run in several pods. */
export const podSubjects: readonly string[] = ['unary-latency'];

/** k6's own, of the version that is pinned in tools/k6. */
export const defaultK6Image = 'docker.io/grafana/k6:1.8.1';

/** What pods are made of. */
export interface PodsSpec extends LoadRunner {
  namespace: string;
  subject: string;
  /** Of the script. */
  parameters: Record<string, string>;
  /** Seconds after which nobody can follow it any more. */
  mostSeconds: number;
}

/** A kind of runner, as objects. */
export interface Runner {
  /** The one that makes the pods, created last. */
  workload: (spec: PodsSpec) => KubeObject;
  /** Of the pods in which k6 runs. */
  labels: Record<string, string>;
  /** Their container. */
  container: string;
}
