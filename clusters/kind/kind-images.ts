import { hasImage, type ContainerEngine } from '../../common/container-engine.ts';
import { kindNodeImage } from '../../common/kind-node-image.ts';

/** The image that the user names, else our own where set-up has made it because kind's could not be had, else kind's. */
export async function chosenNodeImage(engine: ContainerEngine): Promise<string | undefined> {
  const named = process.env['ROUTEPROOF_KIND_NODE_IMAGE'];
  if (named !== undefined && named !== '') return named;
  return (await hasImage(engine, kindNodeImage())) ? kindNodeImage() : undefined;
}
