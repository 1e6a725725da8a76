import { messageOf, RouteproofError } from '../../common/errors.ts';
import { installFault, type Planted } from '../faults/implementation.ts';
import { red } from '../faults/judge.ts';
import type { Lab } from '../faults/lab.ts';
import { recordVariable } from '../faults/recorded-gateway.ts';
import { cleanUp, runAll } from '../faults/trial.ts';
import type { ScenarioResult } from '../results/run.ts';
import { impliedFindings } from '../results/tier.ts';
import type { RunEnv } from '../env/run-env.ts';
import type { Registered } from '../specs/registry.ts';
import type { MutantResult } from './mutant-result.ts';
import { Order } from './order.ts';
import type { Open } from './sort-out.ts';
import { activeMutantVariable, type SourceTree } from './source-tree.ts';

export interface BenchOptions {
  lab: Lab;
  tree: SourceTree;
  /** Those that hold on the healthy gateway. */
  scenarios: readonly Registered[];
  /** Scenarios at a time, for each mutant. */
  concurrency: number;
  /** Whether namespaces have to go: the cluster lives on. */
  namespaces: boolean;
  signal: AbortSignal;
  onResult: (result: MutantResult) => void;
}

type Told = Omit<MutantResult, 'mutant' | 'durationMs'>;

/** The instrumented gateway, with that mutant active; undefined: none, and what it is given is recorded. */
export function plantedMutant({ image }: SourceTree, id: string | undefined): Planted {
  return {
    image,
    env: [id === undefined ? recordVariable : { name: activeMutantVariable, value: id }],
  };
}

/** A gateway that does not get as far as to serve says so with one of these. */
const neverStarts: ReadonlySet<string> = new Set(['GATEWAYCLASS_NOT_ACCEPTED', 'GATEWAY_NO_ADDRESS']);

/** Installs mutants on one cluster, one after the other or beside each other, and asks scenarios until one notices. */
export class Bench {
  readonly #options: BenchOptions;
  readonly #scenarios: Map<string, Registered>;
  readonly #order = new Order();

  constructor(options: BenchOptions) {
    this.#options = options;
    this.#scenarios = new Map(options.scenarios.map((scenario) => [scenario.meta.id, scenario]));
  }

  /** Never rejects: what keeps it from being tried is its result. */
  async try(open: Open): Promise<MutantResult> {
    const startMs = performance.now();
    const { signal, onResult } = this.#options;
    const told: Told = signal.aborted
      ? { outcome: 'not-run', seen: messageOf(signal.reason) }
      : await this.#attempt(open);
    const durationMs = Math.round(performance.now() - startMs);
    const result: MutantResult = { ...open, ...told, durationMs };
    onResult(result);
    return result;
  }

  async #attempt(open: Open): Promise<Told> {
    const { lab, tree, namespaces, signal } = this.#options;
    const { id } = open.mutant;
    const name = `mutant-${id}`;
    let env: RunEnv | undefined;
    try {
      env = lab.envOf(name, await installFault(lab, name, plantedMutant(tree, id)));
      return await this.#noticed(open, env);
    } catch (error) {
      if (signal.aborted) return { outcome: 'not-run', seen: messageOf(signal.reason) };
      const isStart = error instanceof RouteproofError && env === undefined && neverStarts.has(error.code);
      return { outcome: isStart ? 'stillborn' : 'not-run', seen: messageOf(error) };
    } finally {
      await cleanUp(lab, name, env, namespaces).catch(() => undefined);
    }
  }

  /** A scenario has to notice twice in a row: nothing says that it fails because of the mutant. */
  async #noticed(open: Open, env: RunEnv): Promise<Told> {
    let left = this.#inOrder(open);
    const unrun: ScenarioResult[] = [];
    while (left.length > 0) {
      const results = await this.#run(left, env, notices);
      const first = results.find(notices);
      // Those that a notice kept from ending are asked again; without one, all were asked.
      const asked = results.filter((one) => first === undefined || one.verdict !== 'not-run');
      unrun.push(...asked.filter(({ verdict }) => verdict === 'setup-failed' || verdict === 'not-run'));
      const isAsked = new Set(asked.map(({ id }) => id));
      left = left.filter((id) => !isAsked.has(id));
      const [again] = first === undefined ? [] : await this.#run([first.id], env, () => false);
      if (again === undefined || !notices(again)) continue;
      this.#order.noteCatch(open.mutant, again.id);
      return { outcome: 'caught', by: again.id, seen: again.seen ?? impliedFindings(again)[0]?.seen ?? '' };
    }
    const [trouble] = unrun;
    if (trouble === undefined) return { outcome: 'survived' };
    return { outcome: 'not-run', seen: `${trouble.id} is ${trouble.verdict}: ${trouble.seen ?? ''}` };
  }

  #inOrder({ mutant, affects }: Open): string[] {
    const ids = this.#order.sorted(mutant, [...this.#scenarios.keys()]);
    const isAffected = new Set(affects);
    return [...ids.filter((id) => isAffected.has(id)), ...ids.filter((id) => !isAffected.has(id))];
  }

  #run(
    ids: readonly string[],
    env: RunEnv,
    isEnough: (result: ScenarioResult) => boolean,
  ): Promise<ScenarioResult[]> {
    const { concurrency, signal } = this.#options;
    const scenarios = ids.flatMap((id) => this.#scenarios.get(id) ?? []);
    return runAll(scenarios, env, { concurrency, signal, isEnough, inOrder: true });
  }
}

/** What holds on the healthy gateway does not here, also where that is told and no more. */
function notices(result: ScenarioResult): boolean {
  return red.has(result.verdict) || (result.verdict === 'pass' && impliedFindings(result).length > 0);
}
