import type { KubeClient } from '../kube/client.ts';
import type { KubeObject } from '../kube/objects.ts';
import { isConflict } from '../kube/refusal.ts';

/** Replaces an object that is there. What others write into it meanwhile, conditions for example, is of no interest. */
export async function overwrite(kube: KubeClient, object: KubeObject): Promise<void> {
  const next = { ...structuredClone(object), metadata: structuredClone(object.metadata ?? {}) };
  const info = await kube.kindInfo(next.kind ?? '', next.apiVersion);
  for (;;) {
    const { metadata } = await kube.get<KubeObject>(info, undefined, next.metadata.name ?? '');
    if (metadata?.resourceVersion !== undefined) next.metadata.resourceVersion = metadata.resourceVersion;
    try {
      await kube.replace(next);
      return;
    } catch (error) {
      if (!isConflict(error)) throw error;
    }
  }
}
