import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { RouteproofError } from '../../common/errors.ts';
import { codeExtension, projectRoot } from '../../common/tools.ts';
import { completePath } from '../../common/local-host.ts';
import { childrenOf, identityOf } from '../host/process-identity.ts';
import type { ProcessIdentity } from '../host/process-identity.ts';
import { detachWord, lifelineFd, messageFd } from './supervisor-messages.ts';
import type { SupervisorMessage } from './supervisor-messages.ts';

const supervisorFile = fileURLToPath(new URL(`supervisor${codeExtension}`, import.meta.url));
const logFile = 'supervisor.log';
/** Not the one of the pods, which set-up fills when it is not there. Where it cannot be written, Node does without. */
const compileCacheDir = join(projectRoot, 'node_modules', '.cache', 'compile-supervisor');

/**
 * The first process of the pid namespace: a shell, because it reaps whatever is left to it, which Node does not. It ends when the
 * supervisor does, and everything in the namespace with it.
 */
const initScript = '"$@" & wait $!';

export interface SupervisorOptions {
  name: string;
  lifetime: 'attached' | 'detached';
  dns: boolean;
  stateDir: string;
  logDir: string;
  progress(line: string): void;
  /** Called as soon as it is known, before the cluster is ready. */
  started(init: ProcessIdentity): void;
  /** See UpOptions. */
  answers(): void;
}

export interface Supervisor {
  init: ProcessIdentity;
  versions: Record<string, string>;
}

/**
 * Starts the supervisor in new namespaces and waits until the cluster is ready.
 *
 * @throws RouteproofError - what the supervisor said, or that it ended without a word
 */
export async function startSupervisor(options: SupervisorOptions): Promise<Supervisor> {
  const child = spawnSupervisor(options);
  const notSpawned = new Promise<never>((_, reject) => child.once('error', reject));
  return Promise.race([notSpawned, followStart(child, options)]);
}

async function followStart(child: ChildProcess, options: SupervisorOptions): Promise<Supervisor> {
  const init = await firstChild(child);
  if (init !== undefined) options.started(init);
  const versions = await readUntilReady(child, options);
  if (init === undefined) throw new Error('the cluster is ready but its first process was not seen');
  if (options.lifetime === 'detached') (child.stdio[lifelineFd] as Writable).end(detachWord);
  letGo(child);
  return { init, versions };
}

function spawnSupervisor({ name, lifetime, dns, stateDir, logDir }: SupervisorOptions): ChildProcess {
  const namespaces = ['-Urnmpf', '--mount-proc', '--kill-child'];
  const supervisor = [process.execPath, supervisorFile, name, stateDir, lifetime, dns ? 'dns' : 'no-dns'];
  const log = openSync(join(logDir, logFile), 'a', 0o600);
  try {
    return spawn('unshare', [...namespaces, 'sh', '-c', initScript, 'sh', ...supervisor], {
      // A session of its own: Ctrl-C goes to the caller alone, which then ends or not.
      detached: true,
      stdio: ['ignore', log, log, 'pipe', 'pipe'],
      env: { NODE_COMPILE_CACHE: compileCacheDir, ...process.env, PATH: completePath() },
    });
  } finally {
    closeSync(log);
  }
}

/** `unshare` forks once, right after it has made the namespaces; undefined when it ended first. */
async function firstChild(child: ChildProcess): Promise<ProcessIdentity | undefined> {
  while (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    const [pid] = childrenOf(child.pid);
    const identity = pid === undefined ? undefined : identityOf(pid);
    if (identity !== undefined) return identity;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return undefined;
}

async function readUntilReady(
  child: ChildProcess,
  options: SupervisorOptions,
): Promise<Record<string, string>> {
  const messages = createInterface({ input: child.stdio[messageFd] as Readable });
  for await (const line of messages) {
    const message = JSON.parse(line) as SupervisorMessage;
    switch (message.type) {
      case 'progress':
        options.progress(message.line);
        break;
      case 'answers':
        options.answers();
        break;
      case 'ready':
        return message.versions;
      case 'failed':
        throw new RouteproofError(message.code, message.message, { hint: undefined });
    }
  }
  const log = readFileSync(join(options.logDir, logFile), 'utf8').trim();
  throw new RouteproofError('CLUSTER_START_FAILED', 'the local cluster could not be started', {
    seen: log === '' ? `unshare ended (exit code ${child.exitCode ?? '?'})` : log.slice(-2000),
    hint: 'see whether something has ended its processes, such as a machine without memory (dmesg), and start it again',
  });
}

/** The caller may end while the cluster lives on; the lifeline, when there is one, stays open until then. */
function letGo(child: ChildProcess): void {
  child.unref();
  for (const stream of child.stdio) if (stream instanceof Socket) stream.unref();
}
