import { readFile } from 'node:fs/promises';
import { messageOf, RouteproofError } from '../../common/errors.ts';
import { ownNamespace } from '../manifests/names.ts';

const recordingHint = 'recording.jsonl in the --out of a run of `routeproof mutants`';

/** Which scenario an object of a recording belongs to. */
export class Owners {
  /** Of a scenario's namespaces and hosts. */
  readonly #byNonce = new Map<string, string>();

  private constructor(ids: readonly string[], namespaces: Iterable<string>) {
    const byStem = new Map(ids.map((id) => [ownNamespace(id, '').slice(0, -1), id]));
    for (const namespace of namespaces) {
      const end = namespace.lastIndexOf('-');
      const id = byStem.get(namespace.slice(0, end));
      if (id !== undefined) this.#byNonce.set(namespace.slice(end + 1), id);
    }
  }

  /** @param recording - a file of gateway/replay/recording.ts */
  static async of(ids: readonly string[], recording: string): Promise<Owners> {
    const text = await readFile(recording, 'utf8').catch((error: unknown) => {
      throw new RouteproofError('INVALID_INPUT', 'the recording cannot be read', {
        object: recording,
        seen: messageOf(error),
        hint: recordingHint,
      });
    });
    if (!text.startsWith('{"now":'))
      throw new RouteproofError('INVALID_INPUT', 'the file is no recording of translations', {
        object: recording,
        seen: text === '' ? 'nothing' : text.slice(0, 40),
        hint: recordingHint,
      });
    return new Owners(
      ids,
      new Set([...text.matchAll(/"namespace":"(rp-[a-z0-9-]+)"/g)].map(([, name = '']) => name)),
    );
  }

  /** Ids of scenarios, and how many names belong to none. */
  scenariosOf(names: readonly string[]): { scenarios: string[]; others: number } {
    const scenarios = new Set<string>();
    let others = 0;
    for (const name of names) {
      const owners = name.split(/[^a-z0-9]+/).flatMap((word) => this.#byNonce.get(word) ?? []);
      for (const owner of owners) scenarios.add(owner);
      if (owners.length === 0) others += 1;
    }
    return { scenarios: [...scenarios].sort(), others };
  }
}
