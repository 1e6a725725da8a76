import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ToolName } from '../../../common/tools.ts';
import { toolPath } from '../../../common/tools.ts';
import { RouteproofError } from '../../../common/errors.ts';
import { isDiskFull } from '../../host/disk-full.ts';

// A start that takes longer is reported; on two busy cores the API server was ready after 2 to 4 s.
const startTimeoutMs = 60_000;
const pollIntervalMs = 10;
const lastLines = 8;

interface ComponentDirs {
  logDir: string;
  /** For the front of its PATH. */
  binDirs?: string[];
}

/** One process of the control plane, its output in a log file. */
export class Component {
  readonly name: ToolName;
  readonly logPath: string;
  readonly #process: ChildProcess;
  readonly #exited: Promise<string>;
  #exit: string | undefined;

  constructor(name: ToolName, args: string[], { logDir, binDirs = [] }: ComponentDirs) {
    this.name = name;
    this.logPath = join(logDir, `${name}.log`);
    const log = openSync(this.logPath, 'a', 0o600);
    // KUBERNETES_* and the proxy variables of the caller are not meant for this control plane.
    // Less garbage collection for more memory: it took 24 s instead of 29 s of API server CPU for one conformance run.
    const path = [...binDirs, process.env['PATH'] ?? ''].join(delimiter);
    const env = { PATH: path, HOME: '/', NO_PROXY: '*', GOGC: '400' };
    this.#process = spawn(toolPath(name), args, { stdio: ['ignore', log, log], env });
    closeSync(log);
    this.#exited = new Promise((resolve) => {
      const ended = (how: string): void => {
        this.#exit = how;
        resolve(how);
      };
      this.#process.once('error', (error) => ended(error.message));
      this.#process.once('exit', (code, signal) => ended(signal === null ? `exit code ${code}` : signal));
    });
  }

  /** Resolves with how the process ended. */
  get exited(): Promise<string> {
    return this.#exited;
  }

  /**
   * Polls `check` until it is true. These components tell nobody that they are ready; a poll of a local socket costs
   * microseconds.
   *
   * @throws RouteproofError CLUSTER_START_FAILED - when the process ended first, or after 60 s
   */
  async ready(check: () => Promise<boolean>): Promise<void> {
    const deadline = performance.now() + startTimeoutMs;
    while (!(await check().catch(() => false))) {
      if (this.#exit !== undefined) throw this.failure(`ended while starting (${this.#exit})`);
      if (performance.now() > deadline) throw this.failure(`was not ready after ${startTimeoutMs / 1000} s`);
      await delay(pollIntervalMs);
    }
  }

  failure(what: string): RouteproofError {
    const seen = this.#lastLogLines();
    const isFull = isDiskFull(new Error(seen));
    return new RouteproofError(isFull ? 'DISK_FULL' : 'CLUSTER_START_FAILED', `${this.name} ${what}`, {
      seen,
      // Where its log is by then, `up` says.
      hint: undefined,
    });
  }

  #lastLogLines(): string {
    const lines = readFileSync(this.logPath, 'utf8').trimEnd().split('\n').slice(-lastLines);
    return lines.map((line) => line.slice(0, 400)).join('\n        ');
  }
}
