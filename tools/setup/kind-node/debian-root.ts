import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { RouteproofError } from '../../../common/errors.ts';
import { projectRoot } from '../../../common/tools.ts';
import { say } from '../say.ts';

/** Whatever the machine runs: it is inside images only. */
const suite = 'bookworm';
const mirror = process.env['ROUTEPROOF_DEBIAN_MIRROR'] ?? 'http://deb.debian.org/debian';

/**
 * A Debian root file system with the packages of tools/kind-node/LIST.txt.
 *
 * @throws RouteproofError TOOL_MISSING - not root, or debootstrap failed; with its last words
 */
export async function makeDebianRoot(directory: string, list: 'base' | 'node'): Promise<void> {
  say(`a Debian root file system for the ${list} (about 40 s)`);
  const packages = packagesOf(list);
  const include = packages.length === 0 ? [] : [`--include=${packages.join()}`];
  const args = ['--variant=minbase', ...include, suite, directory, mirror];
  const { failed, all } = await execa('nice', ['-n', '10', 'debootstrap', ...args], {
    env: { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`, DEBIAN_FRONTEND: 'noninteractive' },
    reject: false,
    all: true,
  });
  if (!failed) return;
  throw new RouteproofError('TOOL_MISSING', 'debootstrap could not make a Debian root file system', {
    seen: all.trim().split('\n').slice(-4).join('\n        '),
    hint: `it takes root and a connection to a Debian mirror (ROUTEPROOF_DEBIAN_MIRROR, now ${mirror})`,
  });
}

function packagesOf(list: string): string[] {
  const text = readFileSync(join(projectRoot, 'tools/kind-node', `${list}-packages.txt`), 'utf8');
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}
