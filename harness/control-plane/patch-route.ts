import { collectionPath } from '../kube/kinds.ts';
import type { Lab } from './lab.ts';

/** Merges into the spec of route number `index`: one request, without reading it first. */
export async function patchRoute(
  { env, namespace }: Pick<Lab, 'env' | 'namespace'>,
  index: number | string,
  spec: object,
): Promise<void> {
  const path = `${collectionPath(await env.kube.kindInfo('GRPCRoute'), namespace)}/r-${index}`;
  await env.kube.send('PATCH', path, { body: { spec }, contentType: 'application/merge-patch+json' });
}
