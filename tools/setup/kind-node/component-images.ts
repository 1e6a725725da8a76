import { cpSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import type { ContainerEngine } from '../../../common/container-engine.ts';
import { RouteproofError } from '../../../common/errors.ts';
import { toolPath, type ToolName } from '../../../common/tools.ts';

interface Component {
  /** Static: an image needs nothing else, unless `onDebian`. */
  tool?: ToolName;
  entrypoint?: string[];
  /** It calls programs of Debian. */
  onDebian?: true;
}

/** By the last part of the image's name, without its tag. */
const components: Record<string, Component> = {
  'kube-apiserver': { tool: 'kube-apiserver' },
  'kube-controller-manager': { tool: 'kube-controller-manager' },
  'kube-scheduler': { tool: 'kube-scheduler' },
  'kube-proxy': { tool: 'kube-proxy', onDebian: true },
  etcd: { tool: 'etcd' },
  // Its pod gives arguments alone.
  coredns: { tool: 'coredns', entrypoint: ['/usr/local/bin/coredns'] },
  // It holds a pod's namespaces, and has nothing to do; containerd kills it.
  pause: { entrypoint: ['/usr/bin/sleep', 'infinity'] },
};

/** The images that kubeadm and containerd want on a node, by name. @throws RouteproofError TOOL_MISSING - one that we cannot make */
export async function wantedImages(sandbox: string): Promise<string[]> {
  const { stdout } = await execa(toolPath('kubeadm'), [
    'config',
    'images',
    'list',
    `--kubernetes-version=${await kubernetesVersion()}`,
  ]);
  const names = [...new Set([...stdout.split('\n'), sandbox])];
  const unknown = names.find((name) => components[shortName(name)] === undefined);
  if (unknown === undefined) return names;
  throw new RouteproofError('TOOL_MISSING', 'a node needs an image that this script does not know', {
    object: unknown,
    seen: stdout,
    hint: 'add it to tools/setup/kind-node/component-images.ts',
  });
}

export async function kubernetesVersion(): Promise<string> {
  const { stdout } = await execa(toolPath('kubeadm'), ['version', '-o', 'short']);
  return stdout.trim();
}

/** Makes the image, which has its name in the engine until `forget`. */
export async function makeComponentImage(
  engine: ContainerEngine,
  name: string,
  { work, debian }: { work: string; debian: string },
): Promise<void> {
  const { tool, entrypoint, onDebian } = components[shortName(name)] ?? {};
  const root = join(work, name.replaceAll(/[^a-z0-9.-]/g, '_'));
  mkdirSync(root, { recursive: true });
  if (onDebian === true) await execa('cp', ['-a', `${debian}/.`, root]);
  if (tool === undefined) await copyWithLibraries('/usr/bin/sleep', debian, root);
  else copyProgram(toolPath(tool), root, tool);
  const changes = ['ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'];
  if (entrypoint !== undefined) changes.push(`ENTRYPOINT ${JSON.stringify(entrypoint)}`);
  await importTree(engine, root, name, changes);
}

/** A directory as an image. */
export async function importTree(
  engine: ContainerEngine,
  root: string,
  name: string,
  changes: string[],
): Promise<void> {
  const options = changes.flatMap((change) => ['--change', change]);
  await execa('tar', ['--numeric-owner', '-C', root, '-c', '.'], { buffer: false }).pipe(
    engine.name,
    ['import', ...options, '-', name],
    { env: engine.env },
  );
}

function copyProgram(from: string, root: string, name: string): void {
  const to = join(root, 'usr/local/bin', name);
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to);
}

/** A program of Debian and the libraries that it is linked with. */
async function copyWithLibraries(program: string, debian: string, root: string): Promise<void> {
  const { stdout } = await execa('chroot', [debian, 'ldd', program]);
  const libraries = [...stdout.matchAll(/\/\S+/g)].map(([path]) => path);
  for (const path of [program, ...libraries]) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    await execa('cp', ['-L', join(debian, path), join(root, path)]);
  }
}

/** `coredns` of registry.k8s.io/coredns/coredns:v1.14.2. */
function shortName(image: string): string {
  return /([^/:]+):[^/]+$/.exec(image)?.[1] ?? image;
}
