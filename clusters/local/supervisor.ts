import { spawnSync } from 'node:child_process';
import { createReadStream, mkdirSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { messageOf, RouteproofError } from '../../common/errors.ts';
import type { ErrorCode } from '../../common/errors.ts';
import { toolVersion } from '../../common/tool-version.ts';
import { hasTool } from '../../common/tools.ts';
import { ControlPlane } from './control-plane/control-plane.ts';
import { makeNetwork } from './control-plane/network.ts';
import { isDiskFull } from '../host/disk-full.ts';
import { loadImageTable } from './images/image-table.ts';
import { BaseRoot } from './node/container/base-root.ts';
import { startNode } from './node/start-node.ts';
import { stateFiles } from '../host/state-dir.ts';
import { detachWord, lifelineFd, messageFd } from './supervisor-messages.ts';
import type { SupervisorMessage } from './supervisor-messages.ts';

/**
 * Runs inside the cluster's namespaces, as the only child of their init process: when this process ends, init ends, and the
 * kernel then kills whatever is left in the namespace and drops its mounts and devices.
 */
async function main(name: string, stateDir: string, dns: boolean): Promise<void> {
  dieWithCaller(stateDir);
  const images = loadImageTable();
  const privateDir = join(stateDir, stateFiles.private);
  await Promise.all([
    execa('mount', ['-t', 'tmpfs', '-o', 'mode=0700', 'routeproof', privateDir]),
    makeNetwork(),
  ]);
  mkdirSync(join(stateDir, stateFiles.logs), { recursive: true, mode: 0o700 });
  const controlPlane = new ControlPlane({
    name,
    stateDir,
    progress: (line) => send({ type: 'progress', line }),
    answers: () => send({ type: 'answers' }),
    lost: (component, how) => fail(component.failure(`ended (${how})`)),
  });
  const baseRoot = new BaseRoot(privateDir);
  await Promise.all([controlPlane.startApi(), baseRoot.make()]);
  const [versions, kubernetes] = await Promise.all([
    binaryVersions(dns),
    startNode(controlPlane, { stateDir, images, baseRoot, dns }),
  ]);
  controlPlane.watch();
  send({ type: 'ready', versions: { ...kubernetes, ...versions } });
}

/** Of what the API does not tell about: etcd, the name server, and the Envoy that pods run, where there is one. */
async function binaryVersions(dns: boolean): Promise<Record<string, string>> {
  const known = ['etcd', 'envoy', 'coredns'] as const;
  const names = known.filter((name) => hasTool(name) && (name !== 'coredns' || dns));
  const versions = await Promise.all(names.map(toolVersion));
  return Object.fromEntries(names.map((name, index) => [name, versions[index] ?? 'unknown']));
}

/** The caller holds the other end; whatever ends the caller closes it. A detached cluster is let go when it is ready. */
function dieWithCaller(stateDir: string): void {
  const lifeline = createReadStream('', { fd: lifelineFd, encoding: 'utf8' });
  let said = '';
  lifeline.on('data', (text) => (said += String(text)));
  lifeline.once('close', () => {
    if (said === detachWord) return;
    // Nobody is left to do it; what is mounted inside goes with this namespace.
    spawnSync('umount', ['-l', join(stateDir, stateFiles.private)]);
    rmSync(stateDir, { recursive: true, force: true });
    process.exit(0);
  });
}

function send(message: SupervisorMessage): void {
  try {
    writeSync(messageFd, `${JSON.stringify(message)}\n`);
  } catch {
    // Nobody listens to a detached cluster after its start.
  }
}

function fail(error: unknown): never {
  console.error(error);
  send({ type: 'failed', code: codeOf(error), message: messageOf(error) });
  process.exit(1);
}

function codeOf(error: unknown): ErrorCode {
  if (error instanceof RouteproofError) return error.code;
  return isDiskFull(error) ? 'DISK_FULL' : 'CLUSTER_START_FAILED';
}

const [name = '', stateDir = '', , dns] = process.argv.slice(2);
try {
  await main(name, stateDir, dns === 'dns');
} catch (error) {
  fail(error);
}
// From here on, one pod's trouble must not end the others.
process.on('uncaughtException', (error) => console.error('uncaught', error));
