import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../../common/tools.ts';
import { parseManifest } from '../apply/manifest.ts';
import { troubleOfSelected } from '../base/pod-trouble.ts';
import type { KubeClient } from '../kube/client.ts';
import type { KubeObject } from '../kube/objects.ts';

/** The class of the bundled implementation. */
export const bundledClass = 'routeproof';

interface Workload extends KubeObject {
  spec?: { selector?: { matchLabels?: Record<string, string> }; template?: object };
}

/**
 * Applies gateway/deploy/*.yaml, as a user would with kubectl: the harness knows the bundled gateway by its manifests only.
 *
 * @returns says what keeps the pods of what was installed from being ready, for the message of a wait that failed
 */
export async function installBundledGateway(
  kube: KubeClient,
  dir = join(projectRoot, 'gateway', 'deploy'),
): Promise<() => Promise<string>> {
  const files = (await readdir(dir)).filter((file) => file.endsWith('.yaml')).sort();
  const installed: KubeObject[] = [];
  for (const file of files) {
    const documents = parseManifest(await readFile(join(dir, file), 'utf8'), join(dir, file));
    for (const { object } of documents) installed.push(await kube.apply(object));
  }
  return () => troubleOfWorkloads(kube, installed);
}

async function troubleOfWorkloads(kube: KubeClient, installed: KubeObject[]): Promise<string> {
  const workloads = (installed as Workload[]).filter(({ spec }) => spec?.template !== undefined);
  const troubles = workloads.map(({ metadata, spec }) =>
    troubleOfSelected(kube, metadata?.namespace ?? 'default', spec?.selector?.matchLabels ?? {}),
  );
  return (await Promise.all(troubles)).join('');
}
