import { findEngine, hasImage, runEngine } from '../../common/container-engine.ts';
import { nodeImageLabel } from '../../common/kind-node-image.ts';
import { imageHint, k3sImage } from '../../common/k3s-image.ts';
import { RouteproofError } from '../../common/errors.ts';
import { toolPath } from '../../common/tools.ts';

const tag = 'localhost/routeproof/test-node:v1';

/** Builds the image of the contract's pods for the nodes of kind, out of one that set-up has made. @returns takes it away again */
export async function makeKindTestImage(): Promise<() => Promise<void>> {
  const engine = await findEngine();
  const text = [`FROM ${await imageWithNode()}`, 'ENTRYPOINT ["/nodejs/bin/node"]', ''].join('\n');
  const label = `--label=${nodeImageLabel}=test.local/node:v1`;
  await runEngine(engine, ['build', label, `--tag=${tag}`, '-'], text);
  return async () => {
    await runEngine(engine, ['rmi', '--force', tag]);
  };
}

/** @throws RouteproofError - why this machine cannot host clusters of kind now */
export async function checkKind(): Promise<void> {
  toolPath('kind');
  await imageWithNode();
}

/** @throws RouteproofError - why this machine cannot host clusters of k3s now */
export async function checkK3s(): Promise<void> {
  await imageWithNode();
  const engine = await findEngine();
  if (await hasImage(engine, k3sImage())) return;
  throw new RouteproofError('IMAGE_MISSING', "k3s's image is not on this machine", {
    object: k3sImage(),
    hint: imageHint(engine.name),
  });
}

async function imageWithNode(): Promise<string> {
  const filter = `label=${nodeImageLabel}=docker.io/routeproof/load-balancer:dev`;
  const [id] = (await runEngine(await findEngine(), ['images', '--quiet', '--filter', filter])).split('\n');
  if (id !== undefined && id !== '') return id;
  throw new RouteproofError('IMAGE_MISSING', 'no images for the nodes of kind have been made', {
    hint: 'run `tools/setup.sh kind`',
  });
}
