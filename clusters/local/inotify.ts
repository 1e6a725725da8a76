import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { execa } from 'execa';

/**
 * Linux gives a user so many inotify instances over all processes and namespaces, 128 by default. Every Envoy and many a controller
 * hold one, and what they say when there is none left explains little: Envoy aborts, and names another setting.
 */
const limitFile = '/proc/sys/fs/inotify/max_user_instances';
/** A conformance run had up to 60 proxies at once. */
const wantedInstances = 64;
const advice = 'sudo sysctl -w fs.inotify.max_user_instances=1024';

/** A warning when too few are left for the proxies of a conformance run; undefined when there are enough. */
export function inotifyWarning(limit = readLimit(), used = usedInstances()): string | undefined {
  if (limit - used >= wantedInstances) return undefined;
  return (
    `only ${Math.max(0, limit - used)} inotify instances are left (${used} in use, fs.inotify.max_user_instances is ${limit}); ` +
    `a conformance run takes up to ${wantedInstances}, and a proxy without one crashes: ${advice}`
  );
}

/** What to say about a program that failed while no instance was left; undefined while there is one. Takes about 50 ms. */
export async function inotifyShortage(): Promise<string | undefined> {
  // A process of its own, for this one may hold its instance already.
  const script = `require('fs').watch('/proc/self').on('error', () => process.exit(1)).close()`;
  const { exitCode, stderr } = await execa(process.execPath, ['-e', script], {
    reject: false,
    stdin: 'ignore',
  });
  if (exitCode === 0 || !stderr.includes('EMFILE')) return undefined;
  return `no inotify instance is left for this user (fs.inotify.max_user_instances is ${readLimit()}), which programs that watch files need: ${advice}`;
}

function readLimit(): number {
  return Number(readFileSync(limitFile, 'utf8'));
}

/** Of all processes of this user that can be seen. */
function usedInstances(): number {
  const uid = process.getuid?.();
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && ownerOf(name) === uid);
  return processes
    .flatMap((pid) => filesOf(`/proc/${pid}/fd`))
    .filter((file) => file === 'anon_inode:inotify').length;
}

function filesOf(dir: string): string[] {
  try {
    return readdirSync(dir).map((fd) => linkOr(`${dir}/${fd}`));
  } catch {
    // Another user's, or gone.
    return [];
  }
}

function ownerOf(pid: string): number | undefined {
  return statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid;
}

function linkOr(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
