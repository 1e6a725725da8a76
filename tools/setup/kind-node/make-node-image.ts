import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { runEngine, type ContainerEngine } from '../../../common/container-engine.ts';
import { RouteproofError } from '../../../common/errors.ts';
import { replaceDir } from '../replace-dir.ts';
import { say } from '../say.ts';
import { importTree, kubernetesVersion, makeComponentImage, wantedImages } from './component-images.ts';
import { makeDebianRoot } from './debian-root.ts';
import { makeNodeRoot } from './node-root.ts';

/** What kind starts a node with. */
const nodeChanges = [
  'ENTRYPOINT ["/usr/local/bin/entrypoint", "/sbin/init"]',
  'STOPSIGNAL SIGRTMIN+3',
  'ENV container=docker',
];

/**
 * Makes the image of a kind node out of packages, for machines that reach no container registry: Debian's own, Go modules, and kind's
 * files from its module. The archive `node.tar` in `directory` is what stays, with the image in the engine.
 *
 * @throws RouteproofError TOOL_MISSING - not root, or a step failed; with its last words. Nothing is left in the engine
 */
export async function makeNodeImage(
  engine: ContainerEngine,
  image: string,
  directory: string,
): Promise<void> {
  if (process.getuid?.() !== 0) {
    throw new RouteproofError('TOOL_MISSING', 'the image of a kind node is made by root', {
      object: image,
      seen: `user id ${process.getuid?.() ?? '?'}`,
      hint: 'run `sudo tools/setup.sh kind` once, or bring a node image and name it in ROUTEPROOF_KIND_NODE_IMAGE',
    });
  }
  const startedMs = Date.now();
  await replaceDir(directory, async (partial) => {
    const work = join(partial, 'work');
    mkdirSync(work);
    try {
      await fill(engine, image, work);
      await runEngine(engine, ['save', '-o', join(partial, 'node.tar'), image]);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  });
  say(`the image of a kind node is made, in ${((Date.now() - startedMs) / 1000).toFixed(0)} s`);
}

async function fill(engine: ContainerEngine, image: string, work: string): Promise<void> {
  const debian = join(work, 'debian');
  const node = join(work, 'node');
  await Promise.all([makeDebianRoot(debian, 'base'), makeDebianRoot(node, 'node')]);
  await makeNodeRoot(node, await kubernetesVersion());
  const empty = `${image}-empty`;
  const container = `routeproof-kind-node-${process.pid}`;
  try {
    say('the node, without images');
    await importTree(engine, node, empty, nodeChanges);
    const run = ['run', '--detach', '--privileged', '--network=none', '--name', container];
    await runEngine(engine, [...run, '--entrypoint', '/usr/bin/sleep', empty, 'infinity']);
    await fillContainerd(engine, container, { work, debian, node });
    await runEngine(engine, [
      'commit',
      ...nodeChanges.flatMap((change) => ['--change', change]),
      container,
      image,
    ]);
  } finally {
    await execa(engine.name, ['rm', '--force', '--volumes', container], { env: engine.env, reject: false });
    await execa(engine.name, ['rmi', '--force', empty], { env: engine.env, reject: false });
  }
}

/** Gives the node's containerd its images, which it unpacks when a cluster needs them. */
async function fillContainerd(
  engine: ContainerEngine,
  container: string,
  dirs: { work: string; debian: string; node: string },
): Promise<void> {
  const inside = (...argv: string[]): string[] => ['exec', container, ...argv];
  await runEngine(engine, ['exec', '--detach', container, 'containerd']);
  await runEngine(engine, inside('sh', '-c', 'until ctr version >/dev/null 2>&1; do sleep 0.2; done'));
  for (const name of await wantedImages(sandboxImage(dirs.node))) {
    say(`image ${name}`);
    try {
      await makeComponentImage(engine, name, dirs);
      await passImage(engine, container, name);
    } finally {
      await execa(engine.name, ['rmi', '--force', name], { env: engine.env, reject: false });
    }
  }
  // In good order, so that its database is whole.
  await runEngine(
    engine,
    inside('sh', '-c', 'pkill -TERM containerd; while pgrep -x containerd; do sleep 0.2; done'),
  );
}

/** @param name - as the node is to know it */
async function passImage(engine: ContainerEngine, container: string, name: string): Promise<void> {
  const ctr = ['ctr', '--namespace=k8s.io', 'images', 'import', '--no-unpack', '--digests', '-'];
  await execa(engine.name, ['save', name], { env: engine.env, buffer: false }).pipe(
    engine.name,
    ['exec', '--interactive', container, ...ctr],
    { env: engine.env },
  );
}

/** The one that containerd takes for every pod. */
function sandboxImage(node: string): string {
  const file = join(node, 'etc/containerd/config.toml');
  const name = existsSync(file)
    ? /sandbox_image = "([^"]+)"/.exec(readFileSync(file, 'utf8'))?.[1]
    : undefined;
  if (name !== undefined) return name;
  throw new RouteproofError('TOOL_MISSING', "kind's containerd configuration names no sandbox image", {
    object: file,
    hint: 'tools/kind/go.mod pins a kind whose files this script does not know: pin the one before, or teach the script',
  });
}
