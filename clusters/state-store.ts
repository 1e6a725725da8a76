import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { clustersDir } from './local/state-dir.ts';

/** What a provider keeps of its clusters: a directory each, with state.json and a kubeconfig, readable for their owner alone. */
export class StateStore<State extends { name: string }> {
  readonly #folder: string;

  /** @param folder - its name, beside the one of local clusters */
  constructor(folder: string) {
    this.#folder = folder;
  }

  dirOf(name: string): string {
    return join(this.#dir(), name);
  }

  kubeconfigOf(name: string): string {
    return join(this.dirOf(name), 'kubeconfig');
  }

  read(name: string): State | undefined {
    try {
      return JSON.parse(readFileSync(join(this.dirOf(name), 'state.json'), 'utf8')) as State;
    } catch {
      return undefined;
    }
  }

  all(): State[] {
    return readdirSync(this.#dir()).flatMap((name) => (name.startsWith('.') ? [] : (this.read(name) ?? [])));
  }

  /**
   * Takes the name in one step, with all that belongs to it.
   *
   * @returns false when it is taken
   */
  claim(state: State, kubeconfig?: object): boolean {
    const fresh = mkdtempSync(join(this.#dir(), '.new-'));
    try {
      write(join(fresh, 'state.json'), state);
      if (kubeconfig !== undefined) write(join(fresh, 'kubeconfig'), kubeconfig);
      renameSync(fresh, this.dirOf(state.name));
      return true;
    } catch (error) {
      rmSync(fresh, { recursive: true, force: true });
      if (existsSync(this.dirOf(state.name))) return false;
      throw error;
    }
  }

  update(state: State): void {
    write(join(this.dirOf(state.name), 'state.json'), state);
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
