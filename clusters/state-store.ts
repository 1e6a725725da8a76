import { randomUUID } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { messageOf, RouteproofError } from '../common/errors.ts';
import { diskFull, isDiskFull } from './host/disk-full.ts';
import { clustersDir, ensureWritable, unwritable } from './host/state-dir.ts';
import type { ClusterStatus } from './provider.ts';

const stateFile = 'state.json';
/** Making or removing a directory takes milliseconds: one that is older was left by a process that was killed over it. */
const leftoverAfterMs = 600_000;

export interface Belongings {
  /** Written as JSON, which is YAML too. */
  kubeconfig?: object;
  /** Directories beside state.json. */
  dirs?: readonly string[];
}

/** A state that cannot be read. The cluster may run all the same. */
export interface Unreadable {
  name: string;
  kubeconfigPath: string;
  error: RouteproofError;
}

/**
 * What a provider keeps of its clusters: a directory each, with state.json and a kubeconfig, readable for their owner alone. Whoever
 * reads it finds the state before a change or the one after it, never half of one.
 */
export class StateStore<State extends { name: string }> {
  readonly #folder: string;
  readonly #isState: (value: Partial<Record<keyof State, unknown>>) => boolean;

  /**
   * @param folder - its name in the directory of the state
   * @param isState - whether what was read has all that its readers rely on, but for the name
   */
  constructor(folder: string, isState: (value: Partial<Record<keyof State, unknown>>) => boolean) {
    this.#folder = folder;
    this.#isState = isState;
  }

  dirOf(name: string): string {
    return join(this.#dir(), name);
  }

  kubeconfigOf(name: string): string {
    return join(this.dirOf(name), 'kubeconfig');
  }

  /**
   * @returns undefined when nothing is kept under this name
   * @throws RouteproofError STATE_UNUSABLE - something is, and it cannot be read: a cluster may run all the same
   */
  read(name: string): State | undefined {
    return this.#readIn(this.dirOf(name), name);
  }

  /** One state that cannot be read keeps nobody from the others. @throws RouteproofError STATE_UNUSABLE - none can be listed */
  all(): { states: State[]; unreadable: Unreadable[] } {
    const states: State[] = [];
    const unreadable: Unreadable[] = [];
    for (const name of this.#entries()) {
      if (name.startsWith('.')) continue;
      try {
        const state = this.read(name);
        if (state !== undefined) states.push(state);
      } catch (error) {
        if (!(error instanceof RouteproofError)) throw error;
        unreadable.push({ name, kubeconfigPath: this.kubeconfigOf(name), error });
      }
    }
    return { states, unreadable };
  }

  /**
   * Takes the name in one step, with all that belongs to it. A directory without a state is nobody's, nor is a file.
   *
   * @returns false when it is taken
   * @throws RouteproofError STATE_UNUSABLE, DISK_FULL
   */
  claim(state: State, { kubeconfig, dirs = [] }: Belongings = {}): boolean {
    this.#sweepLeftovers();
    return this.#changing(state.name, () => {
      const fresh = mkdtempSync(join(this.#dir(), '.new-'));
      try {
        for (const dir of dirs) mkdirSync(join(fresh, dir), { mode: 0o700 });
        write(join(fresh, stateFile), state);
        if (kubeconfig !== undefined) write(join(fresh, 'kubeconfig'), kubeconfig);
        if (takesPlace(fresh, this.dirOf(state.name))) return true;
        if (this.read(state.name) !== undefined) return false;
        this.removeIfStill(state.name, undefined);
        return takesPlace(fresh, this.dirOf(state.name));
      } finally {
        rmSync(fresh, { recursive: true, force: true });
      }
    });
  }

  /** @throws RouteproofError STATE_UNUSABLE, DISK_FULL */
  update(state: State): void {
    const file = join(this.dirOf(state.name), stateFile);
    this.#changing(state.name, () => {
      write(`${file}.new`, state);
      renameSync(`${file}.new`, file);
    });
  }

  /** The name is free in one step, whatever ends this process. @throws RouteproofError STATE_UNUSABLE, DISK_FULL */
  remove(name: string): void {
    this.#changing(name, () => {
      const gone = this.#setAside(name);
      if (gone !== undefined) rmSync(gone, { recursive: true, force: true });
    });
  }

  /**
   * Removes what is kept under a name if it is still what the caller has seen there: another process may have removed that, and have
   * taken the name, since. That one's directory is put back.
   *
   * @param seen - undefined: there was no state
   * @throws RouteproofError STATE_UNUSABLE, DISK_FULL
   */
  removeIfStill(name: string, seen: State | undefined): void {
    this.#changing(name, () => {
      const gone = this.#setAside(name);
      if (gone === undefined) return;
      let isStill = false;
      try {
        isStill = isDeepStrictEqual(this.#readIn(gone, name), seen);
      } finally {
        if (isStill) rmSync(gone, { recursive: true, force: true });
        else renameSync(gone, this.dirOf(name));
      }
    });
  }

  #readIn(dir: string, name: string): State | undefined {
    try {
      const value: unknown = JSON.parse(readFileSync(join(dir, stateFile), 'utf8'));
      if (typeof value !== 'object' || value === null) throw new Error('it is not an object');
      const state = value as State;
      if (state.name !== name) throw new Error(`its name is ${JSON.stringify(state.name)}`);
      if (!this.#isState(state)) throw new Error('it lacks what a state has');
      return state;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // A file that strayed in among the directories is no cluster's.
      if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
      throw new RouteproofError('STATE_UNUSABLE', 'the state of a cluster cannot be read', {
        object: join(this.dirOf(name), stateFile),
        seen: messageOf(error),
        hint: `make it readable, or end what still runs of the cluster and remove ${this.dirOf(name)}`,
        cause: error,
      });
    }
  }

  /** @returns where it is now; undefined when there was nothing */
  #setAside(name: string): string | undefined {
    const gone = join(this.#dir(), `.gone-${randomUUID()}`);
    try {
      renameSync(this.dirOf(name), gone);
      return gone;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** What killed processes were making or removing. */
  #sweepLeftovers(): void {
    for (const name of this.#entries().filter((entry) => /^\.(new|gone)-/.test(entry))) {
      const path = join(this.#dir(), name);
      try {
        // A rename sets ctime, and nothing else does so as reliably.
        if (Date.now() - statSync(path).ctimeMs > leftoverAfterMs) rmSync(path, { recursive: true });
      } catch {
        // Another process was faster; or it cannot be removed, which keeps nobody from another name.
      }
    }
  }

  #entries(): string[] {
    const dir = this.#dir();
    return this.#changing('', () => readdirSync(dir));
  }

  /** Gives what the file system refuses a code of ours. */
  #changing<Result>(name: string, change: () => Result): Result {
    try {
      return change();
    } catch (error) {
      if (!(error instanceof Error && 'syscall' in error)) throw error;
      throw isDiskFull(error) ? diskFull(clustersDir(), error) : unwritable(this.dirOf(name), error);
    }
  }

  /** Anew each time: ROUTEPROOF_STATE is a variable. */
  #dir(): string {
    return ensureWritable(join(clustersDir(), '..', this.#folder));
  }
}

/** For the list of a provider's clusters. */
export function statusOfUnreadable(
  provider: string,
  { name, kubeconfigPath, error }: Unreadable,
): ClusterStatus {
  const detail = [error.what, error.seen, error.hint].join('; ');
  return { name, provider, state: 'broken', detail, kubeconfigPath };
}

/** @returns false when something is there */
function takesPlace(fresh: string, dir: string): boolean {
  try {
    renameSync(fresh, dir);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'ENOTDIR') return false;
    throw error;
  }
}

/** On the disk before it gets its name: after a power cut a name may stand for an empty file otherwise. */
function write(file: string, content: object): void {
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600, flush: true });
}
