import { shellWord } from '../../../../common/shell-word.ts';

/** A file or directory of the node that a container sees at `target`. */
export interface BindMount {
  source: string;
  target: string;
  readOnly: boolean;
  isFile: boolean;
}

export interface RootOptions {
  /** An empty directory on the node for the root to be mounted at. */
  root: string;
  /** Prepared once for all containers: dev/ and etc/ and the links of the system directories, see base-root.ts. */
  base: string;
  hostname: string;
  /** Files of its own, by path. */
  files: Record<string, string>;
  mounts: BindMount[];
  workingDir: string;
  env: Record<string, string>;
  argv: string[];
}

/** Written to descriptor 3 right before the container's own program starts; anything else there is the reason why it does not. */
export const startedMarker = 'started';

/**
 * The shell script that turns the new mount namespace it runs in into a container's root and becomes the container's program.
 * Set-up errors go to descriptor 3, so that they are told apart from the program's own output.
 */
export function rootScript(options: RootOptions): string {
  const { root, base, hostname, workingDir, env, argv } = options;
  const variables = Object.entries(env).map(([name, value]) => shellWord(`${name}=${value}`));
  return [
    'exec 4>&2 2>&3',
    'set -e',
    `mount -t tmpfs -o mode=0755 root ${shellWord(root)}`,
    `cd ${shellWord(root)}`,
    `cp -a ${shellWord(base)}/skeleton/. .`,
    ...Object.entries(options.files).map(
      ([path, text]) => `printf %s ${shellWord(text)} > ${shellWord(`.${path}`)}`,
    ),
    `mount --rbind ${shellWord(base)}/dev dev`,
    ...inMountOrder(options.mounts).flatMap(bindLines),
    'mount -t proc proc proc',
    // Refused where the outer /sys is itself covered in part; nothing of ours needs it.
    'mount -t sysfs -o ro sysfs sys 2>/dev/null || :',
    // A name that cannot be set is no reason not to run: /proc/sys/kernel is the real root's, `hostname` not on every machine.
    `hostname ${shellWord(hostname)} 2>/dev/null || :`,
    'pivot_root . .',
    'umount -l .',
    `[ -d ${shellWord(workingDir)} ] || mkdir -p ${shellWord(workingDir)}`,
    `cd ${shellWord(workingDir)}`,
    `echo ${startedMarker} >&3`,
    `exec env -i ${variables.join(' ')} ${argv.map(shellWord).join(' ')} 2>&4 3>&- 4>&-`,
    '',
  ].join('\n');
}

/** Outer directories before what is mounted inside of them. */
function inMountOrder(mounts: BindMount[]): BindMount[] {
  return mounts.toSorted((a, b) => depth(a.target) - depth(b.target));
}

function depth(path: string): number {
  return path.split('/').filter(Boolean).length;
}

function bindLines({ source, target, readOnly, isFile }: BindMount): string[] {
  const at = shellWord(`.${target}`);
  const parent = shellWord(`.${target.slice(0, target.lastIndexOf('/')) || '/'}`);
  const point = isFile
    ? `[ -e ${at} ] || { mkdir -p ${parent}; : > ${at}; }`
    : `[ -d ${at} ] || mkdir -p ${at}`;
  // With `ro`, mount makes a bind mount read-only in a second step of its own.
  return [point, `mount --rbind${readOnly ? ' -o ro' : ''} ${shellWord(source)} ${at}`];
}
