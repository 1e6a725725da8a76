import { execa } from 'execa';
import { findEngine, type ContainerEngine } from '../../../common/container-engine.ts';
import { RouteproofError } from '../../../common/errors.ts';
import { codeExtension } from '../../../common/tools.ts';
import { installPrograms } from '../debian.ts';
import { installEnvoy } from '../envoy.ts';
import { makeEnvoyImage, makeNodeJsImage, makeProductImages } from './product-images.ts';

/** @throws RouteproofError TOOL_MISSING */
export function mustBeCheckout(cluster: string): void {
  if (codeExtension === '.ts') return;
  throw new RouteproofError('TOOL_MISSING', `the images for clusters of ${cluster} are built in a checkout`, {
    hint: 'clone the repository and run it there; the npm package has no sources to build images from',
  });
}

/** Podman is installed where there is no engine at all, not in place of one that is there and does not let us in. */
export async function engineOrPodman(): Promise<ContainerEngine> {
  const engine = await findEngine().catch(async (error: unknown) => {
    const { seen = '' } = error as RouteproofError;
    if (!seen.includes('podman: not installed') || /permission denied/i.test(seen)) throw error;
    const packages = ['podman', 'aardvark-dns', 'netavark', 'runc'];
    await installPrograms(packages.map((debianPackage) => ({ programs: ['podman'], debianPackage })));
    return findEngine();
  });
  // Netavark, podman's network, calls it.
  if (engine.name === 'podman')
    await installPrograms([{ programs: ['iptables'], debianPackage: 'iptables' }]);
  return engine;
}

/**
 * The images of this project that nodes are given.
 *
 * @param own - whether what they are built on, and Envoy's, are made here too
 */
export async function makeNodeImages(engine: ContainerEngine, own: boolean): Promise<void> {
  if (own) {
    await installEnvoy();
    await makeEnvoyImage(engine);
  }
  await makeProductImages(engine, own ? await makeNodeJsImage(engine) : undefined);
}

/** @returns why an image cannot be pulled, undefined when it was */
export async function pull(engine: ContainerEngine, image: string): Promise<string | undefined> {
  const { failed, stderr } = await execa(engine.name, ['pull', image], {
    env: engine.env,
    stdin: 'ignore',
    reject: false,
    timeout: 600_000,
  });
  return failed ? stderr.trim().split('\n').at(-1) || 'no answer' : undefined;
}
