import type { KubeObject } from '../../kube/objects.ts';
import { fileVolume, scriptPath } from './pod-files.ts';
import type { PodsSpec, Runner } from './runner.ts';
import { containerSecurity, k6Arguments, loadName, podSecurity } from './shared-objects.ts';

const labels = { app: loadName };
const container = 'k6';

/** An indexed Job: each pod finds its share of the calls by its index. */
export const job: Runner = { workload: jobOf, labels, container };

function jobOf(spec: PodsSpec): KubeObject {
  const { namespace, parallelism, mostSeconds } = spec;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: loadName, namespace },
    spec: {
      completionMode: 'Indexed',
      completions: parallelism,
      parallelism,
      // A second try would begin after the others. The pods beside one that failed go on, for their results (Kubernetes 1.29).
      backoffLimitPerIndex: 0,
      activeDeadlineSeconds: mostSeconds,
      template: { metadata: { labels }, spec: podOf(spec) },
    },
  };
}

function podOf({ subject, image }: PodsSpec): object {
  const { volumes, volumeMounts } = fileVolume(subject, loadName);
  return {
    serviceAccountName: loadName,
    restartPolicy: 'Never',
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 5,
    securityContext: podSecurity,
    // A node of its own for each, where there are enough: generators must not take CPU from each other.
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: 'kubernetes.io/hostname',
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels: labels },
      },
    ],
    containers: [
      {
        name: container,
        image,
        args: ['run', '--quiet', ...k6Arguments, scriptPath(subject)],
        securityContext: containerSecurity,
        volumeMounts,
      },
    ],
    volumes,
  };
}
