import { hasImage, type ContainerEngine } from '../../../common/container-engine.ts';
import { k3sImage } from '../../../common/k3s-image.ts';
import { say } from '../say.ts';
import { engineOrPodman, makeNodeImages, mustBeCheckout, pull } from './for-nodes.ts';
import { buildBase } from './product-images.ts';

/**
 * What clusters of k3s need: an engine, k3s's image, and the images of this project. Where k3s's image cannot be had the rest would be for
 * nothing, and is not made; the cluster then says so.
 *
 * @throws RouteproofError CONTAINER_ENGINE_MISSING, TOOL_MISSING
 */
export async function setUpK3s(): Promise<void> {
  mustBeCheckout('k3s');
  const engine = await engineOrPodman();
  if (!(await isThere(engine, k3sImage()))) return;
  await makeNodeImages(engine, !(await isThere(engine, buildBase())));
}

async function isThere(engine: ContainerEngine, image: string): Promise<boolean> {
  if (await hasImage(engine, image)) return true;
  say(`asking for ${image}`);
  const refusal = await pull(engine, image);
  if (refusal !== undefined) say(`it cannot be pulled (${refusal})`);
  return refusal === undefined;
}
