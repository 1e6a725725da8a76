import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { lockedFlagsOf, mountsBelow } from './mount-flags.ts';
import { shellWord } from '../../../../common/shell-word.ts';
import type { BindMount } from './root-script.ts';

/** What a program needs of the machine it runs on; links (merged /usr) are copied as links. */
const systemDirs = [
  '/usr',
  '/bin',
  '/sbin',
  '/lib',
  '/lib32',
  '/lib64',
  '/libx32',
  '/nix/store',
  '/gnu/store',
];
/** What of /etc a program of the machine needs; the rest (hosts, shadow, ...) is not the container's business. */
const etcFiles = [
  'passwd',
  'group',
  'nsswitch.conf',
  'ld.so.cache',
  'ld.so.conf',
  'localtime',
  'services',
  'protocols',
];
const etcDirs = ['ssl', 'pki', 'ca-certificates', 'alternatives', 'ld.so.conf.d'];
const emptyDirs = ['proc', 'sys', 'dev', 'etc', 'tmp', 'root', 'var/tmp', 'var/log', 'run'];
const serviceAccountDir = 'var/run/secrets/kubernetes.io/serviceaccount';
const devices = ['null', 'zero', 'full', 'random', 'urandom', 'tty'];

/** Where a container writes its termination message; the mount point has to be there before dev/ is shared. */
export const terminationLogName = 'termination-log';
/** Where a container sees the machine's directories of /etc, which links in its own /etc lead to. */
const sharedEtc = '/.etc';

/**
 * What all containers' roots have in common, made once: a skeleton that is copied, devices, and read-only views of directories of
 * the machine. A view is made read-only once and then only bound, which halves the programs that a container's start has to run.
 */
export class BaseRoot {
  readonly dir: string;
  readonly #views = new Map<string, Promise<BindMount>>();
  #system: BindMount[] = [];

  /** @param privateDir - on a mount that propagates nowhere */
  constructor(privateDir: string) {
    this.dir = join(privateDir, 'base');
  }

  /** In every container. */
  get systemMounts(): readonly BindMount[] {
    return this.#system;
  }

  async make(): Promise<void> {
    const skeleton = join(this.dir, 'skeleton');
    for (const name of [...emptyDirs, serviceAccountDir])
      mkdirSync(join(skeleton, name), { recursive: true });
    const links = systemDirs.filter((path) => existsSync(path) && lstatSync(path).isSymbolicLink());
    for (const path of links) symlinkSync(readlinkSync(path), join(skeleton, path));
    for (const name of etcFiles) copyEtcFile(name, skeleton);
    for (const name of etcDirs.filter(isEtcDir))
      symlinkSync(`..${sharedEtc}/${name}`, join(skeleton, 'etc', name));
    const tmp = ['tmp', 'var/tmp'].map((name) => shellWord(join(skeleton, name)));
    await execa('sh', ['-ec', `${devicesScript(join(this.dir, 'dev'))}\nchmod 1777 ${tmp.join(' ')}`]);
    const dirs = systemDirs.filter((path) => existsSync(path) && !links.includes(path));
    this.#system = [await this.#etcView(), ...(await Promise.all(dirs.map((path) => this.view(path))))];
  }

  /** A mount that shows a path of the machine at the same place in a container, read-only. */
  view(path: string): Promise<BindMount> {
    const known = this.#views.get(path);
    if (known !== undefined) return known;
    const view = this.#makeView(path, join(this.dir, 'views', `${this.#views.size}`));
    this.#views.set(path, view);
    return view;
  }

  async #makeView(path: string, source: string): Promise<BindMount> {
    const isFile = !statSync(path).isDirectory();
    mkdirSync(join(source, '..'), { recursive: true });
    if (isFile) writeFileSync(source, '');
    else mkdirSync(source);
    await execa('sh', ['-ec', viewScript(path, source, readFileSync('/proc/self/mountinfo', 'utf8'))]);
    // What is bound from a read-only mount is read-only by itself.
    return { source, target: path, readOnly: false, isFile };
  }

  /** One directory with the views of several, so that a container needs one mount for them. */
  async #etcView(): Promise<BindMount> {
    const source = join(this.dir, 'etc');
    const mountinfo = readFileSync('/proc/self/mountinfo', 'utf8');
    const scripts = etcDirs.filter(isEtcDir).map((name) => {
      mkdirSync(join(source, name), { recursive: true });
      return viewScript(join('/etc', name), join(source, name), mountinfo);
    });
    mkdirSync(source, { recursive: true });
    await execa('sh', ['-ec', scripts.join('\n')]);
    return { source, target: sharedEtc, readOnly: false, isFile: false };
  }
}

/** Binds `path` to `at` with all mounts below it, each of them read-only. */
function viewScript(path: string, at: string, mountinfo: string): string {
  const mounts = [path, ...mountsBelow(path, mountinfo)].filter(existsSync);
  const remounts = mounts.map((mount) => {
    const options = ['remount', 'bind', 'ro', ...lockedFlagsOf(mount, mountinfo)].join(',');
    return `mount -o ${options} ${shellWord(at + mount.slice(path.length))}`;
  });
  return [`mount --rbind ${shellWord(path)} ${shellWord(at)}`, ...remounts].join('\n');
}

function isEtcDir(name: string): boolean {
  return existsSync(join('/etc', name));
}

function copyEtcFile(name: string, skeleton: string): void {
  const source = join('/etc', name);
  if (existsSync(source)) writeFileSync(join(skeleton, 'etc', basename(name)), readFileSync(source));
}

/** Device nodes cannot be made in a user namespace, only bound. */
function devicesScript(dev: string): string {
  const at = shellWord(dev);
  return [
    `mkdir -p ${at}`,
    `mount -t tmpfs -o mode=0755 dev ${at}`,
    `cd ${at}`,
    ...devices.map((name) => `[ ! -e /dev/${name} ] || { : > ${name}; mount --bind /dev/${name} ${name}; }`),
    'mkdir shm pts',
    'chmod 1777 shm',
    'ln -s /proc/self/fd fd',
    'ln -s /proc/self/fd/0 stdin',
    'ln -s /proc/self/fd/1 stdout',
    'ln -s /proc/self/fd/2 stderr',
    `: > ${terminationLogName}`,
    'cd /',
  ].join('\n');
}
