import { RouteproofError } from '../../../common/errors.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { KubeObject } from '../../kube/objects.ts';
import { fileVolume, scriptPath } from './pod-files.ts';
import type { PodsSpec, Runner } from './runner.ts';
import { k6Arguments, loadName, podSecurity } from './shared-objects.ts';

const apiVersion = 'k6.io/v1alpha1';
const kind = 'TestRun';

/**
 * A TestRun of the k6-operator: it makes a Job for each pod with its execution segment, holds k6 back until every pod answers, and lets one
 * go after the other. The common start comes after that.
 */
export const k6Operator: Runner = {
  workload: testRunOf,
  // The operator's, on the pods that call; its initializer and starter have no `runner`.
  labels: { k6_cr: loadName, runner: 'true' },
  container: 'k6',
};

/**
 * The script is a local file, not the operator's own ConfigMap volume: that one is flat, and the script has files in folders. Its parameters
 * are a file too, because the operator's initializer reads the script without the pods' environment.
 */
function testRunOf({ namespace, parallelism, subject, image }: PodsSpec): KubeObject {
  return {
    apiVersion,
    kind,
    metadata: { name: loadName, namespace },
    spec: {
      parallelism,
      script: { localFile: scriptPath(subject) },
      arguments: k6Arguments.join(' '),
      // The initializer is made like the runners where nothing else is said. It writes to /tmp: no read-only root.
      runner: {
        image,
        serviceAccountName: loadName,
        securityContext: podSecurity,
        containerSecurityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        ...fileVolume(subject, loadName),
      },
    },
  };
}

/** @throws RouteproofError CRDS_MISSING - the cluster has no k6-operator */
export async function mustHaveOperator(kube: KubeClient): Promise<void> {
  const kinds = await kube.kindsOf(apiVersion);
  if (kinds.some((each) => each.kind === kind)) return;
  throw new RouteproofError('CRDS_MISSING', 'the cluster has no k6-operator', {
    object: 'CustomResourceDefinition testruns.k6.io',
    seen: `the API server serves no ${kind} of ${apiVersion}`,
    hint: 'install it: helm install k6-operator k6-operator --repo https://grafana.github.io/helm-charts --namespace k6-operator-system --create-namespace; or take --runner job',
  });
}
