import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { cacheDir } from './tools.ts';

/** Podman's own default for open files (containers.conf), which it fails to set where the hard limit is lower. */
const podmanFiles = 1_048_576;
const systemFile = '/etc/containers/containers.conf';

/** As podman looks for them: what a user has written for all containers, and for those of their own. */
function userHasSettings(env: NodeJS.ProcessEnv): boolean {
  if (env['CONTAINERS_CONF'] !== undefined || env['CONTAINERS_CONF_OVERRIDE'] !== undefined) return true;
  const home = env['XDG_CONFIG_HOME'] ?? join(env['HOME'] ?? homedir(), '.config');
  return existsSync(systemFile) || existsSync(join(home, 'containers', 'containers.conf'));
}

/**
 * What podman has to be told for containers that are nodes, and on machines that are containers or small virtual machines themselves, by a
 * file of ours that its environment names: nothing in /etc is changed. Where the user has settings, theirs hold.
 *
 * @returns the variables for each of its commands
 */
export function podmanSettings(env: NodeJS.ProcessEnv): Record<string, string> {
  if (userHasSettings(env)) return {};
  const text = settingsFor({
    cgroupV1: !existsSync('/sys/fs/cgroup/cgroup.controllers'),
    limits: readIfThere('/proc/self/limits'),
  });
  const file = join(cacheDir(), 'podman-containers.conf');
  if (readIfThere(file) !== text) {
    mkdirSync(cacheDir(), { recursive: true });
    writeFileSync(file, text);
  }
  return { CONTAINERS_CONF: file };
}

/** @returns a containers.conf */
export function settingsFor(machine: { cgroupV1: boolean; limits: string }): string {
  // Podman's own limit, 2,048 processes and threads, is one for an application: a node with a hundred proxies has twice as many.
  const lines = ['[containers]', 'pids_limit = 0'];
  const files = hardLimit(machine.limits, 'Max open files');
  const processes = hardLimit(machine.limits, 'Max processes');
  if (files < podmanFiles) {
    const ulimits = [`nofile=${files}:${files}`];
    // Runc may not set the hard limit itself: 96,365 was refused, 20,000 was not.
    const few = Math.min(processes, 20_000);
    ulimits.push(`nproc=${few}:${few}`);
    lines.push(`default_ulimits = ${JSON.stringify(ulimits)}`);
  }
  // crun, podman's first choice, refuses some layouts of cgroup v1.
  if (machine.cgroupV1) lines.push('[engine]', 'runtime = "runc"');
  return `${lines.join('\n')}\n`;
}

function hardLimit(limits: string, name: string): number {
  const [, hard = ''] = new RegExp(`^${name} +\\S+ +(\\S+)`, 'm').exec(limits) ?? [];
  return hard === 'unlimited' || hard === '' ? Infinity : Number(hard);
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
