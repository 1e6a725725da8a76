import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { ContainerEngine } from '../../common/container-engine.ts';
import { StartFailure } from './start-request.ts';

/** Where an engine answers as Docker does. */
export interface EngineApi {
  /** For DOCKER_HOST; undefined where the client's own defaults will do. */
  dockerHost: string | undefined;
  close(): Promise<void>;
}

/** Podman's service has answered after 0.1 to 0.5 s. */
const serviceTimeoutMs = 30_000;

/**
 * Docker has a daemon that serves its API. Podman has none: on Linux a service of our own serves it, on a socket in a private directory, until
 * `close`. Elsewhere podman lives in a virtual machine, which has one.
 *
 * @throws StartFailure CONTAINER_ENGINE_MISSING - podman does not serve
 */
export async function openEngineApi(engine: ContainerEngine): Promise<EngineApi> {
  if (engine.name === 'podman' && process.platform === 'linux') return servePodman(engine);
  const dockerHost = process.env['DOCKER_HOST'] ?? (engine.name === 'docker' ? await ofContext() : undefined);
  return { dockerHost, close: () => Promise.resolve() };
}

/** The address that docker itself uses, which only its own configuration knows. */
async function ofContext(): Promise<string | undefined> {
  const format = '{{.Endpoints.docker.Host}}';
  const { stdout } = await promisify(execFile)('docker', ['context', 'inspect', '--format', format]);
  return stdout.trim() === '' ? undefined : stdout.trim();
}

async function servePodman(engine: ContainerEngine): Promise<EngineApi> {
  const dir = mkdtempSync(join(tmpdir(), 'routeproof-podman-'));
  // Testcontainers looks at this name to know podman's network from Docker's.
  const socket = join(dir, 'podman.sock');
  const podman = ['podman', 'system', 'service', '--time=0', `unix://${socket}`];
  // The kernel ends it when it kills us.
  const service = spawn('setpriv', ['--pdeathsig=KILL', '--', ...podman], {
    env: { ...process.env, ...engine.env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  service.stderr.on('data', (text) => (said += String(text)));
  const ended = once(service, 'close').catch((error: unknown) => (said += String(error)));
  const close = async (): Promise<void> => {
    service.kill('SIGKILL');
    await ended;
    rmSync(dir, { recursive: true, force: true });
  };
  if (await answers(socket, service)) return { dockerHost: `unix://${socket}`, close };
  await close();
  throw new StartFailure('CONTAINER_ENGINE_MISSING', 'podman does not serve the API of Docker', {
    object: podman.join(' '),
    seen: said.trim().split('\n').at(-1) || `no answer within ${serviceTimeoutMs / 1000} s`,
    hint: 'see why the command fails, or use Docker',
  });
}

async function answers(socket: string, service: ChildProcess): Promise<boolean> {
  const untilMs = Date.now() + serviceTimeoutMs;
  while (service.exitCode === null && service.pid !== undefined && Date.now() < untilMs) {
    if (await canConnect(socket)) return true;
    await delay(20);
  }
  return false;
}

function canConnect(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = connect(socket);
    connection.once('connect', () => connection.destroy());
    connection.once('error', () => undefined);
    connection.once('close', (hadError) => resolve(!hadError));
  });
}
