const lockable = new Set(['nosuid', 'nodev', 'noexec', 'noatime', 'nodiratime', 'relatime']);

interface MountLine {
  point: string;
  flags: string[];
}

/**
 * The flags of the mount that holds `path`. In a user namespace of its own, a process may not clear them, so a remount that does
 * not repeat them is refused (mount_namespaces(7), "restrictions on mount namespaces").
 *
 * @param mountinfo - text of /proc/self/mountinfo
 */
export function lockedFlagsOf(path: string, mountinfo: string): string[] {
  const holders = parseMountinfo(mountinfo).filter(({ point }) => isInside(path, point));
  // The deepest mount point holds the path; of several on one point, the last one covers the others.
  const holder = holders.reduce<MountLine | undefined>(
    (best, line) => (best === undefined || line.point.length >= best.point.length ? line : best),
    undefined,
  );
  return holder?.flags.filter((flag) => lockable.has(flag)) ?? [];
}

/** Mount points strictly below `path`. */
export function mountsBelow(path: string, mountinfo: string): string[] {
  const points = parseMountinfo(mountinfo).map(({ point }) => point);
  return [...new Set(points.filter((point) => point !== path && isInside(point, path)))];
}

function parseMountinfo(mountinfo: string): MountLine[] {
  return mountinfo
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const fields = line.split(' ');
      return { point: unescape(fields[4] ?? ''), flags: (fields[5] ?? '').split(',') };
    });
}

/** proc(5): space, tab, newline and backslash are written as octal numbers. */
function unescape(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8)));
}

function isInside(path: string, dir: string): boolean {
  return path === dir || dir === '/' || path.startsWith(`${dir}/`);
}
