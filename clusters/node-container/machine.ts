import { existsSync, readFileSync } from 'node:fs';

/** What of this machine decides how a node has to be set up. */
export interface Machine {
  cgroupV1: boolean;
  /** CAP_SYS_RESOURCE may be had: a process may then lower its score for the kernel's out-of-memory killer. */
  mayRaiseLimits: boolean;
}

/** Pods of a node: of the 254 addresses that it has; the default, 110, is what a run with many scenarios at a time comes near. */
export const maxPods = 240;

const sysResource = 24n;

export function thisMachine(): Machine {
  const [, bounding = ''] = /^CapBnd:\s+([0-9a-f]+)/m.exec(readIfThere('/proc/self/status')) ?? [];
  return {
    cgroupV1: process.platform === 'linux' && !existsSync('/sys/fs/cgroup/cgroup.controllers'),
    mayRaiseLimits: bounding === '' || ((BigInt(`0x${bounding}`) >> sysResource) & 1n) === 1n,
  };
}

function readIfThere(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
