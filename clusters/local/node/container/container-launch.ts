import { randomBytes } from 'node:crypto';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { given } from '../../../../common/given.ts';
import type { Container, Pod } from '../../../api/types.ts';
import { metaOf } from '../../../api/types.ts';
import type { ResolvedImage } from '../../images/image-table.ts';
import type { NodeServices } from '../node-services.ts';
import { hostsFile, resolvConf } from '../sandbox/network-files.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { PodVolumes } from '../volumes/pod-volumes.ts';
import { terminationLogName } from './base-root.ts';
import { ContainerProcess } from './container-process.ts';
import { containerEnv } from './environment.ts';
import { expand } from './expand.ts';
import type { BindMount } from './root-script.ts';

/** What a container needs to know about the pod it is in. */
export interface PodContext {
  /** As it was last seen. */
  pod: Pod;
  sandbox: Sandbox;
  volumes: PodVolumes;
  node: NodeServices;
}

export interface Launch {
  id: string;
  process: ContainerProcess;
  /** For commands that are run in the container later. */
  env: Record<string, string>;
  /** See ImageEntry. */
  programs: Record<string, string>;
  logPath: string;
  /** Goes when the container's end has been reported. */
  dir: string;
}

/** A reference in the container's definition leads nowhere; kubelet's CreateContainerConfigError. */
export class ContainerConfigError extends Error {}

const defaultPath = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/**
 * Starts a container's program. @param run - how often it has been started before
 *
 * @throws ContainerConfigError - the definition cannot be fulfilled as things are
 * @throws Error - the container could not be set up
 */
export async function launch(
  context: PodContext,
  container: Container,
  image: ResolvedImage,
  run: number,
): Promise<Launch> {
  const { pod, sandbox, node } = context;
  const id = randomBytes(16).toString('hex');
  const dir = join(node.privateDir, 'containers', id);
  mkdirSync(dir, { recursive: true });
  const env = await environmentOf(context, container, image);
  const terminationLog = join(dir, terminationLogName);
  writeFileSync(terminationLog, '');
  const logPath = logPathOf(node.podLogDir, pod, container.name, run);
  mkdirSync(join(logPath, '..'), { recursive: true, mode: 0o700 });
  const process = await ContainerProcess.start({
    dir,
    netns: sandbox.netns,
    pipes: node.pipes,
    logPath,
    base: node.baseRoot.dir,
    hostname: pod.spec?.hostname ?? metaOf(pod).name,
    files: networkFiles(context),
    mounts: [
      ...(await mountsOf(context, container, image, env)),
      sharedMemoryMount(context),
      terminationMount(container, terminationLog),
    ],
    workingDir: container.workingDir ?? image.workingDir,
    env,
    argv: programOf(image.programs, argvOf(container, image, env)),
  });
  return { id, process, env, programs: image.programs, logPath, dir };
}

function networkFiles({ pod, sandbox, node }: PodContext): Record<string, string> {
  const resolv = resolvConf(pod, node.names);
  return {
    '/etc/hosts': hostsFile(pod, sandbox.ip, node.names),
    ...given({ '/etc/resolv.conf': resolv }),
  };
}

/** Where the output of a container's run is kept. */
export function logPathOf(podLogDir: string, pod: Pod, containerName: string, run: number): string {
  const { namespace, name, uid } = metaOf(pod);
  return join(podLogDir, `${namespace}_${name}_${uid}`, containerName, `${run}.log`);
}

async function environmentOf(
  { pod, sandbox, node }: PodContext,
  container: Container,
  image: ResolvedImage,
): Promise<Record<string, string>> {
  const imageEnv = {
    // The image's own come first: the machine may have others of the same name.
    PATH: [...image.binDirs, ...defaultPath].join(':'),
    HOSTNAME: metaOf(pod).name,
    HOME: '/root',
    ...image.env,
  };
  const input = {
    pod,
    container,
    podIp: sandbox.ip,
    services: node.services(),
    imageEnv,
    config: node.config,
    node: node.node,
  };
  try {
    return await containerEnv(input);
  } catch (error) {
    throw new ContainerConfigError(error instanceof Error ? error.message : String(error));
  }
}

/** The command with what runs in place of a program that the image has at that path. */
export function programOf(programs: Record<string, string>, argv: string[]): string[] {
  const [program = '', ...args] = argv;
  return [programs[program] ?? program, ...args];
}

/** `command` replaces the image's entry point and drops its default arguments; `args` replace those alone. */
export function argvOf(container: Container, image: ResolvedImage, env: Record<string, string>): string[] {
  const { command = [], args = [] } = container;
  const own = [...command, ...args].map((text) => expand(text, env));
  if (command.length > 0) return own;
  return [...image.command, ...(args.length > 0 ? own : image.args)];
}

async function mountsOf(
  { volumes, node }: PodContext,
  container: Container,
  image: ResolvedImage,
  env: Record<string, string>,
): Promise<BindMount[]> {
  const system = node.baseRoot.systemMounts;
  const targets = new Set(system.map(({ target }) => target));
  const images = image.mounts
    .filter((path) => !isBelowAny(path, targets))
    .map((path) => node.baseRoot.view(path));
  const own = (container.volumeMounts ?? []).map((mount) => {
    const subPath = mount.subPathExpr === undefined ? mount.subPath : expand(mount.subPathExpr, env);
    const source = sourceOf(volumes.directoryOf(mount.name), subPath);
    const isFile = !statSync(source).isDirectory();
    return { source, target: mount.mountPath, readOnly: mount.readOnly ?? false, isFile };
  });
  return [...system, ...(await Promise.all(images)), ...own];
}

/** A subPath that is not there becomes a directory, as with a kubelet. */
function sourceOf(volumeDir: string, subPath: string | undefined): string {
  if (subPath === undefined || subPath === '') return volumeDir;
  if (subPath.split('/').includes('..'))
    throw new ContainerConfigError(`the subPath ${subPath} leaves its volume`);
  const path = join(volumeDir, subPath);
  if (statSync(path, { throwIfNoEntry: false }) === undefined) mkdirSync(path, { recursive: true });
  return path;
}

/** What a pod's programs share with each other and with no other pod: two Envoys would take the same segment for theirs. */
function sharedMemoryMount({ pod, node }: PodContext): BindMount {
  const source = join(node.privateDir, 'pods', metaOf(pod).uid, 'shm');
  mkdirSync(source, { recursive: true });
  return { source, target: '/dev/shm', readOnly: false, isFile: false };
}

function terminationMount(container: Container, source: string): BindMount {
  const target = container.terminationMessagePath ?? `/dev/${terminationLogName}`;
  return { source, target, readOnly: false, isFile: true };
}

function isBelowAny(path: string, dirs: Set<string>): boolean {
  return [...dirs].some((dir) => path === dir || path.startsWith(`${dir}/`));
}
