import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { messageOf, RouteproofError } from '../common/errors.ts';
import { clustersDir } from './local/state-dir.ts';

const stateFile = 'state.json';

export interface Belongings {
  /** Written as JSON, which is YAML too. */
  kubeconfig?: object;
  /** Directories beside state.json. */
  dirs?: readonly string[];
}

/**
 * What a provider keeps of its clusters: a directory each, with state.json and a kubeconfig, readable for their owner alone. Whoever
 * reads it finds the state before a change or the one after it, never half of one.
 */
export class StateStore<State extends { name: string }> {
  readonly #folder: string;

  /** @param folder - its name in the directory of the state */
  constructor(folder: string) {
    this.#folder = folder;
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
    const file = join(this.dirOf(name), stateFile);
    try {
      return JSON.parse(readFileSync(file, 'utf8')) as State;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw new RouteproofError('STATE_UNUSABLE', 'the state of a cluster cannot be read', {
        object: file,
        seen: messageOf(error),
        hint: `make it readable, or end what still runs of the cluster and remove ${this.dirOf(name)}`,
        cause: error,
      });
    }
  }

  /** @throws RouteproofError STATE_UNUSABLE - as `read` */
  all(): State[] {
    return readdirSync(this.#dir()).flatMap((name) => (name.startsWith('.') ? [] : (this.read(name) ?? [])));
  }

  /**
   * Takes the name in one step, with all that belongs to it.
   *
   * @returns false when it is taken
   */
  claim(state: State, { kubeconfig, dirs = [] }: Belongings = {}): boolean {
    const fresh = mkdtempSync(join(this.#dir(), '.new-'));
    try {
      for (const dir of dirs) mkdirSync(join(fresh, dir), { mode: 0o700 });
      write(join(fresh, stateFile), state);
      if (kubeconfig !== undefined) write(join(fresh, 'kubeconfig'), kubeconfig);
      renameSync(fresh, this.dirOf(state.name));
      return true;
    } catch (error) {
      rmSync(fresh, { recursive: true, force: true });
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOTEMPTY' || code === 'EEXIST') return false;
      throw error;
    }
  }

  update(state: State): void {
    const file = join(this.dirOf(state.name), stateFile);
    write(`${file}.new`, state);
    renameSync(`${file}.new`, file);
  }

  remove(name: string): void {
    rmSync(this.dirOf(name), { recursive: true, force: true });
  }

  /** Anew each time: ROUTEPROOF_STATE is a variable. */
  #dir(): string {
    const dir = join(clustersDir(), '..', this.#folder);
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    return dir;
  }
}

function write(file: string, content: object): void {
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
}
