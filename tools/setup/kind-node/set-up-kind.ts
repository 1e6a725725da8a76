import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { findEngine, hasImage, runEngine, type ContainerEngine } from '../../../common/container-engine.ts';
import { kindNodeImage } from '../../../common/kind-node-image.ts';
import { codeExtension, nodeParts, toolDir } from '../../../common/tools.ts';
import { RouteproofError } from '../../../common/errors.ts';
import { buildClusterBinaries } from '../binaries.ts';
import { installPrograms } from '../debian.ts';
import { installEnvoy } from '../envoy.ts';
import { setUpTools } from '../on-demand.ts';
import { say } from '../say.ts';
import { makeNodeImage } from './make-node-image.ts';
import { makeEnvoyImage, makeNodeJsImage, makeProductImages } from './product-images.ts';

/** The one that kind v0.33.0 takes without a name for it. */
const kindsImage =
  'docker.io/kindest/node:v1.37.0@sha256:a1ed56cfb0e7b93589bdf97c8cd566405a265939e3620fc4f5de89adff580ae5';

/**
 * All that clusters of kind need: kind, an engine, a node image and the images of this project. Where no registry can be reached,
 * images are made of packages.
 *
 * @throws RouteproofError CONTAINER_ENGINE_MISSING, TOOL_MISSING
 */
export async function setUpKind(): Promise<void> {
  if (codeExtension !== '.ts') {
    throw new RouteproofError('TOOL_MISSING', 'the images for clusters of kind are built in a checkout', {
      hint: 'clone the repository and run it there; the npm package has no sources to build images from',
    });
  }
  const engine = await engineOrPodman();
  await setUpTools(['kind']);
  await buildClusterBinaries();
  const own = await needsOwnImages(engine);
  if (own) {
    await ensureNodeImage(engine);
    await installEnvoy();
    await makeEnvoyImage(engine);
  }
  await makeProductImages(engine, own ? await makeNodeJsImage(engine) : undefined);
}

/** Podman is installed where there is no engine at all, not in place of one that is there and does not let us in. */
async function engineOrPodman(): Promise<ContainerEngine> {
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

/** Asked of a registry once a machine: an answer is kept as the image that it led to. */
async function needsOwnImages(engine: ContainerEngine): Promise<boolean> {
  const named = process.env['ROUTEPROOF_KIND_NODE_IMAGE'];
  if (named !== undefined && named !== '') return named === kindNodeImage();
  if (existsSync(nodeArchive()) || (await hasImage(engine, kindNodeImage()))) return true;
  if (await hasImage(engine, kindsImage)) return false;
  say(`asking for ${kindsImage.split('@')[0] ?? ''}`);
  const pull = await execa(engine.name, ['pull', kindsImage], {
    env: engine.env,
    stdin: 'ignore',
    reject: false,
    timeout: 600_000,
  });
  if (!pull.failed) return false;
  say(`it cannot be pulled (${pull.stderr.trim().split('\n').at(-1) ?? 'no answer'}): images are made here`);
  return true;
}

function nodeArchive(): string {
  return join(toolDir('kind-node'), 'node.tar');
}

async function ensureNodeImage(engine: ContainerEngine): Promise<void> {
  if (await hasImage(engine, kindNodeImage())) return;
  if (existsSync(nodeArchive())) {
    await runEngine(engine, ['load', '--input', nodeArchive()]);
    return;
  }
  await installPrograms([{ programs: ['debootstrap'], debianPackage: 'debootstrap' }]);
  await setUpTools([...nodeParts, 'coredns']);
  await makeNodeImage(engine, kindNodeImage(), toolDir('kind-node'));
}
