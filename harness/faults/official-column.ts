import { messageOf } from '../../common/errors.ts';
import { judgeTests } from '../official/judge-tests.ts';
import { featuresOfProfiles } from '../official/profiles.ts';
import { runSuite } from '../official/run-suite.ts';
import type { KindInfo } from '../kube/kinds.ts';
import type { OfficialFaultResult } from '../results/faults.ts';
import { implementationOf } from '../run-facts.ts';
import type { RunEnv } from '../run-env.ts';
import { isCrdFault, type CrdFault } from './crds/crd-fault.ts';
import { plantOptions, withPlantedCrd } from '../crds/planted-crd.ts';
import type { FaultSpec } from './fault-spec.ts';
import { installFault, removeFault } from './implementation.ts';
import type { Lab } from './lab.ts';

/** The profile whose tests are those of GRPCRoute and of Gateway. */
export const officialProfile = 'GATEWAY-GRPC';
/** A healthy gateway needs about two minutes; with a fault the suite ends at the first check that tells it. */
const limitMs = 10 * 60_000;
const gatewayGroup = 'gateway.networking.k8s.io';
const suiteNamespaces = /^gateway-conformance-/;

export interface OfficialColumnOptions {
  lab: Lab;
  /** Against the healthy gateway, which stays installed. */
  healthy: RunEnv;
  /** Whether namespaces have to go: the cluster lives on. */
  namespaces: boolean;
  signal: AbortSignal;
}

/** The official suite against the same faults. A test counts only if it passes on the healthy gateway. */
export class OfficialColumn {
  readonly #options: OfficialColumnOptions;
  /** Tests that fail on the healthy gateway. */
  readonly excluded: string[] = [];
  /** Why no fault can be tried. */
  #trouble: string | undefined;

  constructor(options: OfficialColumnOptions) {
    this.#options = options;
  }

  /** Runs the suite against the healthy gateway, to its end. Where it cannot be run, no fault can be tried. */
  async start(): Promise<void> {
    try {
      const { tests, reason } = await this.#suite(this.#options.healthy);
      if (reason !== undefined) throw new Error(`the official suite on the healthy gateway: ${reason}`);
      this.excluded.push(...tests.filter(({ verdict }) => verdict === 'wrong').map(({ name }) => name));
    } catch (error) {
      this.#trouble = messageOf(error);
    }
  }

  async try(fault: FaultSpec | CrdFault): Promise<OfficialFaultResult> {
    const startMs = performance.now();
    const took = (): number => Math.round(performance.now() - startMs);
    try {
      this.#options.signal.throwIfAborted();
      if (this.#trouble !== undefined) throw new Error(this.#trouble);
      return { ...(await this.#against(fault)), durationMs: took() };
    } catch (error) {
      const { signal } = this.#options;
      const reason = messageOf(signal.aborted ? signal.reason : error);
      return { outcome: 'not-run', tests: [], ran: 0, reason, durationMs: took() };
    }
  }

  async #against(fault: FaultSpec | CrdFault): Promise<Omit<OfficialFaultResult, 'durationMs'>> {
    const { lab, healthy, namespaces, signal } = this.#options;
    if (isCrdFault(fault)) {
      return withPlantedCrd(fault, plantOptions(healthy, signal), () => this.#judged(healthy));
    }
    try {
      return await this.#judged(lab.envOf(fault.name, await installFault(lab, fault.name)));
    } finally {
      await removeFault(lab.kube, fault.name, { namespace: namespaces });
    }
  }

  async #judged(env: RunEnv): Promise<Omit<OfficialFaultResult, 'durationMs'>> {
    const { tests, ended, reason } = await this.#suite(env, (name) => !this.excluded.includes(name));
    const wrong = tests
      .filter(({ verdict, name }) => verdict === 'wrong' && !this.excluded.includes(name))
      .map(({ name }) => name);
    const ran = tests.filter(({ verdict }) => verdict !== 'not-run').length;
    if (wrong.length > 0) return { outcome: 'caught', tests: wrong, ran };
    if (reason !== undefined) return { outcome: 'not-run', tests: [], ran, reason };
    if (ended) throw new Error('the suite was ended at a failure that is of none of its tests');
    return { outcome: 'survived', tests: [], ran };
  }

  /** @param tells - whether a failure within that test is enough: the suite ends there */
  async #suite(env: RunEnv, tells: (test: string) => boolean = () => false) {
    const { lab, signal } = this.#options;
    const { supportedFeatures, gatewayClass, controllerName, kubeconfigPath } = env;
    const features = featuresOfProfiles(supportedFeatures, [officialProfile]);
    const enough = new AbortController();
    const late = AbortSignal.timeout(limitMs);
    try {
      const outcome = await runSuite({
        release: lab.rules.release,
        profiles: [officialProfile],
        features,
        implementation: implementationOf({ gatewayClass, controllerName, supportedFeatures }),
        kubeconfigPath,
        cleanUp: false,
        progress: () => undefined,
        ended: ({ name, outcome: end }) => {
          const test = name.split('/')[1];
          if (test !== undefined && end === 'fail' && tells(test)) enough.abort();
        },
        signal: AbortSignal.any([signal, enough.signal, late]),
      });
      signal.throwIfAborted();
      const selection = {
        features: new Set(features),
        claimed: supportedFeatures,
        runTest: undefined,
      };
      const tests = judgeTests(outcome.tests, selection);
      if (late.aborted) return { tests, reason: `no end after ${String(limitMs / 1000)} s`, ended: false };
      const came = outcome.report !== undefined && tests.length > 0;
      const ended = enough.signal.aborted;
      if (came || ended) return { tests, ended };
      return { tests, reason: outcome.lastLines.join(' ').trim(), ended };
    } finally {
      await this.#cleanUp();
    }
  }

  /**
   * The suite's own clean-up does not wait, and is not done where it was ended. Its backends stay: starting them is most of a run's work,
   * and no implementation has a part in them.
   */
  async #cleanUp(): Promise<void> {
    const { lab, signal } = this.#options;
    if (signal.aborted) return;
    const namespaces = await this.#suiteNamespaces();
    for (const info of await this.#gatewayKinds()) {
      const { items } = await lab.kube.list(info, undefined);
      await Promise.all(
        items.flatMap(({ metadata: { name = '', namespace = '' } = {} }) =>
          namespaces.includes(namespace) ? [lab.kube.delete(info, namespace, name)] : [],
        ),
      );
    }
  }

  async #gatewayKinds(): Promise<KindInfo[]> {
    const kinds = await Promise.all(
      ['v1', 'v1beta1'].map((served) => this.#options.lab.kube.kindsOf(`${gatewayGroup}/${served}`)),
    );
    const namespaced = kinds.flat().filter((info) => info.namespaced);
    return [...new Map(namespaced.reverse().map((info) => [info.kind, info])).values()];
  }

  async #suiteNamespaces(): Promise<string[]> {
    const { kube } = this.#options.lab;
    const { items } = await kube.list(await kube.kindInfo('Namespace'), undefined);
    return items.map(({ metadata }) => metadata?.name ?? '').filter((name) => suiteNamespaces.test(name));
  }

  /** Takes away what the suite left, once it has run against all faults. */
  async end(): Promise<void> {
    const { lab, namespaces, signal } = this.#options;
    if (!namespaces || signal.aborted) return;
    const info = await lab.kube.kindInfo('Namespace');
    await Promise.all((await this.#suiteNamespaces()).map((name) => lab.kube.delete(info, undefined, name)));
  }
}
