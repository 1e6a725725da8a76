import type { Pipeline } from '../pipeline.ts';
import type { TranslateInput } from '../translate/model/types.ts';
import { XdsDelta } from '../xds/xds-delta.ts';
import { inputsOf } from './recording.ts';

/** By what it is about: `statuses`, `classes`, `ports` (of each Gateway that has a proxy), or a Gateway's key. */
type Output = Map<string, Map<string, string>>;

const none: Output = new Map();
/** What is not about one Gateway. */
const ofAll: ReadonlySet<string> = new Set(['statuses', 'classes', 'ports']);

/** A recording, and what the healthy pipeline makes of it. */
export interface Course {
  steps: readonly string[];
  healthy: readonly Output[];
}

export function courseOf(steps: readonly string[], pipeline: Pipeline): Course {
  const replay = new Replay(pipeline);
  return { steps, healthy: [...inputsOf(steps)].map((input) => replay.next(input)) };
}

/**
 * Translates a recording again with another pipeline.
 *
 * @param of.differs - gets the names of the statuses and resources that come out otherwise
 * @param of.enough - so many of them end it
 */
export function compare(
  { steps, healthy }: Course,
  pipeline: Pipeline,
  { differs, enough }: { differs: Set<string>; enough: number },
): void {
  const comparison = new Comparison(differs);
  const replay = new Replay(pipeline);
  let at = 0;
  for (const input of inputsOf(steps)) {
    comparison.add(healthy[at] ?? none, replay.next(input));
    if (differs.size >= enough) return;
    at += 1;
  }
}

/** What one pipeline makes of the steps: after each, what differs from before. */
class Replay {
  readonly #pipeline: Pipeline;
  readonly #deltas = new Map<string, XdsDelta>();
  readonly #irs = new Map<string, unknown>();

  constructor(pipeline: Pipeline) {
    this.#pipeline = pipeline;
  }

  next(input: TranslateInput): Output {
    const { gateways, statuses, usedClasses } = this.#pipeline.translate(input);
    const output: Output = new Map();
    output.set(
      'statuses',
      new Map(
        statuses.map((update) => [
          `${update.kind} ${update.namespace ?? ''}/${update.name}`,
          JSON.stringify(update.status),
        ]),
      ),
    );
    output.set('classes', new Map([...usedClasses].map((name) => [name, ''])));
    output.set(
      'ports',
      new Map([...gateways].map(([key, ir]) => [key, ir.ports.map(({ port }) => port).join()])),
    );
    for (const key of [...this.#deltas.keys()]) {
      if (gateways.has(key)) continue;
      this.#deltas.delete(key);
      this.#irs.delete(key);
      output.set(key, new Map([['gone', '']]));
    }
    for (const [key, ir] of gateways) {
      if (this.#irs.get(key) === ir) continue;
      const delta = this.#deltas.get(key) ?? new XdsDelta();
      this.#deltas.set(key, delta);
      this.#irs.set(key, ir);
      const told = Object.entries(this.#pipeline.toXds(ir, delta)).flatMap(([type, resources]) =>
        [...resources].map(([name, resource]): [string, string] => [
          `${type} ${name}`,
          resource?.version ?? '-',
        ]),
      );
      output.set(key, new Map(told));
    }
    return output;
  }
}

/** What each side's proxies have by now; both start equal. */
class Comparison {
  readonly #differs: Set<string>;
  readonly #has = [new Map<string, Map<string, string>>(), new Map<string, Map<string, string>>()] as const;

  constructor(differs: Set<string>) {
    this.#differs = differs;
  }

  add(healthy: Output, mutant: Output): void {
    for (const about of ofAll) this.#compare(about, healthy.get(about), mutant.get(about));
    for (const key of new Set([...healthy.keys(), ...mutant.keys()])) {
      if (ofAll.has(key)) continue;
      const changed = new Set<string>();
      for (const [side, output] of [healthy, mutant].entries())
        this.#take(side, key, output.get(key), changed);
      for (const name of changed) {
        const [left, right] = this.#has.map((side) => side.get(key)?.get(name));
        if (left !== right) this.#differs.add(`${key} ${name}`);
      }
    }
  }

  #take(side: number, key: string, told: Map<string, string> | undefined, changed: Set<string>): void {
    if (told === undefined) return;
    const all = this.#has[side];
    if (all === undefined) return;
    if (told.has('gone')) {
      for (const name of all.get(key)?.keys() ?? []) changed.add(name);
      all.delete(key);
      return;
    }
    const has = all.get(key) ?? new Map<string, string>();
    all.set(key, has);
    for (const [name, version] of told) {
      changed.add(name);
      if (version === '-') has.delete(name);
      else has.set(name, version);
    }
  }

  #compare(about: string, healthy = new Map<string, string>(), mutant = new Map<string, string>()): void {
    for (const name of new Set([...healthy.keys(), ...mutant.keys()]))
      if (healthy.get(name) !== mutant.get(name)) this.#differs.add(`${about} ${name}`);
  }
}
