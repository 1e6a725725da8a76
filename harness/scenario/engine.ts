import { createHash } from 'node:crypto';
import pLimit from 'p-limit';
import { messageOf, RouteproofError } from '../../common/errors.ts';
import type { ScenarioResult } from '../results/run.ts';
import type { RunEnv } from '../env/run-env.ts';
import { leftOutOf } from '../specs/left-out.ts';
import { Repeats } from './repeats.ts';
import type { Registered } from '../specs/registry.ts';
import { notRun, runScenario } from './run-scenario.ts';
import { Turns } from './turns.ts';

export interface EngineOptions {
  /** Scenarios at a time. */
  concurrency: number;
  /** How often all of them run, round by round; each gets one verdict for all rounds. */
  repeat: number;
  /** All Gateways have the same proxies: scenarios whose Gateways take calls of every host run alone. */
  sharedProxies?: boolean;
  /** More scenarios that run alone, by their ids. */
  alone?: readonly string[];
  onResult?: (result: ScenarioResult) => void;
  /** After each round, counted from 1, where there are several. */
  onRound?: (round: number, results: ScenarioResult[]) => void;
}

/** A scenario on its way through the rounds. */
interface Course extends PromiseWithResolvers<ScenarioResult> {
  id: string;
  repeats: Repeats;
}

/**
 * Runs scenarios side by side, far fewer than one at a time: nearly all of a scenario's time is waiting. Each starts when
 * asked for, or with `startAll`; exclusive ones by themselves, after all that have been asked for. Results are kept, so that an aborted
 * run still has those that ended.
 */
export class Engine {
  readonly results = new Map<string, ScenarioResult>();
  readonly #options: EngineOptions;
  readonly #scenarios: Map<string, Registered>;
  readonly #pending = new Map<string, Promise<ScenarioResult>>();
  readonly #rounds: Promise<void>[] = [];
  readonly #limit: ReturnType<typeof pLimit>;
  readonly #turns = new Turns();
  readonly #abort = new AbortController();
  readonly #startedAt = performance.now();
  #env: RunEnv | undefined;

  constructor(scenarios: readonly Registered[], options: EngineOptions) {
    this.#scenarios = new Map(scenarios.map((scenario) => [scenario.meta.id, scenario]));
    this.#options = options;
    this.#limit = pLimit(options.concurrency);
  }

  /** Why the run was aborted; undefined when it was not. */
  get aborted(): string | undefined {
    return this.#abort.signal.aborted ? messageOf(this.#abort.signal.reason) : undefined;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** From now on scenarios can run. */
  use(env: RunEnv): void {
    this.#env = env;
  }

  startAll(ids: Iterable<string> = this.#scenarios.keys()): void {
    const order = startOrder(ids, (each) => this.#scenarios.get(each)?.meta.takesMs ?? 0);
    this.#run(order.filter((id) => !this.#pending.has(id)).map((id) => this.#course(id)));
  }

  /** Running scenarios stop where they are, the others do not start: all of those are `not-run` with this reason. */
  abort(reason: string): void {
    this.#abort.abort(new Error(reason));
  }

  outcome(id: string): Promise<ScenarioResult> {
    const known = this.#pending.get(id);
    if (known !== undefined) return known;
    const course = this.#course(id);
    this.#run([course]);
    return course.promise;
  }

  /** Resolves when everything that was started has ended. */
  async settled(): Promise<void> {
    await Promise.all([...this.#pending.values(), ...this.#rounds]);
  }

  #course(id: string): Course {
    const course = { id, repeats: new Repeats(), ...Promise.withResolvers<ScenarioResult>() };
    this.#pending.set(id, course.promise);
    return course;
  }

  #run(courses: Course[]): void {
    this.#rounds.push(this.#runRounds(courses));
  }

  async #runRounds(courses: Course[]): Promise<void> {
    const { repeat, onRound } = this.#options;
    // An exclusive one that comes first would find its turn at once.
    const inOrder = courses.toSorted((a, b) => this.#isExclusive(a) - this.#isExclusive(b));
    for (let round = 1; round <= repeat; round += 1) {
      const results: ScenarioResult[] = [];
      await Promise.all(
        inOrder.map((course) =>
          this.#inTurn(course, async () => {
            const result = await this.#next(course, round === repeat);
            if (result !== undefined && repeat > 1) results.push(result);
          }),
        ),
      );
      if (repeat > 1) onRound?.(round, results);
    }
  }

  #inTurn(course: Course, work: () => Promise<void>): Promise<void> {
    if (this.#isExclusive(course) === 1) return this.#turns.alone(work);
    return this.#turns.share(() => this.#limit(work));
  }

  #isExclusive({ id }: Course): 0 | 1 {
    const { exclusive, quiet, anyHost } = this.#scenarios.get(id)?.meta ?? {};
    const { sharedProxies, alone = [] } = this.#options;
    return exclusive === true ||
      quiet === true ||
      (anyHost === true && sharedProxies === true) ||
      alone.includes(id)
      ? 1
      : 0;
  }

  /** One more run of it, unless it is over. Rejects nothing but its own outcome. */
  async #next(course: Course, isLast: boolean): Promise<ScenarioResult | undefined> {
    const { id, repeats } = course;
    try {
      const result = repeats.isOver ? undefined : await this.#verdict(id);
      if (result !== undefined) repeats.add(result);
      if (isLast) this.#end(course);
      return result;
    } catch (error) {
      course.reject(error);
      return undefined;
    }
  }

  #end({ id, repeats, resolve }: Course): void {
    const result = repeats.combined();
    this.results.set(id, result);
    this.#options.onResult?.(result);
    resolve(result);
  }

  async #verdict(id: string): Promise<ScenarioResult> {
    const scenario = this.#scenarios.get(id);
    if (scenario === undefined)
      throw new RouteproofError('INTERNAL', 'the scenario is not registered', {
        object: id,
        hint: 'please report it, with the command and this text',
      });
    const startedMs = Math.round(performance.now() - this.#startedAt);
    const env = this.#env;
    if (this.aborted !== undefined) return notRun(scenario, startedMs, this.aborted);
    if (env === undefined) return notRun(scenario, startedMs, 'the run has no cluster');
    const leftOut = leftOutOf(scenario.meta, {
      rules: env.rules,
      claimed: env.supportedFeatures,
      ownCluster: env.ownCluster,
    });
    if (leftOut !== undefined) return notRun(scenario, startedMs, leftOut.reason, leftOut.by);
    return runScenario(scenario, env, { signal: this.#abort.signal, startedMs });
  }
}

/**
 * The longest first; the others mixed, always in the same way: side by side in the alphabet are scenarios that each start a proxy,
 * and a dozen proxies that start at once on two cores hold everything up.
 */
export function startOrder(ids: Iterable<string>, takesMs: (id: string) => number): string[] {
  const mixed = (id: string): string => createHash('sha1').update(id).digest('hex');
  return [...ids]
    .map((id) => ({ id, takesMs: takesMs(id), key: mixed(id) }))
    .sort((a, b) => b.takesMs - a.takesMs || (a.key < b.key ? -1 : 1))
    .map(({ id }) => id);
}

let current: Engine | undefined;

/** The engine that mocha's tests ask. @throws RouteproofError INTERNAL - a spec file was run without the harness's mocha hooks */
export function currentEngine(): Engine {
  if (current !== undefined) return current;
  throw new RouteproofError('INTERNAL', 'no engine is running', {
    hint: 'run spec files with `npx mocha suites/…` from the checkout, so that .mocharc.yaml is found',
  });
}

export function setCurrentEngine(engine: Engine | undefined): void {
  current = engine;
}
