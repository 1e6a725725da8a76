import { execa } from 'execa';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { quote } from './root-script.ts';
import type { BindMount } from './root-script.ts';
import { lockedFlagsOf, mountsBelow } from './mount-flags.ts';

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
const etcDirs = ['/etc/ssl', '/etc/pki', '/etc/ca-certificates', '/etc/alternatives', '/etc/ld.so.conf.d'];
const devices = ['null', 'zero', 'full', 'random', 'urandom', 'tty'];

/** Where a container writes its termination message; the mount point has to be there before dev/ is shared. */
export const terminationLogName = 'termination-log';

/** The parts of a container's root that all containers have in common. */
export interface BaseRoot {
  dir: string;
  systemMounts: BindMount[];
}

/** Prepares, once for all containers, the skeleton that is copied and the devices that are bound into each root. */
export async function makeBaseRoot(privateDir: string): Promise<BaseRoot> {
  const dir = join(privateDir, 'base');
  const skeleton = join(dir, 'skeleton');
  for (const name of ['proc', 'sys', 'dev', 'etc', 'run', 'root', 'var/run', 'var/tmp', 'var/log', 'tmp']) {
    mkdirSync(join(skeleton, name), { recursive: true });
  }
  const mountinfo = readFileSync('/proc/self/mountinfo', 'utf8');
  const systemMounts: BindMount[] = [];
  for (const source of systemDirs.filter(existsSync)) {
    if (lstatSync(source).isSymbolicLink()) symlinkSync(readlinkSync(source), join(skeleton, source));
    else systemMounts.push(...readOnlyMounts(source, mountinfo));
  }
  for (const source of etcDirs.filter(existsSync)) systemMounts.push(...readOnlyMounts(source, mountinfo));
  for (const name of etcFiles) copyEtcFile(name, skeleton);
  await execa('sh', ['-ec', devicesScript(join(dir, 'dev')) + `chmod 1777 ${quote(join(skeleton, 'tmp'))}`]);
  return { dir, systemMounts };
}

/** A path of the node at the same place in a container, read-only, with all mounts below it. */
export function readOnlyMounts(path: string, mountinfo: string): BindMount[] {
  return [path, ...mountsBelow(path, mountinfo)].filter(existsSync).map((point) => ({
    source: point,
    target: point,
    readOnly: true,
    isFile: !lstatSync(realpathSync(point)).isDirectory(),
    lockedFlags: lockedFlagsOf(point, mountinfo),
  }));
}

function copyEtcFile(name: string, skeleton: string): void {
  const source = join('/etc', name);
  if (existsSync(source)) writeFileSync(join(skeleton, 'etc', name), readFileSync(source));
}

/** Device nodes cannot be made in a user namespace, only bound. */
function devicesScript(dev: string): string {
  const at = quote(dev);
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
    '',
  ].join('\n');
}
