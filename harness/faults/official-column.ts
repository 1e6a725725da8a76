import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '../../common/errors.ts';
import type { ReplayedFault } from '../../common/gateway-recording.ts';
import { projectRoot } from '../../common/tools.ts';
import { judgeTests } from '../official/judge-tests.ts';
import { featuresOfProfiles } from '../official/profiles.ts';
import { runSuite } from '../official/run-suite.ts';
import type { KindInfo } from '../kube/kinds.ts';
import type { OfficialFaultResult } from '../results/faults.ts';
import { implementationOf } from '../set-up/run-facts.ts';
import type { RunEnv } from '../env/run-env.ts';
import { isCrdFault, type CrdFault } from './crds/crd-fault.ts';
import { plantOptions, withPlantedCrd } from '../crds/planted-crd.ts';
import type { FaultSpec } from './fault-spec.ts';
import { installFault, removeFault } from './implementation.ts';
import type { Lab } from './lab.ts';
import { RecordedGateway } from './recorded-gateway.ts';
import { replayRecording } from './replay-recording.ts';

/** The profile whose tests are those of GRPCRoute and of Gateway. */
export const officialProfile = 'GATEWAY-GRPC';
/** A healthy gateway needs about two minutes; with a fault the suite ends at the first check that tells it. */
const limitMs = 10 * 60_000;
const gatewayGroup = 'gateway.networking.k8s.io';
const suiteNamespaces = /^gateway-conformance-/;
const replayProgram = join(projectRoot, 'gateway/faults/replay.ts');
/** Processes at a time. */
const replays = 2;

type OfficialTest = ReturnType<typeof judgeTests>[number];

interface SuiteEnd {
  tests: OfficialTest[];
  /** At a failure that tells. */
  ended: boolean;
  /** Why nothing is known. */
  reason?: string;
}

export interface OfficialColumnOptions {
  lab: Lab;
  /** Against the healthy gateway, which records what it is given and stays installed. */
  healthy: RunEnv;
  /** Whether namespaces have to go: the cluster lives on. */
  namespaces: boolean;
  signal: AbortSignal;
  progress: (line: string) => void;
}

/**
 * The official suite against the same faults. A test counts only if it passes on the healthy gateway. Where a fault would make no
 * difference to what the healthy gateway made of all that the suite did, the suite cannot tell it, and is not run again.
 */
export class OfficialColumn {
  readonly #options: OfficialColumnOptions;
  /** Tests that fail on the healthy gateway. */
  readonly excluded: string[] = [];
  /** Why no fault can be tried. */
  #trouble: string | undefined;
  /** Names of faults that make no difference to anything that the suite does. */
  #unseen: ReadonlySet<string> = new Set();
  /** How many tests the healthy gateway went through. */
  #ran = 0;

  constructor(options: OfficialColumnOptions) {
    this.#options = options;
  }

  /**
   * Runs the suite against the healthy gateway, to its end. Where it cannot be run, no fault can be tried.
   *
   * @param faults - that are going to be tried
   * @returns those of them that it cannot tell
   */
  async start(faults: readonly string[]): Promise<ReadonlySet<string>> {
    const { lab, healthy, signal } = this.#options;
    try {
      const gateway = new RecordedGateway(lab, signal);
      await gateway.begin();
      const { tests, reason } = await this.#suite(healthy);
      if (reason !== undefined) throw new Error(`the official suite on the healthy gateway: ${reason}`);
      const recording = await gateway.recording();
      await this.#cleanUp();
      this.excluded.push(...tests.filter(({ verdict }) => verdict === 'wrong').map(({ name }) => name));
      this.#ran = ranOf(tests);
      this.#unseen = await this.#replayed(faults, recording);
    } catch (error) {
      this.#trouble = messageOf(error);
    }
    return this.#unseen;
  }

  /** Where they cannot be told beforehand, each is tried. */
  async #replayed(faults: readonly string[], recording: string): Promise<ReadonlySet<string>> {
    const { signal, progress } = this.#options;
    try {
      return await withoutDifference(faults, { recording, signal });
    } catch (error) {
      signal.throwIfAborted();
      progress(`the recording of the official suite cannot be translated again: ${messageOf(error)}`);
      return new Set();
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
    if (this.#unseen.has(fault.name))
      return { outcome: 'survived', tests: [], ran: this.#ran, known: 'no-difference' };
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
    try {
      return this.#judge(await this.#suite(env, (name) => !this.excluded.includes(name)));
    } finally {
      await this.#cleanUp();
    }
  }

  #judge({ tests, ended, reason }: SuiteEnd): Omit<OfficialFaultResult, 'durationMs'> {
    const wrong = tests
      .filter(({ verdict, name }) => verdict === 'wrong' && !this.excluded.includes(name))
      .map(({ name }) => name);
    const ran = ranOf(tests);
    if (wrong.length > 0) return { outcome: 'caught', tests: wrong, ran };
    if (reason !== undefined) return { outcome: 'not-run', tests: [], ran, reason };
    if (ended) throw new Error('the suite was ended at a failure that is of none of its tests');
    return { outcome: 'survived', tests: [], ran };
  }

  /** @param tells - whether a failure within that test is enough: the suite ends there */
  async #suite(env: RunEnv, tells: (test: string) => boolean = () => false): Promise<SuiteEnd> {
    const { lab, signal } = this.#options;
    const { supportedFeatures, gatewayClass, controllerName, kubeconfigPath } = env;
    const features = featuresOfProfiles(supportedFeatures, [officialProfile]);
    const enough = new AbortController();
    const late = AbortSignal.timeout(limitMs);
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

function ranOf(tests: readonly OfficialTest[]): number {
  return tests.filter(({ verdict }) => verdict !== 'not-run').length;
}

/** Those of the faults with which the recorded gateway would have done the same. */
async function withoutDifference(
  faults: readonly string[],
  { recording, signal }: { recording: string; signal: AbortSignal },
): Promise<Set<string>> {
  const dir = await mkdtemp(join(tmpdir(), 'routeproof-official-'));
  const same = new Set<string>();
  try {
    const file = join(dir, 'recording.jsonl');
    await writeFile(file, recording);
    await replayRecording<ReplayedFault>({
      program: replayProgram,
      recording: file,
      names: faults,
      processes: replays,
      signal,
      onLine: ({ fault, differs }) => {
        if (differs === 'no') same.add(fault);
      },
    });
    return same;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
