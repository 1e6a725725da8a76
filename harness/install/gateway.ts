import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../../common/tools.ts';
import { parseManifest } from '../apply/manifest.ts';
import type { KubeClient } from '../kube/client.ts';

/** The class of the bundled implementation. */
export const bundledClass = 'routeproof';

/** Applies gateway/deploy/*.yaml, as a user would with kubectl: the harness knows the bundled gateway by its manifests only. */
export async function installBundledGateway(
  kube: KubeClient,
  dir = join(projectRoot, 'gateway', 'deploy'),
): Promise<void> {
  const files = (await readdir(dir)).filter((file) => file.endsWith('.yaml')).sort();
  for (const file of files) {
    const documents = parseManifest(await readFile(join(dir, file), 'utf8'), join(dir, file));
    for (const { object } of documents) await kube.apply(object);
  }
}
