import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../common/tools.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Ends cluster NAME of `up`, whose state is in this directory, and takes the directory away. */
export class KeptCluster {
  readonly #name: string;
  readonly #dir: string;

  /** From now on it goes with the tests, also when a signal ends them: mocha runs no `after` hook then. */
  constructor(name: string, dir: string) {
    this.#name = name;
    this.#dir = dir;
    for (const signal of signals) process.on(signal, this.#onSignal);
  }

  down(): void {
    for (const signal of signals) process.off(signal, this.#onSignal);
    const down = [join(projectRoot, 'cli/main.ts'), 'down', '--name', this.#name];
    const env = { ...process.env, ROUTEPROOF_STATE: this.#dir };
    const { status, stderr } = spawnSync(process.execPath, down, { env, encoding: 'utf8' });
    // Without its state nothing finds it.
    if (status !== 0) throw new Error(`cluster ${this.#name} in ${this.#dir} goes on: ${stderr}`);
    rmSync(this.#dir, { recursive: true, force: true });
  }

  readonly #onSignal = (signal: NodeJS.Signals): void => {
    this.down();
    process.exit(128 + constants.signals[signal]);
  };
}
