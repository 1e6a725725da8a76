import type { KubeObject } from '../kube/objects.ts';

/** What the manifests name; the local cluster has it in its table of images. */
const writtenImage = 'docker.io/routeproof/echo-server:dev';

interface Workload extends KubeObject {
  spec?: { template?: { spec?: { containers?: { image?: string }[] } } };
}

/** The object with the image in place of the one that the manifests name for echo servers. */
export function withEchoImage<T extends KubeObject>(object: T, image: string | undefined): T {
  if (image === undefined || object.kind !== 'Deployment') return object;
  const changed = structuredClone(object);
  for (const container of (changed as Workload).spec?.template?.spec?.containers ?? [])
    if (container.image === writtenImage) container.image = image;
  return changed;
}
