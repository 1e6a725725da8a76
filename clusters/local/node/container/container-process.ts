import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { constants } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { childrenOf } from '../../../host/process-identity.ts';
import { destroyWhenQuiet } from './destroy-when-quiet.ts';
import { LogFile } from './log-file.ts';
import type { OutputPipes } from './output-pipes.ts';
import { rootScript, startedMarker } from './root-script.ts';
import type { RootOptions } from './root-script.ts';

export interface ProcessOptions extends Omit<RootOptions, 'root'> {
  /** A directory of its own for the script and the root's mount point. */
  dir: string;
  netns: string | undefined;
  pipes: OutputPipes;
  logPath: string;
}

export interface ProcessExit {
  exitCode: number;
  signal: number | undefined;
}

/** How long a program's output may stay open after its end without a word, through a child that left the container. */
const outputGraceMs = 1000;

/** One run of a container's program in pid, mount, uts and ipc namespaces of its own. */
export class ContainerProcess {
  /** Resolves after the end of the program, with all of its output written. */
  readonly exited: Promise<ProcessExit>;
  /** The same, for a reader of the log. */
  readonly ended: Promise<unknown>;
  readonly #child: ChildProcess;
  readonly #log: LogFile;

  private constructor(child: ChildProcess, exited: Promise<ProcessExit>, log: LogFile) {
    this.#child = child;
    this.#log = log;
    this.exited = exited;
    this.ended = exited;
  }

  /** @throws Error - why the container could not be set up */
  static async start(options: ProcessOptions): Promise<ContainerProcess> {
    const { dir, netns, logPath, pipes } = options;
    const root = join(dir, 'root');
    mkdirSync(root, { recursive: true });
    const script = join(dir, 'start.sh');
    writeFileSync(script, rootScript({ ...options, root }), { mode: 0o600 });
    const unshare = ['unshare', '-mpfui', '--kill-child', 'sh', script];
    const [file, args] =
      netns === undefined
        ? (['unshare', unshare.slice(1)] as const)
        : (['nsenter', [`--net=${netns}`, ...unshare]] as const);
    const [out, err] = await Promise.all([pipes.take(), pipes.take()]);
    const child = spawn(file, args, { stdio: ['ignore', out.writeFd, err.writeFd, 'pipe'] });
    for (const { writeFd } of [out, err]) closeSync(writeFd);
    const log = new LogFile(logPath);
    const exited = awaitExit(child, log, out.reader, err.reader);
    const problem = await setUpProblem(child.stdio[3] as Readable);
    if (problem === undefined) return new ContainerProcess(child, exited, log);
    child.kill('SIGKILL');
    await exited;
    throw new Error(problem);
  }

  /** The program's pid as the node sees it, for nsenter; undefined after its end. */
  get pid(): number | undefined {
    return this.#child.pid === undefined ? undefined : childrenOf(this.#child.pid)[0];
  }

  nextWrite(): Promise<void> {
    return this.#log.nextWrite();
  }

  /** As with any container, a program that has no handler for it does not see SIGTERM: it is the first of its pid namespace. */
  terminate(): void {
    const { pid } = this;
    if (pid === undefined) return;
    try {
      process.kill(pid, 'SIGTERM');
    } catch {
      // It has just ended.
    }
  }

  /** Ends every process of the container. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }
}

/** Waits for the marker; undefined when it came, else what was said instead. */
async function setUpProblem(channel: Readable): Promise<string | undefined> {
  channel.setEncoding('utf8');
  let text = '';
  for await (const chunk of channel) {
    text += String(chunk);
    if (text.endsWith(`${startedMarker}\n`)) return undefined;
  }
  return text.trim() === '' ? 'the container ended while it was set up' : text.trim();
}

async function awaitExit(child: ChildProcess, log: LogFile, out: Socket, err: Socket): Promise<ProcessExit> {
  const outputs = Promise.all([log.consume(out, 'stdout'), log.consume(err, 'stderr')]).catch(
    () => undefined,
  );
  const exit = await new Promise<ProcessExit>((resolve) => {
    child.once('error', () => resolve({ exitCode: 128, signal: undefined }));
    child.once('exit', (code, signal) => resolve(exitOf(code, signal)));
  });
  const stop = destroyWhenQuiet([out, err], outputGraceMs);
  await outputs;
  stop();
  await log.close();
  return exit;
}

/** Death by a signal counts as 128 + its number, as a shell and every container runtime say. */
function exitOf(code: number | null, signal: NodeJS.Signals | null): ProcessExit {
  if (signal === null) return { exitCode: code ?? 0, signal: undefined };
  const number = constants.signals[signal];
  return { exitCode: 128 + number, signal: number };
}
