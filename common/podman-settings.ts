import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDir } from './tools.ts';

/** Podman's own default for open files (containers.conf), which it fails to set where the hard limit is lower. */
const podmanFiles = 1_048_576;
const systemFile = '/etc/containers/containers.conf';

/**
 * What podman has to be told on machines that are containers or small virtual machines themselves, by a file of ours that its environment
 * names: nothing in /etc is changed. Where the user has settings, theirs hold.
 *
 * @returns the variables for each of its commands
 */
export function podmanSettings(env: NodeJS.ProcessEnv): Record<string, string> {
  if (env['CONTAINERS_CONF'] !== undefined || existsSync(systemFile)) return {};
  const text = settingsFor({
    cgroupV1: !existsSync('/sys/fs/cgroup/cgroup.controllers'),
    limits: readIfThere('/proc/self/limits'),
  });
  if (text === '') return {};
  const file = join(cacheDir(), 'podman-containers.conf');
  if (readIfThere(file) !== text) {
    mkdirSync(cacheDir(), { recursive: true });
    writeFileSync(file, text);
  }
  return { CONTAINERS_CONF: file };
}

/** @returns a containers.conf, or nothing when podman's own defaults will do */
export function settingsFor(machine: { cgroupV1: boolean; limits: string }): string {
  const lines: string[] = [];
  const files = hardLimit(machine.limits, 'Max open files');
  const processes = hardLimit(machine.limits, 'Max processes');
  if (files < podmanFiles) {
    const ulimits = [`nofile=${files}:${files}`];
    // Runc may not set the hard limit itself: 96,365 was refused, 20,000 was not.
    const few = Math.min(processes, 20_000);
    ulimits.push(`nproc=${few}:${few}`);
    lines.push('[containers]', `default_ulimits = ${JSON.stringify(ulimits)}`);
  }
  // crun, podman's first choice, refuses some layouts of cgroup v1.
  if (machine.cgroupV1) lines.push('[engine]', 'runtime = "runc"');
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
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
