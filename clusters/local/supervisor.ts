import { spawnSync } from 'node:child_process';
import { createReadStream, mkdirSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { messageOf, RouteproofError } from '../../common/errors.ts';
import { ControlPlane } from './control-plane/control-plane.ts';
import { makeNetwork } from './control-plane/network.ts';
import { startNode } from './node/start-node.ts';
import { stateFiles } from './state-dir.ts';
import { lifelineFd, messageFd } from './supervisor-messages.ts';
import type { SupervisorMessage } from './supervisor-messages.ts';

/**
 * Runs inside the cluster's namespaces, as the only child of their init process: when this process ends, init ends, and the
 * kernel then kills whatever is left in the namespace and drops its mounts and devices.
 */
async function main(name: string, stateDir: string, lifetime: string): Promise<void> {
  if (lifetime === 'attached') dieWithCaller(stateDir);
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
    lost: (component, how) => fail(component.failure(`ended (${how})`)),
  });
  await controlPlane.startApi();
  const versions = await startNode(controlPlane, stateDir);
  controlPlane.watch();
  send({ type: 'ready', versions });
}

/** The caller holds the other end; whatever ends the caller closes it. */
function dieWithCaller(stateDir: string): void {
  const lifeline = createReadStream('', { fd: lifelineFd });
  lifeline.once('close', () => {
    // Nobody is left to do it; what is mounted inside goes with this namespace.
    spawnSync('umount', ['-l', join(stateDir, stateFiles.private)]);
    rmSync(stateDir, { recursive: true, force: true });
    process.exit(0);
  });
  lifeline.resume();
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
  const wanted = error instanceof RouteproofError ? error : undefined;
  send({ type: 'failed', code: wanted?.code ?? 'CLUSTER_START_FAILED', message: messageOf(error) });
  process.exit(1);
}

const [name = '', stateDir = '', lifetime = ''] = process.argv.slice(2);
process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);
await main(name, stateDir, lifetime);
