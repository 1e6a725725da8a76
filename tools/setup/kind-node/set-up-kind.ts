import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { hasImage, runEngine, type ContainerEngine } from '../../../common/container-engine.ts';
import { kindNodeImage } from '../../../common/kind-node-image.ts';
import { nodeParts, toolDir } from '../../../common/tools.ts';
import { buildClusterBinaries } from '../binaries.ts';
import { installPrograms } from '../debian.ts';
import { setUpTools } from '../on-demand.ts';
import { say } from '../say.ts';
import { engineOrPodman, makeNodeImages, mustBeCheckout, pull } from './for-nodes.ts';
import { makeNodeImage } from './make-node-image.ts';

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
  mustBeCheckout('kind');
  const engine = await engineOrPodman();
  await setUpTools(['kind']);
  await buildClusterBinaries();
  const own = await needsOwnImages(engine);
  if (own) await ensureNodeImage(engine);
  await makeNodeImages(engine, own);
}

/** Asked of a registry once a machine: an answer is kept as the image that it led to. */
async function needsOwnImages(engine: ContainerEngine): Promise<boolean> {
  const named = process.env['ROUTEPROOF_KIND_NODE_IMAGE'];
  if (named !== undefined && named !== '') return named === kindNodeImage();
  if (existsSync(nodeArchive()) || (await hasImage(engine, kindNodeImage()))) return true;
  if (await hasImage(engine, kindsImage)) return false;
  say(`asking for ${kindsImage.split('@')[0] ?? ''}`);
  const refusal = await pull(engine, kindsImage);
  if (refusal === undefined) return false;
  say(`it cannot be pulled (${refusal}): images are made here`);
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
