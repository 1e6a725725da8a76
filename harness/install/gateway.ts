import { join } from 'node:path';
import { projectRoot } from '../../common/tools.ts';
import { readManifests } from '../manifests/manifest-dir.ts';
import { troubleOfSelected } from '../base/pod-trouble.ts';
import type { KubeClient } from '../kube/client.ts';
import type { KubeObject } from '../kube/objects.ts';

interface Workload extends KubeObject {
  spec?: { selector?: { matchLabels?: Record<string, string> }; template?: object };
}

/**
 * Applies gateway/deploy/*.yaml, as a user would with kubectl: the harness knows the bundled gateway by its manifests only.
 *
 * @param crds - resolves when the API server serves Gateway API: only objects of it wait for that
 * @returns says what keeps the pods of what was installed from being ready, for the message of a wait that failed
 */
export async function installBundledGateway(
  kube: KubeClient,
  crds: Promise<void> = Promise.resolve(),
  dir = join(projectRoot, 'gateway', 'deploy'),
): Promise<() => Promise<string>> {
  const objects = await readManifests(dir);
  // Pods cannot be made before their ServiceAccount, and the next try would come late.
  objects.sort((a, b) => Number(isWorkload(a)) - Number(isWorkload(b)));
  const installed: KubeObject[] = [];
  for (const object of objects.filter((each) => !isOfGatewayApi(each)))
    installed.push(await kube.apply(object));
  await crds;
  for (const object of objects.filter(isOfGatewayApi)) installed.push(await kube.apply(object));
  return () => troubleOfWorkloads(kube, installed);
}

function isWorkload(object: KubeObject): object is Workload {
  return (object as Workload).spec?.template !== undefined;
}

function isOfGatewayApi({ apiVersion = '' }: KubeObject): boolean {
  return apiVersion.startsWith('gateway.networking.k8s.io/');
}

async function troubleOfWorkloads(kube: KubeClient, installed: KubeObject[]): Promise<string> {
  const troubles = installed
    .filter(isWorkload)
    .map(({ metadata, spec }) =>
      troubleOfSelected(kube, metadata?.namespace ?? 'default', spec?.selector?.matchLabels ?? {}),
    );
  return (await Promise.all(troubles)).join('');
}
