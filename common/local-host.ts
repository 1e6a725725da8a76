import { existsSync, readFileSync } from 'node:fs';
import { release } from 'node:os';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import { RouteproofError } from './errors.ts';
import { isExecutable } from './tools.ts';

/** Programs of the system that a run on the local cluster calls, and the Debian packages that have them. */
export const systemPrograms: Record<string, string> = {
  unshare: 'util-linux',
  nsenter: 'util-linux',
  mount: 'mount',
  pivot_root: 'util-linux',
  ip: 'iproute2',
  nft: 'nftables',
  // A guide's scenario makes its certificate with it.
  openssl: 'openssl',
};

/** Directories that an ordinary user's PATH often lacks but that hold `ip`, `nft` and `pivot_root`. */
const systemPath = ['/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/bin', '/bin'];

/** The caller's PATH with the system's directories at its end. */
export function completePath(): string {
  return [process.env['PATH'] ?? '', ...systemPath].filter(Boolean).join(delimiter);
}

/** Whether one of the path's directories has the program. */
export function isInPath(program: string, path = completePath()): boolean {
  return path.split(delimiter).some((dir) => isExecutable(join(dir, program)));
}

/** @throws RouteproofError CLUSTER_START_FAILED - this is no Linux */
export function checkSystem(): void {
  if (process.platform === 'linux') return;
  throw new RouteproofError('CLUSTER_START_FAILED', 'the local cluster needs Linux', {
    seen: process.platform,
    hint: 'run it in a Linux virtual machine, or use another provider: --cluster kubeconfig',
  });
}

/** @throws RouteproofError TOOL_MISSING - naming every missing program and its package */
export function checkSystemPrograms(path = completePath()): void {
  const missing = Object.keys(systemPrograms).filter((name) => !isInPath(name, path));
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((name) => systemPrograms[name]))];
  throw new RouteproofError('TOOL_MISSING', `the local cluster needs ${missing.join(', ')}`, {
    seen: `not in ${path}`,
    hint: `on Debian or Ubuntu: sudo apt-get install ${packages.join(' ')}`,
  });
}

/**
 * Makes namespaces as the cluster will, with a mount and a device in them: distributions forbid each of these in ways of their own.
 *
 * @throws RouteproofError USER_NAMESPACES_FORBIDDEN - with the settings that forbid it and the commands that change them
 */
export async function checkNamespaces(): Promise<void> {
  const script = 'mount -t tmpfs none /tmp && ip link add rp0 type veth peer name rp1';
  const env = { PATH: completePath() };
  const args = ['-Urnmpf', '--mount-proc', '--kill-child', 'sh', '-c', script];
  const result = await execa('unshare', args, { reject: false, env, stdin: 'ignore' });
  if (result.exitCode === 0) return;
  throw namespacesForbidden(result.stderr || result.shortMessage || 'unshare failed', readSetting);
}

function readSetting(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined;
}

interface Setting {
  path: string;
  forbids: (value: string) => boolean;
  command: string;
}

const settings: Setting[] = [
  {
    path: '/proc/sys/kernel/apparmor_restrict_unprivileged_userns',
    forbids: (value) => value !== '0',
    command: 'sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0',
  },
  {
    path: '/proc/sys/kernel/unprivileged_userns_clone',
    forbids: (value) => value === '0',
    command: 'sudo sysctl -w kernel.unprivileged_userns_clone=1',
  },
  {
    path: '/proc/sys/user/max_user_namespaces',
    forbids: (value) => value === '0',
    command: 'sudo sysctl -w user.max_user_namespaces=15000',
  },
];

/**
 * The error for a machine on which `unshare` failed: names the settings that forbid it and the commands that allow it.
 *
 * @param read - a file's content; undefined when the kernel does not have that setting
 */
export function namespacesForbidden(
  seen: string,
  read: (path: string) => string | undefined,
): RouteproofError {
  const found = settings.flatMap(({ path, forbids, command }) => {
    const value = read(path);
    return value !== undefined && forbids(value) ? [{ text: `${path} is ${value}`, command }] : [];
  });
  const hint =
    found.length === 0
      ? 'inside a container, allow it namespaces (docker run --security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined); see docs/clusters.md'
      : found.map(({ command }) => command).join(' && ');
  return new RouteproofError(
    'USER_NAMESPACES_FORBIDDEN',
    'this machine does not allow unprivileged user namespaces',
    {
      seen: [seen.trim(), ...found.map(({ text }) => text), `kernel ${release()}`].join('; '),
      hint,
    },
  );
}
